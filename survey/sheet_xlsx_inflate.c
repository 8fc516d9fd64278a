#include "survey/sheet_xlsx_inflate.h"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>

enum { PACKED_BYTES = 64 * 1024 };

struct Inflater {
    zip_file_t *file; /* gives the packed bytes */
    uint64_t size;    /* of what was given, and as the directory promises it */
    uint64_t promised_size;
    uint32_t crc, promised_crc;
    bool all_packed; /* were read */
    bool ended;
    struct inflate_state state;
    unsigned char packed[PACKED_BYTES];
};

Inflater *inflater_open(zip_t *zip, zip_uint64_t index)
{
    enum { NEEDED = ZIP_STAT_SIZE | ZIP_STAT_CRC | ZIP_STAT_COMP_METHOD };
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (zip_stat_index(zip, index, 0, &stat) != 0 || (stat.valid & NEEDED) != NEEDED ||
        stat.comp_method != ZIP_CM_DEFLATE)
        return NULL;
    if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) && stat.encryption_method != ZIP_EM_NONE)
        return NULL;
    Inflater *inflater = malloc(sizeof *inflater);
    zip_file_t *file = inflater ? zip_fopen_index(zip, index, ZIP_FL_COMPRESSED) : NULL;
    if (!file) {
        free(inflater);
        return NULL;
    }
    inflater->file = file;
    inflater->size = 0;
    inflater->promised_size = stat.size;
    inflater->crc = 0;
    inflater->promised_crc = stat.crc;
    inflater->all_packed = inflater->ended = false;
    isal_inflate_init(&inflater->state);
    return inflater;
}

void inflater_close(Inflater *inflater)
{
    if (!inflater)
        return;
    zip_fclose(inflater->file);
    free(inflater);
}

/* One round of inflating; false when the packed bytes are damaged or end too early. What was packed
 * may be all there while bytes that it gave still wait in the state. */
static bool inflate_some(Inflater *inflater)
{
    struct inflate_state *state = &inflater->state;
    uint32_t room = state->avail_out;
    if (state->avail_in == 0 && !inflater->all_packed) {
        zip_int64_t count = zip_fread(inflater->file, inflater->packed, PACKED_BYTES);
        if (count < 0)
            return false;
        inflater->all_packed = count == 0;
        state->next_in = inflater->packed;
        state->avail_in = (uint32_t)count;
    }
    bool sound = isal_inflate(state) == ISAL_DECOMP_OK;
    inflater->ended = state->block_state == ISAL_BLOCK_FINISH;
    bool stuck = inflater->all_packed && !inflater->ended && state->avail_out == room;
    return sound && !stuck;
}

size_t inflater_read(Inflater *inflater, void *bytes, size_t room, bool *ret_odd)
{
    struct inflate_state *state = &inflater->state;
    bool sound = true;
    state->next_out = bytes;
    state->avail_out = room < UINT32_MAX ? (uint32_t)room : UINT32_MAX;
    uint32_t wanted = state->avail_out;
    while (sound && state->avail_out > 0 && !inflater->ended)
        sound = inflate_some(inflater);
    size_t length = wanted - state->avail_out;
    inflater->crc = crc32_gzip_refl(inflater->crc, bytes, length);
    inflater->size += length;
    bool kept = !inflater->ended || (inflater->size == inflater->promised_size &&
                                     inflater->crc == inflater->promised_crc);
    *ret_odd = !sound || !kept;
    return *ret_odd ? 0 : length;
}
