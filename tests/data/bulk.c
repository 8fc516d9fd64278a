#include "data/bulk.h"

#include "data/spoil.h"

#include <errno.h>
#include <xlsxwriter.h>

/* The headings as survey/forms/enterprise.json writes them on a blank questionnaire. */
static const Heading HEADINGS[] = {
    {FACT_NAME, NULL, "姓名", 0},
    {FACT_SEX, NULL, "性别", 0},
    {FACT_ID_NUMBER, NULL, "身份证号码", 0},
    {FACT_HUKOU_REGION, NULL, "户籍所在地", 0},
    {FACT_IN_CITY_HUKOU, NULL, "是否东莞户籍", 0},
    {FACT_EDUCATION, NULL, "文化程度", 0},
    {FACT_OCCUPATION, NULL, "职业工种", 0},
    {FACT_SKILL_LEVEL, NULL, "职业资格等级", 0},
    {FACT_CERTIFICATE_NO, NULL, "证书编号", 0},
    {FACT_CERTIFICATE_DATE, NULL, "发证日期", 0},
    {FACT_EMPLOYER, NULL, "工作单位", 0},
    {FACT_EMPLOYER_TOWN, NULL, "单位所在镇街", 0},
    {FACT_PENSION_MONTHS, NULL, "在莞养老保险累计月数", 0},
    {FACT_OWNS_HOME, NULL, "在莞有无自有居所", 0},
    {FACT_HOME_TOWN, NULL, "自有居所所在镇街", 0},
    {FACT_WANTS_SETTLEMENT, NULL, "入户意向", 0},
    {FACT_INTENDED_TOWN, NULL, "拟入户镇街", 0},
    {FACT_FAMILY_PLANNING_OK, NULL, "是否符合计划生育政策", 0},
    {FACT_PHONE, NULL, "手机号码", 0},
    {FACT_CONSENT_SMS, NULL, "是否同意接收短信", 0},
    {COLUMN_FILLED_ON, NULL, "填表日期", 0},
    {0},
};

enum { HASH_BYTES = 16, SEALED_ID_BYTES = 59, SEALED_PHONE_BYTES = 52, ROWS_PER_ARENA = 4096 };

static void bare_text(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\\' || *text == '\t' || *text == '\n')
            fputc('\\', out);
        fputc(*text, out);
    }
}

/* Random bytes, escaped as LOAD DATA reads them by default. */
static void bare_bytes(FILE *out, Chance *chance, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int byte = (int)(chance_next(chance) & 0xFF);
        if (byte == 0) {
            fputs("\\0", out);
            continue;
        }
        if (byte == '\\' || byte == '\t' || byte == '\n')
            fputc('\\', out);
        fputc(byte, out);
    }
}

static void bare_fact(FILE *out, Chance *chance, FactId fact, FactValue value)
{
    char day[11];
    if (!value.known)
        fputs("\\N", out);
    else if (fact == FACT_ID_NUMBER || fact == FACT_PHONE)
        bare_bytes(out, chance, fact == FACT_PHONE ? SEALED_PHONE_BYTES : SEALED_ID_BYTES);
    else if (value.text)
        bare_text(out, value.text);
    else if (fact == FACT_BIRTH_DATE || fact == FACT_CERTIFICATE_DATE ||
             fact == FACT_GRADUATION_DATE)
        fputs(date_format((Date)value.number, day), out);
    else
        fprintf(out, "%lld", (long long)value.number);
}

/* id, three hashes, the facts in order with pension_on behind pension_months, conflicts, answers.
 */
static void bare_row(FILE *out, Chance *chance, int64_t id, const Facts *facts)
{
    char day[11];
    bool phone = facts->values[FACT_PHONE].known;
    fprintf(out, "%lld\t", (long long)id);
    bare_bytes(out, chance, HASH_BYTES);
    for (int i = 0; i < 2; i++) {
        fputs(phone ? "\t" : "\t\\N", out);
        bare_bytes(out, chance, phone ? HASH_BYTES : 0);
    }
    for (int fact = 0; fact < FACT_COUNT; fact++) {
        fputc('\t', out);
        bare_fact(out, chance, (FactId)fact, facts->values[fact]);
        if (fact == FACT_PENSION_MONTHS)
            fprintf(out, "\t%s",
                    facts->values[fact].known ? date_format(facts->pension_on, day) : "\\N");
    }
    fputs("\t0\t1\n", out);
}

/* What is written, and how far it is. */
typedef struct Bulk {
    const BulkOrder *order;
    FILE *csv, *bare;
    lxw_workbook *workbook; /* NULL = not wanted */
    lxw_worksheet *sheet;
    lxw_row_t line; /* of the sheet, the next free one */
    Chance spoils;
    int64_t written, broken;
} Bulk;

enum { COLUMNS = sizeof HEADINGS / sizeof *HEADINGS - 1 };

static void csv_row(FILE *out, const Written *cells)
{
    for (size_t i = 0; i < COLUMNS; i++)
        fprintf(out, "%s%s", i == 0 ? "" : ",", cells[i].text ? cells[i].text : "");
    fputs("\r\n", out);
}

static void xlsx_row(Bulk *bulk, const Written *cells)
{
    for (size_t i = 0; i < COLUMNS; i++)
        if (cells[i].kind == WRITTEN_NUMBER)
            worksheet_write_number(bulk->sheet, bulk->line, (lxw_col_t)i, cells[i].number, NULL);
        else if (cells[i].text)
            worksheet_write_string(bulk->sheet, bulk->line, (lxw_col_t)i, cells[i].text, NULL);
    bulk->line++;
}

