/* tests/e2e/test_verify.c: `db verify` finds nothing wrong in a base that was worked with in every
 * way, and finds each thing that is damaged in it, by its check and its row. */
#include "base/text.h"
#include "support/street.h"

#include <string.h>

enum { PEOPLE = 900, FILES = 7 };

static void plan_and_launch(TestHome *home, const char *name, const char *where)
{
    json_decref(TEST_JSON(home, 0, "outreach", "plan", name, "--template", "settlement-invitation",
                          "--where", where, "--as-of", "2012-10-01"));
    json_decref(TEST_JSON(home, 0, "outreach", "approve", name));
    json_decref(TEST_JSON(home, 0, "outreach", "launch", name));
}

/* Files in, one taken back, one put aside, a correction, a merge of two, somebody forgotten; a
 * campaign sent with receipts and replies, and one that waits. */
static int setup(void **state)
{
    if (test_home_setup(state) != 0)
        return -1;
    TestHome *home = *state;
    json_t *made = street_generate(home, 5, PEOPLE);
    for (size_t i = 0; i < FILES; i++)
        json_decref(TEST_JSON(home, 3, "survey", "import", street_file(home, made, i)));
    json_decref(TEST_JSON(home, 0, "survey", "undo", "2"));
    TestOutput staged = TEST_RUN(home, "survey", "import", "--stage", street_file(home, made, 1));
    assert_int_equal(staged.status, 3);
    json_decref(made);
    const char *corrected = arena_printf(
        home->context.arena, "%lld", (long long)test_number(home, "SELECT MAX(id) FROM person"));
    json_decref(TEST_JSON(home, 0, "people", "correct", corrected, "wants_settlement=是", "--why",
                          "asked"));
    StreetGateway gateway = street_gateway_start(home, "cut=1%,undelivered=5%", "40%");
    plan_and_launch(home, "first", "sex = 男");
    TestOutput sent = TEST_RUN(home, "outreach", "dispatch", "--until-done");
    assert_true(sent.status == 0 || sent.status == 3);
    json_decref(street_gateway_stop(&gateway));
    plan_and_launch(home, "second", "sex = 女");
    json_decref(TEST_JSON(home, 0, "outreach", "pause", "second"));
    return 0;
}

/* The checks that find something wrong, separated by blanks, and the first row of the first. */
static const char *found(TestHome *home, const char **ret_first)
{
    TestOutput output = TEST_RUN(home, "--lang", "en", "--json", "db", "verify", "--all");
    json_t *lines = json_loads(output.out, 0, NULL), *line;
    size_t index, checks = 0;
    const char *wrong = "";
    *ret_first = NULL;
    if (!lines)
        fail_msg("%s", output.err);
    json_array_foreach(lines, index, line)
    {
        checks++;
        if (!json_number_at(line, "wrong"))
            continue;
        if (!*wrong)
            *ret_first = arena_strdup(home->context.arena,
                                      json_string_value(json_object_get(line, "first")));
        assert_true(strlen(json_string_value(json_object_get(line, "fix"))) > 10);
        wrong = arena_printf(home->context.arena, "%s%s%s", wrong, *wrong ? " " : "",
                             json_string_value(json_object_get(line, "check")));
    }
    assert_true(checks >= 19);
    assert_int_equal(output.status, *wrong ? 1 : 0);
    json_decref(lines);
    return wrong;
}

static void base_that_was_worked_with_is_sound(void **state)
{
    TestHome *home = *state;
    const char *first;
    assert_string_equal(found(home, &first), "");
    /* nothing was sound because nothing was there */
    json_t *lines = TEST_JSON(home, 0, "db", "verify"), *line;
    size_t index;
    json_array_foreach(
        lines, index,
        line) if (json_number_at(line, "looked") == 0 &&
                  !text_equal(json_string_value(json_object_get(line, "check")), "campaign_done"))
        fail_msg("check %s looked at nothing", json_string_value(json_object_get(line, "check")));
    json_decref(lines);
}

/* What is done to the base, how it is undone, and which checks must see it. Rows that are taken away
 * are put back from a copy, table `kept`. */
