/* A compound file is a small file system: a table (FAT) chains its sectors, streams below a cutoff
 * lie in mini sectors of the root's own stream, and a directory names them. Every chain is as long
 * as the file has sectors at most, so that one in circles ends. */
#include "survey/sheet_ole.h"

#include "base/lang.h"

enum {
    HEADER_BYTES = 512,
    HEADER_FAT_SECTORS = 109, /* whose numbers stand in the header itself */
    ENTRY_BYTES = 128,
    NAME_UNITS = 32,
    TYPE_STREAM = 2,
    TYPE_ROOT = 5,
};
#define END_OF_CHAIN 0xFFFFFFFEu
#define NO_ENTRY 0xFFFFFFFFu

typedef struct Ole {
    const SheetFile *file;
    uint8_t header[HEADER_BYTES];
    unsigned shift, mini_shift;
    uint32_t sector_count; /* of the file */
    uint32_t *fat;
    uint32_t fat_count;
} Ole;

typedef struct Chain {
    uint32_t *sectors;
    uint32_t count;
} Chain;

typedef struct Entry {
    unsigned type;
    uint32_t left, right, child;
    uint32_t start;
    uint64_t bytes;
    uint8_t name[2 * NAME_UNITS];
    size_t name_bytes; /* its NUL included */
} Entry;

ErrCode ole_damaged(Err *err)
{
    err_set(err, ERR_INPUT, _("the old office file is damaged"));
    return err_hint(err, _("the file may have been cut off on its way: ask for it again"));
}

static uint64_t sector_place(const Ole *ole, uint32_t sector)
{
    return ((uint64_t)sector + 1) << ole->shift;
}

static ErrCode read_whole(const Ole *ole, void *bytes, size_t length, uint64_t offset, Err *err)
{
    size_t got = 0;
    TRY(sheet_read(ole->file->fd, bytes, length, offset, &got, err));
    return got == length ? OK : ole_damaged(err);
}

static ErrCode header_read(Ole *ole, Err *err)
{
    TRY(read_whole(ole, ole->header, HEADER_BYTES, 0, err));
    ole->shift = ole_u16(ole->header + 30);
    ole->mini_shift = ole_u16(ole->header + 32);
    if (ole_u16(ole->header + 28) != 0xFFFE || (ole->shift != 9 && ole->shift != 12) ||
        ole->mini_shift != 6 || ole->file->bytes < (uint64_t)2 << ole->shift)
        return ole_damaged(err);
    uint64_t whole = (ole->file->bytes + ((uint64_t)1 << ole->shift) - 1) >> ole->shift;
    ole->sector_count = (uint32_t)(whole - 1);
    return OK;
}

/* Adds what one sector of the FAT says; what lies beyond the file is of no interest. */
static ErrCode fat_add(Ole *ole, uint32_t sector, uint8_t *bytes, Err *err)
{
    uint32_t entries = 1u << (ole->shift - 2);
    if (sector >= ole->sector_count)
        return ole_damaged(err);
    TRY(read_whole(ole, bytes, (size_t)1 << ole->shift, sector_place(ole, sector), err));
    for (uint32_t i = 0; i < entries && ole->fat_count < ole->sector_count; i++)
        ole->fat[ole->fat_count++] = ole_u32(bytes + 4 * i);
    return OK;
}

static ErrCode fat_read(Ole *ole, Err *err)
{
    Arena *arena = ole->file->arena;
    size_t sector_bytes = (size_t)1 << ole->shift;
    uint8_t *bytes = arena_alloc(arena, sector_bytes);
    uint8_t *list = arena_alloc(arena, sector_bytes);
    ole->fat = arena_array(arena, uint32_t, ole->sector_count);
    uint32_t left = ole_u32(ole->header + 44);
    for (size_t i = 0; i < HEADER_FAT_SECTORS && left && ole->fat_count < ole->sector_count; i++) {
        TRY(fat_add(ole, ole_u32(ole->header + 76 + 4 * i), bytes, err));
        left--;
    }
    uint32_t sector = ole_u32(ole->header + 68), lists = 0;
    while (left && ole->fat_count < ole->sector_count) {
        if (sector >= ole->sector_count || ++lists > ole->sector_count)
            return ole_damaged(err);
        TRY(read_whole(ole, list, sector_bytes, sector_place(ole, sector), err));
        for (size_t i = 0; i < sector_bytes / 4 - 1 && left; i++, left--)
            if (ole->fat_count < ole->sector_count)
                TRY(fat_add(ole, ole_u32(list + 4 * i), bytes, err));
        sector = ole_u32(list + sector_bytes - 4);
    }
    return OK;
}

