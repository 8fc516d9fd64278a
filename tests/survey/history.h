/* tests/survey/history.h: questionnaires as files, handed in, taken back, corrected, decided on and
 * forgotten in random order, through the verbs themselves.
 * Shape:  a Paper is one CSV file of Lines; a Line knows by what it is linked and whether its row
 *         is sound; snapshot is the whole base as text, content the same without numbers.
 * Owns:   texts live in the arena of the home's context, which is the history's own. */
#ifndef TESTS_SURVEY_HISTORY_H
#define TESTS_SURVEY_HISTORY_H

#include "base/buffer.h"
#include "people/identity.h"
#include "people/verbs.h"
#include "sql/connection.h"
#include "survey/verbs.h"

#include "people/crowd.h"
#include "support/tables.h"

enum { LINES_MAX = 40, PAPERS_MAX = 40, STONES_MAX = 80, LAST_LINES = 64 };

#define HEADINGS "姓名|身份证号码|手机号码|技能等级|单位所在镇街|养老保险缴费月数|填表日期|备注"

typedef struct Line {
    const char *cells, *mended; /* mended: the row when it is sound; both the same when it is */
    const uint8_t *id_hash, *contact, *mended_id_hash; /* NULL = none */
    bool sound;
} Line;

typedef struct Paper {
    const char *path;
    Line lines[LINES_MAX];
    size_t count;
    int64_t batch; /* 0 = not in the base */
    bool mended;   /* of rows that came back from quarantine */
} Paper;

typedef struct Stone {
    const char *key; /* in hexadecimal */
    bool only_bare;
} Stone;

typedef struct History {
    TestHome *home;
    Crowd crowd;
    Paper papers[PAPERS_MAX];
    size_t paper_count, made;
    Stone stones[STONES_MAX];
    size_t stone_count;
    int64_t corrections[PAPERS_MAX];
    size_t correction_count;
    size_t imports, undos, mends, decided, corrected, forgotten; /* what happened */
} History;

static inline Arena *arena_of(const History *history)
{
    return history->home->context.arena;
}

/* The rows of a query, one a line, cells parted by blanks. */
static inline const char *rows_as_text(TestHome *home, const char *sql, unsigned columns)
{
    Err err = {0};
    AUTO_ROWS rows = NULL;
    AUTO_BUFFER out = BUFFER(16 << 20);
    assert_ok(db_text(home->context.db, sql, &rows, &err), &err);
    while (rows_next(rows))
        for (unsigned i = 0; i < columns; i++)
            buffer_printf(&out, "%s%c", rows_null(rows, i) ? "~" : rows_text(rows, i),
                          i + 1 < columns ? ' ' : '\n');
    return arena_strdup(home->context.arena, buffer_string(&out));
}

#define SAID "MD5(CONCAT(" FACT_TEXTS ", ' ', surveyed_on, ' ', credibility))"

/* What is decided, and who was forgotten. */
static inline const char *memory_text(TestHome *home)
{
    return arena_printf(
        home->context.arena, "%s\n%s\n%s",
        rows_as_text(home, "SELECT HEX(key_hash), person_id FROM decided_key ORDER BY 1", 2),
        rows_as_text(home,
                     "SELECT kind, HEX(a_key), HEX(b_key), a_person, b_person, batch_id FROM "
                     "decision WHERE ended_at IS NULL ORDER BY id",
                     6),
        rows_as_text(home, "SELECT HEX(key_hash), kind FROM forgotten ORDER BY 1, 2", 2));
}

/* Everything, to the letter: person numbers, conflicts, decisions, tombstones, quarantine. */
static inline const char *snapshot(TestHome *home)
{
    return arena_printf(
        home->context.arena, "%s\n%s\n%s\n%s\n%s\n%s",
        rows_as_text(home,
                     "SELECT id, conflicts, answers, HEX(name_phone_hash), " FACT_TEXTS
                     " FROM person ORDER BY id",
                     5),
        rows_as_text(
            home, "SELECT batch_id, sheet, line, person_id, " SAID " FROM answer ORDER BY 1, 2, 3",
            5),
        rows_as_text(home,
                     "SELECT batch_id, sheet, line, state, resolved_by, MD5(raw) FROM quarantine "
                     "ORDER BY 1, 2, 3",
                     6),
        rows_as_text(home,
                     "SELECT batch_id, sheet, line, number, code, cell FROM problem ORDER BY 1, "
                     "2, 3, 4",
                     6),
        rows_as_text(home, "SELECT id FROM batch WHERE state = 'active' ORDER BY 1", 1),
        memory_text(home));
}

/* The same without numbers of persons, batches and lines: who is one with whom, and what is known.
 */
static inline const char *content(TestHome *home)
{
    return rows_as_text(
        home,
        "SELECT p.said, GROUP_CONCAT(a.said ORDER BY a.said) FROM (SELECT id, CONCAT(conflicts, "
        "' ', answers, ' ', IFNULL(HEX(name_phone_hash), '~'), ' ', " FACT_TEXTS
        ") AS said FROM person) p JOIN (SELECT person_id, " SAID
        " AS said FROM answer) a ON a.person_id = p.id GROUP BY p.id, p.said ORDER BY 1, 2",
        2);
}

static inline const char *waiting(TestHome *home)
{
    return rows_as_text(home,
                        "SELECT q.state, p.code, p.fact, COUNT(*) FROM quarantine q JOIN problem p "
                        "USING (batch_id, sheet, line) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
                        4);
}

/* Lines of one text that the other has not. */
static inline const char *lines_missing(Arena *arena, const char *in, const char *from)
{
    const char *all = "";
    for (const char *line = from; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        const char *one = arena_strndup(arena, line, strcspn(line, "\n") + 1);
        if (!strstr(in, one))
            all = arena_printf(arena, "%s%s", all, one);
    }
    return all;
}

