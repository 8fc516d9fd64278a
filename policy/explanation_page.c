/* What the judge says of one person, as a page of A4 for the counter. */
#include "base/buffer.h"
#include "base/json.h"
#include "base/text.h"
#include "policy/explanation.h"

enum { PAGE_BYTES = 1 << 20 };

static const char STYLE[] =
    "@page{size:A4;margin:14mm}body{font:9.5pt/1.35 'Noto Sans CJK SC','Microsoft YaHei',"
    "'WenQuanYi Micro Hei',sans-serif;color:#222;max-width:182mm;margin:0 auto}"
    "h1{font-size:14pt;margin:0 0 2mm}.verdict{font-size:12pt;font-weight:bold;margin:2mm 0}"
    "table{border-collapse:collapse;width:100%}td,th{border-bottom:.5pt solid #bbb;padding:.8mm "
    "1.2mm;text-align:left;vertical-align:top}th{background:#eef3f7}.t{color:#00713d}"
    ".f{color:#b3261e}.u{color:#8a5a00}small{color:#555}.sign{margin-top:8mm}"
    "tr{page-break-inside:avoid}";

/* Text that is no markup. */
static void escape(Buffer *page, const char *text)
{
    for (; *text; text++) {
        if (*text == '<')
            buffer_text(page, "&lt;");
        else if (*text == '>')
            buffer_text(page, "&gt;");
        else if (*text == '&')
            buffer_text(page, "&amp;");
        else if (*text == '"')
            buffer_text(page, "&quot;");
        else
            buffer_char(page, *text);
    }
}

static void element(Buffer *page, const char *open, const char *text, const char *close)
{
    buffer_text(page, open);
    escape(page, text);
    buffer_text(page, close);
}

static const char *sign_of(const char *result, const char **ret_class)
{
    bool holds = text_equal(result, "true"), fails = text_equal(result, "false");
    *ret_class = holds ? "t" : fails ? "f" : "u";
    return holds ? "✓" : fails ? "✗" : "?";
}

/* "questionnaire 3-x.xlsx, sheet 1, line 34, said on 2012-09-20"; "" when nobody said it. */
static const char *source_words(Arena *arena, const json_t *clause)
{
    const json_t *source = json_object_get(clause, "source");
    if (json_kind(source) != JSON_OBJECT)
        return "";
    return arena_printf(
        arena, _("%s, sheet %lld, line %lld, said on %s"), json_text(source, "file"),
        json_integer_value(json_object_get(source, "sheet")),
        json_integer_value(json_object_get(source, "line")), json_text(clause, "surveyed_on"));
}

static void add_clause(Buffer *page, Arena *arena, const json_t *clause, Lang lang)
{
    const char *class, *sign = sign_of(json_text(clause, "result"), &class);
    const char *value = json_string_value(json_object_get(clause, "value"));
    buffer_printf(page, "<tr><td class=\"%s\">%s</td>", class, sign);
    element(page, "<td>", json_text(clause, "clause"), "</td>");
    element(page, "<td>“", json_text(clause, "text"), "”");
    if (lang != LANG_ZH)
        element(page, "<br><small>", json_text(clause, "en"), "</small>");
    element(page, "</td><td>", value ? value : _("not known"), "<br><small>");
    element(page, "", source_words(arena, clause), "</small></td>");
    element(page, "<td>",
            text_equal(json_text(clause, "result"), "false") ? "" : json_text(clause, "proof"),
            "</td></tr>\n");
}

static void add_head(Buffer *page, const Policy *policy, const json_t *result, Lang lang)
{
    const char *title = lang == LANG_ZH ? policy->title_zh : policy->title_en;
    buffer_printf(page, "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">",
                  lang == LANG_ZH ? "zh-CN" : "en");
    element(page, "<title>", title, "</title>");
    element(page, "<style>", STYLE, "</style></head><body>\n");
    element(page, "<h1>", title, "</h1>");
    element(page, "<div>", policy->number, " ");
    element(page, "", policy->issued_by, "</div>\n");
    buffer_printf(page, "<div>");
    buffer_printf(page, _("Person %lld, judged for %s"),
                  json_integer_value(json_object_get(result, "person")),
                  json_text(result, "as_of"));
    buffer_text(page, "</div>\n");
}

static void add_dates(Buffer *page, Arena *arena, const json_t *result)
{
    if (json_kind(json_object_get(result, "eligible_until")) == JSON_STRING)
        element(page, "<p>",
                arena_printf(arena, _("The last day is %s"), json_text(result, "eligible_until")),
                "</p>\n");
    if (json_kind(json_object_get(result, "boundary")) == JSON_TRUE)
        element(page, "<p>",
                _("In the last year of age that the rule includes: staff should look at it"),
                "</p>\n");
    if (json_kind(json_object_get(result, "rules_until")) == JSON_STRING)
        element(page, "<p>",
                arena_printf(arena, _("These rules hold until %s; then a parameter changes"),
                             json_text(result, "rules_until")),
                "</p>\n");
    if (json_kind(json_object_get(result, "in_force")) != JSON_TRUE)
        element(page, "<p>", _("On that day the policy is not in force"), "</p>\n");
}

const char *explanation_page(Arena *arena, const Policy *policy, const json_t *result, Lang lang)
{
    static const char *const HEADINGS[] = {"", N_("clause"), N_("sentence of the notice"),
                                           N_("what is known, and who said it"),
                                           N_("how it is proved")};
    AUTO_BUFFER page = BUFFER(PAGE_BYTES);
    size_t index;
    const json_t *clause;
    add_head(&page, policy, result, lang);
    element(&page, "<div class=\"verdict\">", verdict_label_of(json_text(result, "verdict")),
            "</div>\n");
    element(&page, "<p>", explanation_summary(arena, result, lang), "</p>\n");
    add_dates(&page, arena, result);
    buffer_text(&page, "<table><tr>");
    for (size_t i = 0; i < sizeof HEADINGS / sizeof *HEADINGS; i++)
        element(&page, "<th>", *HEADINGS[i] ? _(HEADINGS[i]) : "", "</th>");
    buffer_text(&page, "</tr>\n");
    JSON_ITEMS (json_object_get(result, "clauses"), index, clause)
        add_clause(&page, arena, clause, lang);
    buffer_text(&page, "</table>\n");
    element(&page, "<p class=\"sign\">", _("Clerk: ____________  Date: ____________"),
            "</p>\n</body></html>\n");
    return arena_strdup(arena, buffer_string(&page));
}
