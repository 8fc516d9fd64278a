/* tests/survey/test_sheet_xlsx.c: whole workbooks: as libxlsxwriter writes them, and the dialects
 * that others write. */
#include "survey/sheet.h"

#include "base/buffer.h"
#include "support/sheets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <xlsxwriter.h>

#include <cmocka.h>

#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define STRICT "http://purl.oclc.org/ooxml/spreadsheetml/main"
#define STRICT_OFFICE "http://purl.oclc.org/ooxml/officeDocument/relationships"

/* The questionnaire as an office fills it: a title over merged cells, text and numbers mixed up, a
 * hidden row, a chart between two lists, a hidden list. */
static const char *office_workbook(SheetWorld *world, bool constant_memory)
{
    const char *path = sheets_path(world, "office.xlsx");
    lxw_workbook_options options = {.constant_memory = constant_memory, .tmpdir = world->dir};
    lxw_workbook *book = workbook_new_opt(path, &options);
    lxw_worksheet *list = workbook_add_worksheet(book, "名单");
    lxw_chartsheet *chart = workbook_add_chartsheet(book, "图");
    lxw_worksheet *second = workbook_add_worksheet(book, "二 & <三>");
    lxw_worksheet *hidden = workbook_add_worksheet(book, "字典");
    lxw_format *date = workbook_add_format(book);
    format_set_num_format(date, "yyyy\"年\"m\"月\"d\"日\"");
    lxw_row_col_options hide = {.hidden = LXW_TRUE};
    lxw_datetime day = {2012, 9, 27, 0, 0, 0};

    worksheet_merge_range(list, 0, 0, 0, 3, "入户意向调查表", NULL);
    worksheet_write_string(list, 1, 0, "姓名", NULL);
    worksheet_write_string(list, 1, 1, "身份证号", NULL);
    worksheet_write_string(list, 1, 2, "填表日期", NULL);
    worksheet_write_string(list, 2, 0, "张三", NULL);
    worksheet_write_string(list, 2, 1, "440524188001010014", NULL);
    worksheet_write_datetime(list, 2, 2, &day, date);
    worksheet_set_row_opt(list, 3, LXW_DEF_ROW_HEIGHT, NULL, &hide);
    worksheet_write_number(list, 3, 1, 440524188001010014.0, NULL);
    worksheet_write_formula_str(list, 3, 3, "=A3", NULL, "张三");
    worksheet_write_string(second, 4, 1, "行\n二", NULL);
    worksheet_write_boolean(second, 4, 2, 1, NULL);
    worksheet_write_string(hidden, 0, 0, "高级工", NULL);
    worksheet_hide(hidden);

    lxw_chart *pie = workbook_add_chart(book, LXW_CHART_PIE);
    chart_add_series(pie, "=名单!$A$2:$A$3", "=名单!$B$2:$B$3");
    assert_int_equal(chartsheet_set_chart(chart, pie), LXW_NO_ERROR);
    assert_int_equal(workbook_close(book), LXW_NO_ERROR);
    return path;
}

static void a_workbook_of_an_office_is_read_sheet_by_sheet(void **state)
{
    static const char EXPECTED[] = "名单!1: '入户意向调查表'\n"
                                   "名单!2: '姓名' '身份证号' '填表日期'\n"
                                   "名单!3: '张三' '440524188001010014' @2012-09-27\n"
                                   "名单!4h: - 4.40524E+17 - ='张三'\n"
                                   "二 & <三>!5: - '行\n二' ?TRUE\n"
                                   "字典!1h: '高级工'\n";
    assert_string_equal(sheets_read(*state, office_workbook(*state, false), NULL), EXPECTED);
}

