/* tests/survey/test_xml_scan.c: the scanner gives what expat gives, or leaves it to expat. */
#include "support/rounds.h"
#include "survey/xml_scan.h"

#include "base/buffer.h"
#include "base/text.h"
#include "support/two_readers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

static const size_t PIECES[] = {1, 7, 0, 1 << 20}; /* 0 = by chance */

typedef struct DocumentCase {
    const char *xml;
    bool left; /* to expat */
} DocumentCase;

static const DocumentCase DOCUMENTS[] = {
    {"<a/>", false},
    {"<a></a >", false},
    {"\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n<a/>\n", false},
    {"<?xml version='1.0' encoding='utf-8'?><a/>", false},
    {"<?xml version='1.0' standalone='no' ?><a/>", false},
    {"<?xml version='1.1'?><a/>", true},
    {"<?xml version='1.0' encoding='GBK'?><a/>", true},
    {"<?xml encoding='UTF-8'?><a/>", true},
    {" <?xml version='1.0'?><a/>", true},
    {"\xFF\xFE<\0a\0/\0>\0", true},
    {"<x:row xmlns:x='u'><x:c r='A1'/></x:row>", false},
    {"<:a/>", false},
    {"<a:b:c/>", false},
    {"<a-b._1 c-d.='x'/>", false},
    {"<张/>", true}, /* a name, but not one that the scanner knows */
    {"<a 张='1'/>", true},
    {"<1a/>", true},
    {"<a b='1' b='2'/>", true},
    {"<a x:b='1' y:b='2'/>", false},
    {"<a b='1'c='2'/>", true},
    {"<a b=1/>", true},
    {"<a b/>", true},
    {"<a b = \"1\"\t c\n=\r'2' />", false},
    {"<a b='<'/>", true},
    {"<a b='>' c=']]>'/>", false},
    {"<a b='&lt;&#65;&#x4E2D;&amp;\"\t\r\n.\r\r\n'/>", false},
    {"<a b='&nbsp;'/>", true},
    {"<a b='&'/>", true},
    {"<a b='&#0;'/>", true},
    {"<a b='1", true},
    {"<a b='1' /", true},
    {"<a / >", true},
    {"<a>&lt;&gt;&amp;&quot;&apos;&#60;&#x3c;&#x3C;&#0065;&#x1F600;&#x10FFFF;</a>", false},
    {"<a>&#x110000;</a>", true},
    {"<a>&#xD800;</a>", true},
    {"<a>&#xFFFE;</a>", true},
    {"<a>&#x;</a>", true},
    {"<a>&#;</a>", true},
    {"<a>&#X41;</a>", true},
    {"<a>&#9;&#10;&#13;&#127;&#128;</a>", false},
    {"<a>&#8;</a>", true},
    {"<a>&lt</a>", true},
    {"<a>&lt ;</a>", true},
    {"<a>&LT;</a>", true},
    {"<a>& </a>", true},
    {"<a>a & b; c</a>", true},
    {"<a>]] ] ]]&gt; ]></a>", false},
    {"<a>]]></a>", true},
    {"<a>x]]]></a>", true},
    {"<a>1\r2\r\n3\n4\r\r\n5</a>", false},
    {"<a><![CDATA[<b>&amp;]] ]>\r\n]]]]><![CDATA[>]]></a>", false},
    {"<a><![CDATA[]]></a>", false},
    {"<a><![CDATA[", true},
    {"<a><![CDATA[x]]", true},
    {"<a><![cdata[x]]></a>", true},
    {"<![CDATA[x]]><a/>", true},
    {"<a/><![CDATA[x]]>", true},
    {"<!-- <a> & ] -->\n<a><!----><!-- - --></a><!---->", false},
    {"<a><!-- -- --></a>", true},
    {"<a><!--->--></a>", false},
    {"<a><!-- --->x</a>", true},
    {"<a><!-- x</a>", true},
    {"<a><!- x --></a>", true},
    {"<?p?><a><?p-i x=1 ? > ?></a><?q ?>", false},
    {"<a><?xml version='1.0'?></a>", true},
    {"<a><?XmL x?></a>", true},
    {"<a><?xml-stylesheet x?></a>", false},
    {"<a><?"
     "?></a>",
     true},
    {"<a><?p", true},
    {"<a><?p?x?></a>", true},
    {"<a><?1?></a>", true},
    {"<!DOCTYPE a><a/>", true},
    {"<!DOCTYPE a [<!ENTITY b 'x'>]><a>&b;</a>", true},
    {"<a><!ELEMENT b></a>", true},
    {"<a><b></a></b>", true},
    {"<a><b></a>", true},
    {"<a>", true},
    {"</a>", true},
    {"<a/></a>", true},
    {"<a/><b/>", true},
    {"<a/>x", true},
    {"x<a/>", true},
    {"<a/>&#32;", true},
    {"", true},
    {" \n", true},
    {"<", true},
    {"<a", true},
    {"<a/", true},
    {"< a/>", true},
    {"<a></ a>", true},
    {"<a></a", true},
    {"<a></ab>", true},
    {"<ab></a>", true},
    {"<a>\x01</a>", true},
    {"<a b='\x1F'/>", true},
    {"<a>\x7F\xC2\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBD\xF4\x8F\xBF\xBF</a>", false},
    {"<a>\xC3</a>", true},
    {"<a>\xC0\x80</a>", true},
    {"<a>\xE0\x9F\xBF</a>", true},
    {"<a>\xED\xA0\x80</a>", true},
    {"<a>\xEF\xBF\xBE</a>", true},
    {"<a>\xEF\xBF\xBF</a>", true},
    {"<a>\xF0\x8F\xBF\xBF</a>", true},
    {"<a>\xF4\x90\x80\x80</a>", true},
    {"<a>\xF8\x88\x80\x80\x80</a>", true},
    {"<a>张三 𠮷</a><!-- \xE5\xBC\x80", true},
};

