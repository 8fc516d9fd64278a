/* Every statement of sql/queries: the server understands it, and reads no large table whole unless
 * its `-- scan:` line says so. The base is filled from the catalogue alone, so new tables and
 * columns are filled too. */
#include "sql/connection.h"
#include "sql/expr_node.h"
#include "sql/load.h"
#include "support/home.h"

#include <ctype.h>
#include <inttypes.h>
#include <strings.h>

enum { FILLED_ROWS = 20000, LARGE_ROWS = 1000, TABLES = 64, PARAMETERS = 256 };

typedef struct Table {
    const char *name;
    int64_t rows;
} Table;

static Table tables[TABLES];
static size_t table_count;
static bool complaints_expected;

/* What one column of a filled table is given, as SQL over seq (1, 2, …). Keys are unique;
 * references repeat; of what may be unknown a tenth is. */
static const char *filling(Arena *arena, const Rows *column)
{
    const char *type = rows_text(column, 1), *name = rows_text(column, 2);
    int64_t length = rows_int(column, 3);
    bool nullable = rows_int(column, 4) == 1, keyed = rows_int(column, 5) == 1,
         first_of_many = rows_int(column, 6) == 1;
    const char *value = "seq";
    if (strcmp(type, "enum") == 0)
        value = arena_printf(arena, "1 + seq %% %" PRId64, rows_int(column, 7));
    else if (strcmp(type, "date") == 0)
        value = "DATE_ADD('1960-01-01', INTERVAL seq DAY)";
    else if (strcmp(type, "datetime") == 0)
        value = "DATE_ADD('2012-01-01', INTERVAL seq MINUTE)";
    else if (strstr(type, "binary"))
        value = arena_printf(arena, "LEFT(UNHEX(MD5(seq)), %" PRId64 ")", length);
    else if (strstr(type, "char"))
        value = arena_printf(arena, "LEFT(MD5(seq), %" PRId64 ")", length);
    else if (strstr(type, "text") || strstr(type, "blob"))
        value = "'{}'";
    else if (strstr(name, "_id") && (!keyed || first_of_many))
        value = "1 + seq % 400";
    else if (!keyed || strcmp(type, "tinyint") == 0)
        value = "seq % 50";
    return nullable && !keyed ? arena_printf(arena, "IF(seq %% 10 = 0, NULL, %s)", value) : value;
}

static void fill_table(TestHome *home, const char *table)
{
    /* name, type, name, length, nullable, in a unique key, first of several in the primary key,
     * choices of an enum */
    static const char COLUMNS[] =
        "SELECT c.column_name, c.data_type, c.column_name, COALESCE(c.character_maximum_length, "
        "0), c.is_nullable = 'YES',"
        " EXISTS (SELECT 1 FROM information_schema.statistics s WHERE s.table_schema = "
        "c.table_schema"
        "   AND s.table_name = c.table_name AND s.column_name = c.column_name AND s.non_unique = "
        "0),"
        " EXISTS (SELECT 1 FROM information_schema.statistics s WHERE s.table_schema = "
        "c.table_schema"
        "   AND s.table_name = c.table_name AND s.index_name = 'PRIMARY' AND s.seq_in_index = 2)"
        "  AND c.ordinal_position = 1,"
        " 1 + LENGTH(c.column_type) - LENGTH(REPLACE(c.column_type, ',', ''))"
        " FROM information_schema.columns c WHERE c.table_schema = DATABASE() AND c.table_name = "
        "'%s'"
        " AND c.generation_expression IS NULL ORDER BY c.ordinal_position";
    Err err = {0};
    Arena *arena = home->context.arena;
    AUTO_ROWS columns = NULL;
    assert_ok(db_text(home->context.db, arena_printf(arena, COLUMNS, table), &columns, &err), &err);
    const char *names = "", *values = "";
    while (rows_next(columns)) {
        const char *joint = *names ? ", " : "";
        names = arena_printf(arena, "%s%s`%s`", names, joint, rows_text(columns, 0));
        values = arena_printf(arena, "%s%s%s", values, joint, filling(arena, columns));
    }
    test_sql(home, arena_printf(arena, "INSERT INTO `%s` (%s) SELECT %s FROM seq_1_to_%d", table,
                                names, values, FILLED_ROWS));
}

