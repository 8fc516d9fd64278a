#include "audit/line.h"

#include "base/buffer.h"
#include "base/seal.h"

#include <inttypes.h>

enum { LINE_BYTES = 1 << 20, FIELDS = 13 };

static void hash_copy(const Rows *rows, unsigned column, char out[LINE_HASH_DIGITS + 1])
{
    const char *text = rows_text(rows, column);
    snprintf(out, LINE_HASH_DIGITS + 1, "%s", text ? text : "");
}

AuditLine line_read(const Rows *rows, Arena *arena)
{
    const char *texts[FIELDS];
    for (unsigned i = 0; i < FIELDS; i++) {
        const char *text = rows_text(rows, i);
        texts[i] = arena_strdup(arena, text ? text : "");
    }
    AuditLine line = {.number = rows_int(rows, 0),
                      .at = texts[1],
                      .who = texts[2],
                      .os_user = texts[3],
                      .host = texts[4],
                      .phase = texts[5],
                      .begun = rows_int(rows, 6),
                      .command = texts[7],
                      .options = texts[8],
                      .subject = texts[9],
                      .why = texts[10],
                      .result = texts[11],
                      .counts = texts[12]};
    hash_copy(rows, FIELDS, line.previous);
    hash_copy(rows, FIELDS + 1, line.hash);
    return line;
}

void line_hash(const AuditLine *line, char ret_hash[LINE_HASH_DIGITS + 1])
{
    AUTO_BUFFER text = BUFFER(LINE_BYTES);
    const char *const fields[] = {line->previous, line->at,    line->who,     line->os_user,
                                  line->host,     line->phase, line->command, line->options,
                                  line->subject,  line->why,   line->result,  line->counts};
    buffer_printf(&text, "%" PRId64 " %" PRId64 "\n", line->number, line->begun);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        buffer_printf(&text, "%zu:%s\n", strlen(fields[i]), fields[i]);
    assert(!text.overflow); /* the columns are shorter */
    seal_sha256_hex(text.bytes, text.length, ret_hash);
}
