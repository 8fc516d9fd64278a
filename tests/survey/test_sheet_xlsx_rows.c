/* tests/survey/test_sheet_xlsx_rows.c: what stands between <sheetData> and </sheetData>, in the
 * variations that programs write, and how damage is named by its cell. */
#include "survey/sheet_row.h"

#include "base/buffer.h"
#include "support/sheets.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

typedef struct RowCase {
    const char *rows;
    const char *expected;
} RowCase;

static void assert_cases(SheetWorld *world, const RowCase *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        OddBook book = {
            .rows = cases[i].rows,
            .strings = "<si><t>零</t></si><si><r><rPr><b/></rPr><t>高</t></r><r><t "
                       "xml:space='preserve'> 级</t></r><rPh sb='0' eb='1'><t>gao</t></rPh></si>"
                       "<si/><si><t>a_x000D_\nb</t></si>",
            .styles = "<numFmts><numFmt numFmtId='164' formatCode='yyyy&quot;年&quot;m&quot;月"
                      "&quot;'/></numFmts><cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
                      "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='164'/><xf "
                      "numFmtId='1'/><xf numFmtId='49'/></cellXfs>",
        };
        assert_string_equal(sheets_read(world, sheets_book(world, &book), NULL), cases[i].expected);
    }
}
#define ASSERT_CASES(world, cases) assert_cases((world), (cases), sizeof(cases) / sizeof *(cases))

static void every_type_of_cell_is_read(void **state)
{
    static const RowCase CASES[] = {
        {"<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c><c r='C1' t='s'>"
         "<v>2</v></c><c r='D1' t='s'><v>3</v></c></row>",
         "S!1: '零' '高 级' - 'a\r\nb'\n"},
        {"<row r='1'><c r='A1' t='inlineStr'><is><r><t>甲</t></r><r><t>乙</t></r><rPh><t>x</t>"
         "</rPh></is></c><c r='B1' t='str'><f>A1</f><v>甲乙</v></c></row>",
         "S!1: '甲乙' ='甲乙'\n"},
        {"<row r='1'><c r='A1'><v>13800138000</v></c><c r='B1' t='n'><v>4.40524198001010E+17</v>"
         "</c><c r='C1' s='3'><v>440524198001010013</v></c><c r='D1' s='4'><v>4405</v></c></row>",
         "S!1: 13800138000 4.40524E+17 440524198001010000 4405\n"},
        {"<row r='1'><c r='A1' s='1'><v>41179</v></c><c r='B1' s='2'><v>41153</v></c><c r='C1' "
         "s='1'><v>60</v></c><c r='D1' t='d'><v>2012-09-27T00:00:00</v></c></row>",
         "S!1: @2012-09-27 @2012-09-01 '1900-02-29' @2012-09-27\n"},
        {"<row r='1'><c r='A1' t='b'><v>1</v></c><c r='B1' t='b'><v>0</v></c><c r='C1' t='e'><f>"
         "NA()</f><v>#N/A</v></c><c r='D1'><f>SUM(A1)</f><v>5</v></c><c r='E1'><f>X</f></c></row>",
         "S!1: ?TRUE ?FALSE =!#N/A =5 =-\n"},
        {"<row r='1'><c r='A1' t='s'><v>0</v></c></row><row r='2'><c r='A2' s='1' t='s'><v>0</v>"
         "</c></row>",
         "S!1: '零'\nS!2: '零'\n"}, /* a text under a date format stays a text */
        {"<row r='1'><c r='A1'><v> 5\n</v></c><c r='B1' t='s'> <v>\n0 </v></c><c r='C1'><v> </v>"
         "</c><c r='D1' t='str'><v> a </v></c></row>",
         "S!1: 5 '零' - ' a '\n"},
        {"<row r='1'><c r='A1' t='inlineStr'><is><t>&lt;a&gt;&#24352;</t></is></c></row>",
         "S!1: '<a>张'\n"},
    };
    ASSERT_CASES(*state, CASES);
}

