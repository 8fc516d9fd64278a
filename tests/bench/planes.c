/* talent-bench-planes HOME ROUNDS FACTS [PARAM=VALUE…]: milliseconds of counting on the planes of a
 * home, one line a round: opening the files, then counting. */
#include "policy/plane_count.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static ErrCode bench_round(Db *db, const char *home, const Sizing *sizing, Err *err)
{
    AUTO_ARENA arena = arena_new((size_t)4 << 30);
    Planes *planes;
    json_t *result;
    double began = now_ms();
    TRY(planes_open(db, arena, home, &planes, err));
    double opened = now_ms();
    if (!planes)
        return err_set(err, ERR_NOT_FOUND, "no planes can be made of this base");
    plane_count(planes, arena, sizing, &result);
    double counted = now_ms();
    planes_close(planes);
    if (!result)
        return err_set(err, ERR_NOT_FOUND, "planes do not answer this question");
    json_decref(result);
    printf("%.2f %.2f\n", opened - began, counted - opened);
    return OK;
}

static ErrCode bench(Arena *arena, int argc, char **argv, Err *err)
{
    Config config;
    Db *db;
    Sizing sizing = {.as_of = date_of(2012, 10, 8), .lang = LANG_EN};
    TRY(config_load(arena, argv[1], NULL, &config, err));
    TRY(policy_load(arena, "dongguan-2012-140", &sizing.policy, err));
    TRY(policy_set(arena, sizing.policy, (const char *const *)(argv + 4), (size_t)argc - 4,
                   &sizing.policy, err));
    TRY(groupings_parse(arena, argv[3], &sizing, err));
    TRY(db_ready(&config, &db, err));
    ErrCode code = OK;
    for (long rounds = strtol(argv[2], NULL, 10); rounds > 0 && code == OK; rounds--)
        code = bench_round(db, config.home, &sizing, err);
    db_close(db);
    config_done(&config);
    return code;
}

int main(int argc, char **argv)
{
    Err err = {0};
    AUTO_ARENA arena = arena_new(0);
    if (argc < 4) {
        fputs("usage: talent-bench-planes HOME ROUNDS FACTS [PARAM=VALUE…]\n", stderr);
        return 2;
    }
    if (bench(arena, argc, argv, &err) == OK)
        return 0;
    fprintf(stderr, "talent-bench-planes: %s\n", err.text);
    return 1;
}