static void tabs_are_counted_with_their_charts(void **state)
{
    SheetWorld *world = *state;
    AUTO_SHEET sheet = NULL;
    Err err;
    assert_int_equal(sheet_open(office_workbook(world, false), NULL, &sheet, &err), OK);
    unsigned seen[8] = {0};
    for (bool more = true; more;) {
        Row row;
        assert_int_equal(sheet_next(sheet, world->arena, &row, &more, &err), OK);
        if (more)
            seen[row.sheet]++;
    }
    assert_int_equal(seen[1], 4);
    assert_int_equal(seen[2], 0); /* the chart */
    assert_int_equal(seen[3], 1);
    assert_int_equal(seen[4], 1);
    assert_string_equal(sheet_info(sheet)->container, "xlsx");
    assert_string_equal(sheet_info(sheet)->encoding, "UTF-8");
    assert_false(sheet_info(sheet)->date_1904);
}

static void inline_strings_are_read_like_shared_ones(void **state)
{
    SheetWorld *world = *state;
    const char *path = sheets_path(world, "inline.xlsx");
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = world->dir};
    lxw_workbook *book = workbook_new_opt(path, &options);
    lxw_worksheet *list = workbook_add_worksheet(book, "S");
    worksheet_write_string(list, 0, 0, " 莞 ", NULL);
    worksheet_write_string(list, 1, 0, "a\tb", NULL);
    assert_int_equal(workbook_close(book), LXW_NO_ERROR);
    assert_string_equal(sheets_read(world, path, NULL), "S!1: ' 莞 '\nS!2: 'a\tb'\n");
}

static void dates_of_the_1904_system_are_the_same_days(void **state)
{
    SheetWorld *world = *state;
    static const char STYLES[] = "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs>";
    static const char *const SWITCHES[] = {"date1904='1'", "date1904='true'", "date1904='0'", ""};
    static const char *const DAYS[] = {"2016-09-28", "2016-09-28", "2012-09-27", "2012-09-27"};
    for (size_t i = 0; i < 4; i++) {
        OddBook book = {.rows = "<row><c s='1'><v>41179</v></c></row>", .styles = STYLES};
        book.workbook = arena_printf(world->arena,
                                     "<workbook xmlns:r='r'><workbookPr %s/><sheets><sheet "
                                     "name='S' r:id='rId1'/></sheets></workbook>",
                                     SWITCHES[i]);
        const char *expected = arena_printf(world->arena, "S!1: @%s\n", DAYS[i]);
        assert_string_equal(sheets_read(world, sheets_book(world, &book), NULL), expected);
    }
}

static void strict_and_prefixed_workbooks_are_read(void **state)
{
    SheetWorld *world = *state;
    static const ZipEntry STRICT_ENTRIES[] = {
        {.name = "_rels/.rels",
         .text = "<Relationships><Relationship Id='a' Type='" STRICT_OFFICE
                 "/officeDocument' Target='/book.xml'/></Relationships>"},
        {.name = "_rels/book.xml.rels",
         .text = "<Relationships><Relationship Id='s' Type='" STRICT_OFFICE
                 "/worksheet' Target='one.xml'/></Relationships>"},
        {.name = "book.xml",
         .text = "<x:workbook xmlns:x='" STRICT "' xmlns:q='" STRICT_OFFICE
                 "' conformance='strict'><x:sheets><x:sheet name='甲' sheetId='1' "
                 "q:id='s'/></x:sheets></x:workbook>"},
        {.name = "One.XML",
         .text =
             "<?xml version='1.0' encoding='UTF-8' standalone='yes'?><x:worksheet xmlns:x='" STRICT
             "'><x:sheetData><x:row r='1'><x:c r='A1' t='inlineStr'><x:is><x:t>莞</x:t></x:is>"
             "</x:c></x:row></x:sheetData></x:worksheet>"},
        {0},
    };
    assert_string_equal(sheets_read(world, sheets_zip(world, "strict.xlsx", STRICT_ENTRIES), NULL),
                        "甲!1: '莞'\n");
    static const char UTF16[] =
        "\xFF\xFE<\0w\0>\0<\0s\0h\0e\0e\0t\0D\0a\0t\0a\0>\0<\0r\0o\0w\0/\0>\0"
        "<\0/\0s\0h\0e\0e\0t\0D\0a\0t\0a\0>\0<\0/\0w\0>";
    ZipEntry entries[5] = {STRICT_ENTRIES[0], STRICT_ENTRIES[1], STRICT_ENTRIES[2]};
    entries[3] = (ZipEntry){.name = "one.xml", .text = UTF16, .length = sizeof UTF16};
    assert_string_equal(sheets_read(world, sheets_zip(world, "utf16.xlsx", entries), NULL),
                        "甲!1:\n");
}

