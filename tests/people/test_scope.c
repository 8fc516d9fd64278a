/* people/scope.c: for an officer it is as if nobody lived or worked in another town: every command
 * that officers may run says letter by letter what it says of a base without the others. */
#include "people/scope.h"

#include "account/staff.h"
#include "base/buffer.h"
#include "support/commands.h"
#include "support/tables.h"

enum { PEOPLE = 48, WORDS_AT_MOST = 16, CASES_AT_MOST = 256 };

static const char OFFICERS_TOWN[] = "441900121"; /* 虎门镇 */

#define SIZE "policy", "size", "--policy", "dongguan-2012-140"

static const char *const CASES[][WORDS_AT_MOST] = {
    {"people", "find"},
    {"people", "find", "--limit", "3"},
    {"people", "find", "长安镇"},
    {"people", "find", "虎门镇"},
    {"people", "find", "--where", "town = 长安镇"},
    {"people", "find", "--where", "not town = 虎门镇"},
    {"people", "find", "--where", "home_town = 长安镇 or town = 厚街镇"},
    {"people", "find", "--where", "town = 长安镇", "--unknown"},
    {"people", "find", "--where", "home_town = 虎门镇", "--unknown"},
    {"people", "find", "--where", "not known(town)"},
    {SIZE},
    {SIZE, "--from-base"},
    {SIZE, "--by", "employer_town"},
    {SIZE, "--by", "home_town,skill_level"},
    {SIZE, "--where", "town = 长安镇"},
    {SIZE, "--where", "town = 长安镇", "--from-base"},
    {SIZE, "--where", "not town = 虎门镇", "--by", "employer_town"},
    {SIZE, "--where", "home_town = 虎门镇 or skill_level <= 2", "--questions"},
    {SIZE, "--set", "age_max=50", "--by", "employer_town"},
    {SIZE, "--suppress"},
    {"outreach", "report", "first", "--json"},
};
enum { CASE_COUNT = sizeof CASES / sizeof *CASES };
/* Besides, asked of each person by number. */
static const char *const OF_ONE[][3] = {{"people", "show"}, {"policy", "explain"}};

/* Names and towns in every mixture; the SQL gives the home's town, which no heading of this file
 * asks for. */
static void fill(TestHome *home)
{
    static const char *const TOWNS[] = {"虎门镇", "长安镇", "厚街镇", ""};
    AUTO_BUFFER out = BUFFER(1 << 20);
    buffer_text(&out, "姓名|身份证号码|手机号码|职业资格等级|单位所在镇街|填表日期\n");
    for (unsigned i = 0; i < PEOPLE; i++) {
        Invented person = invented_person(home->context.arena, i);
        buffer_printf(&out, "%s|%s|%s|%s|%s|2012-06-01\n", person.name, person.id, person.phone,
                      i % 3 ? "高级工" : "技师", TOWNS[i % 4]);
    }
    STAFF_RUN(home, 0, "", "survey", "import", table_csv(home, "a.csv", buffer_string(&out)));
    test_sql(home, "UPDATE person SET home_town = ELT(1 + id % 5, 441900121, 441900119, NULL, NULL,"
                   " 441900122);\n"
                   "UPDATE answer a JOIN person p ON p.id = a.person_id SET a.home_town = "
                   "p.home_town;\n"
                   "UPDATE base_state SET people_version = people_version + 1");
    STAFF_RUN(home, 0, "", "--as-of", "2012-10-01", "outreach", "plan", "first", "--template",
              "settlement-invitation", "--verdict", "likely,eligible,possible");
    test_sql(home, "UPDATE message SET state = IF(id % 2, 'sent', 'delivered')");
    assert_true(test_number(home, "SELECT COUNT(*) FROM message") > 10);
}

static const char *said(TestHome *home, const char *const *words, const char *last)
{
    const char *all[WORDS_AT_MOST + 5] = {"--lang", "en", "--as-of", "2012-10-01"};
    size_t count = 4;
    for (; *words; words++)
        all[count++] = *words;
    all[count] = last;
    TestOutput output = test_run(home, all);
    return arena_printf(home->context.arena, "%d\n%s%s", output.status, output.out, output.err);
}

static size_t say_all(TestHome *home, const char **ret_said)
{
    size_t count = 0;
    for (size_t i = 0; i < CASE_COUNT; i++)
        ret_said[count++] = said(home, CASES[i], NULL);
    for (size_t verb = 0; verb < 2; verb++)
        for (int id = 1; id <= PEOPLE; id += 3)
            ret_said[count++] =
                said(home, OF_ONE[verb], arena_printf(home->context.arena, "%d", id));
    assert_true(count <= CASES_AT_MOST);
    return count;
}

static void others_leave(TestHome *home)
{
    test_sql(
        home,
        "DELETE FROM delivery_event;\n"
        "DELETE m FROM message m"
        " JOIN person p ON p.id = m.person_id WHERE NOT (COALESCE(employer_town = 441900121, 0)"
        " OR COALESCE(home_town = 441900121, 0));\n"
        "DELETE a FROM answer a JOIN person p ON p.id = a.person_id"
        " WHERE NOT (COALESCE(p.employer_town = 441900121, 0)"
        " OR COALESCE(p.home_town = 441900121, 0));\n"
        "DELETE FROM person WHERE NOT (COALESCE(employer_town = 441900121, 0)"
        " OR COALESCE(home_town = 441900121, 0));\n"
        "UPDATE base_state SET people_version = people_version + 1");
}

static void officer_is_told_what_a_base_of_his_town_alone_would_tell(void **state)
{
    TestHome *home = *state;
    const char *as_officer[CASES_AT_MOST], *alone[CASES_AT_MOST];
    fill(home);
    int64_t everyone = test_number(home, "SELECT COUNT(*) FROM person");
    staff_is(home, "wang", "officer", OFFICERS_TOWN);
    staff_be(home, "wang");
    size_t count = say_all(home, as_officer);
    staff_forget_all(home);
    others_leave(home);
    int64_t left = test_number(home, "SELECT COUNT(*) FROM person");
    assert_true(left > 10 && left < everyone);
    assert_int_equal(say_all(home, alone), count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(as_officer[i], alone[i]);
}

static void every_command_of_officers_is_looked_at_here(void **state)
{
    (void)state;
    const Command *const *commands = test_commands();
    size_t count = 0;
    for (size_t i = 0; commands[i]; i++) {
        const char *words = commands[i]->words;
        if (!(commands[i]->role & ROLE_OFFICER) || strcmp(words, "account passwd") == 0)
            continue;
        bool looked_at = false;
        for (size_t at = 0; at < CASE_COUNT + 2; at++) {
            const char *const *of = at < CASE_COUNT ? CASES[at] : OF_ONE[at - CASE_COUNT];
            char two[64];
            snprintf(two, sizeof two, "%s %s", of[0], of[1]);
            looked_at = looked_at || strcmp(two, words) == 0;
        }
        if (!looked_at)
            fail_msg("officers may run '%s': does it keep to their towns?", words);
        count++;
    }
    assert_true(count >= 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(officer_is_told_what_a_base_of_his_town_alone_would_tell),
        cmocka_unit_test(every_command_of_officers_is_looked_at_here),
    };
    return cmocka_run_group_tests_name("people/scope", tests, staff_setup, test_home_teardown);
}
