/* Reading a file: sheet by sheet the heading, then each row to an answer, to the quarantine, or
 * counted as no answer. */
#include "survey/date_read.h"
#include "survey/import_run.h"
#include "survey/layout.h"

#include "base/lang.h"
#include "base/text.h"

enum { LOOK_UP_ROWS = 1000, FIRST_SURVEY = 2000 };

/* The sheet that is being read. Its first rows are kept until the heading is found among them. */
typedef struct SheetState {
    Row first[HEADING_ROWS];
    size_t first_count;
    bool decided; /* the heading was looked for */
    bool used;
    bool layout_kept;
    bool asked; /* a follow-up questionnaire */
    Heading heading;
    CheckSetting setting;
} SheetState;

ErrCode import_sheet_date(const ImportJob *job, const Heading *heading, bool date_1904,
                          Arena *arena, Date otherwise, Date *ret_date, Err *err)
{
    const TitleValue *title = &heading->titles[TARGET_SURVEYED_ON];
    if (job->surveyed_on != DATE_NONE || title->line == 0) {
        *ret_date = job->surveyed_on != DATE_NONE ? job->surveyed_on : otherwise;
        return OK;
    }
    Date today = job->context->as_of;
    const char *text = text_trim(arena, text_fold_width(arena, title->cell.text));
    DateRange range = {date_of(FIRST_SURVEY, 1, 1), today, date_1904};
    DateRead read = date_read(&title->cell, text, &range);
    if (read.kind == DATE_READ_DAY && read.date <= today) {
        *ret_date = read.date;
        return OK;
    }
    err_set(err, ERR_INPUT, _("sheet '%s', cell %s: the survey date is no date up to today"),
            heading_sheet_label(arena, heading->sheet, heading->sheet_name),
            cell_name(arena, title->column, title->line));
    return err_hint(err, _("correct it, or give the date with --surveyed-on"));
}

/* The layout of a sheet is kept once a row of it waits. */
static ErrCode keep_layout(ImportRun *run, SheetState *state, Err *err)
{
    if (state->layout_kept)
        return OK;
    state->layout_kept = true;
    Arena *arena = run->row_arena;
    const char *layout = layout_write(arena, &state->heading, state->first, state->first_count,
                                      state->setting.date_1904);
    size_t length;
    const uint8_t *sealed = seal(run->job->context->sealer, arena, layout, strlen(layout), &length);
    import_borrow(run);
    ErrCode code = db_run(
        run->db, QUERY_SURVEY_LAYOUT_INSERT,
        PARAMS(v_int(run->batch), v_int(state->heading.sheet), v_bytes(sealed, length)), NULL, err);
    import_give_back(run);
    return code;
}

/* A mended row that is still wrong goes on waiting: where it was when nothing of it was touched,
 * else as it is now. */
static ErrCode check_and_keep(ImportRun *run, SheetState *state, const Row *given, Err *err)
{
    CheckSetting setting = state->setting;
    Mended mended = {.kind = MENDED_NOT};
    Asked asked = {.refused = PROBLEM_COUNT};
    Checked checked;
    Row whole = *given;
    if (state->asked)
        TRY(asked_read(run, &state->heading, &whole, &asked, err));
    if (setting.own_export)
        TRY(mended_find(run, &state->heading, given, &mended, err));
    if (mended.kind == MENDED_AGAIN) {
        run->report.skipped[ROW_MENDED]++;
        return OK;
    }
    if (mended.kind != MENDED_NOT) {
        setting.surveyed_on = mended.surveyed_on;
        setting.date_fixed = mended.date_fixed;
        setting.credibility = mended.credibility;
    }
    check_row(&setting, run->row_arena, &whole, &checked);
    if (asked.refused != PROBLEM_COUNT)
        asked_refuse(run->row_arena, &state->heading, given, &asked, &checked);
    run->report.rows++;
    run->report.quarantined += checked.quarantined;
    if (checked.quarantined && mended.untouched)
        return OK;
    if (mended.kind == MENDED_WAITS)
        TRY(mended_resolve(run, &mended, given, checked.quarantined, err));
    if (checked.quarantined) {
        TRY(keep_layout(run, state, err));
        WrongRow wrong = {&setting, given, &checked, mended.origin, asked.whom};
        return import_quarantine(run, &wrong, err);
    }
    int credibility = setting.credibility ? setting.credibility : state->heading.form->credibility;
    return import_accept(run, &whole, &checked, credibility, err);
}

