/* audit/chain.c, line.c, anchor.c, check.c: whatever is done to the lines is found. */
#include "audit/chain.h"

#include "audit/anchor.h"
#include "audit/check.h"
#include "support/home.h"
#include "support/rounds.h"

#include "sql/connection.h"
#include "sql/statement.h"

#include <inttypes.h>
#include <stdio.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINES = 24, TAMPERINGS = 40 };

static const char *anchor_file(TestHome *home)
{
    return audit_anchor_file(&home->context.config, home->context.arena);
}

static void append(TestHome *home, const char *who, const char *options)
{
    Err err = {0};
    AuditLine line = {.who = who,
                      .os_user = "tester",
                      .host = "here",
                      .phase = "begin",
                      .command = "people correct",
                      .options = options,
                      .subject = "{\"person\":[1]}",
                      .why = "",
                      .result = "",
                      .counts = ""};
    assert_ok(chain_append(home->context.db, home->context.arena, &line, &err), &err);
    assert_ok(anchor_append(anchor_file(home), line.number, line.hash, &err), &err);
}

static AuditCheck check(TestHome *home)
{
    Err err = {0};
    AuditCheck result;
    assert_ok(audit_check(home->context.db, &home->context.config, &result, &err), &err);
    return result;
}

static void fresh(TestHome *home)
{
    test_sql(home, "TRUNCATE TABLE audit_line");
    unlink(anchor_file(home));
    for (int i = 1; i <= LINES; i++)
        append(home, i % 3 ? "li" : "王小明",
               arena_printf(home->context.arena, "number %d\n\"quoted\" 中文", i));
}

static void empty_and_whole_chains_are_sound(void **state)
{
    TestHome *home = *state;
    test_sql(home, "TRUNCATE TABLE audit_line");
    unlink(anchor_file(home));
    AuditCheck none = check(home);
    assert_true(audit_sound(&none));
    assert_int_equal(none.chain.lines, 0);
    fresh(home);
    AuditCheck whole = check(home);
    assert_true(audit_sound(&whole));
    assert_int_equal(whole.chain.last, LINES);
    assert_int_equal(whole.anchors, LINES);
    assert_int_equal(whole.file_behind, 0);
    assert_null(audit_wrong(home->context.arena, &whole));
}

/* The base itself keeps lines from being changed, and no statement of the program tries. */
static void base_refuses_to_change_a_line(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    fresh(home);
    assert_int_equal(db_text(home->context.db, "UPDATE audit_line SET who = 'x'", NULL, &err),
                     ERR_DB);
    assert_int_equal(db_text(home->context.db, "DELETE FROM audit_line", NULL, &err), ERR_DB);
    assert_int_equal(db_text(home->context.db,
                             "REPLACE INTO audit_line SELECT * FROM audit_line "
                             "WHERE number = 3",
                             NULL, &err),
                     ERR_DB);
    AuditCheck whole = check(home);
    assert_true(audit_sound(&whole));
    for (size_t i = 0; i < QUERY_COUNT; i++) {
        const char *text = STATEMENTS[i].text;
        bool changes = strncasecmp(text, "UPDATE", 6) == 0 || strncasecmp(text, "DELETE", 6) == 0 ||
                       strncasecmp(text, "REPLACE", 7) == 0 || strcasestr(text, "TRUNCATE");
        if (changes && strstr(text, "audit_line"))
            fail_msg("statement '%s' changes the audit", STATEMENTS[i].name);
    }
}

/* A tamperer with every right on the base, who takes the triggers off first. */
static void triggers_off(TestHome *home)
{
    test_sql(home, "DROP TRIGGER IF EXISTS audit_line_unchanged;\n"
                   "DROP TRIGGER IF EXISTS audit_line_kept");
}

/* Computes hashes anew from a line on, as one who knows how. */
static void hash_anew(TestHome *home, int64_t from)
{
    Err err = {0};
    Arena *arena = home->context.arena;
    AUTO_ROWS rows = NULL;
    char previous[LINE_HASH_DIGITS + 1] = "";
    assert_ok(db_query(home->context.db, QUERY_AUDIT_LINE_ALL, NO_PARAMS, &rows, &err), &err);
    while (rows_next(rows)) {
        AuditLine line = line_read(rows, arena);
        if (line.number >= from) {
            memcpy(line.previous, *previous ? previous : line.previous, sizeof previous);
            line_hash(&line, line.hash);
            test_sql(home, arena_printf(arena,
                                        "UPDATE audit_line SET previous = '%s', hash = '%s' "
                                        "WHERE number = %" PRId64,
                                        line.previous, line.hash, line.number));
        }
        memcpy(previous, line.hash, sizeof previous);
    }
}

