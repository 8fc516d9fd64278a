#include "policy/plane_file.h"

#include "base/lang.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE_BYTES = 4096, PLANE_BYTES = BLOCK_WORDS * sizeof(uint64_t) };
static const char MAGIC[8] = "TLPLANE";

typedef struct Header {
    char magic[8];
    uint64_t vocabulary; /* PlaneLayout.stamp */
    PlaneMark mark;
    uint64_t slots, run_count, block_count, planes;
    int64_t base[COLUMNS_AT_MOST];
    uint32_t width[COLUMNS_AT_MOST];
    uint64_t lists_sum; /* of runs and sums */
    uint64_t own_sum;   /* of all above */
} Header;
_Static_assert(sizeof(Header) <= PAGE_BYTES, "a header is a page");
_Static_assert(PLANE_BYTES == PAGE_BYTES, "a plane of a block is a page");

/* Every bit of the number reaches every bit of the result (the finaliser of SplitMix64). */
static uint64_t bits_mix(uint64_t number)
{
    number = (number ^ number >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    number = (number ^ number >> 27) * UINT64_C(0x94d049bb133111eb);
    return number ^ number >> 31;
}

/* Fletcher's sums in eight lanes: every changed, lost or moved word tells. Each sum is mixed by
 * itself: a change in a word's high bits moves both sums in their high bits alone, and would else
 * meet itself there. */
static uint64_t words_sum(const uint64_t *words, size_t count)
{
    uint64_t sum[8] = {0}, sum_of_sums[8] = {0}, result = count;
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        for (int lane = 0; lane < 8; lane++) {
            sum[lane] += words[i + (size_t)lane];
            sum_of_sums[lane] += sum[lane];
        }
    }
    for (; i < count; i++) {
        sum[i % 8] += words[i];
        sum_of_sums[i % 8] += sum[i % 8];
    }
    for (int lane = 0; lane < 8; lane++)
        result = bits_mix(bits_mix(result ^ sum[lane]) + sum_of_sums[lane]);
    return result;
}

static uint64_t header_sum(const Header *header)
{
    uint64_t words[sizeof(Header) / sizeof(uint64_t)] = {0};
    memcpy(words, header, offsetof(Header, own_sum));
    return words_sum(words, sizeof words / sizeof *words);
}

static size_t lists_bytes(const Header *header)
{
    return header->run_count * sizeof(PlaneRun) +
           header->block_count * header->planes * sizeof(uint64_t);
}

static size_t blocks_at(const Header *header)
{
    return (PAGE_BYTES + lists_bytes(header) + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
}

static size_t file_bytes(const Header *header)
{
    return blocks_at(header) + header->block_count * header->planes * PLANE_BYTES;
}

static bool header_fits(const Header *header, const PlaneLayout *widest, size_t bytes)
{
    return memcmp(header->magic, MAGIC, sizeof MAGIC) == 0 &&
           header->own_sum == header_sum(header) && header->vocabulary == widest->stamp &&
           header->planes <= widest->planes && file_bytes(header) == bytes &&
           header->slots <= header->block_count * BLOCK_PEOPLE;
}

static bool layout_read(const Header *header, const PlaneLayout *widest, PlaneLayout *ret_layout)
{
    *ret_layout = *widest;
    ret_layout->planes = 1;
    for (size_t i = 0; i < widest->count; i++) {
        PlaneColumn *column = &ret_layout->columns[i];
        if (header->width[i] > column->width)
            return false;
        column->base = header->base[i];
        column->width = header->width[i];
        column->first = ret_layout->planes;
        ret_layout->planes += column->width;
    }
    return ret_layout->planes == header->planes;
}

/* A set on a mapped file; NULL when the lists are not what was written. */
static PlaneSet *set_of(const Header *header, const PlaneLayout *layout, char *map)
{
    const uint64_t *lists = (const uint64_t *)(const void *)(map + PAGE_BYTES);
    if (words_sum(lists, lists_bytes(header) / sizeof(uint64_t)) != header->lists_sum)
        return NULL;
    PlaneSet *set = plane_set_new(layout);
    set->slots = header->slots;
    set->run_count = header->run_count;
    set->runs = (PlaneRun *)(void *)(map + PAGE_BYTES);
    set->sums = lists + header->run_count * (sizeof(PlaneRun) / sizeof(uint64_t));
    set->block_count = set->block_capacity = header->block_count;
    set->blocks = memory_held(calloc(header->block_count + 1, sizeof *set->blocks));
    set->checked = memory_held(calloc(header->block_count * header->planes + 1, 1));
    for (size_t i = 0; i < set->block_count; i++)
        set->blocks[i] =
            (uint64_t *)(void *)(map + blocks_at(header) + i * header->planes * PLANE_BYTES);
    return set;
}

static bool file_map(int file, const PlaneLayout *widest, PlaneMark *ret_mark, PlaneSet **ret_set)
{
    struct stat status = {.st_size = 0};
    PlaneLayout layout;
    (void)fstat(file, &status);
    if (status.st_size < PAGE_BYTES)
        return false;
    size_t bytes = (size_t)status.st_size;
    char *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    if (map == MAP_FAILED)
        return false;
    const Header *header = (const Header *)(const void *)map;
    PlaneSet *set = header_fits(header, widest, bytes) && layout_read(header, widest, &layout)
                        ? set_of(header, &layout, map)
                        : NULL;
    if (!set) {
        munmap(map, bytes);
        return false;
    }
    set->map = map;
    set->map_bytes = bytes;
    *ret_mark = header->mark;
    *ret_set = set;
    return true;
}

bool plane_file_load(const char *path, const PlaneLayout *widest, PlaneMark *ret_mark,
                     PlaneSet **ret_set)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return false;
    bool loaded = file_map(file, widest, ret_mark, ret_set);
    close(file);
    return loaded;
}

