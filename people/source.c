#include "people/source.h"

ErrCode sources_load(Db *db, Arena *arena, int64_t person, Sources *ret_sources, Err *err)
{
    enum { FIRST = 7 };
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_PEOPLE_ANSWER_SOURCES, PARAMS(v_int(person)), &rows, err));
    Source *items = arena_array(arena, Source, rows_count(rows));
    const Record **records = arena_array(arena, const Record *, rows_count(rows));
    size_t count = 0;
    while (rows_next(rows)) {
        Source *item = &items[count];
        record_read(rows, FIRST, arena, &item->record);
        item->batch = rows_int(rows, 0);
        item->file = arena_strdup(arena, rows_text(rows, 1));
        item->sheet = (unsigned)rows_int(rows, 2);
        item->line = (unsigned)rows_int(rows, 3);
        item->source = arena_strdup(arena, rows_text(rows, 4));
        item->record.surveyed_on = rows_date(rows, 5);
        item->record.credibility = (int)rows_int(rows, 6);
        records[count++] = &item->record;
    }
    *ret_sources = (Sources){items, records, count};
    return OK;
}

json_t *source_json(const Source *source)
{
    return json_pack("{s:I, s:s, s:i, s:i, s:s}", "batch", (json_int_t)source->batch, "file",
                     source->file, "sheet", (int)source->sheet, "line", (int)source->line, "by",
                     source->source);
}
