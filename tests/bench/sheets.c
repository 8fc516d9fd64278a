/* talent-bench-sheets FILE: reads every row of a workbook or a .csv, checks nothing, and prints
 * {"rows", "cells", "seconds", "rows_per_s", "peak_kib"}. Seconds are from the opening of the file,
 * its hash included; cells are those that say something. */
#include "survey/sheet.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct Figures {
    int64_t rows, cells;
    double seconds;
} Figures;

static double now_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The most memory this program ever held. getrusage would count what its caller held before exec,
 * too. */
static int64_t peak_kib(void)
{
    FILE *status = fopen("/proc/self/status", "re");
    char line[256];
    long long kib = 0;
    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, "VmHWM:", 6) == 0)
            kib = strtoll(line + 6, NULL, 10);
    if (status)
        fclose(status);
    return kib;
}

static ErrCode bench(const char *path, Figures *figures, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    AUTO_SHEET sheet = NULL;
    double began = now_seconds();
    TRY(sheet_open(path, NULL, &sheet, err));
    for (;;) {
        Row row;
        bool more;
        arena_reset(arena);
        TRY(sheet_next(sheet, arena, &row, &more, err));
        if (!more)
            break;
        figures->rows++;
        for (size_t i = 0; i < row.count; i++)
            figures->cells += row.cells[i].kind != CELL_EMPTY;
    }
    figures->seconds = now_seconds() - began;
    return OK;
}

int main(int argc, char **argv)
{
    Err err = {0};
    Figures figures = {0};
    if (argc != 2) {
        fputs("usage: talent-bench-sheets FILE\n", stderr);
        return 2;
    }
    if (bench(argv[1], &figures, &err) != OK) {
        fprintf(stderr, "talent-bench-sheets: %s\n", err.text);
        return 1;
    }
    json_t *line =
        json_pack("{s:I, s:I, s:f, s:f, s:I}", "rows", (json_int_t)figures.rows, "cells",
                  (json_int_t)figures.cells, "seconds", figures.seconds, "rows_per_s",
                  (double)figures.rows / figures.seconds, "peak_kib", (json_int_t)peak_kib());
    char *text = json_dumps(line, JSON_REAL_PRECISION(6));
    puts(text ? text : "{}");
    free(text);
    json_decref(line);
    return 0;
}
