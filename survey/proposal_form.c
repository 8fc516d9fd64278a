/* A proposal told: its columns for a person to look at, and the form file to edit and use. */
#include "survey/proposal.h"

#include "base/lang.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static const char *match_name(Match match)
{
    static const char *const NAMES[] = {"exact", "near", "values", "again", "ignored", "unknown"};
    return NAMES[match];
}

static json_t *samples_json(const ProposedColumn *column)
{
    json_t *samples = json_array();
    for (size_t i = 0; i < column->sample_count; i++)
        json_array_append_new(samples, json_string(column->samples[i]));
    return samples;
}

json_t *proposal_columns_json(const Proposal *proposal)
{
    json_t *columns = json_array();
    for (size_t i = 0; i < proposal->column_count; i++) {
        const ProposedColumn *column = &proposal->columns[i];
        json_t *json = json_pack("{s:s, s:s, s:s, s:o}", "cell",
                                 cell_name(proposal->arena, column->column, column->line),
                                 "heading", column->text, "match", match_name(column->match),
                                 "samples", samples_json(column));
        if (column->synonym) {
            json_t *evidence = json_pack(
                "{s:s, s:s, s:s, s:i, s:I, s:I}", "fact", target_name(column->synonym->target),
                "synonym", column->synonym->text, "of_form", column->form->id, "similarity",
                (int)(column->similarity * 100 + 0.5), "cells", (json_int_t)column->filled, "fit",
                (json_int_t)column->fit);
            json_object_update(json, evidence);
            json_decref(evidence);
        }
        json_array_append_new(columns, json);
    }
    return columns;
}

static bool has_target(const Proposal *proposal, Target target)
{
    for (size_t i = 0; i < proposal->column_count; i++)
        if (proposal_takes(&proposal->columns[i]) && proposal->columns[i].synonym->target == target)
            return true;
    return false;
}

/* The names of a required group that have a column; all of them when none has. */
static json_t *group_json(const Proposal *proposal, const TextList *group, bool *ret_met)
{
    json_t *met = json_array(), *all = json_array();
    for (size_t i = 0; i < group->count; i++) {
        json_array_append_new(all, json_string(group->items[i]));
        if (has_target(proposal, target_find(group->items[i])))
            json_array_append_new(met, json_string(group->items[i]));
    }
    *ret_met = json_array_size(met) > 0;
    json_decref(*ret_met ? all : met);
    return *ret_met ? met : all;
}

static json_t *groups_json(const Proposal *proposal, bool wanted)
{
    json_t *groups = json_array();
    for (size_t i = 0; i < proposal->base->required_count; i++) {
        bool met;
        json_t *group = group_json(proposal, &proposal->base->required[i], &met);
        if (met == wanted)
            json_array_append(groups, group);
        json_decref(group);
    }
    return groups;
}

json_t *proposal_missing_json(const Proposal *proposal)
{
    return groups_json(proposal, false);
}

/* The heading as this workbook writes it, with what its synonym says besides its name. */
static json_t *synonym_json(const ProposedColumn *column)
{
    static const char *const UNITS[] = {"months", "years", "unsaid"};
    const FormHeading *synonym = column->synonym;
    if (synonym->implies == FACT_NONE && !synonym->invert && !synonym->fallback &&
        synonym->unit == UNIT_MONTHS)
        return json_string(column->text);
    json_t *json = json_pack("{s:s}", "heading", column->text);
    if (synonym->implies != FACT_NONE)
        json_object_set_new(json, "implies",
                            json_pack("{s:s}", fact_info(synonym->implies)->name,
                                      word_show(fact_info(synonym->implies)->vocabulary,
                                                synonym->implied, LANG_ZH)));
    if (synonym->invert)
        json_object_set_new(json, "invert", json_true());
    if (synonym->fallback)
        json_object_set_new(json, "fallback", json_true());
    if (synonym->unit != UNIT_MONTHS)
        json_object_set_new(json, "unit", json_string(UNITS[synonym->unit]));
    return json;
}

/* A heading that counts where no better one of the same fact stands: the form keeps it as that. */
static bool is_last_resort(const ProposedColumn *column)
{
    return column->match == MATCH_AGAIN && column->synonym->fallback;
}

static const char *synonym_text(const json_t *synonym)
{
    return json_string_value(json_is_string(synonym) ? synonym
                                                     : json_object_get(synonym, "heading"));
}

