/* tests/survey/test_sheet_csv.c: RFC 4180 to the letter, the delimiters and line ends that occur,
 * every ceiling. */
#include "survey/sheet_row.h"

#include "base/buffer.h"
#include "support/sheets.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char *read_text(SheetWorld *world, const char *text)
{
    return sheets_read(world, sheets_file(world, "a.csv", text, strlen(text)), NULL);
}

typedef struct CsvCase {
    const char *text;
    const char *expected;
} CsvCase;

static void assert_cases(SheetWorld *world, const CsvCase *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_string_equal(read_text(world, cases[i].text), cases[i].expected);
}
#define ASSERT_CASES(world, cases) assert_cases((world), (cases), sizeof(cases) / sizeof *(cases))

static void records_are_read_as_rfc_4180_says(void **state)
{
    static const CsvCase CASES[] = {
        {"a,b\r\nc,d\r\n", "1: 'a' 'b'\n2: 'c' 'd'\n"},
        {"a,b\nc,d", "1: 'a' 'b'\n2: 'c' 'd'\n"}, /* no final line end */
        {"a\rb\nc\r\nd", "1: 'a'\n2: 'b'\n3: 'c'\n4: 'd'\n"},
        {"a\n\n\r\n\rb", "1: 'a'\n2:\n3:\n4:\n5: 'b'\n"},
        {",,b,,\n", "1: - - 'b'\n"},
        {"\"\",b\n", "1: - 'b'\n"},
        {"\"a\"\"b\",\"c,d\"\n", "1: 'a\"b' 'c,d'\n"},
        {"\"a\r\nb\",c\nd\n", "1: 'a\r\nb' 'c'\n3: 'd'\n"},
        {"\"a\rb\nc\"\nd", "1: 'a\rb\nc'\n4: 'd'\n"},
        {" a , b\n", "1: ' a ' ' b'\n"},
        {"a,", "1: 'a'\n"},
        {"\xEF\xBB\xBF姓名,\"镇\"\n", "1: '姓名' '镇'\n"},
        {"=\"0123\",\"=\"\"45\"\"\",=1+1\n", "1: ='0123' ='45' '=1+1'\n"},
        {"=\"\",b\n", "1: =- 'b'\n"},
    };
    ASSERT_CASES(*state, CASES);
}

static void misplaced_quotes_are_named_by_line(void **state)
{
#define REWRITE "hint: write the whole field in quotes, and a quote inside it twice\n"
    static const CsvCase CASES[] = {
        {"a\nb,5\" pipe\nc",
         "1: 'a'\nERR_INPUT: line 2: a quote stands where the field neither begins nor "
         "ends\n" REWRITE},
        {"a\n\n\"b\"c\n", "1: 'a'\n2:\nERR_INPUT: line 3: a quote stands where the field neither "
                          "begins nor ends\n" REWRITE},
        {"=a\"b\"\n", "ERR_INPUT: line 1: a quote stands where the field neither begins nor "
                      "ends\n" REWRITE},
        {"a,b\nc,\"d\ne,f\n", "1: 'a' 'b'\nERR_INPUT: line 2: a quote is opened and never closed\n"
                              "hint: close it, or write a quote inside a field twice\n"},
        {"\"", "ERR_INPUT: line 1: a quote is opened and never closed\n"
               "hint: close it, or write a quote inside a field twice\n"},
    };
    ASSERT_CASES(*state, CASES);
}

