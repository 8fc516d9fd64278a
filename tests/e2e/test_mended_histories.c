/* tests/e2e/test_mended_histories.c: a law of the quarantine: whatever copies of its workbooks are
 * mended, half mended, cut, doubled and shuffled, imported and taken back in whatever order, each
 * row waits exactly once or is an answer, never both and never neither; and all taken back leaves
 * nothing. The seed is printed, TALENT_TEST_SEED repeats it; TALENT_TEST_ROUNDS makes as many times
 * more histories. */
#include "support/paper.h"
#include "support/rounds.h"

#include "base/buffer.h"
#include "base/text.h"

enum { HISTORIES = 3, STEPS = 6, PEOPLE = 6, COPIES = 4, TRIES_OF_ID = 3 };

static unsigned seed;

static unsigned chance(unsigned below)
{
    return (unsigned)rand_r(&seed) % below;
}

/* One history: the copies of workbooks that people hold, and what the base said last. */
typedef struct History {
    TestHome *home;
    Paper *copies[COPIES];   /* the first is of the beginning, and stays */
    uint64_t within[COPIES]; /* the batches that were in force when it was written, as bits */
    size_t copy_count;
    bool waits[PEOPLE];
    int64_t batches[STEPS + 1]; /* in force, but for the first */
    size_t batch_count;
    uint64_t in_force; /* the same as bits */
    unsigned file;     /* number of the last one */
} History;

static const char *name_of(TestHome *home, unsigned person)
{
    static const char *const NAMES[PEOPLE] = {"张一", "王二", "李三", "赵四", "陈五", "黄六"};
    return arena_strdup(home->context.arena, NAMES[person]);
}

/* Her ID number; a wrong digit at the end makes a way to have it wrong. */
static const char *id_of(TestHome *home, unsigned person, unsigned wrong)
{
    char *id =
        arena_strdup(home->context.arena, invented_person(home->context.arena, 100 + person).id);
    for (; wrong > 0; wrong--)
        id[17] = id[17] == 'X' || id[17] == '9' ? '0' : (char)(id[17] + 1);
    return id;
}

/* The column of a heading; its row. */
static size_t column_of(const Paper *paper, const char *heading, size_t *ret_row)
{
    for (size_t row = 0; row < paper->rows; row++)
        for (size_t column = 0; column < paper->columns; column++)
            if (strcmp(paper_cell(paper, row, column), heading) == 0) {
                *ret_row = row;
                return column;
            }
    fail_msg("no heading %s", heading);
    return 0;
}

static unsigned person_of(TestHome *home, const char *name)
{
    for (unsigned person = 0; person < PEOPLE; person++)
        if (strcmp(name_of(home, person), name) == 0)
            return person;
    fail_msg("nobody is called %s", name);
    return 0;
}

/* Every sheet of the present workbook, and in which rows of them who waits. */
static void look_who_waits(History *history, unsigned counts[PEOPLE])
{
    TestHome *home = history->home;
    memset(counts, 0, PEOPLE * sizeof *counts);
    int64_t sheets = test_number(home, "SELECT COUNT(DISTINCT batch_id, sheet) FROM quarantine "
                                       "WHERE state = 'open'");
    if (sheets == 0)
        return;
    const char *path = paper_write_waiting(home, "look.xlsx");
    for (unsigned sheet = 1; sheet <= sheets; sheet++) {
        Paper *paper = paper_read(home, path, sheet);
        size_t heading, names = column_of(paper, "姓名", &heading);
        for (size_t row = heading + 1; row < paper->rows; row++)
            counts[person_of(home, paper_cell(paper, row, names))]++;
        size_t place =
            history->copy_count < COPIES ? history->copy_count++ : 1 + chance(COPIES - 1);
        history->copies[place] = paper;
        history->within[place] = history->in_force;
    }
}

static void check_law(History *history)
{
    TestHome *home = history->home;
    unsigned counts[PEOPLE];
    look_who_waits(history, counts);
    for (unsigned person = 0; person < PEOPLE; person++) {
        bool answered =
            test_number(home, arena_printf(home->context.arena,
                                           "SELECT COUNT(*) FROM answer WHERE name = '%s'",
                                           name_of(home, person))) > 0;
        if (counts[person] + answered != 1)
            fail_msg("person %u waits %u times, and is %s answer", person, counts[person],
                     answered ? "an" : "no");
        history->waits[person] = counts[person] > 0;
    }
}

