#include "outreach/report_book.h"

#include "outreach/delivery.h"
#include "outreach/outbox.h"
#include "policy/suppress_json.h"

#include <string.h>

const ReportStage REPORT_STAGE[REPORT_STAGES] = {
    {"surveyed", N_("surveyed")},   {"likely", N_("likely eligible")}, {"told", N_("told")},
    {"delivered", N_("delivered")}, {"replied", N_("replied")},        {"willing", N_("willing")},
};

/* The two columns of suppressed delivery. */
static const ReportStage OUTCOMES[] = {{"delivered", N_("delivered")},
                                       {"not_delivered", N_("not delivered")}};
enum { OUTCOME_COLUMNS = 2 };

/* Small, or told from an earlier figure of the same row by a small difference. */
static bool stage_small(const json_t *row, int stage)
{
    int64_t value = figure_number(row, REPORT_STAGE[stage].key);
    bool small = is_small(value);
    for (int earlier = 0; earlier < stage; earlier++)
        small = small || is_small(value - figure_number(row, REPORT_STAGE[earlier].key));
    return small;
}

static size_t stage_hide(json_t *result, int stage, const bool *withheld)
{
    json_t *towns = figure_child(result, "towns");
    size_t hidden = 0;
    for (size_t at = 0; at < json_array_size(towns); at++) {
        if (!withheld || withheld[at])
            hidden += figure_hide(json_array_get(towns, at), REPORT_STAGE[stage].key);
    }
    if (!withheld)
        hidden += figure_hide(figure_child(result, "total"), REPORT_STAGE[stage].key);
    return hidden;
}

/* A stage whose sum is small is withheld whole. `whole` says which others are. */
static size_t stages_suppress(json_t *result, const bool whole[REPORT_STAGES])
{
    AUTO_ARENA arena = arena_new(0);
    const json_t *towns = figure_child(result, "towns");
    const json_t *total = figure_child(result, "total");
    size_t count = json_array_size(towns), hidden = 0;
    bool *small = arena_array(arena, bool, REPORT_STAGES *(count + 1));
    bool wholly[REPORT_STAGES], *withheld = arena_array(arena, bool, count + 1);
    int64_t *values = arena_array(arena, int64_t, count + 1);
    for (int stage = 0; stage < REPORT_STAGES; stage++) { /* before anything is gone */
        wholly[stage] = whole[stage] || stage_small(total, stage);
        for (size_t at = 0; at < count; at++)
            small[(size_t)stage * count + at] = stage_small(json_array_get(towns, at), stage);
    }
    for (int stage = 0; stage < REPORT_STAGES; stage++) {
        for (size_t at = 0; at < count; at++)
            values[at] = figure_number(json_array_get(towns, at), REPORT_STAGE[stage].key);
        withhold_parts(values, small + (size_t)stage * count, count, withheld);
        hidden += stage_hide(result, stage, wholly[stage] ? NULL : withheld);
    }
    return hidden;
}

/* {what, messages, delivered, not_delivered} of each row. */
static void outcomes_fold(json_t *list)
{
    size_t at;
    json_t *row;
    json_array_foreach(list, at, row)
    {
        int64_t messages = figure_number(row, "messages");
        int64_t delivered = figure_number(row, OUTCOMES[0].key);
        json_t *what = json_incref(figure_child(row, "what"));
        json_object_clear(row);
        json_object_set_new(row, "what", what);
        json_object_set_new(row, "messages", json_integer(messages));
        json_object_set_new(row, OUTCOMES[0].key, json_integer(delivered));
        json_object_set_new(row, OUTCOMES[1].key, json_integer(messages - delivered));
    }
}

static const char *cell_key(size_t column)
{
    return column < OUTCOME_COLUMNS ? OUTCOMES[column].key : "messages";
}

static size_t breakdown_suppress(json_t *list)
{
    AUTO_ARENA arena = arena_new(0);
    const size_t rows = json_array_size(list), width = OUTCOME_COLUMNS + 1;
    int64_t *values = arena_array(arena, int64_t, (rows + 1) * width);
    bool *small = arena_array(arena, bool, (rows + 1) * width);
    bool *withheld = arena_array(arena, bool, (rows + 1) * width);
    const bool *unmoved = arena_array(arena, bool, (rows + 1) * width);
    size_t hidden = 0;
    for (size_t at = 0; at < rows * width; at++) {
        values[at] = figure_number(json_array_get(list, at / width), cell_key(at % width));
        values[rows * width + at % width] += values[at];
    }
    for (size_t at = 0; at < (rows + 1) * width; at++)
        small[at] = is_small(values[at]);
    const Crossing crossing = {.rows = rows,
                               .columns = OUTCOME_COLUMNS,
                               .values = values,
                               .small = small,
                               .moved = unmoved,
                               .withheld = withheld};
    withhold_crossing(&crossing);
    for (size_t at = 0; at < rows * width; at++) {
        if (withheld[at])
            hidden += figure_hide(json_array_get(list, at / width), cell_key(at % width));
    }
    return hidden;
}

