#include "survey/xml_scan_bytes.h"

#include "base/text.h"

#include <stdlib.h>

#define N(byte) [byte] = NAME_BEGINS | NAME_GOES_ON,
#define D(byte) [byte] = NAME_GOES_ON,
/* clang-format off */
const unsigned char XML_BYTES[256] = {
    N('a') N('b') N('c') N('d') N('e') N('f') N('g') N('h') N('i') N('j') N('k') N('l') N('m')
    N('n') N('o') N('p') N('q') N('r') N('s') N('t') N('u') N('v') N('w') N('x') N('y') N('z')
    N('A') N('B') N('C') N('D') N('E') N('F') N('G') N('H') N('I') N('J') N('K') N('L') N('M')
    N('N') N('O') N('P') N('Q') N('R') N('S') N('T') N('U') N('V') N('W') N('X') N('Y') N('Z')
    N('_') N(':')
    D('0') D('1') D('2') D('3') D('4') D('5') D('6') D('7') D('8') D('9') D('-') D('.')
    ['\0'] = TEXT_STOPS | VALUE_STOPS,
    ['\t'] = BLANK | VALUE_STOPS,
    ['\n'] = BLANK | VALUE_STOPS,
    ['\r'] = BLANK | TEXT_STOPS | VALUE_STOPS,
    [' '] = BLANK,
    ['"'] = DOUBLE_STOPS,
    ['\''] = SINGLE_STOPS,
    ['&'] = TEXT_STOPS | VALUE_STOPS,
    ['<'] = TEXT_STOPS | VALUE_STOPS,
    [']'] = TEXT_STOPS,
};
/* clang-format on */
#undef N
#undef D

enum { SLACK_BYTES = 32 }; /* a literal is compared as a whole */

void scan_begin(XmlScan *scan)
{
    char *window = scan->window ? scan->window : calloc(1, SCAN_WINDOW_BYTES + SLACK_BYTES);
    scan->at = scan->limit = scan->tail_length = 0;
    scan->last = scan->begun = scan->strange = scan->rooted = scan->closed = false;
    scan->in_cdata = scan->ends_next = false;
    scan->attribute_count = scan->depth = scan->names_length = 0;
    scan->window = window;
    scan->strange = !window;
}

void scan_done(XmlScan *scan)
{
    free(scan->window);
    scan->window = NULL;
}

char *scan_room(XmlScan *scan, size_t *ret_room)
{
    size_t kept = scan->limit - scan->at;
    *ret_room = 0;
    if (scan->strange)
        return NULL;
    memmove(scan->window, scan->window + scan->at, kept);
    memcpy(scan->window + kept, scan->tail, scan->tail_length);
    scan->at = 0;
    scan->limit = kept;
    *ret_room = SCAN_WINDOW_BYTES - kept - scan->tail_length;
    scan->strange = *ret_room == 0;
    return scan->window + kept + scan->tail_length;
}

void scan_filled(XmlScan *scan, size_t length)
{
    if (scan->strange)
        return;
    bool cut = false;
    char *fresh = scan->window + scan->limit;
    size_t count = scan->tail_length + length;
    size_t sound = xml_sound(fresh, count, &cut);
    scan->last = length == 0;
    scan->strange = sound < count && (!cut || scan->last);
    scan->tail_length = cut ? count - sound : 0;
    memcpy(scan->tail, fresh + sound, scan->tail_length);
    fresh[sound] = '\0';
    scan->limit += sound;
}

static ScanToken text_token(XmlScan *scan, const char *bytes, size_t length, const char *end)
{
    scan->text = (XmlSlice){bytes, length};
    take_to(scan, end);
    return SCAN_TEXT;
}

/* CR and CR LF are LF. */
static ScanToken line_end(XmlScan *scan, const char *at)
{
    if (!at[1] && !scan->last)
        return SCAN_MORE;
    return text_token(scan, "\n", 1, at + 1 + (at[1] == '\n'));
}

/* What stands at a bracket: 1 = "]]>", 0 = not that, -1 = the window ends before that is known. */
static int section_end(const char *at)
{
    return stands(at, "]]>");
}

static ScanToken cdata(XmlScan *scan)
{
    const char *at = scan->window + scan->at, *end = at;
    int over = 0;
    for (;; end++) {
        end = until(end, TEXT_STOPS);
        over = *end == ']' ? section_end(end) : 0;
        if (over || *end == '\r' || !*end)
            break;
    }
    if (end > at)
        return text_token(scan, at, (size_t)(end - at), end);
    if (*at == '\r')
        return line_end(scan, at);
    if (over <= 0)
        return cut_or_strange(scan, scan->window + scan->limit);
    scan->in_cdata = false;
    take_to(scan, at + 3);
    return SCAN_DONE;
}

static ScanToken entity(XmlScan *scan, const char *at)
{
    const char *end;
    uint32_t character = xml_entity(at, &end);
    if (!character)
        return cut_or_strange(scan, end);
    return text_token(scan, scan->resolved, text_encode(character, scan->resolved), end);
}

static ScanToken text(XmlScan *scan, const char *at)
{
    const char *end = at;
    int over = 0;
    for (;; end++) {
        end = until(end, TEXT_STOPS);
        over = *end == ']' ? section_end(end) : 0;
        if (*end != ']' || over)
            break;
    }
    if (end > at)
        return text_token(scan, at, (size_t)(end - at), end);
    if (*at == '&')
        return entity(scan, at);
    if (*at == '\r')
        return line_end(scan, at);
    return over > 0 ? strange(scan) : cut_or_strange(scan, scan->window + scan->limit);
}

/* Outside the root element. SCAN_DONE = blanks were stepped over. */
static ScanToken outside(XmlScan *scan, const char *at)
{
    const char *end = skip(at, BLANK);
    if (end == at)
        return strange(scan);
    take_to(scan, end);
    return SCAN_DONE;
}

/* One step; SCAN_DONE when it gave no token. */
static ScanToken step(XmlScan *scan)
{
    const char *at = scan->window + scan->at;
    if (scan->in_cdata)
        return cdata(scan);
    if (!scan->begun)
        return scan_prologue(scan);
    if (*at != '<')
        return scan->depth ? text(scan, at) : outside(scan, at);
    if (is(at[1], NAME_BEGINS))
        return scan_start_tag(scan, at);
    if (at[1] == '/')
        return scan_end_tag(scan, at);
    if (at[1] == '!' || at[1] == '?')
        return scan_special(scan, at);
    return cut_or_strange(scan, at + 1);
}

ScanToken scan_next(XmlScan *scan)
{
    if (scan->strange)
        return SCAN_STRANGE;
    if (scan->ends_next) {
        scan->ends_next = false;
        return scan_element_closes(scan) ? SCAN_END : strange(scan);
    }
    ScanToken token = SCAN_DONE;
    while (token == SCAN_DONE) {
        bool spent = scan->at == scan->limit;
        if (spent && !scan->last)
            return SCAN_MORE;
        if (spent)
            return scan->closed && !scan->in_cdata ? SCAN_DONE : strange(scan);
        token = step(scan);
    }
    return token;
}
