#include "survey/import_form.h"
#include "survey/layout.h"

/* The forms that may be meant, and the first rows of the sheet that is looked at. */
typedef struct Chooser {
    Arena *arena;
    const Form *const *forms;
    size_t form_count;
    Row rows[HEADING_ROWS];
    size_t row_count;
    const Form *nearest; /* of all sheets so far … */
    size_t nearest_score;
    Heading nearest_heading;
    const Form *chosen;
} Chooser;

static ErrCode candidates(const ImportJob *job, Chooser *chooser, Err *err)
{
    if (!job->form)
        return form_load_all(chooser->arena, &chooser->forms, &chooser->form_count, err);
    const Form **one = arena_array(chooser->arena, const Form *, 1);
    TRY(form_load(chooser->arena, job->form, one, err));
    chooser->forms = one;
    chooser->form_count = 1;
    return OK;
}

/* How many of a table's headings are marks of the form. */
static size_t marks_of(const Form *form, const Heading *heading)
{
    size_t marks = 0;
    for (size_t column = 0; column < heading->width; column++)
        marks += text_list_has(&form->marks, heading->keys[column]);
    return marks;
}

/* How well a form fits a sheet of whose headings it knows as many as another: 0 when something
 * required is missing, or none of its marks is there; else one and how many of its marks and of the
 * values above the table it knows too. */
static size_t closeness(const Chooser *chooser, const Form *form)
{
    Heading heading;
    bool found;
    Err ignored = {0};
    if (heading_find(form, chooser->arena, chooser->rows, chooser->row_count, &heading, &found,
                     &ignored) != OK ||
        !found || heading_complete(&heading, chooser->arena, &ignored) != OK)
        return 0;
    size_t marks = marks_of(form, &heading), values = 1 + marks;
    if (form->marks.count > 0 && marks == 0)
        return 0;
    for (Target target = 0; target < TARGET_COUNT; target++)
        values += heading.titles[target].line != 0;
    return values;
}

/* Of forms that know equally many headings the closest one. When all lack something the first is
 * refused later, with what is missing. */
static ErrCode break_tie(Chooser *chooser, const Form *const *equal, size_t count, Err *err)
{
    size_t best = 0;
    const Form *also = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t close = closeness(chooser, equal[i]);
        if (close > best)
            chooser->chosen = equal[i];
        also = close > best ? NULL : close == best && close > 0 ? equal[i] : also;
        best = close > best ? close : best;
    }
    if (!also)
        return OK;
    err_set(err, ERR_INPUT, _("the headings fit more than one form: '%s' and '%s'"),
            chooser->chosen->id, also->id);
    return err_hint(err, _("say which one with --form %s or --form %s"), chooser->chosen->id,
                    also->id);
}

/* Looks at the rows of one sheet; sets chosen when they decide. */
static ErrCode look(Chooser *chooser, Err *err)
{
    chooser->chosen =
        layout_form(chooser->forms, chooser->form_count, chooser->rows, chooser->row_count);
    if (chooser->chosen)
        return OK;
    const Form **equal = arena_array(chooser->arena, const Form *, chooser->form_count);
    size_t best = 0, count = 0;
    for (size_t i = 0; i < chooser->form_count; i++) {
        size_t score =
            heading_score(chooser->forms[i], chooser->arena, chooser->rows, chooser->row_count);
        count = score > best ? 0 : count;
        best = score > best ? score : best;
        if (score == best)
            equal[count++] = chooser->forms[i];
    }
    if (best >= HEADING_LEAST) {
        chooser->chosen = equal[0];
        return count == 1 ? OK : break_tie(chooser, equal, count, err);
    }
    if (chooser->row_count > 0 && (!chooser->nearest || best > chooser->nearest_score)) {
        bool found;
        chooser->nearest = equal[0];
        chooser->nearest_score = best;
        TRY(heading_find(equal[0], chooser->arena, chooser->rows, chooser->row_count,
                         &chooser->nearest_heading, &found, err));
    }
    return OK;
}

static ErrCode refuse(const Chooser *chooser, Err *err)
{
    if (!chooser->nearest) {
        err_set(err, ERR_INPUT, _("the file holds no rows"));
        return err_hint(
            err, _("fill in the questionnaire of 'talent survey form enterprise -o FILE.xlsx'"));
    }
    Heading heading = chooser->nearest_heading;
    for (Target target = 0; target < TARGET_COUNT; target++)
        heading.column_of[target] = COLUMN_NONE;
    return heading_complete(&heading, chooser->arena, err);
}

ErrCode import_choose_form(const ImportJob *job, Arena *arena, Sheet *sheet, FormChoice *ret_choice,
                           Err *err)
{
    Chooser *chooser = arena_alloc(arena, sizeof *chooser);
    chooser->arena = arena;
    TRY(candidates(job, chooser, err));
    AUTO_ARENA beyond = arena_new(0); /* rows that can hold no heading any more */
    bool more = true;
    for (unsigned number = 0; more && !chooser->chosen;) {
        Row row;
        arena_reset(beyond);
        bool full = chooser->row_count == HEADING_ROWS;
        TRY(sheet_next(sheet, full ? beyond : arena, &row, &more, err));
        if (!more || row.sheet != number) {
            if (!full)
                TRY(look(chooser, err));
            if (!more || chooser->chosen)
                break;
            number = row.sheet;
            chooser->row_count = 0;
            full = false;
        }
        if (full)
            continue;
        chooser->rows[chooser->row_count++] = row;
        if (chooser->row_count == HEADING_ROWS)
            TRY(look(chooser, err));
    }
    if (!chooser->chosen)
        return refuse(chooser, err);
    bool found;
    ret_choice->form = chooser->chosen;
    ret_choice->forms = chooser->forms;
    ret_choice->form_count = chooser->form_count;
    return heading_find(chooser->chosen, arena, chooser->rows, chooser->row_count,
                        &ret_choice->heading, &found, err);
}
