/* sql/bulk.c: what goes in through LOAD DATA LOCAL is what stands in the table, or nothing is. */
#include "sql/load.h"
#include "support/home.h"

enum { ROWS = 3000 };

static const Statement LOAD = {
    .name = "test/load",
    .text = "LOAD DATA LOCAL INFILE 'memory' INTO TABLE loaded CHARACTER SET binary (id, text, "
            "bytes, day)",
};

typedef struct Item {
    char *text;
    uint8_t *bytes;
    size_t length;
    Date day;
} Item;

typedef struct Source {
    Arena *arena;
    Item items[ROWS];
    int count, next;
    int repeat_at; /* gives the key of the row before it; 0 = never */
    int stop_at;   /* fails there; 0 = never */
} Source;

static int setup(void **state)
{
    int status = test_home_setup(state);
    if (status == 0)
        test_sql(*state, "CREATE TABLE loaded (id INT PRIMARY KEY, text VARCHAR(400) NULL, bytes "
                         "VARBINARY(400) NULL,"
                         " day DATE NULL)");
    return status;
}

static int empty(void **state)
{
    test_sql(*state, "TRUNCATE TABLE loaded");
    return 0;
}

static uint8_t *random_bytes(Arena *arena, unsigned *seed, size_t length)
{
    /* Half of them from what could be taken for syntax. */
    static const uint8_t SIGNS[] = {0,   '\t', '\n', '\r', '\\', '\'', '"', ',',
                                    'N', '0',  0x1a, 0xbf, 0x5c, 0xff, 'Z'};
    uint8_t *bytes = arena_alloc(arena, length + 1);
    for (size_t i = 0; i < length; i++)
        bytes[i] =
            rand_r(seed) % 2 ? SIGNS[(size_t)rand_r(seed) % sizeof SIGNS] : (uint8_t)rand_r(seed);
    return bytes;
}

static char *random_text(Arena *arena, unsigned *seed)
{
    static const char *const PIECES[] = {"长安镇", "𠮷", "\t", "\n",   "\\",   "\\N", "\r\n",
                                         "縗",     "é",  "a",  "'",    "\x1a", "😀",   "NULL",
                                         "\\0",    " ",  "誠", "\\\\", "%",    "ß"};
    char *text = arena_strdup(arena, "");
    for (int i = rand_r(seed) % 30; i > 0; i--)
        text = arena_printf(arena, "%s%s", text,
                            PIECES[(size_t)rand_r(seed) % (sizeof PIECES / sizeof *PIECES)]);
    return text;
}

static Source *source_new(TestHome *home, int count)
{
    unsigned seed = (unsigned)moment_now();
    print_message("seed %u\n", seed);
    Source *source = arena_alloc(home->context.arena, sizeof *source);
    source->arena = home->context.arena;
    source->count = count;
    for (int i = 0; i < count; i++) {
        Item *item = &source->items[i];
        item->text = rand_r(&seed) % 8 ? random_text(source->arena, &seed) : NULL;
        item->length = (size_t)rand_r(&seed) % 200;
        item->bytes = rand_r(&seed) % 8 ? random_bytes(source->arena, &seed, item->length) : NULL;
        item->day = rand_r(&seed) % 8 ? rand_r(&seed) % 20000 : DATE_NONE;
    }
    return source;
}

static bool give(void *state, BulkRow *row, Err *err)
{
    Source *source = state;
    if (source->stop_at && source->next == source->stop_at) {
        err_set(err, ERR_INPUT, "the source ends here");
        return false;
    }
    if (source->next == source->count)
        return false;
    const Item *item = &source->items[source->next++];
    int key = source->next == source->repeat_at ? source->next - 1 : source->next;
    bulk_value(row, v_int(key));
    bulk_value(row, v_text(item->text));
    bulk_value(row, v_bytes(item->bytes, item->length));
    bulk_value(row, v_date(item->day));
    return true;
}

static void every_byte_arrives_as_it_was(void **state)
{
    Err err = {0};
    TestHome *home = *state;
    uint64_t taken = 0;
    Source *source = source_new(home, ROWS);
    assert_ok(load_rows(home->context.db, &LOAD, give, source, &taken, &err), &err);
    assert_int_equal(taken, ROWS);
    AUTO_ROWS rows = NULL;
    assert_ok(
        db_text(home->context.db, "SELECT text, bytes, day FROM loaded ORDER BY id", &rows, &err),
        &err);
    assert_int_equal(rows_count(rows), ROWS);
    for (int i = 0; rows_next(rows); i++) {
        const Item *item = &source->items[i];
        size_t length = 0;
        const void *bytes = rows_bytes(rows, 1, &length);
        assert_int_equal(rows_null(rows, 0), !item->text);
        if (item->text)
            assert_string_equal(rows_text(rows, 0), item->text);
        assert_int_equal(rows_null(rows, 1), !item->bytes);
        if (item->bytes) {
            assert_int_equal(length, item->length);
            assert_memory_equal(bytes, item->bytes, length);
        }
        assert_int_equal(rows_date(rows, 2), item->day);
    }
}

