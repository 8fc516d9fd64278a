#include "support/deeds.h"

#include "base/buffer.h"
#include "support/tables.h"

#include <sys/wait.h>
#include <unistd.h>

enum { FEW = 2000, MANY = 13000, WAITING_OF = 5, FILE_BYTES = 1 << 24 };

static const char WRONG_ID[] = "440524198001010014", *const WRONG_STILL = "440524198001010015";

static const char *path_of(TestHome *home, const char *name)
{
    return arena_printf(home->context.arena, "%s/%s", home->dir, name);
}

static bool is_large(DeedKind kind)
{
    return kind == DEED_LARGE || kind == DEED_LARGE_RESURVEY;
}

/* The same people each time; a second survey has another level, and some more people. */
static const char *people_file(TestHome *home, const char *name, unsigned people, bool second)
{
    AUTO_BUFFER out = BUFFER(FILE_BYTES);
    buffer_text(&out, "姓名|身份证号码|手机号码|职业资格等级|单位所在镇街|填表日期\n");
    unsigned first = second ? people / 10 : 0;
    for (unsigned i = first; i < first + people; i++) {
        Invented person = invented_person(home->context.arena, i);
        buffer_printf(&out, "%s|%s|%s|%s|%s|%s\n", person.name,
                      i % WAITING_OF == 0 ? WRONG_ID : person.id, person.phone,
                      i % 2 == second ? "高级工" : "技师", i % 3 == second ? "长安镇" : "虎门镇",
                      second ? "2012-09-01" : "2012-06-01");
    }
    return table_csv(home, name, buffer_string(&out));
}

static void run_well(TestHome *home, const char *const *words)
{
    TestOutput output = test_run(home, words);
    if (output.status != 0 && output.status != 3)
        fail_msg("%s %s: %s", words[0], words[1], output.err);
}

/* Of every four rows that wait one is mended, one half mended, and two are left. */
static const char *mended_file(TestHome *home)
{
    const char *waiting = path_of(home, "waiting.csv");
    run_well(home, (const char *const[]){"survey", "problems", "-o", waiting, NULL});
    char *text = arena_alloc(home->context.arena, FILE_BYTES);
    FILE *file = fopen(waiting, "rb");
    assert_non_null(file);
    text[fread(text, 1, FILE_BYTES - 1, file)] = '\0';
    fclose(file);
    unsigned row = 0;
    for (char *at = strstr(text, WRONG_ID); at; at = strstr(at + 1, WRONG_ID), row++) {
        Invented person = invented_person(home->context.arena, row * WAITING_OF);
        const char *now = row % 4 == 0 ? person.id : row % 4 == 1 ? WRONG_STILL : WRONG_ID;
        memcpy(at, now, strlen(WRONG_ID));
    }
    assert_int_equal(row, FEW / WAITING_OF);
    const char *mended = path_of(home, "mended.csv");
    file = fopen(mended, "wb");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    return mended;
}

/* What the base says, and what its batches and their sheets count. */
static int64_t content(TestHome *home)
{
    return base_content(home) +
           11 * test_number(home,
                            "SELECT IFNULL(SUM(CRC32(CONCAT_WS('|', state, line_count, accepted, "
                            "quarantined, people_new, people_changed))), 0) FROM batch") +
           13 * test_number(home, "SELECT COUNT(*) FROM sheet_layout") +
           17 * test_number(home, "SELECT IFNULL(SUM(CRC32(CONCAT_WS('|', sheet, line, "
                                  "resolved_by IS NULL, moved_sheet, moved_line))), 0) "
                                  "FROM quarantine");
}

static void import(TestHome *home, const char *name)
{
    run_well(home, (const char *const[]){"survey", "import", path_of(home, name), NULL});
}

static void make_base(TestHome *home, DeedKind kind)
{
    test_reset(home);
    if (kind != DEED_PLAIN && kind != DEED_LARGE)
        import(home, "first.csv");
    if (kind == DEED_UNDO)
        import(home, "second.csv");
}

void deed_learn(TestHome *home, DeedKind kind, Deed *ret_deed)
{
    static const char *const NAMES[DEED_COUNT] = {"plain",  "resurvey", "undo",
                                                  "mended", "large",    "large resurvey"};
    unsigned people = is_large(kind) ? MANY : FEW;
    test_config(home, "\"review\": null"); /* much is changed and much is wrong, and it counts */
    people_file(home, "first.csv", people, false);
    people_file(home, "second.csv", people, true);
    make_base(home, kind);
    Deed deed = {.name = NAMES[kind], .words = {"survey", "import", path_of(home, "first.csv")}};
    if (kind == DEED_RESURVEY || kind == DEED_LARGE_RESURVEY)
        deed.words[2] = path_of(home, "second.csv");
    if (kind == DEED_MENDED)
        deed.words[2] = mended_file(home);
    if (kind == DEED_UNDO) {
        deed.words[1] = "undo";
        deed.words[2] = "2";
    }
    deed.before = content(home);
    Moment from = moment_now();
    run_well(home, deed.words);
    deed.whole_ms = moment_now() - from;
    deed.after = content(home);
    assert_int_not_equal(deed.before, deed.after);
    *ret_deed = deed;
}

void deed_prepare(TestHome *home, DeedKind kind, const Deed *deed)
{
    make_base(home, kind);
    assert_int_equal(content(home), deed->before);
}

pid_t deed_start(TestHome *home, const Deed *deed)
{
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        FILE *out = freopen("/dev/null", "w", stdout);
        FILE *err = freopen(path_of(home, "deed.err"), "w", stderr);
        execl(TALENT_PROGRAM, "talent", "--home", home->dir, "--quiet", "--as-of", "2012-10-01",
              deed->words[0], deed->words[1], deed->words[2], (char *)NULL);
        _exit(out && err ? 127 : 126);
    }
    return child;
}

const char *deed_said(TestHome *home)
{
    enum { SAID_BYTES = 4096 };
    char *text = arena_alloc(home->context.arena, SAID_BYTES);
    FILE *file = fopen(path_of(home, "deed.err"), "r");
    assert_non_null(file);
    text[fread(text, 1, SAID_BYTES - 1, file)] = '\0';
    fclose(file);
    return text;
}

bool deed_is_done(TestHome *home, const Deed *deed)
{
    /* The server may still be taking a dead client's transaction back: a locking read waits. */
    test_number(home, "SELECT people_version FROM base_state FOR UPDATE");
    int64_t now = content(home);
    if (now != deed->before && now != deed->after)
        fail_msg("%s: neither whole nor not at all", deed->name);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM batch WHERE state = 'active' AND "
                                       "accepted + quarantined <> line_count"),
                     0);
    return now == deed->after;
}

void deed_finish(TestHome *home, Deed *deed)
{
    bool done = deed_is_done(home, deed);
    Moment from = moment_now();
    if (!done) {
        run_well(home, deed->words);
        deed->whole_ms = moment_now() - from;
    } else if (strcmp(deed->words[1], "import") == 0) {
        run_well(home, deed->words); /* once more changes nothing */
    }
    assert_true(deed_is_done(home, deed));
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer WHERE batch_id NOT IN "
                                       "(SELECT id FROM batch)"),
                     0);
}
