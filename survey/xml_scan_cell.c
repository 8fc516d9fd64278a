/* The two elements of which nearly all of a workbook consists, taken as wholes: a cell and a shared
 * string, written without prefix, without comments, entities or anything else that is rare. */
#include "survey/xml_scan_bytes.h"

/* As stands(), where the slack behind the window allows to compare all bytes at once. */
#define HAS(at, literal) (memcmp((at), (literal), sizeof(literal) - 1) == 0)

static inline XmlSlice slice_to(const char *begin, const char *end)
{
    return (XmlSlice){begin, (size_t)(end - begin)};
}

/* r="…", s="…" and t="…", each once, each behind one blank; returns what follows, or NULL. */
static inline const char *marks(const char *at, ScanCell *cell)
{
    while (*at == ' ') {
        XmlSlice *slot = at[1] == 'r'   ? &cell->place
                         : at[1] == 's' ? &cell->style
                         : at[1] == 't' ? &cell->type
                                        : NULL;
        if (!slot || slot->bytes || !HAS(at + 2, "=\""))
            return NULL;
        const char *end = until(at + 4, DOUBLE_STOPS);
        if (*end != '"')
            return NULL;
        *slot = slice_to(at + 4, end);
        at = end + 1;
    }
    return at;
}

/* The start tag of a t behind its name. */
static inline const char *text_tag(const char *at)
{
    if (HAS(at, " xml:space=\"preserve\""))
        at += strlen(" xml:space=\"preserve\"");
    return *at == '>' ? at + 1 : NULL;
}

/* The value of the cell whose start tag ends before `at`; returns what follows the cell, or NULL.
 */
static inline const char *value(const char *at, XmlSlice *ret_value)
{
    if (HAS(at, "<v>")) {
        const char *end = until(at + 3, TEXT_STOPS);
        *ret_value = slice_to(at + 3, end);
        return HAS(end, "</v></c>") ? end + strlen("</v></c>") : NULL;
    }
    at = HAS(at, "<is><t") ? text_tag(at + strlen("<is><t")) : NULL;
    if (!at)
        return NULL;
    const char *end = until(at, TEXT_STOPS);
    *ret_value = slice_to(at, end);
    return HAS(end, "</t></is></c>") ? end + strlen("</t></is></c>") : NULL;
}

bool scan_cell(XmlScan *scan, ScanCell *ret_cell)
{
    const char *at = scan->window + scan->at;
    if (scan->strange || scan->ends_next || scan->in_cdata || scan->depth == 0 || !HAS(at, "<c"))
        return false;
    *ret_cell = (ScanCell){.value = {"", 0}};
    at = marks(at + 2, ret_cell);
    if (!at)
        return false;
    if (HAS(at, "/>"))
        at += 2;
    else
        at = *at == '>' ? value(at + 1, &ret_cell->value) : NULL;
    if (at)
        take_to(scan, at);
    return at != NULL;
}

bool scan_string(XmlScan *scan, XmlSlice *ret_text)
{
    const char *at = scan->window + scan->at;
    if (scan->strange || scan->ends_next || scan->in_cdata || scan->depth == 0 ||
        !HAS(at, "<si><t"))
        return false;
    at = text_tag(at + strlen("<si><t"));
    if (!at)
        return false;
    const char *end = until(at, TEXT_STOPS);
    if (!HAS(end, "</t></si>"))
        return false;
    *ret_text = slice_to(at, end);
    take_to(scan, end + strlen("</t></si>"));
    return true;
}
