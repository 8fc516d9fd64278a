/* talent-bench-rows FILE: reads a questionnaire and checks every row, on one core and without a
 * database; prints rows, rows that no check may take, seconds, and the peak of memory in KiB. */
#include "survey/check.h"
#include "survey/import_form.h"
#include "survey/row_kind.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

typedef struct Tally {
    uint64_t rows, quarantined;
} Tally;

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Which form it is: a pass of its own over the first rows, as an import makes it. */
static ErrCode choose(const char *path, Context *context, FormChoice *ret_choice, Err *err)
{
    AUTO_SHEET sheet = NULL;
    const ImportJob job = {.context = context, .path = path, .surveyed_on = DATE_NONE};
    TRY(sheet_open(path, NULL, &sheet, err));
    return import_choose_form(&job, context->arena, sheet, ret_choice, err);
}

static ErrCode check_all(const char *path, const CheckSetting *setting, Tally *tally, Err *err)
{
    AUTO_SHEET sheet = NULL;
    AUTO_ARENA arena = arena_new(0);
    Row row;
    bool more;
    TRY(sheet_open(path, NULL, &sheet, err));
    for (;;) {
        arena_reset(arena);
        TRY(sheet_next(sheet, arena, &row, &more, err));
        if (!more)
            return OK;
        if (row.line <= setting->heading->last ||
            row_kind(setting->heading, arena, &row) != ROW_ANSWER)
            continue;
        Checked checked;
        check_row(setting, arena, &row, &checked);
        tally->rows++;
        tally->quarantined += checked.quarantined;
    }
}

static ErrCode bench(const char *path, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    Context context = {.arena = arena, .as_of = date_of(2012, 10, 8), .quiet = true};
    FormChoice choice = {0};
    Tally tally = {0};
    double began = now_s();
    TRY(choose(path, &context, &choice, err));
    const CheckSetting setting = {.heading = &choice.heading,
                                  .surveyed_on = context.as_of,
                                  .today = context.as_of,
                                  .recall = recall_new(arena)};
    TRY(check_all(path, &setting, &tally, err));
    double seconds = now_s() - began;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("%" PRIu64 " %" PRIu64 " %.4f %ld\n", tally.rows, tally.quarantined, seconds,
           usage.ru_maxrss);
    return OK;
}

int main(int argc, char **argv)
{
    Err err = {0};
    if (argc != 2) {
        fputs("usage: talent-bench-rows FILE\n", stderr);
        return 2;
    }
    if (bench(argv[1], &err) == OK)
        return 0;
    fprintf(stderr, "talent-bench-rows: %s\n", err.text);
    return 1;
}