/* The sectors of a chain in a table of `count` entries. */
static ErrCode chain_follow(const Ole *ole, uint32_t start, const uint32_t *table, uint32_t count,
                            Chain *ret_chain, Err *err)
{
    uint32_t length = 0;
    for (uint32_t sector = start; sector != END_OF_CHAIN; sector = table[sector])
        if (sector >= count || ++length > count)
            return ole_damaged(err);
    ret_chain->count = length;
    ret_chain->sectors = arena_array(ole->file->arena, uint32_t, length + 1);
    length = 0;
    for (uint32_t sector = start; sector != END_OF_CHAIN; sector = table[sector])
        ret_chain->sectors[length++] = sector;
    return OK;
}

static ErrCode entry_read(const Ole *ole, const Chain *directory, uint32_t number, Entry *ret_entry,
                          Err *err)
{
    uint8_t bytes[ENTRY_BYTES];
    uint32_t in_sector = 1u << (ole->shift - 7);
    if (number / in_sector >= directory->count)
        return ole_damaged(err);
    uint64_t place = sector_place(ole, directory->sectors[number / in_sector]) +
                     (uint64_t)(number % in_sector) * ENTRY_BYTES;
    TRY(read_whole(ole, bytes, sizeof bytes, place, err));
    *ret_entry = (Entry){.type = bytes[66],
                         .left = ole_u32(bytes + 68),
                         .right = ole_u32(bytes + 72),
                         .child = ole_u32(bytes + 76),
                         .start = ole_u32(bytes + 116),
                         .bytes = ole_u32(bytes + 120),
                         .name_bytes = ole_u16(bytes + 64)};
    memcpy(ret_entry->name, bytes, sizeof ret_entry->name);
    if (ole->shift == 12) /* version 3 leaves the upper half undefined */
        ret_entry->bytes |= (uint64_t)ole_u32(bytes + 124) << 32;
    return OK;
}

static bool entry_is(const Entry *entry, const char *name)
{
    size_t length = strlen(name);
    if (entry->type != TYPE_STREAM || entry->name_bytes != 2 * (length + 1))
        return false;
    for (size_t i = 0; i <= length; i++)
        if (ole_u16(entry->name + 2 * i) != (unsigned char)name[i])
            return false;
    return true;
}

/* Looks at the whole tree of the root's children, in whatever order a writer put them. */
static ErrCode entry_find(const Ole *ole, const Chain *directory, uint32_t root, const char *name,
                          Entry *ret_entry, bool *ret_found, Err *err)
{
    uint32_t limit = directory->count << (ole->shift - 7);
    uint32_t *waiting = arena_array(ole->file->arena, uint32_t, (size_t)2 * limit + 2);
    size_t count = 0;
    waiting[count++] = root;
    *ret_found = false;
    for (uint32_t seen = 0; count > 0; seen++) {
        uint32_t number = waiting[--count];
        if (number == NO_ENTRY) {
            seen--;
            continue;
        }
        if (seen >= limit)
            return ole_damaged(err);
        TRY(entry_read(ole, directory, number, ret_entry, err));
        if (entry_is(ret_entry, name)) {
            *ret_found = true;
            return OK;
        }
        waiting[count++] = ret_entry->left;
        waiting[count++] = ret_entry->right;
    }
    return OK;
}

/* The mini FAT as one table. */
static ErrCode mini_fat_read(const Ole *ole, uint32_t **ret_table, uint32_t *ret_count, Err *err)
{
    Chain chain;
    uint32_t entries = 1u << (ole->shift - 2);
    TRY(chain_follow(ole, ole_u32(ole->header + 60), ole->fat, ole->fat_count, &chain, err));
    uint32_t *table = arena_array(ole->file->arena, uint32_t, (size_t)chain.count * entries + 1);
    uint8_t *bytes = arena_alloc(ole->file->arena, (size_t)1 << ole->shift);
    for (uint32_t i = 0; i < chain.count; i++) {
        TRY(read_whole(ole, bytes, (size_t)1 << ole->shift, sector_place(ole, chain.sectors[i]),
                       err));
        for (uint32_t j = 0; j < entries; j++)
            table[i * entries + j] = ole_u32(bytes + 4 * j);
    }
    *ret_table = table;
    *ret_count = chain.count * entries;
    return OK;
}