static void documents_are_read_as_by_expat_or_left_to_it(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    for (size_t i = 0; i < sizeof DOCUMENTS / sizeof *DOCUMENTS; i++) {
        const char *xml = DOCUMENTS[i].xml;
        size_t length = xml[0] == '\xFF' ? 10 : strlen(xml);
        for (size_t p = 0; p < sizeof PIECES / sizeof *PIECES; p++) {
            bool left = false;
            const char *difference = scans_differ(arena, xml, length, PIECES[p], &left);
            if (difference || left != DOCUMENTS[i].left)
                fail_msg("%s\nin pieces of %zu: %s", xml, PIECES[p],
                         difference ? difference
                         : left     ? "left to expat"
                                    : "not left to expat");
        }
    }
}

static uint64_t next_chance(uint64_t *chance) /* splitmix64 */
{
    uint64_t mixed = *chance += 0x9E3779B97F4A7C15;
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
    return mixed ^ mixed >> 31;
}

/* Pieces of XML, from which documents are put together that are sound more often than not. */
static void random_element(Buffer *xml, uint64_t *chance, int depth)
{
    static const char *const NAMES[] = {"a", "row", "x:c", "sheetData", "rPh", "t"};
    static const char *const ATTRIBUTES[] = {
        " r=\"A1\"",      " s='2'",  "\n t = 'x'", " xml:space=\"preserve\"",
        " e='&lt;&#10;'", " w='\t'", "",           "  "};
    static const char *const TEXTS[] = {"张三",     "12.5",    " ",  "\r\n",           "&amp;",
                                        "&#x5F20;", "]",       "]]", "<![CDATA[<&]]>", "é",
                                        "𠮷",       "_x000D_", "\r", "<!-- c - c -->", "<?p i?>",
                                        ">",        "'\"",     ""};
    const char *name = NAMES[next_chance(chance) % 6];
    buffer_printf(xml, "<%s", name);
    uint64_t first = next_chance(chance), count = first % 4;
    for (uint64_t i = 0; i < count; i++)
        buffer_text(xml, ATTRIBUTES[(first / 4 + i) % 8]);
    if (next_chance(chance) % 6 == 0) {
        buffer_text(xml, "/>");
        return;
    }
    buffer_text(xml, ">");
    for (uint64_t i = next_chance(chance) % 4; i > 0; i--) {
        buffer_text(xml, TEXTS[next_chance(chance) % 18]);
        if (depth < 5 && next_chance(chance) % 2)
            random_element(xml, chance, depth + 1);
    }
    buffer_printf(xml, "</%s%s>", name, next_chance(chance) % 8 ? "" : " ");
}

/* Changes a few bytes. */
static void bend(Buffer *xml, uint64_t *chance)
{
    static const char BYTES[] = "<>&;\"'/ =!?-[]\r\n\0\x01\xE5\xBC\x80\xFF:a";
    for (uint64_t i = 1 + next_chance(chance) % 3; i > 0 && xml->length; i--) {
        size_t at = next_chance(chance) % xml->length;
        if (next_chance(chance) % 3)
            xml->bytes[at] = BYTES[next_chance(chance) % (sizeof BYTES - 1)];
        else
            memmove(xml->bytes + at, xml->bytes + at + 1, xml->length-- - at);
    }
}

static void random_documents_are_read_as_by_expat(void **state)
{
    (void)state;
    enum { DOCUMENTS_TRIED = 30000 };
    AUTO_ARENA arena = arena_new(0);
    uint64_t seed = test_seed(), chance = seed;
    int sound = 0, scanned = 0;
    for (int i = 0; i < DOCUMENTS_TRIED; i++) {
        AUTO_BUFFER xml = BUFFER(1 << 24);
        bool left = false, bent = next_chance(&chance) % 3 == 0;
        random_element(&xml, &chance, 0);
        if (bent)
            bend(&xml, &chance);
        const char *difference = scans_differ(arena, xml.bytes, xml.length, PIECES[i % 4], &left);
        if (difference)
            fail_msg("TALENT_TEST_SEED=%llu, document %d, %.*s: %s", (unsigned long long)seed, i,
                     (int)xml.length, xml.bytes, difference);
        sound += !bent;
        scanned += !left;
        arena_reset(arena);
    }
    assert_true(scanned > sound / 2); /* or little was compared */
}