static int setup(void **state)
{
    int status = test_home_setup(state);
    if (status != 0)
        return status;
    Err err = {0};
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    AUTO_ROWS names = NULL;
    assert_ok(
        db_text(home->context.db,
                "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
                " AND table_type = 'BASE TABLE'",
                &names, &err),
        &err);
    test_sql(home, "SET foreign_key_checks = 0");
    while (rows_next(names) && table_count < TABLES) {
        const char *name = arena_strdup(arena, rows_text(names, 0));
        if (strcmp(name, "base_state") != 0 && strcmp(name, "schema_migration") != 0 &&
            strcmp(name, "intake") != 0) /* of one row each, or the program's own */
            fill_table(home, name);
        AUTO_ROWS analysed = NULL;
        assert_ok(db_text(home->context.db, arena_printf(arena, "ANALYZE TABLE `%s`", name),
                          &analysed, &err),
                  &err);
        tables[table_count++] = (Table){
            name, test_number(home, arena_printf(arena, "SELECT COUNT(*) FROM `%s`", name))};
    }
    test_sql(home, "SET foreign_key_checks = 1");
    return 0;
}

static bool begins(const char *text, const char *word)
{
    return strncasecmp(text, word, strlen(word)) == 0;
}

/* The statement with neutral holes: lists and groups are the constant of none, everything else is
 * true. */
static char *neutral_text(Arena *arena, const Statement *statement)
{
    static const char *const LISTS[] = {"first",  "second",  "third", "fourth",
                                        "counts", "columns", "by"};
    Hole holes[32];
    size_t hole_count = 0;
    for (const char *at = statement->text; (at = strstr(at, "{{")); at += 2) {
        const char *name = arena_strndup(arena, at + 2, strcspn(at + 2, "}"));
        bool known = false, list = false;
        for (size_t i = 0; i < hole_count; i++)
            known = known || strcmp(holes[i].name, name) == 0;
        for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS; i++)
            list = list || strcmp(LISTS[i], name) == 0;
        const char *of = !strstr(name, "_table") && !strstr(name, "_column") ? NULL
                         : strstr(name, "column")                            ? "phone"
                         : strstr(name, "sealed")                            ? "optout"
                                                                             : "intake";
        if (!known && of) /* a hole for the name of a table or a column */
            holes[hole_count++] = (Hole){name, expr_column(arena, NULL, of)};
        else if (!known)
            holes[hole_count++] = (Hole){name, list ? expr_list(arena, NULL, 0) : expr_true(arena)};
    }
    AUTO_BUFFER text = BUFFER(1 << 20);
    ExprValues values = {.arena = arena};
    statement_fill(statement, holes, hole_count, &text, &values);
    assert_int_equal(values.count, 0);
    return arena_strdup(arena, buffer_string(&text));
}

/* A value for each `?`: a number after LIMIT and OFFSET; elsewhere a text that every type can be
 * compared with. */
static void neutral_values(const char *text, const char *filler, Value *values)
{
    size_t count = 0;
    bool quoted = false;
    for (const char *at = text; *at; at++) {
        quoted = quoted != (*at == '\'');
        if (*at != '?' || quoted)
            continue;
        const char *word = at;
        while (word > text && isspace((unsigned char)word[-1]))
            word--;
        bool number = (word - text >= 5 && begins(word - 5, "LIMIT")) ||
                      (word - text >= 6 && begins(word - 6, "OFFSET"));
        if (count == PARAMETERS)
            return;
        values[count++] = number ? v_int(10) : v_text(filler);
    }
}

static bool can_be_explained(const char *text)
{
    static const char *const WORDS[] = {"SELECT", "WITH", "INSERT", "REPLACE", "UPDATE", "DELETE"};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (begins(text, WORDS[i]))
            return true;
    return false;
}

static bool has_word(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = text; (at = strstr(at, word)); at++) {
        bool starts = at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '_');
        bool ends = !(isalnum((unsigned char)at[length]) || at[length] == '_');
        if (starts && ends)
            return true;
    }
    return false;
}

/* The table behind an alias: the one that stands before it in the text. */
static const Table *table_of(Arena *arena, const char *text, const char *alias)
{
    for (size_t i = 0; i < table_count; i++)
        if (strcmp(tables[i].name, alias) == 0)
            return &tables[i];
    for (size_t i = 0; i < table_count; i++)
        if (has_word(text, arena_printf(arena, "%s %s", tables[i].name, alias)) ||
            has_word(text, arena_printf(arena, "%s AS %s", tables[i].name, alias)))
            return &tables[i];
    return NULL;
}

static int complain(const Statement *statement, const char *what, const char *which)
{
    if (!complaints_expected)
        print_error("%s (sql/%s): %s %s\n", statement->name, statement->file, what, which);
    return 1;
}

