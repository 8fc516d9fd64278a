#include "outreach/optout.h"

#include "outreach/fill.h"
#include "outreach/verbs.h"

#include <unistd.h>

/* Runs a verb with text on standard input. */
static ErrCode run_with(TestHome *home, const Command *command, const char *input,
                        json_t **ret_result, Err *err)
{
    Arguments *arguments = NULL;
    json_t *options = json_object();
    int ends[2], saved = dup(STDIN_FILENO);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], input, strlen(input)), (ssize_t)strlen(input));
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    clearerr(stdin);
    assert_ok(command_arguments(home->context.arena, command, options, &arguments, err), err);
    ErrCode code = command->run(&home->context, arguments, ret_result, err);
    dup2(saved, STDIN_FILENO);
    close(saved);
    json_decref(options);
    return code;
}

static int64_t number_of(json_t *result, const char *key)
{
    return json_integer_value(json_object_get(result, key));
}

static void numbers_come_in_as_people_write_them_and_are_kept_once(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    test_reset(home);
    assert_ok(run_with(home, &OUTREACH_OPTOUT_ADD,
                       "138 0013 8000\n\n+86-13800138000\n１３９００１３９０００\n", &result, &err),
              &err);
    assert_int_equal(number_of(result, "added"), 2);
    assert_int_equal(number_of(result, "already"), 1);
    json_decref(result);
    json_t *list = fill_run(home, &OUTREACH_OPTOUT_LIST, json_object());
    assert_int_equal(json_array_size(list), 2);
    char *text = json_dumps(list, 0);
    assert_null(strstr(text, "13800138000"));
    assert_non_null(strstr(text, "8000"));
    assert_non_null(strstr(text, "asked by the recipient"));
    free(text);
    json_decref(list);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM optout WHERE INSTR(phone, '13800138000')"), 0);
}

static void one_bad_line_refuses_them_all_and_does_not_repeat_it(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    test_reset(home);
    assert_int_equal(
        run_with(home, &OUTREACH_OPTOUT_ADD, "13800138000\n0769-22222222\n", &result, &err),
        ERR_INPUT);
    assert_string_equal(err.text, "line 2 of standard input is no mobile number");
    assert_null(strstr(err.hint, "0769"));
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM optout"), 0);
    assert_int_equal(run_with(home, &OUTREACH_OPTOUT_ADD, "\n", &result, &err), ERR_INPUT);
    assert_string_equal(err.text, "standard input holds no phone number");
}

static void an_opt_out_withholds_what_waits_and_nothing_that_left(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Facts people[2] = {fill_person(home->context.arena, 1), fill_person(home->context.arena, 2)};
    fill_people(home, people, 2);
    for (int at = 0; at < 2; at++) {
        Draft draft = fill_draft(home, at ? "b" : "a");
        assert_ok(draft_make(home->context.db, &draft, &err), &err);
    }
    test_sql(home, "UPDATE message SET state = 'sent', sent_at = UTC_TIMESTAMP(3) WHERE "
                   "campaign_id = (SELECT MIN(id) FROM campaign)");
    json_t *result = fill_run(home, &OUTREACH_OPTOUT_ADD, json_pack("{si}", "person", 1));
    assert_int_equal(number_of(result, "added"), 1);
    assert_int_equal(number_of(result, "withheld"), 1);
    json_decref(result);
    assert_int_equal(test_number(home, "SELECT SUM(state = 'sent') * 100 + SUM(state = "
                                       "'suppressed') * 10 + SUM(state = 'queued') FROM message"),
                     211);
    assert_int_equal(
        test_number(
            home,
            "SELECT COUNT(*) FROM delivery_event WHERE cause = 'optout' AND from_state = 'queued'"),
        1);
}

static void a_removed_number_may_be_texted_again_and_its_record_stays(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    test_reset(home);
    assert_ok(run_with(home, &OUTREACH_OPTOUT_ADD, "13800138000\n", &result, &err), &err);
    json_decref(result);
    assert_ok(run_with(home, &OUTREACH_OPTOUT_REMOVE, "13800138000\n13800138001\n", &result, &err),
              &err);
    assert_int_equal(number_of(result, "removed"), 1);
    assert_int_equal(number_of(result, "absent"), 1);
    json_decref(result);
    assert_int_equal(
        test_number(
            home,
            "SELECT COUNT(*) FROM optout WHERE removed_by = 'tester' AND active_hash IS NULL"),
        1);
    assert_ok(run_with(home, &OUTREACH_OPTOUT_ADD, "13800138000\n", &result, &err), &err);
    assert_int_equal(number_of(result, "added"), 1);
    json_decref(result);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM optout"), 2);
}

static void a_person_without_a_phone_cannot_be_put_on_the_list(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Arguments *arguments = NULL;
    json_t *result = NULL, *options = json_pack("{si}", "person", 1);
    Facts person = fill_person(home->context.arena, 1);
    person.values[FACT_PHONE].known = false;
    fill_people(home, &person, 1);
    assert_ok(
        command_arguments(home->context.arena, &OUTREACH_OPTOUT_ADD, options, &arguments, &err),
        &err);
    assert_int_equal(OUTREACH_OPTOUT_ADD.run(&home->context, arguments, &result, &err),
                     ERR_REFUSED);
    assert_string_equal(err.text, "person '1' has no phone number");
    json_decref(options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_come_in_as_people_write_them_and_are_kept_once),
        cmocka_unit_test(one_bad_line_refuses_them_all_and_does_not_repeat_it),
        cmocka_unit_test(an_opt_out_withholds_what_waits_and_nothing_that_left),
        cmocka_unit_test(a_removed_number_may_be_texted_again_and_its_record_stays),
        cmocka_unit_test(a_person_without_a_phone_cannot_be_put_on_the_list),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
