#include "survey/review_show.h"

#include "base/lang.h"
#include "base/render.h"

#include <string.h>

static const Column FACTS[] = {
    {"label", N_("fact")},
    {"people", N_("people")},
    {"filled", N_("not known before")},
    {"replaced", N_("replaced")},
    {"conflicts", N_("new conflicts")},
    {0},
};

static const Column EXAMPLES[] = {
    {"label", N_("fact")},
    {"person", N_("person")},
    {"before", N_("before")},
    {"after", N_("after")},
    {0},
};

static const Column REASONS[] = {{"message", N_("quarantined because")}, {"rows", N_("rows")}, {0}};

static const Column DIFFERS[] = {
    {"what", N_("other than reviewed")}, {"then", N_("then")}, {"now", N_("now")}, {0}};

static const Column COUNTS[] = {
    {"batch", N_("batch")},
    {"state", N_("state")},
    {"file", N_("file")},
    {"rows", N_("rows")},
    {"accepted", N_("accepted")},
    {"quarantined", N_("quarantined")},
    {"preview.forgotten", N_("forgotten")},
    {"preview.people.new", N_("new people")},
    {"preview.people.changed", N_("changed")},
    {"preview.people.unchanged", N_("unchanged")},
    {"preview.conflicts", N_("new conflicts")},
    {0},
};

static long long number_at(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static const char *text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static void table(const Column *columns, const json_t *rows)
{
    if (json_array_size(rows) == 0)
        return;
    fputc('\n', stdout);
    render_table(stdout, columns, rows);
}

static void what_to_do(const json_t *batch)
{
    printf(_("batch %lld waits for review: %s\n"), number_at(batch, "batch"),
           text_at(batch, "why"));
}

static void how_to_decide(long long batch)
{
    printf(_("let it in with 'talent survey accept %lld', or turn it away with 'talent survey "
             "refuse %lld --why TEXT'\n"),
           batch, batch);
}

void review_show(const Context *context, const json_t *batch)
{
    (void)context;
    const json_t *preview = json_object_get(batch, "preview");
    json_t *line = json_pack("[O]", batch);
    render_table(stdout, COUNTS, line);
    json_decref(line);
    table(FACTS, json_object_get(preview, "facts"));
    table(EXAMPLES, json_object_get(preview, "examples"));
    table(REASONS, json_object_get(preview, "reasons"));
    table(DIFFERS, json_object_get(batch, "differs"));
    if (strcmp(text_at(batch, "state"), "staged") == 0) {
        fputc('\n', stdout);
        what_to_do(batch);
        how_to_decide(number_at(batch, "batch"));
    }
}

void review_show_waiting(const json_t *batches)
{
    size_t index;
    json_t *batch;
    json_array_foreach(batches, index, batch)
    {
        if (strcmp(text_at(batch, "state"), "staged") != 0)
            continue;
        what_to_do(batch);
        printf(_("look at it with 'talent survey review %lld'\n"), number_at(batch, "batch"));
    }
}
