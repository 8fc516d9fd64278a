/* outreach/text.h: a template and a person become the text of one message, or a reason why not.
 * Shape:  text = 【signature】 + pieces. A value that is unset, empty or over-long, or that holds
 *         【】, {}, a line break, a control character or a link, refuses the message.
 * Units:  UTF-16 units: one part holds 70, each of several 67; GSM-7 septets: 160 and 153.
 * Owns:   the text lives in the arena.
 * Errors: none: a refusal is an outcome for the person (suppression bad_text), never a failure.
 * Source: DOMAIN C "Billing", "Units"; checklist 45, 46; 3GPP TS 23.038; 东府办〔2012〕140号 三. */
#ifndef OUTREACH_TEXT_H
#define OUTREACH_TEXT_H

#include "outreach/template.h"
#include "people/fact.h"

typedef enum TextRefusal { TEXT_FINE, TEXT_UNSET, TEXT_TOO_LONG, TEXT_UNSAFE } TextRefusal;

/* Text of at most 500 units, what gateways accept at most. */
enum { SMS_TEXT_UNITS = 500 };

/* GAP_SEPARATOR stands in no value: control characters are refused. */
#define GAP_SEPARATOR '\x1f'

typedef struct SmsText {
    const char *text;
    const char *gaps;    /* what the placeholders brought, in order of first appearance */
    Placeholder refused; /* of a refusal: which placeholder did it */
} SmsText;

/* Renders for one person. route_reason NULL = no route is proven. A refusal leaves text and gaps
 * as they were. */
TextRefusal sms_text_render(Arena *arena, const Template *template, const Facts *facts,
                            const char *route_reason, SmsText *ret_text);

/* True for a text that holds no 【】, {}, line break, control or damaged character, and no link. */
bool sms_value_safe(const char *text);

/* Units of the rendering in which every placeholder is as long as it may be. */
size_t sms_text_longest_units(const Template *template);

/* Parts that a text is billed as; a surrogate pair is never split over two. "" is one part. */
int sms_text_segments(const char *text);
int sms_units_segments(size_t units); /* the same for a text without surrogate pairs */

/* For gateways that use GSM-7 where they can: parts in the GSM 03.38 default alphabet (its
 * extension characters are two septets, never split), or 0 when a character is not in it. */
int sms_text_gsm7_segments(const char *text);
/* What a gateway bills: in GSM-7 where it may be and the text is, else in UTF-16. */
int sms_text_parts(const char *text, bool gsm7);

#endif
