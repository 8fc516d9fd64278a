/* policy/rounding.h: figures for analysts in steps of SMALL_FIGURE, so that not even two answers
 *         tell a small one.
 * Shape:  what policy/suppress.h leaves said becomes the nearest multiple of SMALL_FIGURE; what is a
 *         difference or a change becomes that of its two figures as they are said. The result, or
 *         each row of a course, gets `rounded_to`.
 * Units:  people. One figure is rounded one way, whoever asks and however often: to ask again tells
 *         nothing. Whoever asks twice, of almost the same people or on two days, is taken to know
 *         that one answer counts some people more than the other; how many these are has then
 *         SMALL_FIGURE possible values next to one another at least. What many such pairs narrow
 *         down by frequency is for the audit to notice.
 * Errors: none.
 * Source: DESIGN 9; conventional rounding: Hundepohl et al., Statistical Disclosure Control (2012),
 *         chapter 5. */
#ifndef POLICY_ROUNDING_H
#define POLICY_ROUNDING_H

#include <jansson.h>
#include <stdint.h>

int64_t rounded(int64_t people);
void round_figures(json_t *result);

#endif