/* Adds the heading of a column to its synonyms, unless the same heading stands there already. */
static void add_synonym(Arena *arena, const char *own, const ProposedColumn *column,
                        json_t *synonyms)
{
    size_t i;
    const json_t *synonym;
    bool there = strcmp(form_key(arena, own), column->key) == 0;
    json_array_foreach(synonyms, i, synonym) there |=
        strcmp(form_key(arena, synonym_text(synonym)), column->key) == 0;
    if (!there)
        json_array_append_new(synonyms, synonym_json(column));
}

static json_t *column_json(const Proposal *proposal, const ProposedColumn *column)
{
    const FormColumn *own = form_column(column->form, column->synonym->target);
    json_t *synonyms = json_array();
    json_t *json = json_pack("{s:s, s:s, s:i}", "fact", target_name(own->target), "heading",
                             own->heading, "width", own->width);
    if (own->note)
        json_object_set_new(json, "note", json_string(own->note));
    if (own->text)
        json_object_set_new(json, "text", json_true());
    add_synonym(proposal->arena, own->heading, column, synonyms);
    for (size_t i = 0; i < proposal->column_count; i++)
        if (is_last_resort(&proposal->columns[i]) &&
            proposal->columns[i].synonym->target == own->target)
            add_synonym(proposal->arena, own->heading, &proposal->columns[i], synonyms);
    json_object_set_new(json, "synonyms", synonyms);
    return json;
}

/* The headings of the proposed columns, to be asked as a form is. */
static Form taken_headings(const Proposal *proposal)
{
    FormHeading *headings =
        arena_array(proposal->arena, FormHeading, 2 * proposal->column_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < proposal->column_count; i++) {
        const ProposedColumn *column = &proposal->columns[i];
        if (!proposal_takes(column) && !is_last_resort(column))
            continue;
        const char *own = form_column(column->form, column->synonym->target)->heading;
        headings[count++].key = column->key;
        headings[count++].key = form_key(proposal->arena, own);
    }
    return (Form){.headings = headings, .heading_count = count};
}

static json_t *ignored_json(const Proposal *proposal)
{
    Form taken = taken_headings(proposal);
    json_t *ignored = json_array();
    for (size_t i = 0; i < proposal->column_count; i++)
        if (!form_heading(&taken, proposal->arena, proposal->columns[i].text))
            json_array_append_new(ignored, json_string(proposal->columns[i].text));
    return ignored;
}

/* The headings that no other form has for a fact: by them the new form is told from those. */
static json_t *marks_json(const Proposal *proposal)
{
    json_t *marks = json_array();
    for (size_t i = 0; i < proposal->column_count; i++) {
        Match match = proposal->columns[i].match;
        if (match == MATCH_NEAR || match == MATCH_VALUES || match == MATCH_UNKNOWN)
            json_array_append_new(marks, json_string(proposal->columns[i].text));
    }
    return marks;
}

json_t *proposal_form_json(const Proposal *proposal, const char *id)
{
    json_t *columns = json_array();
    for (size_t i = 0; i < proposal->column_count; i++)
        if (proposal_takes(&proposal->columns[i]))
            json_array_append_new(columns, column_json(proposal, &proposal->columns[i]));
    return json_pack("{s:s, s:s, s:{s:s, s:s}, s:i, s:s, s:o, s:o, s:o, s:o}", "id", id, "about",
                     "Proposed from a workbook: look at each column, and at what is ignored.",
                     "title", "zh", id, "en", id, "credibility", proposal->base->credibility,
                     "words", "words/common.json", "required", groups_json(proposal, true), "marks",
                     marks_json(proposal), "columns", columns, "ignored", ignored_json(proposal));
}

/* A form file may hold someone's edits: it is never written over. */
ErrCode proposal_write(const json_t *form, const char *file, Err *err)
{
    int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 && errno == EEXIST) {
        err_set(err, ERR_REFUSED, _("'%s' exists already"), file);
        return err_hint(err, _("it may hold edits: give another name, or remove it first"));
    }
    if (fd < 0)
        return err_errno(err, ERR_IO, errno, _("cannot write '%s'"), file);
    FILE *stream = fdopen(fd, "w");
    if (!stream) {
        close(fd);
        return err_errno(err, ERR_IO, errno, _("cannot write '%s'"), file);
    }
    bool failed = json_dumpf(form, stream, JSON_INDENT(2)) != 0 || fputc('\n', stream) == EOF;
    failed |= fclose(stream) != 0;
    return failed ? err_errno(err, ERR_IO, errno, _("cannot write '%s'"), file) : OK;
}
