/* What stands beside elements and texts: the declaration, comments, processing instructions. */
#include "survey/xml_scan_bytes.h"

#include <strings.h>

/* ="value" behind the name of a pseudo-attribute, in either kind of quotes; NULL = other than that.
 */
static const char *pseudo(const char *at, const char *name, const char *value)
{
    at = skip(at, BLANK);
    size_t length = strlen(name), size = strlen(value);
    if (strncmp(at, name, length) != 0)
        return NULL;
    at = skip(at + length, BLANK);
    if (*at != '=')
        return NULL;
    at = skip(at + 1, BLANK);
    if ((*at != '"' && *at != '\'') || strncasecmp(at + 1, value, size) != 0 || at[1 + size] != *at)
        return NULL;
    return at + size + 2;
}

/* <?xml version="1.0" encoding="UTF-8" standalone="yes"?>, the last two as they like. */
static ScanToken declaration(XmlScan *scan, const char *at)
{
    const char *end = strstr(at, "?>");
    if (!end)
        return cut_or_strange(scan, scan->window + scan->limit);
    at = pseudo(at + 5, "version", "1.0");
    const char *next = at && is(*at, BLANK) ? pseudo(at, "encoding", "UTF-8") : NULL;
    at = next ? next : at;
    next = at && is(*at, BLANK) ? pseudo(at, "standalone", "yes") : NULL;
    if (!next && at && is(*at, BLANK))
        next = pseudo(at, "standalone", "no");
    at = next ? next : at;
    if (!at || skip(at, BLANK) != end)
        return strange(scan);
    take_to(scan, end + 2);
    return SCAN_DONE;
}

ScanToken scan_prologue(XmlScan *scan)
{
    enum { MARK_BYTES = 3, DECLARATION_BYTES = 6 };
    const char *at = scan->window + scan->at;
    if (stands(at, "\xEF\xBB\xBF") < 0 && !scan->last)
        return SCAN_MORE;
    at += stands(at, "\xEF\xBB\xBF") > 0 ? MARK_BYTES : 0;
    int declared = stands(at, "<?xml");
    if ((declared < 0 || (declared > 0 && !at[DECLARATION_BYTES - 1])) && !scan->last)
        return SCAN_MORE;
    if (declared > 0 && is(at[DECLARATION_BYTES - 1], BLANK)) {
        ScanToken token = declaration(scan, at);
        scan->begun = token == SCAN_DONE;
        return token;
    }
    scan->begun = true;
    take_to(scan, at);
    return SCAN_DONE;
}

/* A comment or a processing instruction. SCAN_DONE = it was stepped over. */
static ScanToken aside(XmlScan *scan, const char *at)
{
    const char *end;
    if (at[1] == '!') {
        end = strstr(at + 4, "--");
        if (!end || end[2] != '>')
            return cut_or_strange(scan, end ? end + 2 : scan->window + scan->limit);
        take_to(scan, end + 3);
        return SCAN_DONE;
    }
    end = skip(at + 2, NAME_GOES_ON);
    bool named = is(at[2], NAME_BEGINS) && (is(*end, BLANK) || *end == '?');
    if (!named || (end - at == 5 && strncasecmp(at + 2, "xml", 3) == 0))
        return cut_or_strange(scan, at[2] && !is(at[2], NAME_BEGINS) ? at : end);
    const char *close = strstr(end, "?>");
    if (!close || (*end == '?' && close != end))
        return cut_or_strange(scan, *end == '?' && end[1] ? end : scan->window + scan->limit);
    take_to(scan, close + 2);
    return SCAN_DONE;
}

ScanToken scan_special(XmlScan *scan, const char *at)
{
    if (at[1] == '?')
        return aside(scan, at);
    int comment = stands(at, "<!--"), cdata = stands(at, "<![CDATA[");
    if (comment > 0)
        return aside(scan, at);
    if (comment < 0 || cdata < 0)
        return cut_or_strange(scan, scan->window + scan->limit);
    if (cdata == 0 || scan->depth == 0)
        return strange(scan);
    scan->in_cdata = true;
    take_to(scan, at + strlen("<![CDATA["));
    return SCAN_DONE;
}
