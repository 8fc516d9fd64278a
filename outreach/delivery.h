/* outreach/delivery.h: what became of a campaign's messages, by hour, employer's town, operator and
 * error code.
 * Shape:  four breakdowns of the same messages; each adds up to all of them (asserted).
 * Units:  messages; hours in Asia/Shanghai.
 * Owns:   results are owned by the caller.
 * Errors: ERR_DB, ERR_SEAL, ERR_LIMIT when a campaign has more than DELIVERY_ROWS different hours or
 *         codes, ERR_INTERRUPTED.
 * Source: sql/queries/outreach/report.sql; people/operators.def; issue 5 "Watching". */
#ifndef OUTREACH_DELIVERY_H
#define OUTREACH_DELIVERY_H

#include "base/seal.h"
#include "sql/db.h"

#include <jansson.h>

enum { DELIVERY_ROWS = 5000 };

/* The breakdowns, by their key in the result. */
typedef enum DeliveryBy {
    DELIVERY_HOURS,
    DELIVERY_TOWNS,
    DELIVERY_OPERATORS,
    DELIVERY_ERRORS,
    DELIVERY_COUNT
} DeliveryBy;
const char *delivery_key(DeliveryBy by);   /* "hours" */
const char *delivery_title(DeliveryBy by); /* translated */
const char *delivery_label(DeliveryBy by); /* of its first column, in the source language */

/* {hours, towns, operators, errors}, each an array of {what, messages, <state>: …}; what is null
 * where there is none. */
ErrCode delivery_count(Db *db, const Sealer *sealer, int64_t campaign, json_t **ret_delivery,
                       Err *err) MUST_CHECK;

#endif
