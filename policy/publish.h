/* policy/publish.h: what size, frontier, forecast and compare have in common on their way out:
 *         suppression and rounding for analysts, a chart, a file.
 * Shape:  the result of a verb becomes a Bulletin; a run ends with publish.
 * Owns:   bulletins live in the context's arena.
 * Errors: ERR_IO.
 * Source: DESIGN 4 "policy size" and 9. */
#ifndef POLICY_PUBLISH_H
#define POLICY_PUBLISH_H

#include "base/command.h"
#include "base/figures.h"

/* Three lines of a verb's options. */
#define PUBLISH_OPTIONS                                                                            \
    {"chart", OPTION_FLAG, NULL, N_("show bars as wide as the terminal"), .many = false},          \
        {"o",                                                                                      \
         OPTION_OUTPUT,                                                                            \
         "FILE",                                                                                   \
         N_("write the figures to this file too: .xlsx with charts, .csv or .svg"),                \
         .endings = "xlsx csv svg",                                                                \
         .many = false},                                                                           \
    {                                                                                              \
        "suppress", OPTION_FLAG, NULL,                                                             \
            N_("withhold figures under 5 and what they could be computed from, round to 5"),       \
            .many = false                                                                          \
    }

/* How a kind of result is kept from telling small figures, and how it is put in tables. */
typedef struct Publication {
    void (*suppress)(json_t *result);
    Bulletin *(*bulletin)(const Context *context, const json_t *result);
} Publication;

/* Suppresses, notes --chart for show, writes -o; after an error the result is gone and NULL. */
ErrCode publish(Context *context, const Arguments *arguments, const Publication *publication,
                json_t **result, Err *err) MUST_CHECK;
/* True when --chart was asked for, and drawn. */
bool publish_chart(const Context *context, const Publication *publication, const json_t *result);

/* policy/publish_size.c, publish_course.c, publish_window.c, publish_comparison.c */
extern const Publication PUBLISH_SIZE, PUBLISH_FRONTIER, PUBLISH_FORECAST, PUBLISH_WINDOW,
    PUBLISH_COMPARISON;

/* What was done to the figures that a result says, and why some are not said; NULL otherwise. */
const char *publish_note(const json_t *result);

#endif
