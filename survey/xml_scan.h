/* survey/xml_scan.h: a pull scanner over the XML that programs write into workbooks.
 * Shape:  the caller fills the window and takes tokens until SCAN_MORE, then fills it again. The
 *         scanner accepts nothing that expat refuses and gives the elements, attributes and texts
 *         that expat gives; whatever it cannot vouch for (damage, a DOCTYPE, an encoding other than
 *         UTF-8, names beyond ASCII, a tag larger than the window, deep nesting) is SCAN_STRANGE,
 *         and the caller reads the part with expat from its beginning, for its rows or its refusal.
 * Units:  bytes of UTF-8. Names come with their prefix and without (local).
 * Owns:   the window, released by scan_done. Slices live until the next scan_next or scan_room.
 * Errors: none; SCAN_STRANGE stays for good.
 * Source: XML 1.0, fifth edition, and expat's reading of it. */
#ifndef SURVEY_XML_SCAN_H
#define SURVEY_XML_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum {
    SCAN_WINDOW_BYTES = 256 * 1024,
    SCAN_ATTRIBUTES_MAX = 64,
    SCAN_DEPTH_MAX = 64,
    SCAN_NAMES_BYTES = 4096, /* of all open elements */
};

typedef enum ScanToken {
    SCAN_MORE,    /* fill the window */
    SCAN_START,   /* name, local, attributes */
    SCAN_END,     /* name, local; an empty element gives one, too */
    SCAN_TEXT,    /* text: a piece of it, entities resolved and line ends LF */
    SCAN_DONE,    /* the document is whole */
    SCAN_STRANGE, /* ask expat */
} ScanToken;

typedef struct XmlSlice {
    const char *bytes; /* no NUL at its end */
    size_t length;
} XmlSlice;

typedef struct XmlAttribute {
    XmlSlice local, value;
    bool plain; /* the value is as written: no entity and no white space but blanks in it */
} XmlAttribute;

typedef struct XmlScan {
    char *window;     /* SCAN_WINDOW_BYTES and some */
    size_t at, limit; /* the unread bytes, all sound UTF-8; window[limit] is NUL */
    char tail[4];     /* begins a character that the window doesn't end */
    size_t tail_length;
    bool last; /* nothing follows the window */
    bool begun, strange;
    bool rooted, closed; /* the root element was opened, was closed */
    bool in_cdata;
    bool ends_next;   /* an empty element was opened: its end is due */
    char resolved[4]; /* an entity's character */
    XmlSlice name, local, text;
    XmlSlice attribute_names[SCAN_ATTRIBUTES_MAX]; /* with prefix */
    XmlAttribute attributes[SCAN_ATTRIBUTES_MAX];
    size_t attribute_count;
    size_t depth, names_length;
    size_t name_begins[SCAN_DEPTH_MAX];
    char names[SCAN_NAMES_BYTES]; /* of the open elements, one after another */
} XmlScan;

void scan_begin(XmlScan *scan); /* also again, for another document */
void scan_done(XmlScan *scan);

/* Where the next bytes belong, and how many fit; 0 = a token is larger than the window: strange. */
char *scan_room(XmlScan *scan, size_t *ret_room);
/* So many bytes were put there; 0 = the document ends here. */
void scan_filled(XmlScan *scan, size_t length);

ScanToken scan_next(XmlScan *scan);

/* An element c of a worksheet; bytes NULL = it has no such attribute. */
typedef struct ScanCell {
    XmlSlice place, type, style;
    XmlSlice value; /* of its v, or of the t of its is */
} ScanCell;

/* Takes the whole element c, or si with one t, at which the scanner stands, in one go, when it is
 * written as nearly all of them are and all of it is in the window; false, with nothing taken, for
 * any other: then take its tokens. */
bool scan_cell(XmlScan *scan, ScanCell *ret_cell);
bool scan_string(XmlScan *scan, XmlSlice *ret_text);

static inline bool slice_is(XmlSlice slice, const char *text)
{
    size_t length = strlen(text);
    return slice.length == length && memcmp(slice.bytes, text, length) == 0;
}

/* The length of the longest sound beginning of bytes: XML's characters in strict UTF-8. *ret_cut is
 * true when what follows it is the beginning of such a character and the end of bytes. */
size_t xml_sound(const char *bytes, size_t length, bool *ret_cut);

#endif