static void sparse_and_unnumbered_rows_keep_their_places(void **state)
{
    static const RowCase CASES[] = {
        {"<row r='3'><c r='C3'><v>1</v></c><c r='F3'><v>2</v></c></row><row r='9'/>",
         "S!3: - - 1 - - 2\nS!9:\n"},
        {"<row><c><v>1</v></c><c/><c><v>3</v></c></row><row><c><v>4</v></c></row>",
         "S!1: 1 - 3\nS!2: 4\n"},
        {"<row r='5'><c><v>1</v></c></row><row><c r='B6'><v>2</v></c><c><v>3</v></c></row>",
         "S!5: 1\nS!6: - 2 3\n"},
        {"<row r='1' hidden='1'><c><v>1</v></c></row><row r='2' hidden='0'><c><v>2</v></c></row>",
         "S!1h: 1\nS!2: 2\n"},
        {"<row r='1'><c r='A1' s='1'/><c r='B1' s='1'/><c r='XFD1' s='1'/></row>", "S!1:\n"},
        {"<row r='1'><c r='AMJ1'><v>1</v></c></row>", NULL}, /* column 1,024, checked below */
        {"", ""},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        if (CASES[i].expected)
            assert_cases(*state, &CASES[i], 1);
    OddBook last = {.rows = CASES[5].rows};
    const char *read = sheets_read(*state, sheets_book(*state, &last), NULL);
    assert_string_equal(read + strlen(read) - strlen(" - - 1\n"), " - - 1\n");
}

static void damage_is_named_by_its_cell(void **state)
{
    static const RowCase CASES[] = {
        {"<row r='2'><c r='A2'><v>1</v></c></row><row r='2'/>",
         "S!2: 1\nERR_INPUT: sheet 'S': row 2: the row after it has a wrong number\n"},
        {"<row r='0'/>", "ERR_INPUT: sheet 'S': row 0: the row after it has a wrong number\n"},
        {"<row r='1048577'/>", "ERR_INPUT: sheet 'S': row 0: the row after it has a wrong "
                               "number\n"},
        {"<row r='x'/>", "ERR_INPUT: sheet 'S': row 0: the row after it has a wrong number\n"},
        {"<row r='1'><row/></row>", "ERR_INPUT: sheet 'S': row 1: another row begins inside it\n"},
        {"<row r='1'><c r='B1'><v>1</v></c><c r='A1'><v>1</v></c></row>",
         "ERR_INPUT: sheet 'S': cell A1: this cell or the one after it is out of place\n"},
        {"<row r='1'><c r='B1'><v>1</v></c><c r='A1'/></row>",
         "ERR_INPUT: sheet 'S': cell A1: this cell or the one after it is out of place\n"},
        {"<row r='4'><c r='B5'/></row>",
         "ERR_INPUT: sheet 'S': cell B4: this cell or the one after it is out of place\n"},
        {"<row r='1'><c r='B1'><c/></c></row>",
         "ERR_INPUT: sheet 'S': cell B1: this cell or the one after it is out of place\n"},
        {"<row r='1'><c r='F1' t='s'><v>4</v></c></row>",
         "ERR_INPUT: sheet 'S': cell F1: the cell's text is not among the workbook's texts\n"},
        {"<row r='1'><c r='F1' t='s'><v>-1</v></c></row>",
         "ERR_INPUT: sheet 'S': cell F1: the cell's text is not among the workbook's texts\n"},
        {"<row r='1'><c r='F1'><v>12a</v></c></row>",
         "ERR_INPUT: sheet 'S': cell F1: the number cannot be read\n"},
        {"<row r='1'><c r='F1'><v>nan</v></c></row>",
         "ERR_INPUT: sheet 'S': cell F1: the number cannot be read\n"},
        {"<row r='1'><c r='F1'><v>1e999</v></c></row>",
         "ERR_INPUT: sheet 'S': cell F1: the number cannot be read\n"},
        {"<row r='1'><c r='F1'><v>0x10</v></c></row>",
         "ERR_INPUT: sheet 'S': cell F1: the number cannot be read\n"},
        {"<row r='1'><c r='F1' t='z'/></row>",
         "ERR_INPUT: sheet 'S': cell F1: the cell is of an unknown type\n"},
        {"<row r='1'><c r='F1' s='9'/></row>",
         "ERR_INPUT: sheet 'S': cell F1: the cell's style does not exist\n"},
        {"<row r='1'><c r='AMK1'><v>1</v></c></row>",
         "ERR_LIMIT: sheet 'S': cell AMK1: the row has more than 1024 columns\n"},
    };
    ASSERT_CASES(*state, CASES);
}

/* A cell of so many characters, shared or inline. */
static const char *long_cell(SheetWorld *world, size_t characters, const char *one, bool shared)
{
    AUTO_BUFFER text = BUFFER(4 << 20);
    for (size_t i = 0; i < characters; i++)
        buffer_text(&text, one);
    OddBook book = {.rows = "<row r='1'><c r='A1' t='s'><v>0</v></c></row>"};
    if (shared)
        book.strings = arena_printf(world->arena, "<si><t>%s</t></si>", buffer_string(&text));
    else
        book.rows = arena_printf(world->arena,
                                 "<row r='1'><c r='A1' t='inlineStr'><is><t>%s</t></is></c></row>",
                                 buffer_string(&text));
    return sheets_read(world, sheets_book(world, &book), NULL);
}

static void a_cell_holds_what_excel_allows_and_no_more(void **state)
{
    static const char TOO_LONG[] =
        "ERR_LIMIT: sheet 'S': cell A1: the cell holds more than 32767 characters\n";
    for (int shared = 0; shared < 2; shared++) {
        assert_null(strstr(long_cell(*state, SHEET_CELL_CHARACTERS_MAX, "莞", shared), "ERR"));
        assert_null(strstr(long_cell(*state, SHEET_CELL_CHARACTERS_MAX, "_x4E00_", shared), "ERR"));
        assert_string_equal(long_cell(*state, SHEET_CELL_CHARACTERS_MAX + 1, "莞", shared),
                            TOO_LONG);
        const char *far = long_cell(*state, (size_t)10 * SHEET_CELL_CHARACTERS_MAX, "a", shared);
        assert_string_equal(far, shared ? "ERR_LIMIT: 'xl/sharedStrings.xml': a text holds more "
                                          "than 32767 characters\n"
                                        : TOO_LONG);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_of_cell_is_read),
        cmocka_unit_test(sparse_and_unnumbered_rows_keep_their_places),
        cmocka_unit_test(damage_is_named_by_its_cell),
        cmocka_unit_test(a_cell_holds_what_excel_allows_and_no_more),
    };
    return cmocka_run_group_tests(tests, sheets_setup, sheets_teardown);
}
