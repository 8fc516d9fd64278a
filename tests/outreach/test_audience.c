#include "base/text.h"
#include "outreach/campaign.h"
#include "outreach/fill.h"
#include "outreach/optout.h"
#include "outreach/text.h"

/* Why a person of the last plan got no message; "" = got one; NULL = was not addressed. */
static const char *reason_of(TestHome *home, int64_t campaign, int64_t person)
{
    for (int reason = 0; reason < SUPPRESSION_COUNT; reason++) {
        const char *word = suppression_word((Suppression)reason);
        const char *sql =
            arena_printf(home->context.arena,
                         "SELECT COUNT(*) FROM suppression WHERE campaign_id = %" PRId64
                         " AND person_id = %" PRId64 " AND reason = '%s'",
                         campaign, person, word);
        if (test_number(home, sql) == 1)
            return word;
    }
    const char *sql = arena_printf(home->context.arena,
                                   "SELECT COUNT(*) FROM message WHERE campaign_id = %" PRId64
                                   " AND person_id = %" PRId64,
                                   campaign, person);
    return test_number(home, sql) == 1 ? "" : NULL;
}

typedef struct Adding {
    TestHome *home;
    const char *phone;
    bool added;
    int64_t withheld;
} Adding;

static ErrCode adding_body(Db *db, void *state, Err *err)
{
    Adding *adding = state;
    OptOut optout = {.phone = adding->phone, .source = "staff", .why = "w", .user = "tester"};
    return optout_add(db, adding->home->context.sealer, &optout, &adding->added, &adding->withheld,
                      err);
}

static void opt_out(TestHome *home, const char *phone)
{
    Err err = {0};
    Adding adding = {.home = home, .phone = phone};
    assert_ok(db_transact(home->context.db, adding_body, &adding, &err), &err);
}

static void each_reason_is_recorded_for_whom_it_holds(void **state)
{
    enum {
        FINE,
        NO_PHONE,
        BAD_PHONE,
        NO_CONSENT,
        OPTED_OUT,
        BAD_TEXT,
        NO_NAME,
        SHARED,
        LATE,
        PEOPLE
    };
    static const char *const REASONS[PEOPLE] = {"",           "no_phone",     "bad_phone",
                                                "no_consent", "opted_out",    "bad_text",
                                                "bad_text",   "shared_phone", NULL};
    TestHome *home = *state;
    Err err = {0};
    Facts people[PEOPLE];
    for (int at = 0; at < PEOPLE; at++)
        people[at] = fill_person(home->context.arena, at + 1);
    people[NO_PHONE].values[FACT_PHONE].known = false;
    fill_text(&people[BAD_PHONE], FACT_PHONE,
              "1440000000001"); /* a thing's number, not a person's */
    fill_number(&people[NO_CONSENT], FACT_CONSENT_SMS, 0);
    fill_text(&people[BAD_TEXT], FACT_NAME, "林【东莞】");
    people[NO_NAME].values[FACT_NAME].known = false;
    people[SHARED].values[FACT_PHONE] = people[FINE].values[FACT_PHONE];
    fill_number(&people[LATE], FACT_SKILL_LEVEL, 5);
    const int64_t *persons = fill_people(home, people, PEOPLE);
    opt_out(home, people[OPTED_OUT].values[FACT_PHONE].text);

    Draft draft = fill_draft(home, "a");
    assert_ok(draft_make(home->context.db, &draft, &err), &err);
    for (int at = 0; at < PEOPLE; at++) {
        const char *reason = reason_of(home, draft.id, persons[at]);
        if (!text_equal(reason, REASONS[at]))
            fail_msg("person %d: %s", at, reason ? reason : "not addressed");
    }
    assert_int_equal(draft.counts.people, PEOPLE);
    assert_int_equal(draft.counts.other[VERDICT_INELIGIBLE], 1);
    assert_int_equal(draft.audience, 1);
}

static void a_message_keeps_text_route_verdict_and_phone_as_they_were(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Facts person = fill_person(home->context.arena, 7);
    fill_people(home, &person, 1);
    Draft draft = fill_draft(home, "a");
    assert_ok(draft_make(home->context.db, &draft, &err), &err);
    test_sql(home, "UPDATE person SET name = '另一人', phone_hash = NULL, phone = NULL");
    assert_int_equal(
        test_number(
            home,
            "SELECT text = '【东莞人社】林7先生：技师、高级技师职业资格，长安镇新莞人服务管理中心' "
            "AND route = 'technician' "
            "AND verdict = 'likely' AND segments = 1 AND state = 'queued' FROM message"),
        1);
    assert_int_equal(test_number(home, "SELECT from_state IS NULL AND to_state = 'queued' AND "
                                       "cause = 'plan' FROM delivery_event"),
                     1);
    AUTO_ROWS rows = NULL;
    assert_ok(db_query(home->context.db, QUERY_OUTREACH_CAMPAIGN_PREVIEW,
                       PARAMS(v_int(draft.id), v_int(1)), &rows, &err),
              &err);
    assert_true(rows_next(rows));
    size_t length = 0;
    char *phone = NULL;
    const void *sealed = rows_bytes(rows, 1, &length);
    assert_ok(unseal(home->context.sealer, home->context.arena, sealed, length, &phone, &err),
              &err);
    assert_string_equal(phone, "13800000007");
}