static void bytes_are_sound_where_they_are_utf8_and_xml(void **state)
{
    (void)state;
    static const char BYTES[] =
        "a 1<\n\x0B\x7F\xC2\xC3\xE0\xE5\xED\xEF\xF0\xF4\x80\x8F\x90\x9F\xA0\xBC"
        "\xBE\xBF\xFF";
    uint64_t chance = 1;
    for (int i = 0; i < 300000; i++) {
        char text[24];
        size_t length = next_chance(&chance) % sizeof text, bad = sizeof text;
        bool han = next_chance(&chance) % 2, cut = false;
        for (size_t n = 0; n < length; n++)
            text[n] = han ? "张三李四"[n % 12] : 'a';
        for (size_t n = next_chance(&chance) % 4; length && n > 0; n--)
            text[next_chance(&chance) % length] = BYTES[next_chance(&chance) % (sizeof BYTES - 1)];
        size_t sound = xml_sound(text, length, &cut), expected = length;
        if (!text_valid(text, length, &bad))
            expected = bad;
        for (size_t n = 0; n < expected; n++) {
            bool none = n + 2 < expected && memcmp(text + n, "\xEF\xBF", 2) == 0 &&
                        (unsigned char)text[n + 2] >= 0xBE;
            if (text[n] == '\x0B' || none)
                expected = n;
        }
        assert_int_equal(sound, expected);
        if (sound == length)
            assert_false(cut);
    }
}

/* Feeds a document whole and tells which token ends the scan. */
static ScanToken last_token(const char *xml, size_t length)
{
    XmlScan *scan = calloc(1, sizeof *scan);
    assert_non_null(scan);
    size_t given = 0;
    ScanToken token = SCAN_MORE;
    scan_begin(scan);
    while (token != SCAN_DONE && token != SCAN_STRANGE) {
        token = scan_next(scan);
        if (token != SCAN_MORE)
            continue;
        size_t room;
        char *bytes = scan_room(scan, &room);
        size_t step = length - given < room ? length - given : room;
        if (step)
            memcpy(bytes, xml + given, step);
        given += step;
        scan_filled(scan, step);
    }
    scan_done(scan);
    free(scan);
    return token;
}

static void what_does_not_fit_is_left_to_expat(void **state)
{
    (void)state;
    AUTO_BUFFER xml = BUFFER(16 << 20);
    buffer_text(&xml, "<a b='");
    for (int i = 0; i < SCAN_WINDOW_BYTES; i++)
        buffer_char(&xml, 'x');
    buffer_text(&xml, "'/>");
    assert_int_equal(last_token(xml.bytes, xml.length), SCAN_STRANGE);

    buffer_clear(&xml);
    for (int i = 0; i <= SCAN_DEPTH_MAX; i++)
        buffer_text(&xml, "<a>");
    for (int i = 0; i <= SCAN_DEPTH_MAX; i++)
        buffer_text(&xml, "</a>");
    assert_int_equal(last_token(xml.bytes, xml.length), SCAN_STRANGE);
    assert_int_equal(last_token(xml.bytes + 3, xml.length - 7), SCAN_DONE);

    buffer_clear(&xml);
    buffer_text(&xml, "<a");
    for (int i = 0; i <= SCAN_ATTRIBUTES_MAX; i++)
        buffer_printf(&xml, " b%d=''", i);
    buffer_text(&xml, "/>");
    assert_int_equal(last_token(xml.bytes, xml.length), SCAN_STRANGE);
}

static void a_long_text_comes_in_pieces(void **state)
{
    (void)state;
    AUTO_BUFFER xml = BUFFER(16 << 20);
    AUTO_ARENA arena = arena_new(0);
    bool left = true;
    buffer_text(&xml, "<a>");
    for (int i = 0; i < SCAN_WINDOW_BYTES; i++)
        buffer_text(&xml, "张三");
    buffer_text(&xml, "<![CDATA[");
    for (int i = 0; i < SCAN_WINDOW_BYTES; i++)
        buffer_text(&xml, "]]李");
    buffer_text(&xml, "]]></a>");
    assert_null(scans_differ(arena, xml.bytes, xml.length, 60000, &left));
    assert_false(left);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_are_read_as_by_expat_or_left_to_it),
        cmocka_unit_test(random_documents_are_read_as_by_expat),
        cmocka_unit_test(bytes_are_sound_where_they_are_utf8_and_xml),
        cmocka_unit_test(what_does_not_fit_is_left_to_expat),
        cmocka_unit_test(a_long_text_comes_in_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
