/* tests/survey/test_corpus.c: what becomes of each file of tests/data/corpus: real readers, forms,
 * checks and the real import. */
#include "support/tables.h"

#include "base/buffer.h"
#include "survey/parcel.h"
#include "survey/problem.h"
#include "survey/stage.h"

#include <unistd.h>

enum { OUTCOME_BYTES = 64 * 1024 };

typedef struct CorpusFile {
    const char *path, *outcome;
    bool same; /* its answers are those of the first file */
} CorpusFile;

static const CorpusFile CORPUS[] = {
#define CASE(path, outcome) {path, outcome, false},
#define SAME(path, outcome) {path, outcome, true},
#include "data/corpus/corpus.def"
#undef CASE
#undef SAME
};
enum { CORPUS_COUNT = sizeof CORPUS / sizeof *CORPUS };

/* Files are put aside and accepted, instead of going in at once. */
static bool by_review;

static int corpus_setup(void **state)
{
    return test_home_setup(state) == 0 ? chdir(TALENT_SOURCE "/tests/data/corpus") : -1;
}

/* "code@cell code@cell" of the rows that wait, in order. */
static void show_problems(TestHome *home, int64_t batch, Buffer *out)
{
    AUTO_ROWS rows = NULL;
    Err err = {0};
    assert_ok(db_query(home->context.db, QUERY_SURVEY_PROBLEM_LIST,
                       PARAMS(v_int(batch), v_int(batch)), &rows, &err),
              &err);
    while (rows_next(rows))
        buffer_printf(out, " %s@%s", rows_text(rows, 5), rows_text(rows, 4));
}

static void show_notes(const json_t *result, Buffer *out)
{
    size_t i, j;
    const json_t *note, *cell;
    json_array_foreach(json_object_get(result, "notes"), i, note)
    {
        json_array_foreach(json_object_get(note, "cells"), j, cell)
            buffer_printf(out, " %s@%s", json_string_value(json_object_get(note, "code")),
                          json_string_value(cell));
    }
}

static void show_normalised(const json_t *result, Buffer *out)
{
    const char *kind;
    json_t *count;
    json_object_foreach(json_object_get(result, "normalised"), kind, count)
        buffer_printf(out, " %s:%lld", kind, json_integer_value(count));
}

/* As make.py explains it: form, counts, problems, notes, normalised; what is empty at the end is
 * left out. */
static void show_result(TestHome *home, const json_t *result, Buffer *out)
{
    if (json_object_get(result, "duplicate_of")) {
        buffer_text(out, "duplicate");
        return;
    }
    int64_t batch = result_number(result, "batch");
    assert_int_equal(result_number(result, "rows"),
                     result_number(result, "accepted") + result_number(result, "quarantined"));
    buffer_printf(out, "%s %lld=%lld+%lld", json_string_value(json_object_get(result, "form")),
                  (long long)result_number(result, "rows"),
                  (long long)result_number(result, "accepted"),
                  (long long)result_number(result, "quarantined"));
    size_t end = out->length;
    buffer_text(out, " |");
    size_t begin = out->length;
    show_problems(home, batch, out);
    end = out->length > begin ? out->length : end;
    buffer_text(out, " |");
    begin = out->length;
    show_notes(result, out);
    end = out->length > begin ? out->length : end;
    buffer_text(out, " |");
    begin = out->length;
    show_normalised(result, out);
    end = out->length > begin ? out->length : end;
    out->length = end;
}

/* An error without the names in front: the table has them. */
static void show_error(const Err *err, const char *name, Buffer *out)
{
    const char *text = err->text;
    char *called;
    assert_true(asprintf(&called, "'%s': ", name) > 0);
    for (const char *at = strstr(text, called); at; at = strstr(text, called))
        text = at + strlen(called);
    free(called);
    buffer_printf(out, "%s: %s", err_name(err->code), text);
}

static ErrCode accept(TestHome *home, json_t **result, Err *err)
{
    Staged staged;
    Context then;
    int64_t quarantined, batch = result_number(*result, "batch");
    json_decref(*result);
    *result = NULL;
    TRY(staged_load(home->context.db, home->context.arena, batch, &staged, err));
    ImportJob job = staged_job(&staged, &home->context, &then);
    return import_file(&job, result, &quarantined, err);
}

static void import_one(TestHome *home, const ParcelFile *file, Buffer *out)
{
    ImportJob job = import_job(home, file->path);
    job.name = file->name;
    json_t *result = NULL;
    int64_t quarantined = 0;
    Err err = {0};
    job.stage = by_review;
    ErrCode code = import_file(&job, &result, &quarantined, &err);
    if (code == OK && by_review && !json_object_get(result, "duplicate_of"))
        code = accept(home, &result, &err);
    if (code == OK)
        show_result(home, result, out);
    else
        show_error(&err, file->name, out);
    json_decref(result);
}