static void delimiter_is_decided_on_the_first_lines(void **state)
{
    static const CsvCase CASES[] = {
        {"a;b;c\n1;2;3\n", "1: 'a' 'b' 'c'\n2: '1' '2' '3'\n"},
        {"a\tb\n1,5\t2,5\n", "1: 'a' 'b'\n2: '1,5' '2,5'\n"},
        {"2012年调查表\n\na;b\n1;2\n", "1: '2012年调查表'\n2:\n3: 'a' 'b'\n4: '1' '2'\n"},
        {"姓名;工种(焊工,电工,钳工,车工)\n张;电工\n李;焊工\n王;车工\n赵;钳工\n",
         "1: '姓名' '工种(焊工,电工,钳工,车工)'\n2: '张' '电工'\n3: '李' '焊工'\n"
         "4: '王' '车工'\n5: '赵' '钳工'\n"},
        {"a,\"x;y;z\"\nb,\"x;y;z\"\n", "1: 'a' 'x;y;z'\n2: 'b' 'x;y;z'\n"},
        {"sep=;\r\na;b,c,d\r\n", "2: 'a' 'b,c,d'\n"},
        {"a\nb\n", "1: 'a'\n2: 'b'\n"},
    };
    ASSERT_CASES(*state, CASES);
}

static void encodings_are_read_alike(void **state)
{
    SheetWorld *world = *state;
    static const char GB[] = "\xD0\xD5\xC3\xFB,\xD5\xF2\n\xD5\xC5,\xB3\xA4\xB0\xB2\n";
    static const char WIDE[] = "a\0\t\0\x4E\x53\r\0\n\0b\0\t\0\x01\x4E";
    const char *path = sheets_file(world, "gb.csv", GB, sizeof GB - 1);
    assert_string_equal(sheets_read(world, path, NULL), "1: '姓名' '镇'\n2: '张' '长安'\n");
    path = sheets_file(world, "wide.csv", WIDE, sizeof WIDE - 1);
    assert_string_equal(sheets_read(world, path, NULL), "1: 'a' '华'\n2: 'b' '丁'\n");
    path = sheets_file(world, "forced.csv", "\xC4\xA3\n", 3); /* valid in both */
    assert_string_equal(sheets_read(world, path, NULL), "1: 'ģ'\n");
    assert_string_equal(sheets_read(world, path, "gbk"), "1: '模'\n");
}

static void nul_becomes_a_character_that_the_checks_call_damaged(void **state)
{
    SheetWorld *world = *state;
    const char *path = sheets_file(world, "nul.csv", "name,id,c\na\0b,1,2\n", 18);
    assert_string_equal(sheets_read(world, path, NULL),
                        "1: 'name' 'id' 'c'\n2: 'a\uFFFDb' '1' '2'\n");
}

/* A record of `fields` fields, each `characters` times the given one. */
static const char *wide_record(SheetWorld *world, size_t fields, size_t characters, const char *one)
{
    AUTO_BUFFER text = BUFFER(64 << 20);
    buffer_text(&text, "x\n");
    for (size_t f = 0; f < fields; f++) {
        for (size_t c = 0; c < characters; c++)
            buffer_text(&text, one);
        buffer_char(&text, f + 1 < fields ? ',' : '\n');
    }
    const char *path = sheets_file(world, "wide.csv", text.bytes, text.length);
    return sheets_read(world, path, NULL);
}

static void ceilings_hold_to_the_last_character(void **state)
{
    SheetWorld *world = *state;
    assert_null(strstr(wide_record(world, 1, SHEET_CELL_CHARACTERS_MAX, "莞"), "ERR"));
    assert_string_equal(wide_record(world, 1, SHEET_CELL_CHARACTERS_MAX + 1, "莞"),
                        "1: 'x'\nERR_LIMIT: line 2: the cell holds more than 32767 characters\n");
    assert_null(strstr(wide_record(world, SHEET_COLUMNS_MAX, 1, "a"), "ERR"));
    assert_string_equal(wide_record(world, SHEET_COLUMNS_MAX + 1, 1, "a"),
                        "1: 'x'\nERR_LIMIT: line 2: the row has more than 1024 columns\n");
    assert_string_equal(wide_record(world, 1000, 9000, "a"),
                        "1: 'x'\nERR_LIMIT: line 2: the row holds more than 8388608 bytes of "
                        "text\n");
    assert_string_equal(wide_record(world, 1, 10 << 20, "a"),
                        "1: 'x'\nERR_LIMIT: line 2: the cell holds more than 32767 characters\n");
}