#define assert_base(history, now, expected)                                                        \
    base_assert((history), (now), (expected), __FILE__, __LINE__)

static inline void base_assert(History *history, const char *now, const char *expected,
                               const char *file, int line)
{
    if (strcmp(now, expected) == 0)
        return;
    Arena *arena = arena_of(history);
    print_error("%s:%d: the base has\n%sand should have\n%s", file, line,
                lines_missing(arena, expected, now), lines_missing(arena, now, expected));
    fail();
}

/* A verb of a room, in this process; line: standard input or NULL. */
static inline ErrCode verb(History *history, const Command *const *room, const char *const *words,
                           json_t **ret_result, Err *err)
{
    char *argv[24] = {arena_strdup(arena_of(history), "talent")};
    int argc = 1;
    for (; words[argc - 1]; argc++)
        argv[argc] = arena_strdup(arena_of(history), words[argc - 1]);
    Globals globals;
    const Command *command;
    Arguments *arguments;
    *ret_result = NULL;
    *err = (Err){0};
    TRY(command_parse(arena_of(history), room, argc, argv, &globals, &command, &arguments, err));
    return command->run(&history->home->context, arguments, ret_result, err);
}
#define VERB(history, room, ret, err, ...)                                                         \
    verb((history), (room), (const char *const[]){__VA_ARGS__, NULL}, (ret), (err))

static inline const char *number_text(const History *history, int64_t number)
{
    return arena_printf(arena_of(history), "%lld", (long long)number);
}

/* One invented row: somebody, as one of few questionnaires describes them. */
static inline Line line_invent(History *history)
{
    static const char *const LEVELS[] = {"高级工", "技师", "中级工"}, *const TOWNS[] = {"长安",
                                                                                        "虎门"};
    Crowd *crowd = &history->crowd;
    const Sealer *sealer = history->home->context.sealer;
    unsigned person = crowd_below(crowd, crowd->people),
             who = crowd_chance(crowd, 25) ? crowd_below(crowd, crowd->people) : person;
    bool identified = crowd_chance(crowd, 60), reached = !identified || crowd_chance(crowd, 80);
    Invented self = invented_person(crowd->arena, person),
             other = invented_person(crowd->arena, who);
    const char *id = identified ? self.id : "", *level = LEVELS[crowd_below(crowd, 3)];
    const char *wrong_id = id, *wrong_level = level;
    Line line = {.sound = crowd_chance(crowd, 78)};
    if (!line.sound && identified && crowd_chance(crowd, 50))
        wrong_id = arena_printf(crowd->arena, "%.17s%c", id, id[17] == '1' ? '2' : '1');
    else if (!line.sound)
        wrong_level = "不存在的等级";
    const char *rest =
        arena_printf(crowd->arena, "%s|%u|2012-0%u-15|%zu", TOWNS[crowd_below(crowd, 2)],
                     crowd_below(crowd, 40), 1 + crowd_below(crowd, 8), ++history->made);
    const char *phone = reached ? other.phone : "";
    line.cells = arena_printf(crowd->arena, "%s|%s|%s|%s|%s", other.name, wrong_id, phone,
                              wrong_level, rest);
    line.mended = arena_printf(crowd->arena, "%s|%s|%s|%s|%s", other.name, id, phone, level, rest);
    uint8_t hash[SEAL_HASH_BYTES];
    if (identified) {
        identity_id_hash(sealer, id, hash);
        line.mended_id_hash = arena_memdup(crowd->arena, hash, sizeof hash);
        line.id_hash = wrong_id == id ? line.mended_id_hash : NULL;
    }
    if (reached) {
        identity_name_phone_hash(sealer, crowd->arena, other.name, other.phone, hash);
        line.contact = arena_memdup(crowd->arena, hash, sizeof hash);
    }
    return line;
}

static inline Paper *paper_new(History *history)
{
    assert_true(history->paper_count < PAPERS_MAX);
    Paper *paper = &history->papers[history->paper_count++];
    *paper = (Paper){.path = NULL};
    return paper;
}

/* Writes the lines; keys: what the rows mend, NULL = nothing. */
static inline void paper_write(History *history, Paper *paper, const char *const *keys)
{
    AUTO_BUFFER out = BUFFER(1 << 20);
    buffer_text(&out, keys ? HEADINGS "|序号|隔离编号\n" : HEADINGS "\n");
    for (size_t i = 0; i < paper->count; i++) {
        buffer_text(&out, paper->lines[i].cells);
        if (keys) /* no two of these files are one */
            buffer_printf(&out, "|%zu|%s", ++history->made, keys[i]);
        buffer_char(&out, '\n');
    }
    const char *name =
        arena_printf(arena_of(history), "paper%zu.csv", (size_t)(paper - history->papers));
    paper->path = table_csv(history->home, name, buffer_string(&out));
}

/* Whether a tombstone keeps a row out. */
static inline bool line_forgotten(const History *history, const Line *line)
{
    Arena *arena = arena_of(history);
    const char *id = line->id_hash ? seal_hex(arena, line->id_hash, SEAL_HASH_BYTES) : "",
               *contact = line->contact ? seal_hex(arena, line->contact, SEAL_HASH_BYTES) : "";
    for (size_t i = 0; i < history->stone_count; i++) {
        const Stone *stone = &history->stones[i];
        if (strcasecmp(stone->key, id) == 0 ||
            (strcasecmp(stone->key, contact) == 0 && (!stone->only_bare || !line->id_hash)))
            return true;
    }
    return false;
}

#endif