static ErrCode explain(Db *db, Arena *arena, const char *text, size_t count, Rows **ret_rows,
                       Err *err)
{
    static const char *const FILLERS[] = {"2012-01-01", "1", "queued"};
    ErrCode code = OK;
    for (size_t i = 0; i < sizeof FILLERS / sizeof *FILLERS; i++) {
        Value values[PARAMETERS];
        neutral_values(text, FILLERS[i], values);
        Call call = {.name = "explain",
                     .text = arena_printf(arena, "EXPLAIN %s", text),
                     .query = QUERY_COUNT,
                     .params = values,
                     .count = count,
                     .ret_rows = ret_rows};
        code = call_run(db, &call, err);
        if (code == OK)
            return OK;
    }
    return code;
}

static int check_plan(TestHome *home, const Statement *statement, const char *text,
                      size_t parameters)
{
    Err err = {0};
    Arena *arena = home->context.arena;
    AUTO_ROWS plan = NULL;
    int problems = 0;
    if (explain(home->context.db, arena, text, parameters, &plan, &err) != OK)
        return complain(statement, "cannot be explained:", err.text);
    while (rows_next(plan)) {
        const char *kind = rows_text(plan, 1), *alias = rows_text(plan, 2),
                   *type = rows_text(plan, 3);
        bool scans = type && (strcmp(type, "ALL") == 0 || strcmp(type, "index") == 0);
        if (!scans || !alias || alias[0] == '<' || strcmp(kind, "INSERT") == 0 ||
            rows_int(plan, 8) <= LARGE_ROWS)
            continue;
        const Table *table = table_of(arena, text, alias);
        if (table && table->rows <= LARGE_ROWS)
            continue;
        if (!has_word(statement->scan, alias) && !(table && has_word(statement->scan, table->name)))
            problems +=
                complain(statement, "reads whole, without saying so:", table ? table->name : alias);
    }
    return problems;
}

static bool nothing(void *state, BulkRow *row, Err *err)
{
    (void)state;
    (void)row;
    (void)err;
    return false;
}

static int check_statement(TestHome *home, const Statement *statement)
{
    Err err = {0};
    size_t parameters = 0;
    uint64_t taken = 7;
    Db *db = home->context.db;
    if (begins(statement->text, "LOAD DATA")) {
        if (!strstr(statement->text, "CHARACTER SET binary"))
            return complain(statement, "loads without", "CHARACTER SET binary");
        return load_rows(db, statement, nothing, NULL, &taken, &err) == OK && taken == 0
                   ? 0
                   : complain(statement, "cannot load:", err.text);
    }
    const char *text = neutral_text(home->context.arena, statement);
    const Call call = {.name = statement->name, .text = text};
    if (call_probe(db, &call, &parameters, &err) != OK)
        return complain(statement, "cannot be prepared:", err.text);
    if (parameters > PARAMETERS)
        return complain(statement, "has too many", "parameters");
    return can_be_explained(text) ? check_plan(home, statement, text, parameters) : 0;
}

static void every_statement_is_understood_and_reads_whole_only_what_it_announces(void **state)
{
    int problems = 0;
    assert_true(QUERY_COUNT > 10);
    for (size_t i = 0; i < QUERY_COUNT; i++)
        problems += check_statement(*state, &STATEMENTS[i]);
    assert_int_equal(problems, 0);
}

static void check_notices_a_scan_and_a_damaged_statement(void **state)
{
    static const Statement CASES[] = {
        {"test/scan", "test", "", "SELECT COUNT(*) FROM person p WHERE p.occupation = ?"},
        {"test/join", "test", "p",
         "SELECT 1 FROM person p JOIN answer AS a ON a.phone_hash = p.phone_hash WHERE p.id > 0"},
        {"test/update", "test", "", "UPDATE person SET name = ? WHERE school = ?"},
        {"test/table", "test", "", "SELECT 1 FROM nowhere"},
        {"test/column", "test", "", "SELECT nothing FROM person WHERE id = ?"},
        {"test/load", "test", "",
         "LOAD DATA LOCAL INFILE 'm' INTO TABLE problem CHARACTER SET binary (nothing)"},
    };
    static const Statement GOOD[] = {
        {"test/scan", "test", " person", "SELECT COUNT(*) FROM person p WHERE p.occupation = ?"},
        {"test/key", "test", "", "SELECT name FROM person p WHERE p.phone_hash = ?"},
        {"test/hole", "test", "",
         "SELECT {{columns}} FROM person p WHERE id = ? AND {{where}} LIMIT ?"},
    };
    complaints_expected = true;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_int_equal(check_statement(*state, &CASES[i]), 1);
    complaints_expected = false;
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++)
        assert_int_equal(check_statement(*state, &GOOD[i]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_statement_is_understood_and_reads_whole_only_what_it_announces),
        cmocka_unit_test(check_notices_a_scan_and_a_damaged_statement),
    };
    return cmocka_run_group_tests_name("sql/statements", tests, setup, test_home_teardown);
}