/* Everything that becomes of one file, or of the files in it. */
static const char *outcome_of(TestHome *home, const char *path)
{
    AUTO_BUFFER out = BUFFER(OUTCOME_BYTES);
    AUTO_PARCEL parcel = NULL;
    ParcelFile file;
    Err err = {0};
    bool more = true;
    ErrCode code = parcel_open(path, home->dir, &parcel, &err);
    for (const char *between = ""; code == OK && more; between = "; ") {
        code = parcel_next(parcel, &file, &more, &err);
        if (code == OK && !more)
            break;
        buffer_text(&out, between);
        if (code == OK)
            import_one(home, &file, &out);
    }
    if (code != OK)
        show_error(&err, path, &out);
    out.bytes[out.length] = '\0';
    return arena_strdup(home->context.arena, out.bytes);
}

static int64_t next_batch(TestHome *home)
{
    return 1 + test_number(home, "SELECT IFNULL(MAX(id), 0) FROM batch");
}

/* The answers of all batches from `first` on, wherever they stand in their files. */
static int64_t content_since(TestHome *home, int64_t first)
{
    return test_number(
        home, arena_printf(home->context.arena,
                           "SELECT IFNULL(SUM(CRC32(CONCAT(" FACT_TEXTS
                           ", surveyed_on, IFNULL(HEX(name_phone_hash), '~')))), 0) FROM answer "
                           "WHERE batch_id >= %lld",
                           (long long)first));
}

static void assert_outcomes(TestHome *home)
{
    test_reset(home);
    int64_t standard = 0;
    size_t wrong = 0;
    for (size_t i = 0; i < CORPUS_COUNT; i++) {
        const CorpusFile *file = &CORPUS[i];
        int64_t first = next_batch(home);
        const char *outcome = outcome_of(home, file->path);
        int64_t content = file->same ? content_since(home, first) : 0;
        standard = i == 0 ? content : standard;
        bool fits = strcmp(outcome, file->outcome) == 0;
        if (!fits)
            print_error("%s\n  expected %s\n  but was  %s\n", file->path, file->outcome, outcome);
        if (file->same && content != standard)
            print_error("%s: its answers are others than those of %s\n", file->path,
                        CORPUS[0].path);
        wrong += !fits || (file->same && content != standard);
    }
    assert_true(standard != 0);
    assert_int_equal(wrong, 0);
}

static void each_file_has_its_outcome(void **state)
{
    assert_outcomes(*state);
}

static void each_file_has_the_same_outcome_after_a_review(void **state)
{
    by_review = true;
    assert_outcomes(*state);
    by_review = false;
}

/* A word of the table's outcomes, with what ends it. */
static bool outcomes_have(const char *word, char end)
{
    char *with_end;
    bool found = false;
    assert_true(asprintf(&with_end, " %s%c", word, end) > 0);
    for (size_t i = 0; i < CORPUS_COUNT; i++)
        found |= strstr(CORPUS[i].outcome, with_end) != NULL;
    free(with_end);
    return found;
}

static void every_problem_and_every_kind_of_normalising_is_in_the_corpus(void **state)
{
    (void)state;
    /* These depend on the base: survey/test_import_forgotten, survey/test_import_mended,
     * e2e/test_ask. */
    static const bool OF_THE_BASE[PROBLEM_COUNT] = {[PROBLEM_FORGOTTEN] = true,
                                                    [PROBLEM_KEY_RESOLVED] = true,
                                                    [PROBLEM_ASKED_KEY] = true,
                                                    [PROBLEM_ASKED_GONE] = true};
    for (ProblemCode code = 0; code < PROBLEM_COUNT; code++)
        if (!OF_THE_BASE[code] && !outcomes_have(problem_name(code), '@'))
            fail_msg("no file has the problem %s", problem_name(code));
    for (Normalised kind = 0; kind < NORMALISED_COUNT; kind++)
        if (!outcomes_have(normalised_name(kind), ':'))
            fail_msg("in no file %s is normalised", normalised_name(kind));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_file_has_its_outcome),
        cmocka_unit_test(each_file_has_the_same_outcome_after_a_review),
        cmocka_unit_test(every_problem_and_every_kind_of_normalising_is_in_the_corpus),
    };
    return cmocka_run_group_tests(tests, corpus_setup, test_home_teardown);
}