/* Where the pieces of a stream lie that is shorter than the cutoff: in mini sectors, which lie in
 * the sectors of the root's stream. */
static ErrCode mini_places(const Ole *ole, const Entry *root, const Entry *entry, uint64_t *places,
                           size_t count, Err *err)
{
    Chain home, chain;
    uint32_t *table = NULL, entries = 0;
    TRY(mini_fat_read(ole, &table, &entries, err));
    TRY(chain_follow(ole, root->start, ole->fat, ole->fat_count, &home, err));
    TRY(chain_follow(ole, entry->start, table, entries, &chain, err));
    if (chain.count < count)
        return ole_damaged(err);
    for (size_t i = 0; i < count; i++) {
        uint64_t offset = (uint64_t)chain.sectors[i] << ole->mini_shift;
        if (offset >> ole->shift >= home.count)
            return ole_damaged(err);
        places[i] = sector_place(ole, home.sectors[offset >> ole->shift]) +
                    (offset & (((uint64_t)1 << ole->shift) - 1));
    }
    return OK;
}

static ErrCode stream_place(const Ole *ole, const Entry *root, const Entry *entry,
                            OleStream *ret_stream, Err *err)
{
    bool mini = entry->bytes < ole_u32(ole->header + 56);
    unsigned shift = mini ? ole->mini_shift : ole->shift;
    if (entry->bytes > ole->file->bytes)
        return ole_damaged(err);
    size_t count = (size_t)((entry->bytes + ((uint64_t)1 << shift) - 1) >> shift);
    uint64_t *places = arena_array(ole->file->arena, uint64_t, count + 1);
    if (mini) {
        TRY(mini_places(ole, root, entry, places, count, err));
    } else {
        Chain chain;
        TRY(chain_follow(ole, entry->start, ole->fat, ole->fat_count, &chain, err));
        if (chain.count < count)
            return ole_damaged(err);
        for (size_t i = 0; i < count; i++)
            places[i] = sector_place(ole, chain.sectors[i]);
    }
    *ret_stream = (OleStream){.fd = ole->file->fd,
                              .bytes = entry->bytes,
                              .piece_bytes = (size_t)1 << shift,
                              .piece_count = count,
                              .places = places};
    return OK;
}

ErrCode ole_open(const SheetFile *file, const char *name, OleStream *ret_stream, bool *ret_found,
                 Err *err)
{
    Ole *ole = arena_alloc(file->arena, sizeof *ole);
    ole->file = file;
    TRY(header_read(ole, err));
    TRY(fat_read(ole, err));
    Chain directory;
    Entry root, entry;
    TRY(chain_follow(ole, ole_u32(ole->header + 48), ole->fat, ole->fat_count, &directory, err));
    TRY(entry_read(ole, &directory, 0, &root, err));
    if (root.type != TYPE_ROOT)
        return ole_damaged(err);
    TRY(entry_find(ole, &directory, root.child, name, &entry, ret_found, err));
    return *ret_found ? stream_place(ole, &root, &entry, ret_stream, err) : OK;
}

ErrCode ole_read(const OleStream *stream, void *bytes, size_t length, uint64_t offset,
                 size_t *ret_length, Err *err)
{
    size_t done = 0;
    if (offset >= stream->bytes)
        length = 0;
    else if (length > stream->bytes - offset)
        length = (size_t)(stream->bytes - offset);
    while (done < length) {
        size_t piece = (size_t)((offset + done) / stream->piece_bytes);
        size_t within = (size_t)((offset + done) % stream->piece_bytes);
        size_t span = stream->piece_bytes - within, got = 0;
        while (span < length - done && piece + 1 < stream->piece_count &&
               stream->places[piece + 1] == stream->places[piece] + stream->piece_bytes) {
            span += stream->piece_bytes; /* neighbours are read at once */
            piece++;
        }
        if (span > length - done)
            span = length - done;
        size_t first = (size_t)((offset + done) / stream->piece_bytes);
        TRY(sheet_read(stream->fd, (char *)bytes + done, span, stream->places[first] + within, &got,
                       err));
        if (got < span)
            return ole_damaged(err);
        done += span;
    }
    *ret_length = length;
    return OK;
}
