#include "small.h"

#include <sys/stat.h>
#include <unistd.h>

/* A share folder of the test's own, with the policies that a test puts there. */
static Arena *arena;
static char share[] = "/tmp/talent-policies-XXXXXX";

static const char *in_share(const char *name)
{
    return arena_printf(arena, "%s/policy/%s", share, name);
}

static void put(const char *name, const char *text)
{
    FILE *file = fopen(in_share(name), "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    fclose(file);
}

static int setup(void **state)
{
    (void)state;
    arena = arena_new(0);
    return !mkdtemp(share) || mkdir(arena_printf(arena, "%s/policy", share), 0700);
}

static int teardown(void **state)
{
    (void)state;
    (void)!remove(arena_printf(arena, "%s/policy", share));
    (void)!remove(share);
    arena_free(arena);
    return 0;
}

static int use_share(void **state)
{
    (void)state;
    return setenv("TALENT_SHARE", share, 1);
}

static int leave_share(void **state)
{
    (void)state;
    static const char *const NAMES[] = {"small.json", "smaller.json", "small.cases.json",
                                        "other.json", ".hidden.json", "notes.txt"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        (void)!remove(in_share(NAMES[i]));
    return unsetenv("TALENT_SHARE");
}

static const char *good(void)
{
    return small_json(arena, "",
                      "\"all\": [{\"clause\": \"c\", \"text\": \"t\", \"en\": \"e\", \"fact\": "
                      "\"sex\", \"in\": [1]}]");
}

static void the_shipped_policy_is_found_without_a_name(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *policy = NULL;
    assert_ok(policy_load(arena, NULL, &policy, &err), &err);
    assert_string_equal(policy_id(policy), "dongguan-2012-140");
    assert_int_equal(strlen(policy_sha256(policy)), 64);
}

static void only_policy_files_are_listed(void **state)
{
    (void)state;
    Err err = {0};
    const char *const *ids;
    size_t count;
    put("small.json", good());
    put("small.cases.json", "{}");
    put("other.json", "{}");
    put(".hidden.json", "{}");
    put("notes.txt", "");
    assert_ok(policy_ids(arena, &ids, &count, &err), &err);
    assert_int_equal(count, 2);
    assert_string_equal(ids[0], "other");
    assert_string_equal(ids[1], "small");
}

static void several_policies_must_be_told_apart(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *policy = NULL;
    put("small.json", good());
    put("other.json", "{}");
    assert_int_equal(policy_load(arena, NULL, &policy, &err), ERR_USAGE);
    assert_string_equal(err.text, "there are 2 policies to choose from");
    assert_string_equal(err.hint, "name one, for example 'other'");
    assert_ok(policy_load(arena, "small", &policy, &err), &err);
    assert_string_equal(policy_id(policy), "small");
}

static void an_unknown_policy_gets_the_nearest_name(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *policy = NULL;
    put("small.json", good());
    assert_int_equal(policy_load(arena, "smal", &policy, &err), ERR_NOT_FOUND);
    assert_string_equal(err.text, "there is no policy 'smal'");
    assert_string_equal(err.hint, "did you mean 'small'?");
    assert_int_equal(policy_load(arena, "zhuhai-2030", &policy, &err), ERR_NOT_FOUND);
    assert_string_equal(err.hint, "'talent policy list' names them");
    assert_null(policy);
}

static void no_policy_at_all_is_said(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *policy = NULL;
    assert_int_equal(policy_load(arena, NULL, &policy, &err), ERR_NOT_FOUND);
    assert_string_equal(err.text, "no policy is installed");
    setenv("TALENT_SHARE", "/nowhere", 1);
    assert_int_equal(policy_load(arena, NULL, &policy, &err), ERR_IO);
    assert_string_equal(err.text,
                        "cannot list the policies in '/nowhere/policy': No such file or directory");
    assert_int_equal(policy_load(arena, "x", &policy, &err), ERR_IO);
}

static void a_policy_may_be_named_by_its_path(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *policy = NULL;
    put("small.json", good());
    assert_ok(policy_load(arena, in_share("small.json"), &policy, &err), &err);
    assert_string_equal(policy_id(policy), "small");
    char *here = getcwd(NULL, 0);
    assert_int_equal(chdir(in_share("")), 0);
    assert_ok(policy_load(arena, "small.json", &policy, &err), &err);
    assert_int_equal(chdir(here), 0);
    free(here);
    policy = NULL;
    assert_int_equal(policy_load(arena, "nowhere.json", &policy, &err), ERR_NOT_FOUND);
    assert_string_equal(err.text, "cannot read 'nowhere.json': No such file or directory");
    assert_int_equal(policy_load(arena, share, &policy, &err), ERR_IO); /* a folder */
    assert_int_equal(
        policy_load(arena, arena_printf(arena, "%s/policy/small.json/x", share), &policy, &err),
        ERR_IO);
    assert_null(policy);
}

static void the_file_bears_the_name_of_its_policy(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *policy = NULL;
    put("smaller.json", good());
    assert_int_equal(policy_load(arena, "smaller", &policy, &err), ERR_CONFIG);
    put("other.json", good());
    assert_int_equal(policy_load(arena, "other", &policy, &err), ERR_CONFIG);
    assert_non_null(strstr(
        err.text, "other.json: $.id: the file of policy 'small' must be called 'small.json'"));
    assert_null(policy);
}

static void the_hash_follows_the_file(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *first = NULL, *second = NULL;
    put("small.json", good());
    assert_ok(policy_load(arena, "small", &first, &err), &err);
    put("small.json", arena_printf(arena, "%s ", good()));
    assert_ok(policy_load(arena, "small", &second, &err), &err);
    assert_string_not_equal(policy_sha256(first), policy_sha256(second));
}

static void broken_and_oversized_files_are_refused(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *policy = NULL;
    put("small.json", "{\"id\": ");
    assert_int_equal(policy_load(arena, "small", &policy, &err), ERR_CONFIG);
    assert_non_null(strstr(err.text, "small.json' is not sound JSON: line 1"));
    FILE *file = fopen(in_share("small.json"), "w");
    assert_non_null(file);
    assert_int_equal(fseek(file, 5 * 1024 * 1024, SEEK_SET), 0);
    fputc(' ', file);
    fclose(file);
    assert_int_equal(policy_load(arena, "small", &policy, &err), ERR_LIMIT);
    assert_null(policy);
}

#define IN_SHARE(test) cmocka_unit_test_setup_teardown(test, use_share, leave_share)

/* Alone it is the one to judge by, whatever it says of itself. */
static void a_policy_that_is_alone_needs_no_name(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *policy = NULL;
    put("small.json", good());
    assert_ok(policy_load(arena, NULL, &policy, &err), &err);
    assert_string_equal(policy_id(policy), "small");
}

static void of_very_many_policies_the_first_are_listed(void **state)
{
    enum { MANY = 300, LISTED = 256 };
    (void)state;
    Err err = {0};
    const char *const *ids;
    size_t count;
    for (int i = 0; i < MANY; i++)
        put(arena_printf(arena, "p%d.json", i), "{}");
    ErrCode code = policy_ids(arena, &ids, &count, &err);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(remove(in_share(arena_printf(arena, "p%d.json", i))), 0);
    assert_ok(code, &err);
    assert_int_equal(count, LISTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_policy_is_found_without_a_name),
        IN_SHARE(only_policy_files_are_listed),
        IN_SHARE(several_policies_must_be_told_apart),
        IN_SHARE(an_unknown_policy_gets_the_nearest_name),
        IN_SHARE(no_policy_at_all_is_said),
        IN_SHARE(a_policy_may_be_named_by_its_path),
        IN_SHARE(the_file_bears_the_name_of_its_policy),
        IN_SHARE(the_hash_follows_the_file),
        IN_SHARE(broken_and_oversized_files_are_refused),
        IN_SHARE(a_policy_that_is_alone_needs_no_name),
        IN_SHARE(of_very_many_policies_the_first_are_listed),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
