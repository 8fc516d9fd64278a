/* data/book.h: cells become a file as an office would hand it in.
 * Shape:  rows × heading_count(questionnaire) cells, row by row.
 * Owns:   nothing; the file is written whole or the call fails.
 * Errors: ERR_IO with the path.
 * Source: ECMA-376 through libxlsxwriter; GB18030 through iconv; KoboToolbox JSON exports. */
#ifndef DATA_BOOK_H
#define DATA_BOOK_H

#include "data/spell.h"

typedef struct Book {
    const Questionnaire *questionnaire;
    const char *path;
    const Written *cells;
    size_t rows;
} Book;

ErrCode book_write_xlsx(const Book *book, Err *err) MUST_CHECK;
ErrCode book_write_csv(const Book *book, Err *err) MUST_CHECK;
ErrCode book_write_kobo(const Book *book, Err *err) MUST_CHECK;

#endif