void plane_check(PlaneSet *set, size_t block, unsigned plane)
{
    size_t place = block * set->layout.planes + plane;
    set->checked[place] = 1;
    if (words_sum(block_plane(set, block, plane), BLOCK_WORDS) != set->sums[place])
        set->damaged = true;
}

void plane_check_all(PlaneSet *set)
{
    for (size_t block = 0; block < set->block_count; block++) {
        for (unsigned plane = 0; plane < set->layout.planes; plane++)
            (void)plane_read(set, block, plane);
    }
}

/* Runs, then the sums of all planes. */
static uint64_t *lists_of(const PlaneSet *set, const Header *header)
{
    uint64_t *lists = memory_held(malloc(lists_bytes(header) + sizeof(uint64_t)));
    size_t at = header->run_count * (sizeof(PlaneRun) / sizeof(uint64_t));
    if (at)
        memcpy(lists, set->runs, at * sizeof(uint64_t));
    for (size_t block = 0; block < set->block_count; block++) {
        for (unsigned plane = 0; plane < set->layout.planes; plane++)
            lists[at++] = words_sum(block_plane(set, block, plane), BLOCK_WORDS);
    }
    return lists;
}

static Header header_of(const PlaneSet *set, const PlaneMark *mark)
{
    Header header;
    memset(&header, 0, sizeof header);
    memcpy(header.magic, MAGIC, sizeof MAGIC);
    header.vocabulary = set->layout.stamp;
    header.mark = *mark;
    header.slots = set->slots;
    header.run_count = set->run_count;
    header.block_count = set->block_count;
    header.planes = set->layout.planes;
    for (size_t i = 0; i < set->layout.count; i++) {
        header.base[i] = set->layout.columns[i].base;
        header.width[i] = set->layout.columns[i].width;
    }
    return header;
}

/* Whether it went well the stream remembers. */
static void stream_write(FILE *stream, const PlaneSet *set, Header *header)
{
    static const char ZEROS[PAGE_BYTES];
    uint64_t *lists = lists_of(set, header);
    size_t bytes = lists_bytes(header), before = PAGE_BYTES + bytes;
    header->lists_sum = words_sum(lists, bytes / sizeof(uint64_t));
    header->own_sum = header_sum(header);
    (void)fwrite(header, sizeof *header, 1, stream);
    (void)fwrite(ZEROS, PAGE_BYTES - sizeof *header, 1, stream);
    (void)fwrite(lists, 1, bytes, stream);
    (void)fwrite(ZEROS, 1, blocks_at(header) - before, stream);
    for (size_t i = 0; i < set->block_count && !ferror(stream); i++)
        (void)fwrite(set->blocks[i], PLANE_BYTES, header->planes, stream);
    free(lists);
}

ErrCode plane_file_save(const char *path, const PlaneSet *set, const PlaneMark *mark, Err *err)
{
    char beside[PATH_MAX];
    Header header = header_of(set, mark);
    if (snprintf(beside, sizeof beside, "%s.new", path) >= (int)sizeof beside)
        return err_set(err, ERR_IO, _("the name of '%s' is too long"), path);
    int file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return err_errno(err, ERR_IO, errno, _("cannot write '%s'"), beside);
    FILE *stream = memory_held(fdopen(file, "w"));
    stream_write(stream, set, &header);
    bool good = !ferror(stream);
    good &= fclose(stream) == 0;
    if (!good || rename(beside, path) != 0) {
        int number = errno;
        unlink(beside);
        return err_errno(err, ERR_IO, number, _("cannot write '%s'"), path);
    }
    return OK;
}
