/* An old workbook. Bytes that begin like a compound file are one; other bytes are the stream of
 * records in one, so that a mutation reaches the records without breaking what is around them. */
#include "fuzz/fuzz.h"

#include <string.h>

enum {
    SECTOR = 512,
    CUTOFF = 4096,
    STREAM_BYTES_MAX = 60 * 1024, /* one sector of the FAT holds them */
    FILE_BYTES_MAX = STREAM_BYTES_MAX + 4 * SECTOR,
};
#define END_OF_CHAIN 0xFFFFFFFEu
#define FAT_SECTOR 0xFFFFFFFDu
#define FREE 0xFFFFFFFFu

static void put(uint8_t *at, uint32_t number, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (uint8_t)(number >> 8 * i);
}

static void put_entry(uint8_t *at, const char *name, uint8_t type, uint32_t start, uint32_t bytes)
{
    for (size_t i = 0; name[i]; i++)
        at[2 * i] = (uint8_t)name[i];
    put(at + 64, (uint32_t)(2 * (strlen(name) + 1)), 2);
    at[66] = type;
    put(at + 68, FREE, 4);
    put(at + 72, FREE, 4);
    put(at + 76, type == 5 ? 1 : FREE, 4);
    put(at + 116, start, 4);
    put(at + 120, bytes, 4);
}

/* Header; sector 0 the FAT, 1 the directory, then the stream. Returns the length. */
static size_t wrap(const uint8_t *bytes, size_t length, uint8_t *file)
{
    size_t padded = length < CUTOFF ? CUTOFF : length;
    uint32_t sectors = (uint32_t)((padded + SECTOR - 1) / SECTOR);
    memset(file, 0, FILE_BYTES_MAX);
    memcpy(file, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
    put(file + 24, 0x3E, 2);
    put(file + 26, 3, 2);
    put(file + 28, 0xFFFE, 2);
    put(file + 30, 9, 2);
    put(file + 32, 6, 2);
    put(file + 44, 1, 4);
    put(file + 48, 1, 4);
    put(file + 56, CUTOFF, 4);
    put(file + 60, END_OF_CHAIN, 4);
    put(file + 68, END_OF_CHAIN, 4);
    for (size_t i = 1; i < 109; i++)
        put(file + 76 + 4 * i, FREE, 4);
    uint8_t *fat = file + SECTOR, *directory = fat + SECTOR, *stream = directory + SECTOR;
    for (uint32_t i = 0; i < SECTOR / 4; i++)
        put(fat + 4 * i,
            i < 2 + sectors - 1    ? i + 1
            : i == 2 + sectors - 1 ? END_OF_CHAIN
                                   : FREE,
            4);
    put(fat, FAT_SECTOR, 4);
    put(fat + 4, END_OF_CHAIN, 4);
    put_entry(directory, "Root Entry", 5, END_OF_CHAIN, 0);
    put_entry(directory + 128, "Workbook", 2, 2, (uint32_t)padded);
    memcpy(stream, bytes, length);
    return 3 * SECTOR + sectors * (size_t)SECTOR;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static uint8_t file[FILE_BYTES_MAX];
    if (length > 8 && memcmp(bytes, "\xD0\xCF\x11\xE0", 4) == 0)
        fuzz_sheet(bytes, length, NULL);
    else if (length > 0 && length <= STREAM_BYTES_MAX)
        fuzz_sheet(file, wrap(bytes, length, file), NULL);
    return 0;
}
