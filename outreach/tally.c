#include "outreach/tally.h"

#include "base/render.h"

enum { BAR_COLUMNS = 30 };

Tally tally_start(Arena *arena, int64_t whole)
{
    return (Tally){.arena = arena, .whole = whole, .lines = json_array()};
}

void tally_add(Tally *tally, const char *label, int64_t count)
{
    const char *bar = render_bar(tally->arena, count, tally->whole, BAR_COLUMNS);
    json_array_append_new(tally->lines, json_pack("{ss, sI, ss}", "what", label, "count",
                                                  (json_int_t)count, "share", bar));
}

void tally_withheld(Tally *tally, const char *label)
{
    json_array_append_new(tally->lines,
                          json_pack("{ss, ss, ss}", "what", label, "count", "…", "share", ""));
}

void tally_print(Tally *tally, const char *what, const char *count)
{
    const Column columns[] = {{"what", what}, {"count", count}, {"share", N_("share")}, {0}};
    if (json_array_size(tally->lines) > 0)
        render_table(stdout, columns, tally->lines);
    json_decref(tally->lines);
    tally->lines = NULL;
}