static ErrCode take_row(ImportRun *run, SheetState *state, const Row *row, Err *err)
{
    RowKind kind = row_kind(&state->heading, run->row_arena, row);
    if (kind != ROW_ANSWER) {
        run->report.skipped[kind]++;
        return OK;
    }
    run->report.hidden_rows += row->hidden;
    TRY(check_and_keep(run, state, row, err));
    if (run->report.rows % LOOK_UP_ROWS == 0) {
        progress_at(&run->progress, run->report.rows);
        if (command_interrupted)
            return err_set(err, ERR_INTERRUPTED, _("stopped: nothing of this file was imported"));
    }
    return OK;
}

/* A quarantine workbook has a sheet for each form: each sheet is read as the one that knows most of
 * its headings. */
static const Form *form_of_sheet(const ImportRun *run, const SheetState *state)
{
    const Form *best = layout_form(run->forms, run->form_count, state->first, state->first_count);
    if (best)
        return best;
    best = run->form;
    size_t most = heading_score(best, run->file_arena, state->first, state->first_count);
    for (size_t i = 0; i < run->form_count; i++) {
        size_t score =
            heading_score(run->forms[i], run->file_arena, state->first, state->first_count);
        if (score > most)
            best = run->forms[i];
        most = score > most ? score : most;
    }
    return best;
}

static ErrCode decide_heading(ImportRun *run, SheetState *state, Err *err)
{
    state->decided = true;
    TRY(heading_find(form_of_sheet(run, state), run->file_arena, state->first, state->first_count,
                     &state->heading, &state->used, err));
    if (state->first_count > 0)
        import_report_sheet(&run->report, run->file_arena, state->first, state->first_count,
                            state->used ? &state->heading : NULL);
    if (!state->used)
        return OK;
    const Heading *heading = &state->heading;
    TRY(heading_complete(heading, run->file_arena, err));
    state->asked = asked_heading(run->file_arena, &state->heading);
    state->setting =
        (CheckSetting){.heading = heading,
                       .today = run->job->context->as_of,
                       .date_fixed = run->job->surveyed_on != DATE_NONE,
                       .date_1904 = run->date_1904,
                       .own_export = heading->column_of[TARGET_QUARANTINE_KEY] != COLUMN_NONE,
                       .recall = run->recall};
    recall_clear(run->recall);
    TRY(import_sheet_date(run->job, heading, run->date_1904, run->file_arena, run->surveyed_on,
                          &state->setting.surveyed_on, err));
    for (size_t i = 0; i < state->first_count; i++) {
        const Row *row = &state->first[i];
        if (row->line < heading->line)
            run->report.skipped[ROW_TITLE]++;
        else if (row->line <= heading->last)
            run->report.skipped[ROW_HEADING]++;
        else
            TRY(take_row(run, state, row, err));
    }
    return OK;
}

ErrCode import_rows(ImportRun *run, Sheet *sheet, Err *err)
{
    SheetState *state = arena_alloc(run->file_arena, sizeof *state);
    run->recall = recall_new(run->file_arena);
    unsigned number = 0;
    for (;;) {
        Row row;
        bool more;
        bool kept = !state->decided;
        arena_reset(run->row_arena);
        TRY(sheet_next(sheet, kept ? run->file_arena : run->row_arena, &row, &more, err));
        if (!more || row.sheet != number) {
            if (!state->decided)
                TRY(decide_heading(run, state, err));
            if (!more)
                break;
            number = row.sheet;
            *state = (SheetState){.decided = false};
        }
        if (state->decided) {
            if (state->used)
                TRY(take_row(run, state, &row, err));
            continue;
        }
        state->first[state->first_count++] = row;
        if (state->first_count == HEADING_ROWS)
            TRY(decide_heading(run, state, err));
    }
    return import_hand_over(run, err);
}
