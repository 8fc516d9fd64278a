#include "outreach/reply_words.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

typedef enum WordKind { WORD_OPTOUT, WORD_OPTOUT_START, WORD_INTENTION } WordKind;

typedef struct ReplyWord {
    const char *word;
    WordKind kind;
    int intention;
    const char *offer;
} ReplyWord;

static const ReplyWord WORDS[] = {
#define REPLY(word, meaning, intention, offer) {word, WORD_##meaning, intention, offer},
#include "outreach/replies.def"
#undef REPLY
};
enum { WORD_TOTAL = sizeof WORDS / sizeof WORDS[0] };

const char *const REPLY_OFFER_WORDS[REPLY_OFFERS] = {"reply_options", "reply_optout"};

static const char ASK[] = "回复";

/* text_key, and the full stops that people end an answer with. */
static char *reply_fold(Arena *arena, const char *text)
{
    static const char *const CLOSING[] = {".", "!", "。", "！", "，", ",",
                                          "~", " ", "\"", "”",  "“"};
    char *folded = text_key(arena, text);
    for (bool cut = true; cut;) {
        cut = false;
        for (size_t at = 0; at < sizeof CLOSING / sizeof CLOSING[0]; at++) {
            size_t length = strlen(folded), closing = strlen(CLOSING[at]);
            if (length > closing && text_ends(folded, CLOSING[at])) {
                folded[length - closing] = '\0';
                cut = true;
            }
        }
    }
    return folded;
}

ReplyMeaning reply_understand(Arena *arena, const char *text, int *ret_intention)
{
    const char *folded = reply_fold(arena, text);
    for (size_t at = 0; at < WORD_TOTAL; at++) {
        if (WORDS[at].kind == WORD_OPTOUT_START && text_starts(folded, WORDS[at].word))
            return REPLY_OPTOUT;
        if (strcmp(folded, WORDS[at].word) != 0)
            continue;
        if (WORDS[at].kind != WORD_INTENTION)
            return REPLY_OPTOUT;
        *ret_intention = WORDS[at].intention;
        return REPLY_INTENTION;
    }
    return REPLY_OTHER;
}

/* The offers of intentions, or of opting out, apart by a space. */
static const char *offers_join(Arena *arena, bool intentions)
{
    const char *joined = "";
    for (size_t at = 0; at < WORD_TOTAL; at++) {
        if (*WORDS[at].offer && (WORDS[at].kind == WORD_INTENTION) == intentions)
            joined = arena_printf(arena, "%s%s%s", joined, *joined ? " " : "", WORDS[at].offer);
    }
    return joined;
}

const char *reply_offer(Arena *arena, const char *word)
{
    if (text_equal(word, REPLY_OFFER_WORDS[0]))
        return arena_printf(arena, "%s%s", ASK, offers_join(arena, true));
    if (text_equal(word, REPLY_OFFER_WORDS[1]))
        return arena_printf(arena, "退订%s%s", ASK, offers_join(arena, false));
    return NULL;
}

static bool is_word_character(char c)
{
    return isascii((unsigned char)c) && isalnum((unsigned char)c);
}

/* Where the clause that stands at `text` ends: at punctuation, or at the next "回复". */
static const char *clause_end(const char *text)
{
    static const char *const ENDS[] = {",", ".", ";", "!", "?", "。", "…", "(", ")", ASK};
    const char *end = text + strlen(text);
    for (size_t at = 0; at < sizeof ENDS / sizeof ENDS[0]; at++) {
        const char *found = strstr(text, ENDS[at]);
        if (found && found < end)
            end = found;
    }
    return end;
}

/* Where the clause that ends at `end` begins. */
static const char *clause_start(const char *text, const char *end)
{
    const char *start = text;
    for (const char *at = text; at < end;) {
        const char *stop = clause_end(at);
        if (stop >= end)
            break;
        text_next(&stop, end);
        start = at = stop;
    }
    return start;
}

/* What a text says that a reply means: the first declared word of Han characters in it. */
static ReplyMeaning label_meaning(const char *label, int *ret_intention)
{
    const ReplyWord *found = NULL;
    const char *found_at = NULL;
    for (size_t at = 0; at < WORD_TOTAL; at++) {
        const char *place =
            isascii((unsigned char)*WORDS[at].word) ? NULL : strstr(label, WORDS[at].word);
        if (place && (!found_at || place < found_at)) {
            found = &WORDS[at];
            found_at = place;
        }
    }
    if (!found)
        return REPLY_OTHER;
    *ret_intention = found->intention;
    return found->kind == WORD_INTENTION ? REPLY_INTENTION : REPLY_OPTOUT;
}

