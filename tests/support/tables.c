#include "support/tables.h"

#include "base/buffer.h"
#include "people/id_number.h"
#include "support/sheets.h"
#include "survey/import_file.h"

#include <iconv.h>

enum { FILE_LIMIT_BYTES = 64 * 1024 * 1024 };

static const char *write_file(TestHome *home, const char *name, const char *bytes, size_t length)
{
    const char *path = arena_printf(home->context.arena, "%s/%s", home->dir, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    return path;
}

/* Hands each cell of a table to `put`, and the end of each row to `end_row`. */
typedef struct Layout {
    void (*begin_row)(Buffer *out, size_t row);
    void (*put)(Buffer *out, size_t row, size_t column, const char *cell, size_t length);
    void (*end_row)(Buffer *out, size_t row);
} Layout;

static void lay_out(const Layout *layout, const char *table, Buffer *out)
{
    size_t row = 0;
    for (const char *at = table; *at; row++) {
        size_t line = strcspn(at, "\n"), column = 0;
        layout->begin_row(out, row);
        for (size_t from = 0; from <= line; column++) {
            size_t cell = strcspn(at + from, "|\n");
            layout->put(out, row, column, at + from, cell);
            from += cell + 1;
        }
        layout->end_row(out, row);
        at += line + (at[line] == '\n');
    }
}

static void nothing(Buffer *out, size_t row)
{
    (void)out, (void)row;
}

static void csv_cell(Buffer *out, size_t row, size_t column, const char *cell, size_t length)
{
    (void)row;
    if (column > 0)
        buffer_char(out, ',');
    buffer_char(out, '"');
    buffer_add(out, cell, length);
    buffer_char(out, '"');
}

static void csv_end(Buffer *out, size_t row)
{
    (void)row;
    buffer_text(out, "\r\n");
}

static const Layout CSV = {nothing, csv_cell, csv_end};

const char *table_csv(TestHome *home, const char *name, const char *table)
{
    AUTO_BUFFER out = BUFFER(FILE_LIMIT_BYTES);
    lay_out(&CSV, table, &out);
    return write_file(home, name, out.bytes, out.length);
}

const char *table_gb18030(TestHome *home, const char *name, const char *table)
{
    AUTO_BUFFER out = BUFFER(FILE_LIMIT_BYTES);
    lay_out(&CSV, table, &out);
    iconv_t converter = iconv_open("GB18030", "UTF-8");
    assert_true(converter != (iconv_t)-1);
    size_t left = out.length, room = out.length * 2;
    char *in = out.bytes, *bytes = arena_alloc(home->context.arena, room), *at = bytes;
    size_t space = room;
    assert_true(iconv(converter, &in, &left, &at, &space) != (size_t)-1);
    iconv_close(converter);
    return write_file(home, name, bytes, room - space);
}

static void xlsx_begin(Buffer *out, size_t row)
{
    buffer_printf(out, "<row r=\"%zu\">", row + 1);
}

/* Up to 52 columns. */
static void xlsx_cell(Buffer *out, size_t row, size_t column, const char *cell, size_t length)
{
    if (length > 0)
        buffer_printf(out, "<c r=\"%s%c%zu\" t=\"inlineStr\"><is><t>%.*s</t></is></c>",
                      column < 26 ? "" : "A", (char)('A' + (int)(column % 26)), row + 1,
                      (int)length, cell);
}

static void xlsx_end(Buffer *out, size_t row)
{
    (void)row;
    buffer_text(out, "</row>");
}

const char *table_xlsx(TestHome *home, const char *name, const char *table)
{
    static const Layout XLSX = {xlsx_begin, xlsx_cell, xlsx_end};
    AUTO_BUFFER out = BUFFER(FILE_LIMIT_BYTES);
    lay_out(&XLSX, table, &out);
    SheetWorld world = {.arena = home->context.arena};
    snprintf(world.dir, sizeof world.dir, "%s", home->dir);
    OddBook book = {.rows = buffer_string(&out)};
    const char *made = sheets_book(&world, &book),
               *path = arena_printf(home->context.arena, "%s/%s", home->dir, name);
    assert_int_equal(rename(made, path), 0);
    return path;
}

const char *table_kobo(TestHome *home, const char *name, const char *table)
{
    json_t *items = json_array(), *keys = json_array();
    size_t row = 0;
    for (const char *at = table; *at; row++) {
        size_t line = strcspn(at, "\n"), column = 0;
        json_t *item = json_object();
        for (size_t from = 0; from <= line; column++) {
            size_t cell = strcspn(at + from, "|\n");
            json_t *text = json_stringn(at + from, cell);
            if (row == 0)
                json_array_append_new(keys, text);
            else
                json_object_set_new(item, json_string_value(json_array_get(keys, column)), text);
            from += cell + 1;
        }
        if (row > 0)
            json_array_append(items, item);
        json_decref(item);
        at += line + (at[line] == '\n');
    }
    char *text = json_dumps(items, 0);
    const char *path = write_file(home, name, text, strlen(text));
    free(text);
    json_decref(items);
    json_decref(keys);
    return path;
}

Invented invented_person(Arena *arena, unsigned number)
{
    static const char *const FAMILY[] = {"张", "王", "李", "赵", "陈", "黄", "周", "吴", "欧阳"};
    static const char *const GIVEN[] = {"伟", "芳", "秀英", "敏", "静", "丽",
                                        "强", "磊", "洋",   "艳", "勇"};
    char digits[18], id[19];
    unsigned sequence = 100 + number / 13020 % 899; /* the rest repeats after 13,020 */
    snprintf(digits, sizeof digits, "4306%02u%04u%02u%02u%03u", 1 + number % 20, 1960 + number % 31,
             1 + number % 12, 1 + number % 28, sequence % 100 == 0 ? sequence + 1 : sequence);
    snprintf(id, sizeof id, "%s%c", digits, id_number_check_character(digits));
    return (Invented){.name =
                          arena_printf(arena, "%s%s", FAMILY[number % 9], GIVEN[number / 9 % 11]),
                      .id = arena_strdup(arena, id),
                      .phone = arena_printf(arena, "138%08u", number * 37 % 100000000)};
}

/* The columns that answer and person share, less what is sealed with a nonce. */
int64_t base_content(TestHome *home)
{
    int64_t people = test_number(home, "SELECT IFNULL(SUM(CRC32(CONCAT(" FACT_TEXTS
                                       ", '|', conflicts, '|', answers))), 0) "
                                       "FROM person");
    int64_t answers = test_number(home, "SELECT IFNULL(SUM(CRC32(CONCAT(" FACT_TEXTS
                                        ", surveyed_on, credibility))), 0) FROM answer "
                                        "WHERE batch_id IN (SELECT id FROM batch)");
    int64_t waiting =
        test_number(home, "SELECT IFNULL(SUM(CRC32(CONCAT(q.sheet, '|', q.line, '|', q.state, '|', "
                          "IFNULL(p.code, '~'), IFNULL(p.cell, '~')))), 0) "
                          "FROM quarantine q LEFT JOIN problem p USING (batch_id, sheet, line)");
    return people + 3 * answers + 7 * waiting;
}

json_t *table_import(TestHome *home, const char *path)
{
    ImportJob job = {.context = &home->context, .path = path, .surveyed_on = DATE_NONE};
    json_t *result = NULL;
    int64_t quarantined = 0;
    Err err = {0};
    assert_ok(import_file(&job, &result, &quarantined, &err), &err);
    return result;
}

int64_t result_number(const json_t *object, const char *key)
{
    const char *dot = strchr(key, '.');
    if (dot) {
        char first[64];
        snprintf(first, sizeof first, "%.*s", (int)(dot - key), key);
        return result_number(json_object_get(object, first), dot + 1);
    }
    const json_t *value = json_object_get(object, key);
    if (!json_is_integer(value))
        fail_msg("no number '%s' in the result", key);
    return json_integer_value(value);
}

ImportJob import_job(TestHome *home, const char *path)
{
    return (ImportJob){.context = &home->context, .path = path, .surveyed_on = DATE_NONE};
}

void assert_import_refused(TestHome *home, const ImportJob *job, ErrCode code, const char *text)
{
    int64_t before = base_content(home), batches = test_number(home, "SELECT COUNT(*) FROM batch");
    json_t *result = NULL;
    int64_t quarantined = 0;
    Err err = {0};
    ErrCode got = import_file(job, &result, &quarantined, &err);
    const char *expected =
        arena_printf(home->context.arena, "cannot import '%s': %s", job->path, text);
    assert_string_equal(err.text, expected);
    assert_int_equal(got, code);
    assert_null(result);
    assert_int_equal(base_content(home), before);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM batch"), batches);
}
