/* tests/base/test_figures.c: tables of figures as .csv, .svg and bars, exactly. */
#include "base/figures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct Place {
    Arena *arena;
    char folder[64];
} Place;

static int setup(void **state)
{
    Arena *arena = arena_new(0);
    Place *place = arena_alloc(arena, sizeof *place);
    place->arena = arena;
    strncat(place->folder, "/tmp/talent-figures-XXXXXX", sizeof place->folder - 1);
    *state = place;
    return mkdtemp(place->folder) ? 0 : 1;
}

static int teardown(void **state)
{
    Place *place = *state;
    int failed = rmdir(place->folder); /* no file and no ".part" is left */
    arena_free(place->arena);
    return failed;
}

/* A part and a whole, with a text that would run as a formula, one that is markup, and a figure
 * that is not said. */
static Bulletin *sample(Arena *arena, FigureShape shape, size_t tables)
{
    Bulletin *bulletin = bulletin_new(arena, "A & B", "note <1>");
    for (size_t i = 0; i < tables; i++) {
        FigureTable *table = bulletin_table(bulletin, i ? "second" : "first", shape);
        const char *labels[] = {"=cmd()", "say \"<b>\"", "长安镇"};
        const Figure figures[][2] = {
            {{true, 1234}, {true, -5}}, {{false, 0}, {true, 7}}, {{true, 617}, {true, 0}}};
        figures_label(bulletin, table, "town");
        figures_series(bulletin, table, "people", true);
        figures_series(bulletin, table, "change", false);
        for (size_t row = 0; row < 3; row++)
            figures_row(bulletin, table, &labels[row], figures[row]);
    }
    return bulletin;
}

static const char *written(Place *place, const Bulletin *bulletin, const char *name)
{
    Err err = {0};
    const char *file = arena_printf(place->arena, "%s/%s", place->folder, name);
    if (bulletin_write(bulletin, file, &err) != OK)
        fail_msg("%s", err.text);
    FILE *in = fopen(file, "r");
    assert_non_null(in);
    char *bytes = arena_alloc(place->arena, 1 << 20);
    bytes[fread(bytes, 1, (1 << 20) - 1, in)] = '\0';
    fclose(in);
    unlink(file);
    return bytes;
}

static void csv_neutralises_formulas_and_marks_what_is_withheld(void **state)
{
    Place *place = *state;
    assert_string_equal(written(place, sample(place->arena, FIGURES_PARTS, 1), "a.csv"),
                        "\xEF\xBB\xBF\"town\",\"people\",\"change\"\r\n"
                        "\"'=cmd()\",1234,-5\r\n"
                        "\"say \"\"<b>\"\"\",…,7\r\n"
                        "\"长安镇\",617,0\r\n");
    const char *two = written(place, sample(place->arena, FIGURES_PARTS, 2), "b.csv");
    assert_non_null(strstr(two, "617,0\r\n\r\n\"second\"\r\n\"town\""));
}

static void svg_escapes_markup_and_draws_only_what_is_known(void **state)
{
    Place *place = *state;
    const char *parts = written(place, sample(place->arena, FIGURES_PARTS, 1), "a.svg");
    assert_non_null(strstr(parts, "A &amp; B"));
    assert_non_null(strstr(parts, "say &quot;&lt;b&gt;&quot;"));
    assert_null(strstr(parts, "<b>"));
    assert_non_null(strstr(parts, "class=\"number\">…</text>"));
    assert_non_null(strstr(parts, ">1,500</text>")); /* the axis ends on a round number */
    const char *course = written(place, sample(place->arena, FIGURES_COURSE, 1), "b.svg");
    size_t areas = 0;
    for (const char *at = course; (at = strstr(at, "<polygon")) != NULL; at++)
        areas++;
    assert_int_equal(areas, 2); /* before the gap and behind it */
}

static void xlsx_is_a_workbook_with_a_chart_for_each_table(void **state)
{
    Place *place = *state;
    Err err = {0};
    const char *file = arena_printf(place->arena, "%s/a.xlsx", place->folder);
    assert_int_equal(bulletin_write(sample(place->arena, FIGURES_PARTS, 2), file, &err), OK);
    FILE *in = fopen(file, "r");
    assert_non_null(in);
    char *bytes = arena_alloc(place->arena, 1 << 20);
    size_t length = fread(bytes, 1, 1 << 20, in);
    fclose(in);
    unlink(file);
    assert_non_null(memmem(bytes, length, "xl/charts/chart2.xml", 20));
}

static void bars_are_as_long_as_their_share(void **state)
{
    Place *place = *state;
    FILE *out = tmpfile();
    char text[4096];
    assert_non_null(out);
    setenv("COLUMNS", "60", 1);
    bulletin_chart(sample(place->arena, FIGURES_PARTS, 1), out);
    unsetenv("COLUMNS");
    rewind(out);
    text[fread(text, 1, sizeof text - 1, out)] = '\0';
    fclose(out);
    assert_non_null(strstr(text, "  =cmd()     1,234  ████████████████████████████████████████\n"));
    assert_non_null(strstr(text, "  say \"<b>\"      …  \n"));
    assert_non_null(strstr(text, "  长安镇       617  ████████████████████\n"));
    assert_non_null(strstr(text, "\nnote <1>\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_neutralises_formulas_and_marks_what_is_withheld),
        cmocka_unit_test(svg_escapes_markup_and_draws_only_what_is_known),
        cmocka_unit_test(xlsx_is_a_workbook_with_a_chart_for_each_table),
        cmocka_unit_test(bars_are_as_long_as_their_share),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