/* What a writer that follows the RFC makes of any table is read as that table. */
static void written_and_read_is_the_same(void **state)
{
    SheetWorld *world = *state;
    static const char *const PIECES[] = {"a", ",", "\"", "\n", "\r\n", "莞", ";", "\t", " ", "𠮷"};
    unsigned seed = (unsigned)time(NULL);
    print_message("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 300; round++) {
        AUTO_BUFFER file = BUFFER(1 << 20);
        AUTO_BUFFER expected = BUFFER(1 << 20);
        unsigned line = 1;
        buffer_text(&file, "a,b,c,d,e,f,g,h\n");
        buffer_text(&expected, "1: 'a' 'b' 'c' 'd' 'e' 'f' 'g' 'h'\n");
        for (int row = 0; row < 5; row++) {
            unsigned breaks = 0;
            buffer_printf(&expected, "%u:", ++line);
            for (int column = 0; column < 8; column++) {
                buffer_text(&file, column ? ",\"" : "\"");
                buffer_text(&expected, " '");
                for (int piece = 0; piece < 1 + rand() % 6; piece++) {
                    const char *text = PIECES[(size_t)rand() % (sizeof PIECES / sizeof *PIECES)];
                    breaks += strchr(text, '\n') != NULL;
                    buffer_text(&file, *text == '"' ? "\"\"" : text);
                    buffer_text(&expected, text);
                }
                buffer_text(&file, "\"");
                buffer_text(&expected, "'");
            }
            buffer_text(&file, rand() % 2 ? "\r\n" : "\n");
            buffer_text(&expected, "\n");
            line += breaks;
        }
        const char *path = sheets_file(world, "law.csv", file.bytes, file.length);
        assert_string_equal(sheets_read(world, path, "UTF-8"), buffer_string(&expected));
    }
}

/* Lines without a quote are taken whole; with one, field by field. It is the same, wherever the
 * file is cut into pieces. */
static void quoted_or_not_is_the_same(void **state)
{
    enum { LINES = 30000 };
    SheetWorld *world = *state;
    static const char *const FIELDS[] = {"a",   "",    "东莞市", "440524198001010013",
                                         " x ", "𠮷", "=1"};
    static const char *const ENDS[] = {"\n", "\r\n", "\r"};
    AUTO_BUFFER plain = BUFFER(16 << 20), quoted = BUFFER(16 << 20);
    unsigned seed = (unsigned)time(NULL);
    print_message("seed %u\n", seed);
    srand(seed);
    for (int line = 0; line < LINES; line++) {
        const char *end = ENDS[(size_t)rand() % (rand() % 50 ? 2 : 3)];
        for (int column = rand() % 8; column >= 0; column--) {
            const char *field = FIELDS[(size_t)rand() % (sizeof FIELDS / sizeof *FIELDS)];
            buffer_printf(&plain, "%s%s", field, column ? "," : "");
            buffer_printf(&quoted, "\"%s\"%s", field, column ? "," : "");
        }
        buffer_printf(&plain, ",.%s", end); /* so that CR and LF of two lines don't meet */
        buffer_printf(&quoted, ",\".\"%s", end);
    }
    const char *as_plain = sheets_file(world, "plain.csv", plain.bytes, plain.length);
    const char *as_quoted = sheets_file(world, "quoted.csv", quoted.bytes, quoted.length);
    assert_string_equal(sheets_read(world, as_plain, "UTF-8"),
                        sheets_read(world, as_quoted, "UTF-8"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_read_as_rfc_4180_says),
        cmocka_unit_test(misplaced_quotes_are_named_by_line),
        cmocka_unit_test(delimiter_is_decided_on_the_first_lines),
        cmocka_unit_test(encodings_are_read_alike),
        cmocka_unit_test(nul_becomes_a_character_that_the_checks_call_damaged),
        cmocka_unit_test(ceilings_hold_to_the_last_character),
        cmocka_unit_test(written_and_read_is_the_same),
        cmocka_unit_test(quoted_or_not_is_the_same),
    };
    return cmocka_run_group_tests(tests, sheets_setup, sheets_teardown);
}