static void spoil_some(Bulk *bulk, Arena *arena, const Facts *facts, Written *cells)
{
    if (chance_index(&bulk->spoils, 1000) >= (size_t)bulk->order->broken_per_mille)
        return;
    SpoilKind kind;
    do
        kind = (SpoilKind)chance_index(&bulk->spoils, SPOIL_COUNT);
    while (!spoil_fits(kind, HEADINGS, cells));
    spoil_row(kind, &bulk->spoils, arena, HEADINGS, false, facts, cells);
    bulk->broken++;
}

static void bulk_head(Bulk *bulk)
{
    Written cells[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++)
        cells[i] = written_text(HEADINGS[i].text);
    if (bulk->csv)
        csv_row(bulk->csv, cells);
    if (bulk->sheet)
        xlsx_row(bulk, cells);
}

static void bulk_person(Bulk *bulk, const Clerk *clerk, const Facts *facts)
{
    Written cells[COLUMNS];
    bulk->written++;
    if (bulk->bare)
        bare_row(bulk->bare, clerk->chance, bulk->written, facts);
    if (!bulk->csv && !bulk->sheet)
        return;
    for (size_t i = 0; i < COLUMNS; i++)
        cells[i] = spell_cell(clerk, &HEADINGS[i], facts, 0);
    spoil_some(bulk, clerk->arena, facts, cells);
    if (bulk->csv)
        csv_row(bulk->csv, cells);
    if (bulk->sheet)
        xlsx_row(bulk, cells);
}

static void bulk_rows(Bulk *bulk)
{
    AUTO_ARENA arena = arena_new(0);
    const BulkOrder *order = bulk->order;
    Inventor inventor = inventor_make(order->seed, "bulk", date_of(2012, 9, 18));
    Chance bytes = chance_stream(order->seed, "bytes");
    Date filled_on = order->every > 1 ? date_of(2012, 3, 18) : inventor.surveyed_on;
    const Clerk clerk = {.chance = &bytes, .arena = arena, .filled_on = filled_on};
    bulk->spoils = chance_stream(order->seed, "spoils");
    bulk_head(bulk);
    for (int64_t row = 0; row < order->rows; row++) {
        if (row % ROWS_PER_ARENA == 0)
            arena_reset(arena);
        Workplace workplace = *CAST[chance_index(&inventor.chance, CAST_FIRST_SCHOOL)].workplace;
        workplace.town = invent_town(&inventor.chance);
        Facts facts;
        invent_worker(&inventor, arena, &workplace, &facts);
        if (row % order->every == 0)
            bulk_person(bulk, &clerk, &facts);
    }
    inventor_done(&inventor);
}

static ErrCode open_output(const char *path, FILE **ret_file, Err *err)
{
    *ret_file = NULL;
    if (path && !(*ret_file = fopen(path, "we")))
        return err_errno(err, ERR_IO, errno, "cannot write '%s'", path);
    return OK;
}

static ErrCode close_output(const char *path, FILE *file, Err *err)
{
    if (!file)
        return OK;
    bool failed = ferror(file) != 0;
    if (fclose(file) != 0 || failed)
        return err_errno(err, ERR_IO, errno, "cannot write '%s'", path);
    return OK;
}

/* Row by row, so that a million of them need no memory. */
static ErrCode open_workbook(Bulk *bulk, Err *err)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    if (!bulk->order->xlsx_file)
        return OK;
    bulk->workbook = workbook_new_opt(bulk->order->xlsx_file, &options);
    if (!bulk->workbook)
        return err_set(err, ERR_IO, "cannot write '%s'", bulk->order->xlsx_file);
    bulk->sheet = workbook_add_worksheet(bulk->workbook, "调查表");
    return OK;
}

static ErrCode close_workbook(Bulk *bulk, Err *err)
{
    lxw_error failure = bulk->workbook ? workbook_close(bulk->workbook) : LXW_NO_ERROR;
    if (failure != LXW_NO_ERROR)
        return err_set(err, ERR_IO, "cannot write '%s': %s", bulk->order->xlsx_file,
                       lxw_strerror(failure));
    return OK;
}

static ErrCode bulk_open(Bulk *bulk, Err *err)
{
    TRY(open_output(bulk->order->csv_file, &bulk->csv, err));
    TRY(open_output(bulk->order->bare_file, &bulk->bare, err));
    return open_workbook(bulk, err);
}

/* Closes all; the first failure counts. */
static ErrCode bulk_close(Bulk *bulk, ErrCode code, Err *err)
{
    Err later = {0};
    ErrCode csv = close_output(bulk->order->csv_file, bulk->csv, code == OK ? err : &later);
    code = code == OK ? csv : code;
    ErrCode bare = close_output(bulk->order->bare_file, bulk->bare, code == OK ? err : &later);
    code = code == OK ? bare : code;
    ErrCode xlsx = close_workbook(bulk, code == OK ? err : &later);
    return code == OK ? xlsx : code;
}

ErrCode bulk_write(const BulkOrder *order, json_t **ret_summary, Err *err)
{
    Bulk bulk = {.order = order};
    ErrCode code = bulk_open(&bulk, err);
    if (code == OK)
        bulk_rows(&bulk);
    TRY(bulk_close(&bulk, code, err));
    *ret_summary = json_pack("{s:I, s:I, s:I, s:I}", "seed", (json_int_t)order->seed, "people",
                             (json_int_t)bulk.written, "rows", (json_int_t)bulk.written, "broken",
                             (json_int_t)bulk.broken);
    return OK;
}
