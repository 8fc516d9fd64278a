/* outreach/template.h: one text of templates/sms, read and checked before anyone is addressed with
 * it.
 * Shape:  front matter between two lines "---" (id, policy, language, signature, class,
 *         approved_by; all required), then the text on one line with {{placeholders}} of
 *         outreach/placeholders.def, and {{reply_options}} and {{reply_optout}}, which outreach/
 *         replies.def writes out. The signature is not part of the text.
 * Units:  limits and lengths in UTF-16 units, as gateways count.
 * Owns:   a Template and all its strings live in the arena.
 * Errors: ERR_CONFIG "file:line: …" with the nearest known word; ERR_NOT_FOUND for an unknown id.
 * Source: DESIGN 7 "Texts"; DOMAIN C "Signature", "Content"; checklist 45. */
#ifndef OUTREACH_TEMPLATE_H
#define OUTREACH_TEMPLATE_H

#include "base/arena.h"
#include "base/lang.h"

typedef enum Placeholder {
#define PLACEHOLDER(name, word, limit, label) PLACEHOLDER_##name,
#include "outreach/placeholders.def"
#undef PLACEHOLDER
    PLACEHOLDER_COUNT,
    PLACEHOLDER_NONE = -1
} Placeholder;

const char *placeholder_word(Placeholder placeholder);  /* "route_reason" */
const char *placeholder_label(Placeholder placeholder); /* translated */
size_t placeholder_limit(Placeholder placeholder);

typedef struct TemplatePiece {
    Placeholder placeholder; /* PLACEHOLDER_NONE: text stands as it is */
    const char *text;
} TemplatePiece;

typedef struct Template {
    const char *id;         /* also the file's name without .txt */
    const char *policy;     /* id of the policy whose routes it speaks of */
    const char *language;   /* "zh": placeholders bring Chinese words */
    const char *signature;  /* "东莞人社"; 【】 are added */
    const char *class_word; /* "notice" or "promotion" */
    const char *approved_by;
    const char *source; /* the whole file */
    const char *text;   /* its one line of text */
    const TemplatePiece *pieces;
    size_t piece_count;
    bool uses[PLACEHOLDER_COUNT];
} Template;

/* file names it in messages; bytes need no NUL. */
ErrCode template_parse(Arena *arena, const char *file, const char *bytes, size_t length,
                       Template *ret_template, Err *err) MUST_CHECK;
/* templates/sms/<id>.txt of the shared files. */
ErrCode template_load(Arena *arena, const char *id, Template *ret_template, Err *err) MUST_CHECK;
/* The text with what it offers to reply written out; its other placeholders stay. Lives in arena. */
const char *template_said(Arena *arena, const Template *template);
/* The ids of all templates in order of name. */
ErrCode template_ids(Arena *arena, const char *const **ret_ids, size_t *ret_count,
                     Err *err) MUST_CHECK;

#endif