static void no_row_is_a_load_too(void **state)
{
    Err err = {0};
    TestHome *home = *state;
    uint64_t taken = 7;
    assert_ok(load_rows(home->context.db, &LOAD, give, source_new(home, 0), &taken, &err), &err);
    assert_int_equal(taken, 0);
}

static void key_that_stands_twice_refuses_the_whole_load(void **state)
{
    Err err = {0};
    TestHome *home = *state;
    uint64_t taken = 7;
    Source *source = source_new(home, 500);
    source->repeat_at = 400;
    assert_int_equal(load_rows(home->context.db, &LOAD, give, source, &taken, &err), ERR_DB);
    assert_string_equal(
        err.text,
        "statement 'test/load' took 499 of 500 rows, with 1 warnings: a value stands twice"
        " for key 'PRIMARY'");
    assert_int_equal(taken, 7);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM loaded"), 0);
}

static void source_that_fails_refuses_the_whole_load(void **state)
{
    Err err = {0};
    TestHome *home = *state;
    Source *source = source_new(home, 500);
    source->stop_at = 400;
    assert_int_equal(load_rows(home->context.db, &LOAD, give, source, NULL, &err), ERR_INPUT);
    assert_string_equal(err.text, "the source ends here");
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM loaded"), 0);
    source->stop_at = 0;
    source->next = 0;
    assert_ok(load_rows(home->context.db, &LOAD, give, source, NULL, &err), &err);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM loaded"), 500);
}

static void value_that_the_column_cannot_hold_refuses_the_load(void **state)
{
    static const struct {
        const char *text;
        size_t bytes;
    } CASES[] = {{"\xff\xfe not UTF-8", 1}, {"\xe9\x95 cut character", 1}, {"fits", 401}};
    TestHome *home = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Err err = {0};
        Source *source = source_new(home, 3);
        source->items[1].text = arena_strdup(source->arena, CASES[i].text);
        source->items[1].bytes = arena_alloc(source->arena, 500);
        source->items[1].length = CASES[i].bytes;
        assert_int_equal(load_rows(home->context.db, &LOAD, give, source, NULL, &err), ERR_DB);
        assert_null(strstr(err.text, "UTF-8"));
        assert_null(strstr(err.text, "character"));
        assert_int_equal(test_number(home, "SELECT COUNT(*) FROM loaded"), 0);
    }
}

static ErrCode load_then_fail(Db *db, void *state, Err *err)
{
    TRY(load_rows(db, &LOAD, give, state, NULL, err));
    return err_set(err, ERR_INPUT, "after the load");
}

static void load_in_a_transaction_goes_with_it(void **state)
{
    Err err = {0};
    TestHome *home = *state;
    assert_int_equal(db_transact(home->context.db, load_then_fail, source_new(home, 100), &err),
                     ERR_INPUT);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM loaded"), 0);
}

static bool give_large(void *state, BulkRow *row, Err *err)
{
    int *left = state;
    (void)err;
    if ((*left)-- == 0)
        return false;
    size_t length = (size_t)70 << 20;
    char *bytes = malloc(length);
    memset(bytes, 'x', length);
    bulk_value(row, v_int(*left));
    bulk_value(row, v_bytes(bytes, length));
    bulk_value(row, v_null());
    bulk_value(row, v_null());
    free(bytes);
    return true;
}

static void row_over_the_ceiling_is_refused(void **state)
{
    Err err = {0};
    int rows = 1;
    TestHome *home = *state;
    assert_int_equal(load_rows(home->context.db, &LOAD, give_large, &rows, NULL, &err), ERR_LIMIT);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM loaded"), 0);
}

static void server_that_asks_for_a_file_gets_none(void **state)
{
    Err err = {0};
    TestHome *home = *state;
    assert_int_equal(
        connection_text(home->context.db, "test",
                        "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE loaded (text)", &err),
        ERR_DB);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM loaded"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_byte_arrives_as_it_was, empty),
        cmocka_unit_test_setup(no_row_is_a_load_too, empty),
        cmocka_unit_test_setup(key_that_stands_twice_refuses_the_whole_load, empty),
        cmocka_unit_test_setup(source_that_fails_refuses_the_whole_load, empty),
        cmocka_unit_test_setup(value_that_the_column_cannot_hold_refuses_the_load, empty),
        cmocka_unit_test_setup(load_in_a_transaction_goes_with_it, empty),
        cmocka_unit_test_setup(row_over_the_ceiling_is_refused, empty),
        cmocka_unit_test_setup(server_that_asks_for_a_file_gets_none, empty),
    };
    return cmocka_run_group_tests_name("sql/bulk", tests, setup, test_home_teardown);
}
