#include "survey/proposal.h"

#include "base/lang.h"
#include "base/text.h"

enum { CANDIDATES = 3 };
static const double NEAR = 0.5, NEAR_TEXT = 0.6, SHARE_NEAR = 0.5, SHARE_VALUES = 0.8;
enum { VALUES_LEAST = 3 };

bool proposal_takes(const ProposedColumn *column)
{
    return column->match == MATCH_EXACT || column->match == MATCH_NEAR ||
           column->match == MATCH_VALUES;
}

static double share_of(const ProposedColumn *column)
{
    return column->filled ? (double)column->fit / (double)column->filled : 0;
}

/* The column that stands for a fact. */
static ProposedColumn *column_of(const Proposal *proposal, Target target)
{
    for (size_t i = 0; i < proposal->column_count; i++)
        if (proposal_takes(&proposal->columns[i]) && proposal->columns[i].synonym->target == target)
            return &proposal->columns[i];
    return NULL;
}

static void take(const Proposal *proposal, ProposedColumn *column, const Form *form,
                 const FormHeading *synonym)
{
    column->form = form;
    column->synonym = synonym;
    proposal_weigh(proposal, form, synonym, column);
}

/* True for a fact that has a column already, under a heading that is not only its last resort. */
static bool is_settled(const Proposal *proposal, Target target)
{
    const ProposedColumn *column = column_of(proposal, target);
    return column && !column->synonym->fallback;
}

/* Lets a column stand for its fact, and one that did so for want of a better one step back. */
static void settle(const Proposal *proposal, ProposedColumn *column, const ProposedColumn *better)
{
    ProposedColumn *before = column_of(proposal, better->synonym->target);
    if (before)
        before->match = MATCH_AGAIN;
    *column = *better;
}

/* The base form first: of one heading under two facts its meaning is the likelier one. */
static const Form *form_at(const Proposal *proposal, size_t index)
{
    if (index == 0)
        return proposal->base;
    for (size_t i = 0; i < proposal->form_count; i++)
        if (proposal->forms[i] != proposal->base && --index == 0)
            return proposal->forms[i];
    return proposal->base;
}

static void match_exactly(const Proposal *proposal, ProposedColumn *column)
{
    for (size_t i = 0; i < proposal->form_count; i++) {
        const Form *form = form_at(proposal, i);
        const FormHeading *known = form_heading(form, proposal->arena, column->text);
        if (!known)
            continue;
        column->match = MATCH_EXACT;
        column->similarity = 1;
        take(proposal, column, form, known);
        return;
    }
    for (size_t i = 0; i < proposal->form_count; i++)
        if (form_ignores(proposal->forms[i], proposal->arena, column->text))
            column->match = MATCH_IGNORED;
}

/* Of several columns of one fact the better heading stands for it, then the better cells, then the
 * first. */
static bool stands_before(const ProposedColumn *a, const ProposedColumn *b)
{
    if (a->synonym->fallback != b->synonym->fallback)
        return b->synonym->fallback;
    return share_of(a) > share_of(b);
}

static void settle_doubles(const Proposal *proposal)
{
    for (size_t i = 0; i < proposal->column_count; i++)
        for (size_t j = 0; j < i; j++) {
            ProposedColumn *later = &proposal->columns[i], *first = &proposal->columns[j];
            if (later->match != MATCH_EXACT || first->match != MATCH_EXACT ||
                later->synonym->target != first->synonym->target)
                continue;
            if (stands_before(later, first))
                first->match = MATCH_AGAIN;
            else
                later->match = MATCH_AGAIN;
        }
}

static bool anything_goes(Target target)
{
    return target < FACT_COUNT && fact_info((FactId)target)->kind == KIND_TEXT;
}

static bool near_enough(const ProposedColumn *column)
{
    bool by_heading = column->filled == 0 || anything_goes(column->synonym->target);
    return by_heading ? column->similarity >= NEAR_TEXT && column->fit == column->filled
                      : column->similarity >= NEAR && share_of(column) >= SHARE_NEAR;
}

/* The likest heading of a fact that has no column yet, and whose check the cells pass; false when
 * there is none. */