typedef struct Tampering {
    const char *name, *sql; /* %1$d: the place, %2$d: another */
    int first;              /* where it must be found: 0 = the place, 1 = at or before it or the
                               other, 2 = somewhere */
    bool anew;              /* hashes computed anew from the place on */
} Tampering;

static const Tampering TAMPERINGS_OF[] = {
    {"who", "UPDATE audit_line SET who = 'somebody' WHERE number = %1$d", 0, false},
    {"at", "UPDATE audit_line SET at = at + INTERVAL 1 SECOND WHERE number = %1$d", 0, false},
    {"os_user", "UPDATE audit_line SET os_user = '' WHERE number = %1$d", 0, false},
    {"host", "UPDATE audit_line SET host = 'there' WHERE number = %1$d", 0, false},
    {"phase", "UPDATE audit_line SET phase = 'refused' WHERE number = %1$d", 0, false},
    {"begun", "UPDATE audit_line SET begun = 1 WHERE number = %1$d", 0, false},
    {"command", "UPDATE audit_line SET command = 'people show' WHERE number = %1$d", 0, false},
    {"options", "UPDATE audit_line SET options = CONCAT(options, ' ') WHERE number = %1$d", 0,
     false},
    {"subject", "UPDATE audit_line SET subject = '' WHERE number = %1$d", 0, false},
    {"why", "UPDATE audit_line SET why = 'because' WHERE number = %1$d", 0, false},
    {"result", "UPDATE audit_line SET result = 'done' WHERE number = %1$d", 0, false},
    {"counts", "UPDATE audit_line SET counts = '{}' WHERE number = %1$d", 0, false},
    {"moved text",
     "UPDATE audit_line SET command = 'people', options = CONCAT(' correct', options) WHERE number "
     "= %1$d",
     0, false},
    {"hash", "UPDATE audit_line SET hash = SHA2('x', 256) WHERE number = %1$d", 0, false},
    {"previous", "UPDATE audit_line SET previous = SHA2('x', 256) WHERE number = %1$d", 0, false},
    {"deletion", "DELETE FROM audit_line WHERE number = %1$d", 0, false},
    {"deletion closed up",
     "DELETE FROM audit_line WHERE number = %1$d;\n"
     "UPDATE audit_line SET number = number - 1 WHERE number > %1$d ORDER BY number",
     1, false},
    {"deletion of the end", "DELETE FROM audit_line WHERE number >= %1$d", 0, false},
    {"deletion of all", "DELETE FROM audit_line", 2, false},
    {"insertion",
     "UPDATE audit_line SET number = number + 1 WHERE number >= %1$d ORDER BY number DESC;\n"
     "INSERT INTO audit_line SELECT %1$d, at, who, os_user, host, phase, begun, command, options, "
     "subject, why, result, counts, previous, hash FROM audit_line WHERE number = %1$d + 1",
     1, false},
    {"exchange",
     "UPDATE audit_line SET number = 900 WHERE number = %1$d;\n"
     "UPDATE audit_line SET number = %1$d WHERE number = %2$d;\n"
     "UPDATE audit_line SET number = %2$d WHERE number = 900",
     1, false},
    {"addition",
     "INSERT INTO audit_line SELECT 25, at, who, os_user, host, phase, begun, command, options, "
     "subject, why, result, counts, previous, hash FROM audit_line WHERE number = %1$d",
     2, false},
    {"change computed anew", "UPDATE audit_line SET who = 'somebody' WHERE number = %1$d", 0, true},
    {"deletion computed anew",
     "DELETE FROM audit_line WHERE number = %1$d;\n"
     "UPDATE audit_line SET number = number - 1 WHERE number > %1$d ORDER BY number",
     0, true},
};
enum { TAMPERING_COUNT = sizeof TAMPERINGS_OF / sizeof *TAMPERINGS_OF };

static void tamper(TestHome *home, const Tampering *tampering, int place, int other)
{
    Arena *arena = home->context.arena;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    const char *sql = arena_printf(arena, tampering->sql, place, other);
#pragma GCC diagnostic pop
    test_sql(home, "DELETE FROM audit_line;\nINSERT INTO audit_line SELECT * FROM audit_copy");
    test_sql(home, sql);
    if (tampering->anew)
        hash_anew(home, place);
    AuditCheck found = check(home);
    int64_t first = audit_first_wrong(&found);
    int64_t most = place > other ? place : other;
    bool right = tampering->first == 0   ? first == place
                 : tampering->first == 1 ? first >= 1 && first <= most + 1
                                         : first >= 1;
    if (audit_sound(&found) || !right)
        fail_msg("'%s' at %d (%d): %s, first wrong %" PRId64, tampering->name, place, other,
                 audit_sound(&found) ? "not found" : audit_wrong(arena, &found), first);
}