/* False when the sums themselves are too small to be said. */
static bool outcomes_sayable(const json_t *list)
{
    int64_t messages = 0, delivered = 0;
    size_t at;
    const json_t *row;
    json_array_foreach(list, at, row)
    {
        messages += figure_number(row, "messages");
        delivered += figure_number(row, OUTCOMES[0].key);
    }
    return !is_small(messages) && !is_small(delivered) && !is_small(messages - delivered);
}

static void report_suppress(json_t *result)
{
    json_t *delivery = figure_child(result, "delivery");
    bool whole[REPORT_STAGES] = {false};
    size_t hidden = 0;
    if (delivery) {
        json_object_del(delivery, delivery_key(DELIVERY_TOWNS));
        whole[2] = whole[3] = !outcomes_sayable(figure_child(delivery, "hours"));
    }
    for (int by = 0; by < DELIVERY_COUNT; by++) {
        json_t *list = figure_child(delivery, delivery_key((DeliveryBy)by));
        if (!list)
            continue;
        outcomes_fold(list);
        hidden += whole[3] ? figures_hide(list) : breakdown_suppress(list);
    }
    hidden += stages_suppress(result, whole);
    figures_mark(result, hidden);
}

static const char *what_text(const json_t *row, const char *key)
{
    const char *text = json_string_value(figure_child(row, key));
    return text ? text : _("(none)");
}

static void towns_table(Bulletin *bulletin, const json_t *result)
{
    FigureTable *table = bulletin_table(bulletin, _("Reach by town"), FIGURES_PARTS);
    size_t at;
    const json_t *town;
    figures_label(bulletin, table, _(delivery_label(DELIVERY_TOWNS)));
    for (int stage = 0; stage < REPORT_STAGES; stage++)
        figures_series(bulletin, table, _(REPORT_STAGE[stage].label),
                       strcmp(REPORT_STAGE[stage].key, "delivered") == 0);
    json_array_foreach(figure_child(result, "towns"), at, town)
    {
        Figure figures[REPORT_STAGES];
        const char *name = json_string_value(figure_child(town, "town"));
        if (!name)
            name = _("(not stated)");
        for (int stage = 0; stage < REPORT_STAGES; stage++)
            figures[stage] = figure_of(figure_child(town, REPORT_STAGE[stage].key));
        figures_row(bulletin, table, &name, figures);
    }
}

/* The states that occur in a breakdown, or the two outcomes of a suppressed one. */
static size_t columns_choose(const json_t *list, ReportStage ret_columns[STATE_COUNT])
{
    size_t count = 0, at;
    const json_t *row;
    if (figure_child(json_array_get(list, 0), OUTCOMES[1].key)) {
        memcpy(ret_columns, OUTCOMES, sizeof OUTCOMES);
        return OUTCOME_COLUMNS;
    }
    for (int state = 0; state < STATE_COUNT; state++) {
        const char *word = message_state_word((MessageState)state);
        int64_t messages = 0;
        json_array_foreach(list, at, row) messages += figure_number(row, word);
        if (messages > 0)
            ret_columns[count++] = (ReportStage){word, message_state_label((MessageState)state)};
    }
    return count;
}

static void delivery_table(Bulletin *bulletin, const json_t *list, DeliveryBy by)
{
    ReportStage columns[STATE_COUNT];
    size_t count = columns_choose(list, columns), at;
    const json_t *row;
    FigureTable *table = bulletin_table(bulletin, delivery_title(by),
                                        by == DELIVERY_HOURS ? FIGURES_COURSE : FIGURES_PARTS);
    figures_label(bulletin, table, _(delivery_label(by)));
    for (size_t column = 0; column < count; column++)
        figures_series(bulletin, table, _(columns[column].label), true);
    figures_series(bulletin, table, _("messages"), false);
    json_array_foreach(list, at, row)
    {
        Figure figures[STATE_COUNT + 1];
        const char *what = what_text(row, "what");
        for (size_t column = 0; column < count; column++)
            figures[column] = figure_of(figure_child(row, columns[column].key));
        figures[count] = figure_of(figure_child(row, "messages"));
        figures_row(bulletin, table, &what, figures);
    }
}

static Bulletin *report_bulletin(const Context *context, const json_t *result)
{
    const char *title = arena_printf(context->arena, "%s, %s, %s",
                                     json_string_value(figure_child(result, "campaign")),
                                     json_string_value(figure_child(result, "policy")),
                                     json_string_value(figure_child(result, "as_of")));
    Bulletin *bulletin = bulletin_new(context->arena, title, publish_note(result));
    towns_table(bulletin, result);
    for (int by = 0; by < DELIVERY_COUNT; by++) {
        const json_t *list =
            figure_child(figure_child(result, "delivery"), delivery_key((DeliveryBy)by));
        if (list)
            delivery_table(bulletin, list, (DeliveryBy)by);
    }
    return bulletin;
}

const Publication PUBLISH_REPORT = {.suppress = report_suppress, .bulletin = report_bulletin};