static bool nearest(const Proposal *proposal, const ProposedColumn *column,
                    ProposedColumn *ret_column)
{
    double below = 2; /* the likeness of the candidate before */
    for (int tried = 0; tried < CANDIDATES; tried++) {
        ProposedColumn best = *column;
        best.similarity = 0;
        for (size_t i = 0; i < proposal->form_count; i++) {
            const Form *form = form_at(proposal, i);
            for (size_t h = 0; h < form->heading_count; h++) {
                double alike = heading_similarity(column->key, form->headings[h].key);
                if (alike <= best.similarity || alike >= below ||
                    is_settled(proposal, form->headings[h].target))
                    continue;
                best.similarity = alike;
                best.form = form;
                best.synonym = &form->headings[h];
            }
        }
        if (best.similarity < NEAR)
            return false;
        below = best.similarity;
        take(proposal, &best, best.form, best.synonym);
        if (near_enough(&best)) {
            *ret_column = best;
            return true;
        }
    }
    return false;
}

/* The likest pair first, so that no poorer one takes its fact away. */
static void match_nearly(const Proposal *proposal)
{
    for (;;) {
        ProposedColumn best = {.similarity = 0}, found;
        size_t place = 0;
        for (size_t i = 0; i < proposal->column_count; i++)
            if (proposal->columns[i].match == MATCH_UNKNOWN &&
                nearest(proposal, &proposal->columns[i], &found) &&
                found.similarity > best.similarity) {
                best = found;
                place = i;
            }
        if (best.similarity == 0)
            return;
        best.match = MATCH_NEAR;
        settle(proposal, &proposal->columns[place], &best);
    }
}

/* Facts whose cells nothing else looks like. */
static void match_by_values(const Proposal *proposal)
{
    static const Target TELLING[] = {FACT_ID_NUMBER, FACT_PHONE, FACT_SKILL_LEVEL};
    for (size_t i = 0; i < proposal->column_count; i++)
        for (size_t t = 0; t < sizeof TELLING / sizeof *TELLING; t++) {
            ProposedColumn column = proposal->columns[i];
            const FormColumn *own = form_column(proposal->base, TELLING[t]);
            if (column.match != MATCH_UNKNOWN || !own || is_settled(proposal, TELLING[t]))
                continue;
            take(proposal, &column, proposal->base,
                 form_heading(proposal->base, proposal->arena, own->heading));
            column.match = MATCH_VALUES;
            column.similarity = 0;
            if (column.filled >= VALUES_LEAST && share_of(&column) >= SHARE_VALUES)
                settle(proposal, &proposal->columns[i], &column);
        }
}

const Form *proposal_fits(const Proposal *proposal)
{
    for (size_t f = 0; f < proposal->form_count; f++) {
        const Form *form = proposal->forms[f];
        bool all = true;
        for (size_t i = 0; all && i < proposal->column_count; i++) {
            const ProposedColumn *column = &proposal->columns[i];
            all = form_heading(form, proposal->arena, column->text) ||
                  form_ignores(form, proposal->arena, column->text);
        }
        for (size_t group = 0; all && group < form->required_count; group++) {
            bool met = false;
            for (size_t i = 0; i < form->required[group].count; i++)
                met |= column_of(proposal, target_find(form->required[group].items[i])) != NULL;
            all = met;
        }
        if (all)
            return form;
    }
    return NULL;
}

/* A row of which nothing is understood may hold people: of it nothing is shown. */
static ErrCode refuse_strangers(const Proposal *proposal, const char *file, Err *err)
{
    for (size_t i = 0; i < proposal->column_count; i++)
        if (proposal_takes(&proposal->columns[i]))
            return OK;
    err_set(err, ERR_INPUT, _("no heading of '%s' is like one that a form knows"), file);
    return err_hint(err, _("give it one line in which each column is named once"));
}

ErrCode proposal_read(Arena *arena, const char *file, Date today, Proposal *ret_proposal, Err *err)
{
    Proposal proposal = {.arena = arena, .today = today};
    TRY(form_load_all(arena, &proposal.forms, &proposal.form_count, err));
    TRY(proposal_find_table(&proposal, file, err));
    for (size_t i = 0; i < proposal.column_count; i++)
        match_exactly(&proposal, &proposal.columns[i]);
    settle_doubles(&proposal);
    match_nearly(&proposal);
    match_by_values(&proposal);
    TRY(refuse_strangers(&proposal, file, err));
    for (size_t i = 0; i < proposal.column_count; i++)
        proposal_sample(&proposal, &proposal.columns[i]);
    *ret_proposal = proposal;
    return OK;
}