static void every_change_deletion_insertion_and_reordering_is_found(void **state)
{
    TestHome *home = *state;
    uint64_t seed = test_seed();
    fresh(home);
    triggers_off(home);
    test_sql(home, "DROP TABLE IF EXISTS audit_copy;\n"
                   "CREATE TABLE audit_copy AS SELECT * FROM audit_line");
    unsigned rounds = test_rounds(TAMPERINGS);
    for (unsigned round = 0; round < rounds + TAMPERING_COUNT; round++) {
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
        int place = 1 + (int)(seed >> 33) % LINES, other = 1 + (place + 6) % LINES;
        /* A deletion of the last line leaves no gap; its own kind looks at that. */
        tamper(home, &TAMPERINGS_OF[round % TAMPERING_COUNT], place, other);
    }
    test_sql(home, "DELETE FROM audit_line;\nINSERT INTO audit_line SELECT * FROM audit_copy;\n"
                   "DROP TABLE audit_copy");
    AuditCheck whole = check(home);
    assert_true(audit_sound(&whole));
}

static void file_write(const char *file, const char *text)
{
    FILE *stream = fopen(file, "we");
    assert_non_null(stream);
    fputs(text, stream);
    assert_int_equal(fclose(stream), 0);
}

static void file_may_be_behind_out_of_order_or_cut_but_not_otherwise(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    Err err = {0};
    Anchors all;
    fresh(home);
    assert_ok(anchors_load(arena, anchor_file(home), &all, &err), &err);
    const char *first = all.items[0].hash, *ninth = all.items[8].hash;
    const struct {
        const char *text;
        bool sound;
        int64_t behind;
    } CASES[] = {
        {"", true, LINES},
        {arena_printf(arena, "9 %s\n1 %s\n", ninth, first), true, LINES - 9},
        {arena_printf(arena, "1 %s\n9 %.20s", first, ninth), true, LINES - 9},
        {arena_printf(arena, "1 %s\n9 %.20s\n\n1 %s\n", first, ninth, first), true, LINES - 9},
        {arena_printf(arena, "1 %s\n9", first), true, LINES - 1},
        {arena_printf(arena, "9 %s\n", first), false, LINES - 9},
        {arena_printf(arena, "1 %s\n9 %.19s0%.44s\n", first, ninth, ninth + 20), ninth[19] == '0',
         LINES - 9},
        {arena_printf(arena, "1 %s\nnothing\n", first), false, LINES - 1},
        {arena_printf(arena, "1 %s\n99 %s\n", first, ninth), false, 0},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        file_write(anchor_file(home), CASES[i].text);
        AuditCheck found = check(home);
        if (audit_sound(&found) != CASES[i].sound || found.file_behind != CASES[i].behind)
            fail_msg("case %zu: sound %d, behind %" PRId64, i, audit_sound(&found),
                     found.file_behind);
    }
    /* After a cut line the next record stands on its own. */
    file_write(anchor_file(home), arena_printf(arena, "1 %.30s", first));
    append(home, "li", "once more");
    AuditCheck found = check(home);
    assert_true(audit_sound(&found));
    assert_int_equal(found.file_behind, 0);
}

static void lines_of_several_processes_make_one_chain(void **state)
{
    enum { WRITERS = 4, EACH = 15 };
    TestHome *home = *state;
    pid_t children[WRITERS];
    fresh(home);
    fflush(NULL);
    for (int i = 0; i < WRITERS; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            Err err = {0};
            TestHome own = *home;
            if (db_open(&home->context.config, &own.context.db, &err) != OK)
                _exit(1);
            for (int line = 0; line < EACH; line++)
                append(&own, "li", arena_printf(own.context.arena, "%d of %d", line, i));
            _exit(0);
        }
    }
    for (int i = 0; i < WRITERS; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    AuditCheck whole = check(home);
    assert_true(audit_sound(&whole));
    assert_int_equal(whole.chain.lines, LINES + WRITERS * EACH);
    assert_int_equal(whole.anchors, LINES + WRITERS * EACH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_and_whole_chains_are_sound),
        cmocka_unit_test(base_refuses_to_change_a_line),
        cmocka_unit_test(every_change_deletion_insertion_and_reordering_is_found),
        cmocka_unit_test(file_may_be_behind_out_of_order_or_cut_but_not_otherwise),
        cmocka_unit_test(lines_of_several_processes_make_one_chain),
    };
    return cmocka_run_group_tests_name("audit/chain", tests, test_home_setup, test_home_teardown);
}
