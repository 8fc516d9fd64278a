/* outreach/report_book.h: a campaign's report as figures to give away: suppressed, as tables, as a
 * workbook with charts.
 * Shape:  works on the result of `outreach report`: total, towns and delivery.
 * Units:  people and messages.
 * Owns:   the bulletin lives in the context's arena.
 * Errors: none.
 * Source: policy/withhold.h; DESIGN 9 "cells under 5 suppressed together with their complement". */
#ifndef OUTREACH_REPORT_BOOK_H
#define OUTREACH_REPORT_BOOK_H

#include "policy/publish.h"

/* The stages of the report, in order: a key of the result and a label in the source language. */
typedef struct ReportStage {
    const char *key, *label;
} ReportStage;
enum { REPORT_STAGES = 6 };
extern const ReportStage REPORT_STAGE[REPORT_STAGES];

/* Suppressed, delivery is told apart only into delivered and not, and not by town, which the towns
 * say already: figures of two tables could be taken from one another. */
extern const Publication PUBLISH_REPORT;

#endif