static void workbooks_without_sheets_are_refused(void **state)
{
    static const struct {
        const char *workbook, *expected;
    } CASES[] = {
        {"<workbook/>", "ERR_INPUT: the workbook has no worksheet\n"},
        {"<document/>", "ERR_INPUT: 'xl/workbook.xml': this is not a workbook\n"},
        {"<workbook><sheets><sheet name='S' id='rId9'/></sheets></workbook>",
         "ERR_INPUT: 'xl/workbook.xml': a sheet has no part\n"},
        {"<workbook><sheets><sheet name='S'/></sheets></workbook>",
         "ERR_INPUT: 'xl/workbook.xml': an attribute is missing or too long\n"},
        {"<workbook><sheets>",
         "ERR_INPUT: 'xl/workbook.xml' is damaged at its byte 18: no element found\n"
         "hint: open the workbook in Excel or WPS and save it again\n"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        OddBook book = {.workbook = CASES[i].workbook};
        assert_string_equal(sheets_read(*state, sheets_book(*state, &book), NULL),
                            CASES[i].expected);
    }
}

static void a_sheet_outside_the_file_is_not_fetched(void **state)
{
    static const ZipEntry ENTRIES[] = {
        {.name = "_rels/.rels",
         .text = "<Relationships><Relationship Id='a' Type='x/officeDocument' Target='b.xml'/>"
                 "</Relationships>"},
        {.name = "_rels/b.xml.rels",
         .text = "<Relationships><Relationship Id='s' Type='x/worksheet' TargetMode='External' "
                 "Target='s.xml'/></Relationships>"},
        {.name = "b.xml", .text = "<workbook><sheets><sheet name='S' id='s'/></sheets></workbook>"},
        {.name = "s.xml", .text = "<worksheet/>"},
        {0},
    };
    assert_string_equal(sheets_read(*state, sheets_zip(*state, "outside.xlsx", ENTRIES), NULL),
                        "ERR_INPUT: 'b.xml': a sheet has no part\n");
}

static void broken_xml_names_the_last_sound_row(void **state)
{
    OddBook book = {.sheet = "<worksheet><sheetData><row r='7'><c><v>1</v></c></row><row r='8'><c>"
                             "</row></sheetData></worksheet>"};
    assert_string_equal(
        sheets_read(*state, sheets_book(*state, &book), NULL),
        "S!7: 1\nERR_INPUT: sheet 'S', after row 8: 'xl/worksheets/sheet1.xml' is damaged at its "
        "byte 70: mismatched tag\nhint: open the workbook in Excel or WPS and save it again\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_workbook_of_an_office_is_read_sheet_by_sheet),
        cmocka_unit_test(tabs_are_counted_with_their_charts),
        cmocka_unit_test(inline_strings_are_read_like_shared_ones),
        cmocka_unit_test(dates_of_the_1904_system_are_the_same_days),
        cmocka_unit_test(strict_and_prefixed_workbooks_are_read),
        cmocka_unit_test(workbooks_without_sheets_are_refused),
        cmocka_unit_test(a_sheet_outside_the_file_is_not_fetched),
        cmocka_unit_test(broken_xml_names_the_last_sound_row),
    };
    return cmocka_run_group_tests(tests, sheets_setup, sheets_teardown);
}
