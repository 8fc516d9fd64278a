/* Tags: names, attributes, and the stack of the elements that are open. */
#include "survey/xml_scan_bytes.h"

enum { ENTITY_BYTES_MAX = 24 };

static inline XmlSlice local_of(XmlSlice name)
{
    const char *colon = name.length > 1 ? memchr(name.bytes, ':', name.length) : NULL;
    if (!colon && !(name.length == 1 && *name.bytes == ':'))
        return name;
    const char *begin = colon ? colon + 1 : name.bytes + 1;
    return (XmlSlice){begin, (size_t)(name.bytes + name.length - begin)};
}

uint32_t xml_entity(const char *at, const char **ret_end)
{
    static const struct {
        const char *name;
        char character;
    } NAMED[] = {{"lt;", '<'}, {"gt;", '>'}, {"amp;", '&'}, {"quot;", '"'}, {"apos;", '\''}};
    const char *name = at + 1, *end = name;
    while (*end && *end != ';' && end - name < ENTITY_BYTES_MAX)
        end++;
    *ret_end = end;
    if (*end != ';')
        return 0;
    *ret_end = end + 1;
    for (size_t i = 0; i < sizeof NAMED / sizeof *NAMED; i++)
        if (strncmp(name, NAMED[i].name, strlen(NAMED[i].name)) == 0)
            return (unsigned char)NAMED[i].character;
    bool hex = name[0] == '#' && name[1] == 'x';
    const char *digit = name + 1 + hex;
    uint32_t code = 0;
    if (name[0] != '#' || digit == end)
        return 0;
    for (; digit < end && code <= 0x10FFFF; digit++) {
        const char *found = memchr("0123456789abcdefABCDEF", *digit, hex ? 22 : 10);
        if (!found)
            return 0;
        long value = found - "0123456789abcdefABCDEF";
        code = code * (hex ? 16 : 10) + (uint32_t)(value > 15 ? value - 6 : value);
    }
    bool none = code > 0x10FFFF || (code >= 0xD800 && code < 0xE000) || code == 0xFFFE ||
                code == 0xFFFF || (code < 0x20 && code != '\t' && code != '\n' && code != '\r');
    return none ? 0 : code;
}

static bool name_taken(const XmlScan *scan, XmlSlice name)
{
    for (size_t i = 0; i < scan->attribute_count; i++)
        if (scan->attribute_names[i].length == name.length &&
            memcmp(scan->attribute_names[i].bytes, name.bytes, name.length) == 0)
            return true;
    return false;
}

/* Takes name="value" at `at`; returns what follows it. NULL when there is none: *ret_why. */
static const char *attribute(XmlScan *scan, const char *at, ScanToken *ret_why)
{
    XmlSlice name = {at, (size_t)(skip(at, NAME_GOES_ON) - at)};
    const char *value = skip(at + name.length, BLANK);
    if (*value != '=') {
        *ret_why = cut_or_strange(scan, value);
        return NULL;
    }
    value = skip(value + 1, BLANK);
    char quote = *value;
    if (quote != '"' && quote != '\'') {
        *ret_why = cut_or_strange(scan, value);
        return NULL;
    }
    bool plain = true;
    const char *end = ++value;
    for (;; plain = false) {
        end = until(end, quote == '"' ? DOUBLE_STOPS : SINGLE_STOPS);
        if (*end == quote)
            break;
        bool blank = is(*end, BLANK);
        if (!blank && (*end != '&' || xml_entity(end, &end) == 0)) {
            *ret_why = cut_or_strange(scan, end);
            return NULL;
        }
        end += blank;
    }
    if (scan->attribute_count == SCAN_ATTRIBUTES_MAX || name_taken(scan, name)) {
        *ret_why = strange(scan);
        return NULL;
    }
    scan->attribute_names[scan->attribute_count] = name;
    scan->attributes[scan->attribute_count++] =
        (XmlAttribute){local_of(name), {value, (size_t)(end - value)}, plain};
    return end + 1;
}

/* Puts scan->name on the stack of open elements. */
static bool element_opens(XmlScan *scan)
{
    if (scan->closed || scan->depth == SCAN_DEPTH_MAX ||
        scan->name.length > SCAN_NAMES_BYTES - scan->names_length)
        return false;
    memcpy(scan->names + scan->names_length, scan->name.bytes, scan->name.length);
    scan->name_begins[scan->depth++] = scan->names_length;
    scan->names_length += scan->name.length;
    scan->rooted = true;
    return true;
}

bool scan_element_closes(XmlScan *scan)
{
    if (scan->depth == 0)
        return false;
    size_t begin = scan->name_begins[scan->depth - 1];
    if (scan->names_length - begin != scan->name.length ||
        memcmp(scan->names + begin, scan->name.bytes, scan->name.length) != 0)
        return false;
    scan->names_length = begin;
    scan->closed = --scan->depth == 0;
    return true;
}

ScanToken scan_start_tag(XmlScan *scan, const char *at)
{
    const char *end = skip(at + 1, NAME_GOES_ON);
    scan->name = (XmlSlice){at + 1, (size_t)(end - at - 1)};
    scan->attribute_count = 0;
    for (;;) {
        const char *gap = end;
        end = skip(end, BLANK);
        if (*end == '>' || (*end == '/' && end[1] == '>'))
            break;
        if (*end == '/')
            return cut_or_strange(scan, end + 1);
        if (end == gap || !is(*end, NAME_BEGINS))
            return cut_or_strange(scan, end);
        ScanToken why = SCAN_STRANGE;
        end = attribute(scan, end, &why);
        if (!end)
            return why;
    }
    if (!element_opens(scan))
        return strange(scan);
    scan->local = local_of(scan->name);
    scan->ends_next = *end == '/';
    take_to(scan, end + 1 + scan->ends_next);
    return SCAN_START;
}

ScanToken scan_end_tag(XmlScan *scan, const char *at)
{
    const char *begin = at + 2, *end = skip(begin, NAME_GOES_ON), *close = skip(end, BLANK);
    if (*close != '>')
        return cut_or_strange(scan, close);
    scan->name = (XmlSlice){begin, (size_t)(end - begin)};
    if (!scan_element_closes(scan))
        return strange(scan);
    scan->local = local_of(scan->name);
    take_to(scan, close + 1);
    return SCAN_END;
}