static void the_first_who_can_be_texted_gets_the_message_of_a_shared_phone(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Facts people[3];
    for (int at = 0; at < 3; at++) {
        people[at] = fill_person(home->context.arena, at + 1);
        fill_text(&people[at], FACT_PHONE, "13911112222");
    }
    fill_text(&people[0], FACT_NAME, "林{}");
    const int64_t *persons = fill_people(home, people, 3);
    Draft draft = fill_draft(home, "a");
    assert_ok(draft_make(home->context.db, &draft, &err), &err);
    assert_string_equal(reason_of(home, draft.id, persons[0]), "bad_text");
    assert_string_equal(reason_of(home, draft.id, persons[1]), "");
    assert_string_equal(reason_of(home, draft.id, persons[2]), "shared_phone");
}

/* An earlier campaign in a state, with one message to each of the base's people. */
static void earlier(TestHome *home, const char *campaign_state, const char *message_state,
                    int days_ago)
{
    test_sql(home, arena_printf(home->context.arena,
                                "INSERT INTO campaign (id, name, state, template, template_text, "
                                "policy, policy_sha256, verdicts, "
                                "as_of, people, other_verdicts, content_hash, planned_by, "
                                "planned_at) VALUES (900, 'earlier', '%s', "
                                "'t', 'x', 'p', REPEAT('a', 64), 'likely', '2012-10-01', 1, '{}', "
                                "REPEAT('h', 32), 'tester', "
                                "UTC_TIMESTAMP(3));\n"
                                "INSERT INTO message (campaign_id, person_id, state, verdict, "
                                "route, phone_hash, phone, text, "
                                "segments, sent_at) SELECT 900, id, '%s', 'likely', 'r', "
                                "phone_hash, phone, 'x', 1, IF(%d < 0, NULL, "
                                "UTC_TIMESTAMP(3) - INTERVAL %d DAY) FROM person WHERE id = "
                                "(SELECT MIN(id) FROM person)",
                                campaign_state, message_state, days_ago, days_ago));
}

static void earlier_campaigns_hold_back_by_person_and_by_phone(void **state)
{
    static const struct {
        const char *campaign, *message;
        int days_ago, cap_messages, cap_days;
        const char *same_person, *same_phone;
    } CASES[] = {
        {"done", "delivered", 29, 1, 30, "recently_told", "recently_told"},
        {"done", "delivered", 31, 1, 30, "", "shared_phone"},
        {"done", "delivered", 29, 2, 30, "", "shared_phone"},
        {"done", "delivered", 29, 1, 0, "", "shared_phone"},
        {"done", "sent", 1, 1, 30, "recently_told", "recently_told"},
        {"done", "uncertain", 1, 1, 30, "recently_told", "recently_told"},
        {"done", "expired", 1, 1, 30, "recently_told", "recently_told"},
        {"done", "claimed", -1, 1, 30, "recently_told", "recently_told"},
        {"done", "undelivered", 1, 1, 30, "", "shared_phone"},
        {"done", "rejected", 1, 1, 30, "", "shared_phone"},
        {"cancelled", "cancelled", -1, 1, 30, "", "shared_phone"},
        {"draft", "queued", -1, 1, 30, "", "shared_phone"},
        {"approved", "queued", -1, 1, 30, "already_planned", "shared_phone"},
        {"running", "queued", -1, 1, 30, "already_planned", "shared_phone"},
        {"paused", "queued", -1, 1, 30, "already_planned", "shared_phone"},
        {"running", "claimed", -1, 1, 30, "already_planned", "recently_told"},
    };
    TestHome *home = *state;
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        Err err = {0};
        Facts people[2] = {fill_person(home->context.arena, 1),
                           fill_person(home->context.arena, 2)};
        people[1].values[FACT_PHONE] = people[0].values[FACT_PHONE];
        const int64_t *persons = fill_people(home, people, 2);
        earlier(home, CASES[at].campaign, CASES[at].message, CASES[at].days_ago);
        Draft draft = fill_draft(home, "now");
        draft.request.cap_messages = CASES[at].cap_messages;
        draft.request.cap_days = CASES[at].cap_days;
        assert_ok(draft_make(home->context.db, &draft, &err), &err);
        const char *first = reason_of(home, draft.id, persons[0]),
                   *second = reason_of(home, draft.id, persons[1]);
        if (!text_equal(first, CASES[at].same_person) || !text_equal(second, CASES[at].same_phone))
            fail_msg("case %zu: '%s' and '%s'", at, first, second);
    }
}

