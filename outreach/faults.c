#include "outreach/faults.h"

#include "base/lang.h"
#include "base/text.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    size_t offset;
} FAULTS[] = {
    {"slow", offsetof(Faults, slow)},       {"503", offsetof(Faults, busy)},
    {"429", offsetof(Faults, throttled)},   {"cut", offsetof(Faults, cut)},
    {"double", offsetof(Faults, doubled)},  {"reorder", offsetof(Faults, reorder)},
    {"lose", offsetof(Faults, lost)},       {"undelivered", offsetof(Faults, undelivered)},
    {"replies", offsetof(Faults, replies)},
};
enum { FAULT_COUNT = sizeof FAULTS / sizeof FAULTS[0] };

ErrCode share_parse(const char *text, double *ret_share, Err *err)
{
    char *end;
    double share = strtod(text, &end);
    if (end > text && *end == '%') {
        share /= 100;
        end++;
    }
    if (end == text || *end || !(share >= 0 && share <= 1))
        return err_set(err, ERR_USAGE, _("'%s' is not a share between 0%% and 100%%"), text);
    *ret_share = share;
    return OK;
}

static ErrCode fault_find(const char *name, size_t *ret_place, Err *err)
{
    const char *names[FAULT_COUNT];
    for (size_t at = 0; at < FAULT_COUNT; at++) {
        names[at] = FAULTS[at].name;
        if (strcmp(FAULTS[at].name, name) == 0) {
            *ret_place = at;
            return OK;
        }
    }
    err_set(err, ERR_USAGE, _("'%s' is not a fault"), name);
    const char *nearest = text_nearest(name, names, FAULT_COUNT);
    return err_hint(err,
                    _("faults are slow, 503, 429, cut, double, reorder, lose, undelivered%s%s"),
                    nearest ? _("; did you mean: ") : "", nearest ? nearest : "");
}

static ErrCode fault_parse(char *item, Faults *faults, Err *err)
{
    char *equals = strchr(item, '=');
    double share = 1;
    if (equals) {
        *equals = '\0';
        TRY(share_parse(equals + 1, &share, err));
    }
    size_t place = 0;
    TRY(fault_find(item, &place, err));
    memcpy((char *)faults + FAULTS[place].offset, &share, sizeof share);
    return OK;
}

ErrCode faults_parse(const char *text, Faults *faults, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    for (const char *rest = text ? text : ""; *rest;) {
        size_t length = strcspn(rest, ",");
        char *item = text_trim(arena, arena_strndup(arena, rest, length));
        if (*item)
            TRY(fault_parse(item, faults, err));
        rest += length + (rest[length] == ',');
    }
    return OK;
}

/* splitmix64: a step of a random sequence. */
static uint64_t next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static double chance(uint64_t *state)
{
    return (double)(next(state) >> 11) / 9007199254740992.0; /* 2^53 */
}

static unsigned between(uint64_t *state, unsigned low, unsigned high)
{
    return low + (unsigned)(chance(state) * (double)(high - low));
}

Fate fate_draw(const Faults *faults, uint64_t message, uint64_t nth)
{
    static const char *const REPLIES[] = {"1", "1", "1", "2", "3", "TD", "谢谢", "１", "退订"};
    uint64_t state = faults->seed * 0x2545f4914f6cdd1du + message + nth * 0x9e3779b9u;
    double draw = chance(&state);
    bool slow = chance(&state) < faults->slow;
    Fate fate = {.delay_ms = slow ? between(&state, 200, 1500) : 0, .taken = true};
    if (draw < faults->busy) {
        fate.kind = FATE_BUSY;
        fate.taken = false;
    } else if (draw < faults->busy + faults->throttled) {
        fate.kind = FATE_THROTTLE;
        fate.taken = false;
    } else if (draw < faults->busy + faults->throttled + faults->cut) {
        fate.kind = FATE_CUT;
        fate.taken = chance(&state) < 0.5;
    }
    fate.delivered = chance(&state) >= faults->undelivered;
    fate.receipts = chance(&state) < faults->lost ? 0 : chance(&state) < faults->doubled ? 2 : 1;
    fate.disordered = chance(&state) < faults->reorder;
    fate.receipt_after_ms = between(&state, 5, fate.disordered ? 800 : 60);
    if (fate.delivered && chance(&state) < faults->replies) {
        fate.reply = REPLIES[next(&state) % (sizeof REPLIES / sizeof REPLIES[0])];
        fate.reply_after_ms = fate.receipt_after_ms + between(&state, 20, 400);
    }
    return fate;
}
