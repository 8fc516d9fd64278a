#include "data/book.h"

#include <jansson.h>

static void kobo_put(json_t *item, Arena *arena, const Heading *heading, const Written *cell)
{
    /* Kobo leaves an unanswered question out, and writes "group/question" for one inside a group.
     */
    if (cell->kind == WRITTEN_EMPTY)
        return;
    const char *key = heading->group ? arena_printf(arena, "%s/%s", heading->group, heading->text)
                                     : heading->text;
    json_object_set_new(item, key, json_string(cell->text));
}

static json_t *kobo_item(const Book *book, Arena *arena, size_t row)
{
    const Questionnaire *questionnaire = book->questionnaire;
    size_t columns = heading_count(questionnaire->headings);
    char day[11];
    date_format(date_of(2012, 9, questionnaire->filled_day), day);
    json_t *item = json_object();
    json_object_set_new(item, "_id", json_integer((json_int_t)(730000 + row)));
    json_object_set_new(
        item, "_uuid", json_string(arena_printf(arena, "6f0c2a10-0912-4b3e-9a55-%012zx", row + 1)));
    json_object_set_new(
        item, "_submission_time",
        json_string(arena_printf(arena, "%sT%02zu:%02zu:00", day, 9 + row / 60 % 8, row % 60)));
    json_object_set_new(item, "_xform_id_string", json_string("school_2012"));
    for (size_t column = 0; column < columns; column++)
        kobo_put(item, arena, &questionnaire->headings[column],
                 &book->cells[row * columns + column]);
    json_object_set_new(item, "_attachments", json_array());
    return item;
}

ErrCode book_write_kobo(const Book *book, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    json_t *items = json_array();
    for (size_t row = 0; row < book->rows; row++)
        json_array_append_new(items, kobo_item(book, arena, row));
    int failed = json_dump_file(items, book->path, JSON_INDENT(1));
    json_decref(items);
    if (failed)
        return err_set(err, ERR_IO, "cannot write '%s'", book->path);
    return OK;
}
