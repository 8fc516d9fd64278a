#include "outreach/text_check.h"

#include "base/lang.h"
#include "base/text.h"
#include "outreach/reply_words.h"

#include <string.h>

enum { PHONE_DIGITS = 5, PHONE_BYTES = 24 };

static const struct {
    const char *code;
    bool error;
    const char *meaning, *todo;
} FAULTS[TEXT_FAULT_COUNT] = {
#define TEXT_FAULT(name, code, error, meaning, todo)                                               \
    [TEXT_FAULT_##name] = {code, error, meaning, todo},
#include "outreach/text_faults.def"
#undef TEXT_FAULT
};

static const char *const RISKY_WORDS[] = {
#define RISKY(word) word,
#include "outreach/risky_words.def"
#undef RISKY
};

void text_finding_add(TextFindings *findings, TextFault fault, const char *what)
{
    if (findings->count < TEXT_FINDINGS)
        findings->items[findings->count++] =
            (TextFinding){.fault = fault, .what = arena_strdup(findings->arena, what)};
}

bool text_findings_error(const TextFindings *findings)
{
    for (size_t at = 0; at < findings->count; at++) {
        if (FAULTS[findings->items[at].fault].error)
            return true;
    }
    return false;
}

json_t *text_findings_json(const TextFindings *findings)
{
    json_t *list = json_array();
    for (size_t at = 0; at < findings->count; at++) {
        TextFault fault = findings->items[at].fault;
        json_array_append_new(
            list, json_pack("{ss, sb, ss, ss, ss}", "code", FAULTS[fault].code, "error",
                            (int)FAULTS[fault].error, "what", findings->items[at].what, "meaning",
                            _(FAULTS[fault].meaning), "todo", _(FAULTS[fault].todo)));
    }
    return list;
}

/* The text that is the same for everyone; "…" stands where a placeholder is. */
static const char *fixed_text(Arena *arena, const Template *template)
{
    const char *fixed = "";
    for (size_t at = 0; at < template->piece_count; at++) {
        const TemplatePiece *piece = &template->pieces[at];
        bool plain = piece->placeholder == PLACEHOLDER_NONE;
        fixed = arena_printf(arena, "%s%s", fixed, plain ? piece->text : "…");
    }
    return fixed;
}

static void check_replies(TextFindings *findings, const Template *template, const char *text)
{
    ReplyPromise promises[REPLY_PROMISES];
    size_t count = reply_promises(findings->arena, text, promises);
    bool optout = false;
    for (size_t at = 0; at < count; at++) {
        const ReplyPromise *promise = &promises[at];
        optout = optout || (promise->kept && promise->meaning == REPLY_OPTOUT);
        if (promise->meaning == REPLY_OTHER)
            text_finding_add(findings, TEXT_FAULT_REPLY_UNKNOWN, promise->word);
        else if (!promise->kept)
            text_finding_add(findings, TEXT_FAULT_REPLY_MISREAD,
                             arena_printf(findings->arena, "%s%s", promise->word, promise->label));
    }
    bool promotion = text_equal(template->class_word, "promotion");
    if (promotion && !optout)
        text_finding_add(findings, TEXT_FAULT_NO_OPTOUT, "");
    bool gaps = false;
    for (int at = 0; at < PLACEHOLDER_COUNT; at++)
        gaps = gaps || template->uses[at];
    if (promotion && gaps)
        text_finding_add(findings, TEXT_FAULT_PROMOTION_GAPS, "");
}

/* Only the digits; false when there are more than a phone has. */
static bool digits_of(const char *text, size_t length, char out[PHONE_BYTES])
{
    size_t count = 0;
    for (size_t at = 0; at < length; at++) {
        if (text[at] == '-' || text[at] == ' ')
            continue;
        if (count + 1 >= PHONE_BYTES)
            return false;
        out[count++] = text[at];
    }
    out[count] = '\0';
    return true;
}

static bool own_phone(const Config *config, const char *digits)
{
    size_t at;
    const json_t *item;
    json_array_foreach(config->own_phones, at, item)
    {
        char own[PHONE_BYTES];
        const char *text = json_string_value(item);
        if (digits_of(text, strlen(text), own) && strcmp(own, digits) == 0)
            return true;
    }
    return false;
}

/* A day ("2012-10-31"), or digits that something is counted by. */
static bool no_phone(const char *run, size_t length)
{
    static const char *const UNITS[] = {"元", "万", "人", "年", "号", "个", "%"};
    if (length >= 8 && length <= 10 && run[4] == '-' && memchr(run + 5, '-', length - 5))
        return true;
    for (size_t at = 0; at < sizeof UNITS / sizeof UNITS[0]; at++) {
        if (text_starts(run + length, UNITS[at]))
            return true;
    }
    return false;
}

static void check_phones(TextFindings *findings, const char *plain, const Config *config)
{
    for (const char *at = plain; *at;) {
        size_t length = strspn(at, "0123456789");
        if (length == 0) {
            at++;
            continue;
        }
        while (at[length] == '-' && at[length + 1] >= '0' && at[length + 1] <= '9')
            length += 1 + strspn(at + length + 1, "0123456789");
        char digits[PHONE_BYTES];
        bool sound = digits_of(at, length, digits);
        if ((!sound || strlen(digits) >= PHONE_DIGITS) && !no_phone(at, length) &&
            !(sound && own_phone(config, digits)))
            text_finding_add(findings, TEXT_FAULT_FOREIGN_PHONE,
                             arena_strndup(findings->arena, at, length));
        at += length;
    }
}

void text_check(TextFindings *findings, const Template *template, const Config *config)
{
    const char *text = fixed_text(findings->arena, template);
    const char *key = text_key(findings->arena, text);
    check_replies(findings, template, text);
    check_phones(findings, key, config);
    for (size_t at = 0; at < sizeof RISKY_WORDS / sizeof RISKY_WORDS[0]; at++) {
        if (strstr(key, RISKY_WORDS[at]))
            text_finding_add(findings, TEXT_FAULT_RISKY_WORD, RISKY_WORDS[at]);
    }
}