/* A copy of a copy, changed by chance: who waits is mended, or half mended, or neither; who does not
 * wait any more is left as the copy has it. */
static void import_changed(History *history)
{
    TestHome *home = history->home;
    Paper *paper = arena_alloc(home->context.arena, sizeof *paper);
    *paper = *history->copies[chance((unsigned)history->copy_count)];
    size_t heading, names = column_of(paper, "姓名", &heading);
    size_t ids = column_of(paper, "身份证号码", &heading);
    size_t last = paper->rows;
    for (size_t row = heading + 1; row < last; row++) {
        unsigned person = person_of(home, paper_cell(paper, row, names)), what = chance(5);
        if (what < 3 && history->waits[person])
            paper->cells[row][ids] = id_of(home, person, what == 0 ? 0 : 1 + chance(TRIES_OF_ID));
        if (what == 4 && chance(2))
            paper_double(paper, row);
    }
    for (size_t row = heading + 1; row < paper->rows; row++)
        paper_swap(paper, row, heading + 1 + chance((unsigned)(paper->rows - heading - 1)));
    if (paper->rows > heading + 2 && chance(3) == 0)
        paper_delete(paper, heading + 1);
    const char *name = arena_printf(home->context.arena, "step%u.xlsx", ++history->file);
    const char *path = table_xlsx(home, name, paper_text(home, paper, 0, paper->columns));
    TestOutput output = TEST_RUN(home, "--json", "survey", "import", path);
    if (output.status == 1 && strstr(output.err, "every row of the file was mended before"))
        return;
    assert_in_range(output.status, 0, 3);
    json_t *result = json_loads(output.out, 0, NULL);
    if (!result)
        fail_msg("%s", output.err);
    const json_t *batch = json_object_get(json_array_get(result, 0), "batch");
    if (batch) { /* else the same file again */
        history->batches[history->batch_count++] = json_integer_value(batch);
        history->in_force |= UINT64_C(1) << json_integer_value(batch);
    }
    json_decref(result);
}

/* Copies that were written while the batch was in force are thrown away: what it had half mended
 * would come as news. */
static void take_back(History *history, size_t place)
{
    TestHome *home = history->home;
    uint64_t bit = UINT64_C(1) << history->batches[place];
    size_t kept = 0;
    for (size_t i = 0; i < history->copy_count; i++)
        if (!(history->within[i] & bit)) {
            history->copies[kept] = history->copies[i];
            history->within[kept++] = history->within[i];
        }
    history->copy_count = kept;
    history->in_force &= ~bit;
    const char *batch =
        arena_printf(home->context.arena, "%lld", (long long)history->batches[place]);
    json_decref(TEST_JSON(home, 0, "survey", "undo", batch));
    history->batches[place] = history->batches[--history->batch_count];
}

static void one_history(TestHome *home)
{
    History *history = arena_alloc(home->context.arena, sizeof *history);
    *history = (History){.home = home};
    AUTO_BUFFER table = BUFFER(1 << 16);
    test_reset(home);
    buffer_text(&table, "某厂名单\n姓名|身份证号码|技能等级|工作单位\n");
    for (unsigned person = 0; person < PEOPLE; person++)
        buffer_printf(&table, "%s|%s|技师|某厂\n", name_of(home, person), id_of(home, person, 1));
    json_t *first = table_import(home, table_xlsx(home, "first.xlsx", buffer_string(&table)));
    assert_int_equal(result_number(first, "quarantined"), PEOPLE);
    json_decref(first);
    check_law(history);
    for (unsigned step = 0; step < STEPS; step++) {
        if (history->batch_count > 0 && chance(4) == 0)
            take_back(history, chance((unsigned)history->batch_count));
        else
            import_changed(history);
        check_law(history);
    }
    history->batches[history->batch_count++] = 1;
    while (history->batch_count > 0)
        take_back(history, chance((unsigned)history->batch_count));
    assert_int_equal(test_number(home, "SELECT (SELECT COUNT(*) FROM quarantine) + (SELECT "
                                       "COUNT(*) FROM problem) + (SELECT COUNT(*) FROM answer) + "
                                       "(SELECT COUNT(*) FROM sheet_layout)"),
                     0);
}

static void each_row_waits_once_or_is_an_answer(void **state)
{
    unsigned histories = test_rounds(HISTORIES);
    seed = test_seed();
    for (unsigned i = 0; i < histories; i++) {
        print_message("history %u: seed %u\n", i, seed);
        one_history(*state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_row_waits_once_or_is_an_answer)};
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
