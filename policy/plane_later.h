/* policy/plane_later.h: whom time alone makes eligible, among people who are not.
 * Shape:  first who may be, if each condition could choose its own day; of those, who is on some
 *         of a few days that most find open; the rest, few, are judged one by one.
 * Owns:   lives in the arena.
 * Source: DESIGN 6 "later"; policy/judge.c decides. */
#ifndef POLICY_PLANE_LATER_H
#define POLICY_PLANE_LATER_H

#include "policy/plane_scan.h"

enum { PROBES_AT_MOST = 12 + ERAS_AT_MOST };

typedef struct PlaneLater {
    const Policy *policy; /* as it stands on as_of */
    Date as_of;
    PlaneNode may; /* any route */
    PlaneNode any[PROBES_AT_MOST], gate[PROBES_AT_MOST];
    size_t probe_count;
    uint32_t facts; /* bit FACT_x: looked at by the policy */
} PlaneLater;

void plane_later_make(PlaneProgram *program, const Policy *policy, Date as_of, PlaneLater *ret);
/* What the judge says of a person of the chunk; facts is room for theirs, which is all unknown at
 * first and may be used again. */
void plane_later_judge(const PlaneLater *later, const Scan *scan, size_t person, Facts *facts,
                       Judgement *ret);
/* candidates: the gate does not fail, no route is true or unknown. Leaves those who are later. */
void plane_later_find(const PlaneLater *later, Scan *scan, Bits *candidates);

#endif