static const struct {
    const char *damage, *repair, *checks;
} DAMAGES[] = {
    {"DROP TRIGGER audit_line_unchanged;\n"
     "UPDATE audit_line SET who = CONCAT('x', who) ORDER BY number LIMIT 1",
     "UPDATE audit_line SET who = SUBSTR(who, 2) ORDER BY number LIMIT 1", "audit_chain"},
    {"UPDATE person SET id_number = CONCAT('x', SUBSTR(id_number, 2)) WHERE id_number IS NOT NULL "
     "ORDER BY id LIMIT 1",
     "UPDATE person SET id_number = CONCAT(CHAR(1), SUBSTR(id_number, 2)) WHERE ASCII(id_number) = "
     "ASCII('x')",
     "sealed"},
    {"UPDATE message SET phone = CONCAT(SUBSTR(phone, 1, 30), 'xx', SUBSTR(phone, 33)) ORDER BY id "
     "DESC LIMIT 1",
     "UPDATE message m JOIN message_kept k ON k.id = m.id SET m.phone = k.phone", "sealed"},
    {"UPDATE batch SET line_count = line_count + 1 WHERE id = 1",
     "UPDATE batch SET line_count = line_count - 1 WHERE id = 1", "batch_lines"},
    {"UPDATE batch SET line_count = line_count - 1, accepted = accepted - 1 WHERE id = 1",
     "UPDATE batch SET line_count = line_count + 1, accepted = accepted + 1 WHERE id = 1",
     "batch_answers"},
    {"DELETE FROM answer WHERE batch_id = 1 ORDER BY sheet, line LIMIT 1",
     "INSERT INTO answer SELECT * FROM answer_kept k WHERE NOT EXISTS (SELECT 1 FROM answer a "
     "WHERE "
     "a.batch_id = k.batch_id AND a.sheet = k.sheet AND a.line = k.line)",
     "batch_answers person_answers fold"},
    {"UPDATE batch SET line_count = line_count - 1, quarantined = quarantined - 1 WHERE id = 1",
     "UPDATE batch SET line_count = line_count + 1, quarantined = quarantined + 1 WHERE id = 1",
     "batch_quarantine"},
    {"DELETE FROM problem WHERE batch_id = 1",
     "INSERT INTO problem SELECT * FROM problem_kept k WHERE NOT EXISTS (SELECT 1 FROM problem a "
     "WHERE a.batch_id = k.batch_id AND a.sheet = k.sheet AND a.line = k.line AND a.number = "
     "k.number)",
     "problems"},
    {"UPDATE staged_row SET batch_id = 1 ORDER BY number LIMIT 1",
     "UPDATE staged_row SET batch_id = (SELECT MAX(batch_id) FROM staged) WHERE batch_id = 1",
     "staged"},
    {"UPDATE answer SET batch_id = 7000 WHERE batch_id = 1 ORDER BY sheet, line LIMIT 1",
     "UPDATE answer SET batch_id = 1 WHERE batch_id = 7000",
     "batch_answers answer_batch person_answers"},
    {"UPDATE answer SET person_id = 900000 WHERE batch_id = 3 ORDER BY sheet, line LIMIT 1",
     "UPDATE answer a JOIN answer_kept k ON k.batch_id = a.batch_id AND k.sheet = a.sheet AND "
     "k.line = a.line SET a.person_id = k.person_id WHERE a.person_id = 900000",
     "answer_person person_answers fold"},
    {"UPDATE person SET answers = answers + 1 ORDER BY id LIMIT 1",
     "UPDATE person SET answers = answers - 1 ORDER BY id LIMIT 1", "person_answers fold"},
    {"UPDATE person SET employer = CONCAT('x', employer) WHERE employer IS NOT NULL ORDER BY id "
     "LIMIT 1",
     "UPDATE person SET employer = SUBSTR(employer, 2) WHERE employer LIKE 'x%'", "fold"},
    {"UPDATE person SET birth_date = '2001-01-01' WHERE skill_level IN (1, 2)",
     "UPDATE person p JOIN person_kept k ON k.id = p.id SET p.birth_date = k.birth_date",
     "fold planes"},
    {"UPDATE campaign SET people = people + 1 WHERE id = 1",
     "UPDATE campaign SET people = people - 1 WHERE id = 1", "campaign_people"},
    {"UPDATE message SET campaign_id = 99 WHERE campaign_id = 2 ORDER BY id LIMIT 1",
     "UPDATE message SET campaign_id = 2 WHERE campaign_id = 99",
     "campaign_people message_campaign"},
    {"UPDATE suppression s SET person_id = (SELECT MIN(person_id) FROM message WHERE campaign_id = "
     "2) WHERE campaign_id = 2 ORDER BY person_id LIMIT 1",
     "DELETE FROM suppression;\nINSERT INTO suppression SELECT * FROM suppression_kept",
     "message_once"},
    {"UPDATE campaign SET state = 'done' WHERE id = 2",
     "UPDATE campaign SET state = 'paused' WHERE id = 2", "campaign_done"},
    {"UPDATE message SET state = 'sent' WHERE campaign_id = 2 ORDER BY id LIMIT 1",
     "UPDATE message SET state = 'queued' WHERE campaign_id = 2", "log_end"},
    {"DELETE FROM delivery_event WHERE to_state = 'claimed' ORDER BY id LIMIT 1",
     "INSERT INTO delivery_event SELECT * FROM delivery_event_kept k WHERE NOT EXISTS (SELECT 1 "
     "FROM delivery_event e WHERE e.id = k.id)",
     "log_path"},
    {"UPDATE delivery_event SET message_id = 900000 WHERE from_state IS NULL ORDER BY id DESC "
     "LIMIT "
     "1",
     "UPDATE delivery_event e JOIN delivery_event_kept k ON k.id = e.id SET e.message_id = "
     "k.message_id",
     "log_end log_message"},
    {"UPDATE delivery_event SET to_state = 'rejected' WHERE to_state = 'delivered' AND from_state "
     "= "
     "'sent' ORDER BY id LIMIT 1",
     "UPDATE delivery_event e JOIN delivery_event_kept k ON k.id = e.id SET e.to_state = "
     "k.to_state",
     "log_end log_moves"},
    {"UPDATE reply SET receipt_id = 900000 ORDER BY receipt_id LIMIT 1",
     "UPDATE reply r JOIN reply_kept k ON k.phone_hash = r.phone_hash SET r.receipt_id = "
     "k.receipt_id WHERE r.receipt_id = 900000",
     "reply_push"},
};