static ReplyPromise promise_make(Arena *arena, const char *word, const char *label,
                                 const char *before)
{
    int said_intention = 0;
    ReplyPromise promise = {.word = word, .label = label};
    promise.meaning = reply_understand(arena, word, &promise.intention);
    ReplyMeaning said = label_meaning(label, &said_intention);
    if (said == REPLY_OTHER)
        said = label_meaning(before, &said_intention);
    promise.kept =
        promise.meaning != REPLY_OTHER &&
        (said == REPLY_OTHER || (said == promise.meaning &&
                                 (said != REPLY_INTENTION || said_intention == promise.intention)));
    return promise;
}

/* What follows a "回复". */
typedef struct Clause {
    const char *start, *end;
    const char *before; /* what stands between the last punctuation and the "回复" */
} Clause;

/* The next word of letters and digits that begins the clause or stands behind a space or a "/". */
static const char *word_next(const Clause *clause, const char *from)
{
    for (const char *at = from; at < clause->end; at++) {
        bool first = at == clause->start || at[-1] == ' ' || at[-1] == '/' ||
                     (at - clause->start >= 3 && strncmp(at - 3, "、", 3) == 0) ||
                     (at - clause->start >= 3 && strncmp(at - 3, "或", 3) == 0);
        if (first && is_word_character(*at))
            return at;
    }
    return NULL;
}

/* "1愿意入户 2不愿意": each word with what follows it up to the next one. */
static size_t listed_promises(Arena *arena, const Clause *clause, ReplyPromise *promises,
                              size_t room)
{
    size_t count = 0;
    for (const char *at = word_next(clause, clause->start); at && count < room;) {
        size_t length = 0;
        while (at + length < clause->end && is_word_character(at[length]))
            length++;
        const char *behind = at + length, *next = word_next(clause, behind);
        const char *label =
            arena_strndup(arena, behind, (size_t)((next ? next : clause->end) - behind));
        promises[count++] = promise_make(arena, arena_strndup(arena, at, length),
                                         text_trim(arena, label), clause->before);
        at = next;
    }
    return count;
}

/* What stands in quotation marks at the beginning of a text; NULL when it begins with none. */
static const char *quoted_word(Arena *arena, const char *text)
{
    const char *end = text + strlen(text), *word = text;
    uint32_t opening = *text ? text_next(&word, end) : 0;
    if (opening != 0x201C && opening != '"' && opening != 0x300C)
        return NULL;
    for (const char *cursor = word, *here = word; cursor < end; here = cursor) {
        uint32_t c = text_next(&cursor, end);
        if (c == 0x201D || c == '"' || c == 0x300D)
            return arena_strndup(arena, word, (size_t)(here - word));
    }
    return word;
}

/* "回复愿意", "回复“同意”": a promise when it is a declared word, or quoted. */
static size_t word_promise(Arena *arena, const Clause *clause, ReplyPromise *promise)
{
    const char *text = arena_strndup(arena, clause->start, (size_t)(clause->end - clause->start));
    const char *quoted = quoted_word(arena, text);
    ReplyPromise found = promise_make(arena, quoted ? quoted : text, "", clause->before);
    if (!quoted && found.meaning == REPLY_OTHER)
        return 0;
    *promise = found;
    return 1;
}

size_t reply_promises(Arena *arena, const char *text, ReplyPromise ret_promises[REPLY_PROMISES])
{
    static const char *const FILLERS[] = {" ", ":", "数字", "字母", "短信"};
    const char *plain = text_fold_width(arena, text);
    size_t count = 0;
    for (const char *ask = strstr(plain, ASK); ask && count < REPLY_PROMISES;
         ask = strstr(ask + strlen(ASK), ASK)) {
        const char *before = clause_start(plain, ask);
        Clause clause = {.start = ask + strlen(ASK),
                         .before = arena_strndup(arena, before, (size_t)(ask - before))};
        for (size_t at = 0; at < sizeof FILLERS / sizeof FILLERS[0]; at++) {
            while (text_starts(clause.start, FILLERS[at]))
                clause.start += strlen(FILLERS[at]);
        }
        clause.end = clause_end(clause.start);
        size_t listed =
            listed_promises(arena, &clause, ret_promises + count, REPLY_PROMISES - count);
        if (listed == 0 && clause.start < clause.end)
            listed = word_promise(arena, &clause, &ret_promises[count]);
        count += listed;
    }
    return count;
}
