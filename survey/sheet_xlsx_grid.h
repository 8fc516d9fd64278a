/* survey/sheet_xlsx_grid.h: the rows of a worksheet, made of its elements and texts, whoever reads
 * the XML: the scanner for speed, expat for what the scanner leaves to it.
 * Shape:  grid_start, grid_end and grid_text in the order of the document; after each of them
 *         look at failure and row_ready.
 * Units:  lines from 1, columns from 0.
 * Owns:   the value being gathered, released by grid_done; rows live in the builder's arena.
 * Errors: failure.code is not OK from the first damage on and names the row or the cell, not the
 *         sheet.
 * Source: ECMA-376 part 1, 18.3.1 (row, c, v, f, is), 18.4 (r, t, rPh). */
#ifndef SURVEY_SHEET_XLSX_GRID_H
#define SURVEY_SHEET_XLSX_GRID_H

#include "survey/sheet_xlsx.h"
#include "survey/xml_scan.h"

enum { GRID_VALUE_BYTES_MAX = 7 * SHEET_CELL_CHARACTERS_MAX };

typedef enum CellType {
    TYPE_NUMBER,
    TYPE_SHARED,
    TYPE_TEXT, /* "str" and "inlineStr" */
    TYPE_BOOL,
    TYPE_ERROR,
    TYPE_DATE,
    TYPE_UNKNOWN,
} CellType;

typedef struct Grid {
    Book *book;
    RowBuilder *builder;
    unsigned line; /* of the row being read, or of the last one */
    bool row_hidden, row_ready;
    bool in_data, in_row, in_cell, in_inline, in_phonetic, in_text;
    size_t column; /* of the cell being read */
    CellType type;
    size_t style;
    bool formula;
    Buffer value;
    Err failure;
} Grid;

void grid_begin(Grid *grid, Book *book); /* also again, for the same sheet from its beginning */
void grid_done(Grid *grid);

void grid_start(Grid *grid, XmlSlice local, const XmlAttribute *attributes, size_t count);
void grid_end(Grid *grid, XmlSlice local);
void grid_text(Grid *grid, const char *bytes, size_t length);

/* The place of a cell that begins; then its end, with all of its value. */
void grid_cell_start(Grid *grid, const ScanCell *mark);
void grid_cell_end(Grid *grid, XmlSlice value);

/* A number of digits only, within max. */
bool grid_number(XmlSlice text, unsigned long max, unsigned long *ret_number);

/* Takes the cell at which the scanner stands, when it is written as nearly all are and whole in the
 * window; false, with nothing taken, when it is any other. */
bool grid_scan_cell(Grid *grid, XmlScan *scan);

#endif