static const char *const KEPT[] = {"person", "answer",         "problem",    "message",
                                   "reply",  "delivery_event", "suppression"};

static void each_damage_is_found(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    const char *first;
    for (size_t i = 0; i < sizeof KEPT / sizeof *KEPT; i++)
        test_sql(home, arena_printf(arena,
                                    "CREATE TEMPORARY TABLE %s_kept ENGINE=InnoDB AS SELECT * FROM "
                                    "%s",
                                    KEPT[i], KEPT[i]));
    test_sql(home, "SET foreign_key_checks = 0, sql_mode = ''");
    for (size_t i = 0; i < sizeof DAMAGES / sizeof *DAMAGES; i++) {
        test_sql(home, DAMAGES[i].damage);
        const char *wrong = found(home, &first);
        if (!text_equal(wrong, DAMAGES[i].checks))
            fail_msg("'%s' must be seen by '%s', not by '%s' (%s)", DAMAGES[i].damage,
                     DAMAGES[i].checks, wrong, first ? first : "");
        assert_true(first && strlen(first) > 0);
        test_sql(home, DAMAGES[i].repair);
    }
    assert_string_equal(found(home, &first), "");
    test_sql(home, "SET foreign_key_checks = 1");
}

/* What people ask for makes a base smaller, not wrong. */
static void forgetting_leaves_a_sound_base(void **state)
{
    TestHome *home = *state;
    const char *first;
    for (int n = 0; n < 3; n++) {
        const char *person =
            arena_printf(home->context.arena, "%lld",
                         (long long)test_number(home, "SELECT MAX(p.id) FROM person p JOIN message "
                                                      "m ON m.person_id = p.id WHERE m.state IN "
                                                      "('queued', 'delivered')"));
        json_decref(TEST_JSON(home, 0, "people", "forget", person, "--why", "asked"));
    }
    assert_string_equal(found(home, &first), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_that_was_worked_with_is_sound),
        cmocka_unit_test(each_damage_is_found),
        cmocka_unit_test(forgetting_leaves_a_sound_base),
    };
    return cmocka_run_group_tests(tests, setup, test_home_teardown);
}