static void a_phone_that_waits_in_another_campaign_is_shared_even_alone(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Facts people[2] = {fill_person(home->context.arena, 1), fill_person(home->context.arena, 2)};
    people[1].values[FACT_PHONE] = people[0].values[FACT_PHONE];
    fill_number(&people[0], FACT_EMPLOYER_TOWN, 441900121);
    const int64_t *persons = fill_people(home, people, 2);
    earlier(home, "running", "queued", -1);
    Draft draft = fill_draft(home, "now");
    assert_ok(
        where_parse(home->context.arena, "employer_town = 长安镇", &draft.request.where, &err),
        &err);
    assert_ok(draft_make(home->context.db, &draft, &err), &err);
    assert_null(reason_of(home, draft.id, persons[0]));
    assert_string_equal(reason_of(home, draft.id, persons[1]), "shared_phone");
}

static void where_counts_those_outside_and_those_it_cannot_tell_apart(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Facts people[4];
    for (int at = 0; at < 4; at++)
        people[at] = fill_person(home->context.arena, at + 1);
    fill_number(&people[1], FACT_EMPLOYER_TOWN, 441900121);
    people[2].values[FACT_EMPLOYER_TOWN].known = false;
    fill_number(&people[3], FACT_SKILL_LEVEL, 5);
    people[3].values[FACT_EMPLOYER_TOWN].known = false;
    fill_people(home, people, 4);
    Draft draft = fill_draft(home, "a");
    assert_ok(where_parse(home->context.arena, "town = 长安镇", &draft.request.where, &err), &err);
    assert_ok(draft_make(home->context.db, &draft, &err), &err);
    assert_int_equal(draft.audience, 1);
    assert_int_equal(draft.counts.outside_where, 1);
    assert_int_equal(draft.counts.unknown_where, 1);
    assert_int_equal(draft.counts.other[VERDICT_INELIGIBLE], 1);
    json_t *others = draft_others(&draft);
    assert_int_equal(json_integer_value(json_object_get(others, "outside_where")), 1);
    assert_int_equal(json_integer_value(json_object_get(others, "unknown_where")), 1);
    json_decref(others);
}

static void a_reminder_goes_to_those_reached_who_have_not_replied(void **state)
{
    enum { REACHED, REPLIED, UNTOLD, FAILED, PEOPLE };
    TestHome *home = *state;
    Err err = {0};
    Facts people[PEOPLE];
    for (int at = 0; at < PEOPLE; at++)
        people[at] = fill_person(home->context.arena, at + 1);
    const int64_t *persons = fill_people(home, people, PEOPLE);
    earlier(home, "done", "delivered", 40);
    test_sql(home,
             arena_printf(home->context.arena,
                          "INSERT INTO message (campaign_id, person_id, state, verdict, route, "
                          "phone_hash, phone, text, "
                          "segments, sent_at) SELECT 900, id, IF(id = %" PRId64
                          ", 'sent', 'undelivered'), 'likely', 'r', "
                          "phone_hash, phone, 'x', 1, UTC_TIMESTAMP(3) - INTERVAL 40 DAY FROM "
                          "person WHERE id IN (%" PRId64 ", %" PRId64 ");\n"
                          "INSERT INTO receipt (id, received_at, gateway, kind, body) VALUES (1, "
                          "UTC_TIMESTAMP(3), 'g', 'reply', "
                          "'b');\n"
                          "INSERT INTO reply (receipt_id, campaign_id, person_id, phone_hash, "
                          "received_at, text, meaning) "
                          "SELECT 1, 900, id, phone_hash, UTC_TIMESTAMP(3), 't', 'other' FROM "
                          "person WHERE id = %" PRId64,
                          persons[REPLIED], persons[REPLIED], persons[FAILED], persons[REPLIED]));
    Draft draft = fill_draft(home, "reminder");
    draft.request.reminder_of = 900;
    assert_ok(draft_make(home->context.db, &draft, &err), &err);
    assert_int_equal(draft.audience, 1);
    assert_string_equal(reason_of(home, draft.id, persons[REACHED]), "");
    assert_null(reason_of(home, draft.id, persons[REPLIED]));
    assert_int_equal(draft.counts.replied, 1);
    assert_int_equal(draft.counts.untold, 2);
}

static void people_without_a_proven_route_get_no_text_that_gives_a_reason(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Facts person = fill_person(home->context.arena, 1);
    person.values[FACT_CERTIFICATE_TYPE].known =
        false; /* possible: which certificate is not known */
    const int64_t *persons = fill_people(home, &person, 1);
    Draft draft = fill_draft(home, "a");
    draft.request.verdicts[VERDICT_POSSIBLE] = true;
    assert_ok(draft_make(home->context.db, &draft, &err), &err);
    assert_string_equal(reason_of(home, draft.id, persons[0]), "undecided");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_reason_is_recorded_for_whom_it_holds),
        cmocka_unit_test(a_message_keeps_text_route_verdict_and_phone_as_they_were),
        cmocka_unit_test(the_first_who_can_be_texted_gets_the_message_of_a_shared_phone),
        cmocka_unit_test(earlier_campaigns_hold_back_by_person_and_by_phone),
        cmocka_unit_test(a_phone_that_waits_in_another_campaign_is_shared_even_alone),
        cmocka_unit_test(where_counts_those_outside_and_those_it_cannot_tell_apart),
        cmocka_unit_test(a_reminder_goes_to_those_reached_who_have_not_replied),
        cmocka_unit_test(people_without_a_proven_route_get_no_text_that_gives_a_reason),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
