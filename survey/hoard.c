#include "survey/hoard.h"

#include "base/lang.h"
#include "survey/sheet_reader.h"
#include "survey/spool.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PAGE_BYTES = 1024,  /* little to read and open when texts are asked for in any order */
    PAGES_KEPT = 16384, /* 16 MiB, each page in the one place its number allows */
    FIRST_BYTES = 64 * 1024,
    CIPHER_BLOCK_BYTES = 64,
};

typedef struct HoardFile {
    Spool spool;
    unsigned char key[crypto_stream_chacha20_KEYBYTES];
    uint64_t numbers[PAGES_KEPT]; /* of the page that is kept in a place, + 1; 0 = none */
    char *pages;                  /* PAGES_KEPT of them, NULL before the first reading */
    char *joined;                 /* what stands in more than one page */
} HoardFile;

static ErrCode no_memory(Err *err)
{
    return err_set(err, ERR_LIMIT, _("the workbook's texts cannot be kept: out of memory"));
}

void hoard_done(Hoard *hoard)
{
    HoardFile *file = hoard->file;
    if (file) {
        spool_close(&file->spool);
        sodium_memzero(file->key, sizeof file->key);
        free(file->pages);
        free(file->joined);
        free(file);
    }
    free(hoard->bytes);
    *hoard = (Hoard){.bytes = NULL};
}

/* Seals or opens whole pages; it is the same to the cipher. */
static void cross(const HoardFile *file, uint64_t offset, char *bytes, size_t length)
{
    static const unsigned char NONCE[crypto_stream_chacha20_NONCEBYTES]; /* a key has one file */
    crypto_stream_chacha20_xor_ic((unsigned char *)bytes, (const unsigned char *)bytes, length,
                                  NONCE, offset / CIPHER_BLOCK_BYTES, file->key);
}

static ErrCode file_new(HoardFile **ret_file, Err *err)
{
    const char *folder = getenv("TMPDIR");
    HoardFile *file = sodium_init() >= 0 ? calloc(1, sizeof *file) : NULL;
    if (!file)
        return no_memory(err);
    ErrCode code = spool_open(folder && *folder ? folder : "/var/tmp", &file->spool, err);
    if (code != OK) {
        free(file);
        return code;
    }
    crypto_stream_chacha20_keygen(file->key);
    *ret_file = file;
    return OK;
}

/* Moves all whole pages to the file. */
static ErrCode spill(Hoard *hoard, Err *err)
{
    if (!hoard->file)
        TRY(file_new(&hoard->file, err));
    size_t held = (size_t)(hoard->length - hoard->begin);
    size_t whole = held / PAGE_BYTES * PAGE_BYTES;
    cross(hoard->file, hoard->begin, hoard->bytes, whole);
    for (size_t done = 0; done < whole;) {
        ssize_t count = pwrite(hoard->file->spool.fd, hoard->bytes + done, whole - done,
                               (off_t)(hoard->begin + done));
        if (count < 0 && errno != EINTR)
            return err_errno(err, ERR_IO, errno, _("cannot put the workbook's texts aside"));
        done += count > 0 ? (size_t)count : 0;
    }
    memmove(hoard->bytes, hoard->bytes + whole, held - whole);
    hoard->begin += whole;
    return OK;
}

static ErrCode grow(Hoard *hoard, size_t wanted, Err *err)
{
    size_t capacity = hoard->capacity ? hoard->capacity : FIRST_BYTES;
    while (capacity < wanted)
        capacity *= 2;
    char *bytes = realloc(hoard->bytes, capacity);
    if (!bytes)
        return no_memory(err);
    hoard->bytes = bytes;
    hoard->capacity = capacity;
    return OK;
}

ErrCode hoard_add(Hoard *hoard, const void *bytes, size_t length, Err *err)
{
    if (hoard->length - hoard->begin + length > HOARD_MEMORY_BYTES)
        TRY(spill(hoard, err));
    size_t held = (size_t)(hoard->length - hoard->begin);
    if (held + length > hoard->capacity)
        TRY(grow(hoard, held + length, err));
    if (length)
        memcpy(hoard->bytes + held, bytes, length);
    hoard->length += length;
    return OK;
}

/* What was added goes wholly to the file; its memory serves the pages from now on. */
static ErrCode pages_begin(Hoard *hoard, Err *err)
{
    HoardFile *file = hoard->file;
    size_t held = (size_t)(hoard->length - hoard->begin);
    if (held % PAGE_BYTES) {
        static const char ZEROS[PAGE_BYTES];
        uint64_t length = hoard->length;
        TRY(hoard_add(hoard, ZEROS, PAGE_BYTES - held % PAGE_BYTES, err));
        TRY(spill(hoard, err));
        hoard->length = length;
    } else {
        TRY(spill(hoard, err));
    }
    free(hoard->bytes);
    hoard->bytes = NULL;
    hoard->capacity = 0;
    file->pages = malloc((size_t)PAGES_KEPT * PAGE_BYTES);
    file->joined = malloc(HOARD_READ_BYTES_MAX);
    return file->pages && file->joined ? OK : no_memory(err);
}

static ErrCode page_at(HoardFile *file, uint64_t number, const char **ret_page, Err *err)
{
    size_t place = (size_t)(number % PAGES_KEPT), length = 0;
    char *page = file->pages + place * PAGE_BYTES;
    if (file->numbers[place] != number + 1) {
        file->numbers[place] = 0;
        TRY(sheet_read(file->spool.fd, page, PAGE_BYTES, number * PAGE_BYTES, &length, err));
        if (length < PAGE_BYTES)
            return err_set(err, ERR_IO, _("the workbook's texts put aside are cut off"));
        cross(file, number * PAGE_BYTES, page, PAGE_BYTES);
        file->numbers[place] = number + 1;
    }
    *ret_page = page;
    return OK;
}

static ErrCode read_pages(HoardFile *file, uint64_t offset, size_t length, const char **ret_bytes,
                          Err *err)
{
    size_t within = (size_t)(offset % PAGE_BYTES);
    const char *page = NULL;
    if (within + length <= PAGE_BYTES) {
        TRY(page_at(file, offset / PAGE_BYTES, &page, err));
        *ret_bytes = page + within;
        return OK;
    }
    for (size_t done = 0; done < length;) {
        size_t begin = (size_t)((offset + done) % PAGE_BYTES), step = PAGE_BYTES - begin;
        step = step < length - done ? step : length - done;
        TRY(page_at(file, (offset + done) / PAGE_BYTES, &page, err));
        memcpy(file->joined + done, page + begin, step);
        done += step;
    }
    *ret_bytes = file->joined;
    return OK;
}

ErrCode hoard_read_file(Hoard *hoard, uint64_t offset, size_t length, const char **ret_bytes,
                        Err *err)
{
    if (!hoard->file->pages)
        TRY(pages_begin(hoard, err));
    return read_pages(hoard->file, offset, length, ret_bytes, err);
}
