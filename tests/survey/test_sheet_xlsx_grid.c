/* tests/survey/test_sheet_xlsx_grid.c: every workbook is the same by the scanner and by expat, its
 * oracle: rows, cells, refusals. */
#include "support/rounds.h"
#include "survey/sheet_xlsx_grid.h"

#include "base/buffer.h"
#include "support/sheets.h"
#include "support/two_readers.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <time.h>

#include <cmocka.h>

static const size_t PIECES[] = {0, 1, 7, 61}; /* 0 = as always */

static uint64_t next_chance(uint64_t *chance) /* splitmix64 */
{
    uint64_t mixed = *chance += 0x9E3779B97F4A7C15;
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
    return mixed ^ mixed >> 31;
}

#define ANY(chance, array) ((array)[next_chance(chance) % (sizeof(array) / sizeof *(array))])

/* A cell: most as programs write them, some as nobody would but may. %s is its place. */
static void random_cell(Buffer *xml, uint64_t *chance, const char *place)
{
    static const char *const PLAIN[] = {
        "<c%s><v>12</v></c>",
        "<c%s s=\"1\"><v>41179</v></c>",
        "<c%s s=\"0\" t=\"s\"><v>0</v></c>",
        "<c%s t=\"s\"><v>2</v></c>",
        "<c%s t=\"inlineStr\"><is><t>张三</t></is></c>",
        "<c%s t=\"inlineStr\"><is><t xml:space=\"preserve\"> a </t></is></c>",
        "<c%s t=\"str\"><v>b</v></c>",
        "<c%s s=\"1\"/>",
        "<c%s t=\"b\"><v>1</v></c>",
        "<c%s t=\"e\"><v>#N/A</v></c>",
        "<c%s t=\"d\"><v>2012-09-27T00:00:00</v></c>",
        "<c%s><v>1.5E-3</v></c>",
    };
    static const char *const ODD[] = {
        "<c%s><f>A1+1</f><v>3</v></c>",
        "<c%s t=\"str\"><f t=\"shared\" si=\"0\"/><v>x&amp;y</v></c>",
        "<c%s><f>A1</f></c>",
        ("<c%s t=\"inlineStr\"><is><r><rPr><b/></rPr><t>甲</t></r><r><t>乙</t></r><rPh><t>x</t>"
         "</rPh><phoneticPr/></is></c>"),
        "<c%s t='s' ><v>\n1 </v ></c >",
        "<c%s t=\"str\"><v>_x000D__x4E2D_ &#x4E2D;</v></c>",
        "<c%s t=\"str\"><v><![CDATA[<&]]>]]</v></c>",
        "<c%s t=\"str\"><v>a<!-- b -->c<?d e?></v></c>",
        "<c%s t=\"str\"><v>\r\n1\r2</v></c>",
        "<c%s t=\"inlineStr\"><is><t/></is></c>",
        "<c%s><v/></c>",
        "<c%s></c>",
        "<c%s t=\"n\" cm=\"1\"><v>0005</v></c>",
        "<x:c%s x:t=\"str\"><x:v>p</x:v></x:c>",
        "<c%s><extLst><ext><v>9</v></ext></extLst></c>",
        "<c%s t=\"&#115;\"><v>1</v></c>",
        "<c%s><v>1</v><v>2</v></c>",
        "<c%s><is><t>1</t></is><v>2</v></c>",
        "<c%s t=\"inlineStr\"><is><t>a</t><t xml:space=\"preserve\"> b</t></is></c>",
    };
    static const char *const WRONG[] = {
        "<c%s t=\"s\"><v>99</v></c>",
        "<c%s><v>1x</v></c>",
        "<c%s t=\"q\"><v>1</v></c>",
        "<c%s s=\"7\"><v>1</v></c>",
        "<c%s><c/></c>",
        "<c%s s=\"1\" s=\"1\"><v>1</v></c>",
        "<c%s><c r=\"F1\"><v>1</v></c></c>",
    };
    const char *form = next_chance(chance) % 5 ? ANY(chance, PLAIN) : ANY(chance, ODD);
    if (next_chance(chance) % 300 == 0)
        form = ANY(chance, WRONG);
    const char *hole = strstr(form, "%s");
    buffer_add(xml, form, (size_t)(hole - form));
    buffer_text(xml, place);
    buffer_text(xml, hole + 2);
}

static void random_row(Buffer *xml, uint64_t *chance, unsigned *line)
{
    static const char *const MARKS[] = {"",       "", "", " hidden='1'", " spans=\"1:3\" ht='15'",
                                        " x:y=''"};
    bool placed = next_chance(chance) % 4 != 0;
    *line += placed && next_chance(chance) % 4 == 0 ? 3 : 1;
    buffer_text(xml, "<row");
    if (placed)
        buffer_printf(xml, " r=\"%u\"", *line);
    buffer_text(xml, ANY(chance, MARKS));
    if (next_chance(chance) % 20 == 0) {
        buffer_text(xml, "/>");
        return;
    }
    buffer_text(xml, ">");
    for (unsigned column = 0; column < 6; column++) {
        char place[32] = "";
        if (next_chance(chance) % 8 == 0)
            continue;
        if (placed)
            snprintf(place, sizeof place, " r=\"%c%u\"", 'A' + (int)column, *line);
        random_cell(xml, chance, place);
    }
    buffer_text(xml, next_chance(chance) % 10 ? "</row>" : "\n <odd/></row >\r\n");
}

