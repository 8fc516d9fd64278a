#include "survey/import_report.h"

#include "base/lang.h"

#include <string.h>

ImportReport import_report_new(void)
{
    return (ImportReport){.sheets = json_array(), .unknown_headings = json_array()};
}

void import_report_done(ImportReport *report)
{
    for (ProblemCode code = 0; code < PROBLEM_COUNT; code++)
        json_decref(report->note_cells[code]);
    json_decref(report->sheets);
    json_decref(report->unknown_headings);
    *report = (ImportReport){0};
}

static void add_unknown(ImportReport *report, Arena *arena, const Heading *heading)
{
    for (size_t column = 0; column < heading->width; column++) {
        const char *text = heading->texts[column];
        if (*text == '\0' || heading->columns[column] || form_ignores(heading->form, arena, text))
            continue;
        const char *cell = heading_cell(heading, arena, column);
        json_array_append_new(report->unknown_headings,
                              json_pack("{s:i, s:s, s:s}", "sheet", (int)heading->sheet, "cell",
                                        cell, "heading", text));
    }
}

void import_report_sheet(ImportReport *report, Arena *arena, const Row *rows, size_t count,
                         const Heading *heading)
{
    const Row *first = &rows[0];
    bool hidden = true;
    for (size_t i = 0; i < count; i++)
        hidden &= rows[i].hidden;
    json_t *sheet = json_pack("{s:i, s:s, s:b}", "sheet", (int)first->sheet, "name",
                              first->sheet_name, "used", heading != NULL);
    if (hidden)
        json_object_set_new(sheet, "hidden", json_true());
    if (heading) {
        json_object_set_new(sheet, "heading_line", json_integer(heading->line));
        json_object_set_new(sheet, "headings", json_integer((json_int_t)heading->recognised));
        add_unknown(report, arena, heading);
    }
    json_array_append_new(report->sheets, sheet);
}

void import_report_note(ImportReport *report, Arena *arena, const Row *row, ProblemCode code,
                        const char *cell)
{
    report->notes[code]++;
    if (!report->note_cells[code])
        report->note_cells[code] = json_array();
    if (json_array_size(report->note_cells[code]) >= NOTE_CELLS)
        return;
    const char *where = *cell ? cell : arena_printf(arena, "%u", row->line);
    if (row->sheet > 1)
        where = arena_printf(arena, "%s!%s",
                             heading_sheet_label(arena, row->sheet, row->sheet_name), where);
    json_array_append_new(report->note_cells[code], json_string(where));
}

void import_report_accept(ImportReport *report, Arena *arena, const Row *row,
                          const Checked *checked)
{
    report->accepted++;
    for (Normalised kind = 0; kind < NORMALISED_COUNT; kind++)
        report->normalised[kind] += checked->normalised[kind];
    for (size_t i = 0; i < checked->problem_count; i++)
        import_report_note(report, arena, row, checked->problems[i].code,
                           checked->problems[i].cell);
}

void import_report_add_written(ImportReport *report, const ImportReport *written)
{
    report->accepted += written->accepted;
    report->quarantined += written->quarantined;
    report->forgotten += written->forgotten;
    memcpy(report->forgotten_lines, written->forgotten_lines, sizeof report->forgotten_lines);
    report->people = written->people;
}

static json_t *skipped_json(const ImportReport *report)
{
    json_t *json = json_object();
    for (RowKind kind = ROW_TITLE; kind < ROW_KIND_COUNT; kind++)
        json_object_set_new(json, row_kind_name(kind), json_integer(report->skipped[kind]));
    return json;
}

static json_t *normalised_json(const ImportReport *report)
{
    json_t *json = json_object();
    for (Normalised kind = 0; kind < NORMALISED_COUNT; kind++)
        if (report->normalised[kind] > 0)
            json_object_set_new(json, normalised_name(kind),
                                json_integer(report->normalised[kind]));
    return json;
}

static json_t *notes_json(const ImportReport *report)
{
    json_t *json = json_array();
    for (ProblemCode code = 0; code < PROBLEM_COUNT; code++)
        if (report->notes[code] > 0)
            json_array_append_new(
                json, json_pack("{s:s, s:s, s:I, s:O}", "code", problem_name(code), "message",
                                problem_sentence(code), "count", (json_int_t)report->notes[code],
                                "cells", report->note_cells[code]));
    return json;
}

static json_t *forgotten_json(const ImportReport *report)
{
    json_t *json = json_array();
    for (int64_t i = 0; i < report->forgotten && i < FORGOTTEN_LINES; i++)
        json_array_append_new(json, json_pack("{s:i, s:i}", "sheet",
                                              (int)report->forgotten_lines[i].sheet, "line",
                                              (int)report->forgotten_lines[i].line));
    return json;
}

json_t *import_report_json(const ImportReport *report)
{
    return json_pack("{s:o, s:o, s:o, s:O, s:O, s:I, s:I, s:o}", "skipped", skipped_json(report),
                     "normalised", normalised_json(report), "notes", notes_json(report), "sheets",
                     report->sheets, "unknown_headings", report->unknown_headings, "hidden_rows",
                     (json_int_t)report->hidden_rows, "forgotten", (json_int_t)report->forgotten,
                     "forgotten_lines", forgotten_json(report));
}
