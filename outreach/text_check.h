/* outreach/text_check.h: what is wrong with a template, as far as the template alone can tell.
 * Shape:  TextFault is a line of outreach/text_faults.def; a finding names one and the place.
 * Owns:   findings live in the arena given.
 * Errors: none: what is wrong is the result.
 * Source: DESIGN 7 "Texts"; DOMAIN C, checklist 45, 46, 57. */
#ifndef OUTREACH_TEXT_CHECK_H
#define OUTREACH_TEXT_CHECK_H

#include "base/config.h"
#include "outreach/template.h"

typedef enum TextFault {
#define TEXT_FAULT(name, code, error, meaning, todo) TEXT_FAULT_##name,
#include "outreach/text_faults.def"
#undef TEXT_FAULT
    TEXT_FAULT_COUNT
} TextFault;

typedef struct TextFinding {
    TextFault fault;
    const char *what; /* the word, number or line that it is about; "" = the whole text */
} TextFinding;

enum { TEXT_FINDINGS = 64 };

typedef struct TextFindings {
    Arena *arena;
    TextFinding items[TEXT_FINDINGS]; /* the first so many */
    size_t count;
} TextFindings;

void text_finding_add(TextFindings *findings, TextFault fault, const char *what);

/* Adds what is wrong with the text itself: promised replies, opt-out, numbers, risky words. */
void text_check(TextFindings *findings, const Template *template, const Config *config);

bool text_findings_error(const TextFindings *findings); /* at least one is an error */
/* [{code, error, what, meaning, todo}], translated; owned by the caller. */
json_t *text_findings_json(const TextFindings *findings);

#endif
