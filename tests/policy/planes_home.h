/* tests/policy/planes_home.h: a base with people and the planes beside it, and what the two say.
 * Owns:   what is made lives in the arena of the home.
 * Source: policy/planes.h. */
#ifndef TESTS_POLICY_PLANES_HOME_H
#define TESTS_POLICY_PLANES_HOME_H

#include "policy/plane_count.h"
#include "policy/plane_sizing.h"
#include "support/home.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static inline const char *path_of(TestHome *home, const char *name)
{
    return arena_printf(home->context.arena, "%s/planes/%s", home->dir, name);
}

/* Which file lies there; 0 = none. */
static inline uint64_t file_of(TestHome *home, const char *name)
{
    struct stat status;
    return stat(path_of(home, name), &status) == 0
               ? status.st_ino ^ (uint64_t)status.st_mtim.tv_nsec << 20
               : 0;
}

static inline Sizing question(TestHome *home, const char *by)
{
    Err err = {0};
    Sizing sizing = {.as_of = home->context.as_of, .lang = LANG_EN};
    assert_ok(policy_load(home->context.arena, "dongguan-2012-140", &sizing.policy, &err), &err);
    assert_ok(groupings_parse(home->context.arena, by, &sizing, &err), &err);
    return sizing;
}

static inline bool same(TestHome *home, Db *db, const Sizing *sizing)
{
    Err err = {0};
    json_t *base = NULL, *planes = NULL;
    assert_ok(sizing_count(db, home->context.arena, sizing, &base, &err), &err);
    assert_ok(plane_sizing(db, home->context.arena, home->dir, sizing, &planes, &err), &err);
    bool equal = json_equal(base, planes);
    if (!equal)
        print_error("%s\n%s\n", json_dumps(base, JSON_INDENT(1)),
                    json_dumps(planes, JSON_INDENT(1)));
    json_decref(base);
    json_decref(planes);
    return equal;
}

static inline void assert_same(TestHome *home, const char *by)
{
    Sizing sizing = question(home, by);
    assert_true(same(home, home->context.db, &sizing));
}

/* Everyone is like everyone with the same rest; enough for a few blocks. */
static inline void fill(TestHome *home, int count)
{
    test_reset(home);
    test_sql(home, arena_printf(
                       home->context.arena,
                       "INSERT INTO person (id, answers, sex, birth_date, in_city_hukou,"
                       " skill_level, certificate_type, employer_town, pension_months, pension_on,"
                       " graduation_date, education)"
                       " SELECT 1 + seq + seq DIV 50000 * 1000, 1, 1 + seq %% 2,"
                       " '1950-01-01' + INTERVAL seq * 7 %% 16000 DAY, IF(seq %% 3, 0, NULL),"
                       " NULLIF(seq * 5 %% 6, 0), 1 + seq %% 2, 441900101 + seq %% 19,"
                       " seq * 3 %% 50, '2012-01-31' + INTERVAL seq %% 8 MONTH,"
                       " IF(seq %% 4, NULL, '2012-01-01' + INTERVAL seq %% 700 DAY), 1 + seq %% 8"
                       " FROM seq_0_to_%d",
                       count - 1));
}

/* What refold does, by hand: the change and its line in the book. */
static inline void change(TestHome *home, const char *sql, int64_t first, int64_t last)
{
    test_sql(home, arena_printf(home->context.arena,
                                "%s;\nUPDATE base_state SET people_version = people_version + 1;\n"
                                "INSERT INTO person_change (version, first_person, last_person)"
                                " SELECT people_version, %lld, %lld FROM base_state",
                                sql, (long long)first, (long long)last));
}

static inline void spoil(TestHome *home, const char *name, off_t at, size_t length)
{
    char junk[64];
    memset(junk, 0x5A, sizeof junk);
    int file = open(path_of(home, name), O_WRONLY);
    assert_true(file >= 0);
    assert_int_equal(pwrite(file, junk, length, at), length);
    close(file);
}

#endif
