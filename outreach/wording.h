/* outreach/wording.h: a message as cloud gateways want it: they keep the text, filed beforehand, and
 * ask for what stands in its gaps.
 * Shape:  the placeholders of the template in the order in which they first appear, each with what
 *         it brought to this message.
 * Owns:   all lives in the arena, or is the template's.
 * Errors: false when gaps are not those of this template.
 * Source: DESIGN 7 "Gateways"; Alibaba Cloud SendSms; Tencent Cloud SendSms. */
#ifndef OUTREACH_WORDING_H
#define OUTREACH_WORDING_H

#include "outreach/template.h"

typedef struct Wording {
    const char *template; /* id */
    const char *signature;
    const char *names[PLACEHOLDER_COUNT]; /* "service_centre" */
    const char *values[PLACEHOLDER_COUNT];
    size_t count;
} Wording;

/* gaps: as sms_text_render gave them. */
bool wording_read(Arena *arena, const Template *template, const char *gaps, Wording *ret_wording);

/* {"name":"value",…} and ["value",…]. */
const char *wording_object(Arena *arena, const Wording *wording);
const char *wording_list(Arena *arena, const Wording *wording);

#endif
