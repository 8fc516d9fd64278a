/* tests/data/generate.c: talent-generate, which invents people for demonstrations, tests,
 * benchmarks.
 *
 *   talent-generate [--seed N] [--people N] [--broken PER_MILLE] [--secrets FILE] OUT_DIR
 *   talent-generate [--seed N] --rows N [--broken PER_MILLE] [--every N] [--csv FILE] [--xlsx FILE]
 *                   [--bare FILE]
 *
 * The first form writes the questionnaires of the cast into OUT_DIR, the second one long file; with
 * --every of each Nth of its people only, as they answered half a year before. The same arguments give the same bytes. What was made is said on stdout as JSON. */
#include "data/bulk.h"
#include "data/delivery.h"

#include <errno.h>
#include <getopt.h>

typedef struct Wanted {
    Order order;
    BulkOrder bulk;
} Wanted;

static bool whole_number(const char *text, int64_t low, int64_t high, int64_t *ret_number)
{
    char *end;
    errno = 0;
    int64_t number = strtoll(text, &end, 10);
    if (end == text || *end || errno || number < low || number > high)
        return false;
    *ret_number = number;
    return true;
}

static bool take_option(Wanted *wanted, int option, const char *value)
{
    int64_t number = 0;
    switch (option) {
    case 's':
        if (!whole_number(value, 0, INT64_MAX, &number))
            return false;
        wanted->order.seed = wanted->bulk.seed = (uint64_t)number;
        return true;
    case 'p':
        if (!whole_number(value, 10, 2000000, &number))
            return false;
        wanted->order.people = (int)number;
        return true;
    case 'b':
        if (!whole_number(value, 0, 1000, &number))
            return false;
        wanted->order.broken_per_mille = wanted->bulk.broken_per_mille = (int)number;
        return true;
    case 'e':
        return whole_number(value, 1, 20000000, &wanted->bulk.every);
    case 'X':
        wanted->bulk.xlsx_file = value;
        return true;
    case 'r':
        return whole_number(value, 1, 20000000, &wanted->bulk.rows);
    case 'x':
        wanted->order.secrets_file = value;
        return true;
    case 'c':
        wanted->bulk.csv_file = value;
        return true;
    case 'B':
        wanted->bulk.bare_file = value;
        return true;
    default:
        return false;
    }
}

static bool take_arguments(Wanted *wanted, int argc, char **argv)
{
    static const struct option OPTIONS[] = {
        {"seed", required_argument, NULL, 's'},    {"people", required_argument, NULL, 'p'},
        {"broken", required_argument, NULL, 'b'},  {"rows", required_argument, NULL, 'r'},
        {"secrets", required_argument, NULL, 'x'}, {"csv", required_argument, NULL, 'c'},
        {"bare", required_argument, NULL, 'B'},    {"xlsx", required_argument, NULL, 'X'},
        {"every", required_argument, NULL, 'e'},   {0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1)
        if (!take_option(wanted, option, optarg))
            return false;
    if (wanted->bulk.rows)
        return optind == argc &&
               (wanted->bulk.csv_file || wanted->bulk.xlsx_file || wanted->bulk.bare_file);
    wanted->order.folder = argv[optind];
    return optind + 1 == argc;
}

int main(int argc, char **argv)
{
    Wanted wanted = {.order = {.seed = 2012, .people = 2400, .broken_per_mille = 30},
                     .bulk = {.seed = 2012, .every = 1}};
    if (!take_arguments(&wanted, argc, argv)) {
        fputs("usage: talent-generate [--seed N] [--people N] [--broken PER_MILLE] [--secrets "
              "FILE] OUT_DIR\n"
              "       talent-generate [--seed N] --rows N [--broken PER_MILLE] [--every N] [--csv "
              "FILE] [--xlsx FILE] [--bare FILE]\n",
              stderr);
        return 2;
    }
    Err err = {0};
    json_t *summary = NULL;
    ErrCode code = wanted.bulk.rows ? bulk_write(&wanted.bulk, &summary, &err)
                                    : delivery_write(&wanted.order, &summary, &err);
    if (code != OK) {
        fprintf(stderr, "talent-generate: %s\n", err.text);
        return 1;
    }
    json_dumpf(summary, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(summary);
    return fflush(stdout) == 0 ? 0 : 1;
}
