/* survey/xml_scan_bytes.h: what the files of the scanner share; only xml_scan*.c include it.
 * Shape:  every function stands at a byte of the window, reads on from there, and never past the
 *         NUL behind the window, which stops every run.
 * Units:  bytes.
 * Owns:   nothing.
 * Errors: SCAN_MORE when the window ends within a token, SCAN_STRANGE for what expat must judge.
 * Source: XML 1.0, productions 3 to 44. */
#ifndef SURVEY_XML_SCAN_BYTES_H
#define SURVEY_XML_SCAN_BYTES_H

#include "survey/xml_scan.h"

#include <stdint.h>

/* What a byte may be; NUL stands behind the window only and ends every run. */
enum {
    NAME_BEGINS = 1,
    NAME_GOES_ON = 2,
    BLANK = 4,
    TEXT_STOPS = 8,    /* < & ] CR NUL */
    DOUBLE_STOPS = 16, /* of a value in "": " < & TAB CR LF NUL */
    SINGLE_STOPS = 32,
    VALUE_STOPS = DOUBLE_STOPS | SINGLE_STOPS,
};
extern const unsigned char XML_BYTES[256];

static inline bool is(char byte, unsigned char kind)
{
    return (XML_BYTES[(unsigned char)byte] & kind) != 0;
}

static inline const char *skip(const char *at, unsigned char kind)
{
    while (is(*at, kind))
        at++;
    return at;
}

static inline const char *until(const char *at, unsigned char kind)
{
    while (!is(*at, kind))
        at++;
    return at;
}

static inline void take_to(XmlScan *scan, const char *at)
{
    scan->at = (size_t)(at - scan->window);
}

static inline ScanToken strange(XmlScan *scan)
{
    scan->strange = true;
    return SCAN_STRANGE;
}

/* A token reaches the end of the window at `at`, or something that it cannot hold stands there. */
static inline ScanToken cut_or_strange(XmlScan *scan, const char *at)
{
    bool cut = at == scan->window + scan->limit && !scan->last;
    return cut ? SCAN_MORE : strange(scan);
}

/* 1: the literal stands at `at`; 0: it does not; -1: the window ends within it. */
static inline int stands(const char *at, const char *literal)
{
    while (*literal && *at == *literal) {
        at++;
        literal++;
    }
    return *literal == '\0' ? 1 : *at == '\0' ? -1 : 0;
}

/* The character that &…; at `at` stands for; *ret_end is behind the semicolon. 0 = none, or the
 * window ends within it, and *ret_end is there. */
uint32_t xml_entity(const char *at, const char **ret_end);

/* A tag at `at`. */
ScanToken scan_start_tag(XmlScan *scan, const char *at);
ScanToken scan_end_tag(XmlScan *scan, const char *at);
/* Takes scan->name from the stack of open elements; false when it is not the one on top. */
bool scan_element_closes(XmlScan *scan);

/* The byte order mark and the declaration, when they are there. SCAN_DONE = past them. */
ScanToken scan_prologue(XmlScan *scan);
/* What begins with <! or <?. SCAN_DONE = stepped over, or a CDATA section has begun. */
ScanToken scan_special(XmlScan *scan, const char *at);

#endif