static void bend(Buffer *xml, uint64_t *chance)
{
    static const char BYTES[] = "<>&;\"'/ =!?-[]\r\n\x01\xE5\xBC\x80\xFF:a1crvt";
    for (uint64_t i = 1 + next_chance(chance) % 3; i > 0 && xml->length; i--) {
        size_t at = next_chance(chance) % xml->length;
        if (next_chance(chance) % 3)
            xml->bytes[at] = BYTES[next_chance(chance) % (sizeof BYTES - 1)];
        else
            memmove(xml->bytes + at, xml->bytes + at + 1, xml->length-- - at);
    }
}

static void random_strings(Buffer *xml, uint64_t *chance)
{
    static const char *const STRINGS[] = {
        "<si><t>零</t></si>",
        "<si><t xml:space=\"preserve\"> 一_x000D_</t></si>",
        "<si><r><rPr><b/></rPr><t>高</t></r><r><t>级</t></r><rPh sb='0'><t>gao</t></rPh></si>",
        "<si/>",
        "<si><t/></si>",
        "<x:si><x:t>&lt;<![CDATA[x]]></x:t></x:si>",
        "<!-- si --><si ><t>a\r\nb</t></si>\n",
        "<si><t>a</t><si/></si>",
        "<si><r/><si><t>a</t></si></si>",
    };
    for (int i = 0; i < 4; i++)
        buffer_text(xml, STRINGS[next_chance(chance) % (next_chance(chance) % 30 ? 7 : 9)]);
}

static void random_workbooks_are_the_same_by_both(void **state)
{
    enum { BOOKS = 1500, ROWS = 12 };
    SheetWorld *world = *state;
    uint64_t seed = test_seed(), chance = seed;
    for (int i = 0; i < BOOKS; i++) {
        AUTO_ARENA arena = arena_new(0);
        AUTO_BUFFER sheet = BUFFER(1 << 20), strings = BUFFER(1 << 20);
        SheetWorld here = {.arena = arena};
        unsigned line = 0;
        snprintf(here.dir, sizeof here.dir, "%s", world->dir);
        buffer_text(&sheet, i % 2 ? "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" : "");
        buffer_text(&sheet, "<worksheet xmlns:x='y'><dimension ref=\"A1\"/><sheetData>");
        for (int row = 0; row < ROWS; row++)
            random_row(&sheet, &chance, &line);
        buffer_text(&sheet, "</sheetData><legacy a='&lt;'/></worksheet>");
        random_strings(&strings, &chance);
        if (next_chance(&chance) % 3 == 0)
            bend(next_chance(&chance) % 4 ? &sheet : &strings, &chance);
        OddBook book = {.sheet = buffer_string(&sheet),
                        .strings = buffer_string(&strings),
                        .styles = "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs>"};
        const char *difference =
            books_differ(arena, sheets_book(&here, &book), PIECES[next_chance(&chance) % 4]);
        if (difference)
            fail_msg("TALENT_TEST_SEED=%llu, book %d: %s\n%s\n%s", (unsigned long long)seed, i,
                     difference, book.sheet, book.strings);
    }
}

static void every_workbook_of_the_corpus_is_the_same_by_both(void **state)
{
    SheetWorld *world = *state;
    glob_t found;
    assert_int_equal(glob(TALENT_SOURCE "/tests/data/corpus/*/*.xlsx", 0, NULL, &found), 0);
    assert_true(found.gl_pathc > 50);
    for (size_t i = 0; i < found.gl_pathc; i++)
        for (size_t p = 0; p < 2; p++) {
            const char *difference = books_differ(world->arena, found.gl_pathv[i], PIECES[p]);
            if (difference)
                fail_msg("%s, in pieces of %zu: %s", found.gl_pathv[i], PIECES[p], difference);
        }
    globfree(&found);
}

/* Rows before and behind something that only expat reads. */
static void expat_goes_on_where_the_scanner_stopped(void **state)
{
    SheetWorld *world = *state;
    static const char *const ROWS[] = {
        "<row><c><v>1</v></c></row><row><c t=\"str\"><v>\xE5\xBC\xA0</v></c></row><张/><row><c><v>3"
        "</v></c></row>",
        "<row><c><v>1</v></c></row><row><c t=\"str\"><v>\xE5\xBC\xA0</v></c></row><row><c "
        "t='&#110;'"
        "><v>3</v></c></row>",
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        OddBook book = {.rows = ROWS[i]};
        assert_string_equal(sheets_read(world, sheets_book(world, &book), NULL),
                            "S!1: 1\nS!2: '张'\nS!3: 3\n");
    }
}

static void damage_is_told_with_the_row_before_it(void **state)
{
    SheetWorld *world = *state;
    OddBook book = {.rows = "<row><c><v>1</v></c></row><row><c></row>"};
    assert_string_equal(
        sheets_read(world, sheets_book(world, &book), NULL),
        "S!1: 1\nERR_INPUT: sheet 'S', after row 2: 'xl/worksheets/sheet1.xml' is damaged at its "
        "byte 124: mismatched tag\nhint: open the workbook in Excel or WPS and save it again\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_workbooks_are_the_same_by_both),
        cmocka_unit_test(every_workbook_of_the_corpus_is_the_same_by_both),
        cmocka_unit_test(expat_goes_on_where_the_scanner_stopped),
        cmocka_unit_test(damage_is_told_with_the_row_before_it),
    };
    return cmocka_run_group_tests(tests, sheets_setup, sheets_teardown);
}
