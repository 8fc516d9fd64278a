"""Workbooks: .xlsx as several writers make it, and bent by hand."""

import datetime
import io
import re

import openpyxl
import xlsxwriter

from table import HEADINGS, PEOPLE, SOUND, TABLE, case, pack, repack

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"


def book(name, content, outcome=SOUND, same=True):
    case("xlsx/" + name, content, outcome, same)


def day(text):
    return datetime.date.fromisoformat(text)


def filled(fill):
    """An openpyxl workbook after fill(workbook, its sheet)."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in TABLE:
        sheet.append(row)
    fill(workbook, sheet)
    out = io.BytesIO()
    workbook.save(out)
    return repack(out.getvalue())


def by_openpyxl():
    def nothing(workbook, sheet):
        pass

    def dates(workbook, sheet):
        for line, person in enumerate(PEOPLE, 2):
            sheet.cell(line, 7).value = day(person[6])
            sheet.cell(line, 10).value = int(person[9])

    def epoch_1904(workbook, sheet):
        workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        dates(workbook, sheet)

    def date_formats(workbook, sheet):
        dates(workbook, sheet)
        for line, code in zip((2, 3, 4), ("yyyy年m月d日", "[$-804]yyyy/m/d;@", "m/d/yy h:mm")):
            sheet.cell(line, 7).number_format = code

    def number_phones(workbook, sheet):
        for line, person in enumerate(PEOPLE, 2):
            sheet.cell(line, 4).value = int(person[3])

    def number_ids(workbook, sheet):
        sheet.cell(2, 3).value = int(PEOPLE[0][2][:17] + "0")
        sheet.cell(3, 3).value = int(PEOPLE[1][2][:17] + "0")
        sheet.cell(3, 3).number_format = "0"

    def cover(workbook, sheet):
        sheet.title = "名单"
        front = workbook.create_sheet("封面", 0)
        front["A1"] = "东莞市高技能人才入户意向调查"
        workbook.create_sheet("空白")

    def two_sheets(workbook, sheet):
        second = workbook.create_sheet("二车间")
        for row in [HEADINGS[::-1], PEOPLE[2][::-1]]:
            second.append(row)
        sheet.delete_rows(4)

    def title(workbook, sheet):
        sheet.insert_rows(1, 2)
        sheet["A1"] = "东莞市高技能人才入户意向调查表"
        sheet.merge_cells("A1:K1")

    def grouped(workbook, sheet):
        sheet.insert_rows(1)
        for place, text in (("A1", "基本情况"), ("F1", "技能情况"), ("H1", "单位情况")):
            sheet[place] = text
        sheet.merge_cells("A1:E1")
        sheet.merge_cells("F1:G1")
        sheet.merge_cells("H1:K1")

    def hidden(workbook, sheet):
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True

    def hidden_sheet(workbook, sheet):
        secret = workbook.create_sheet("草稿")
        secret.append(["随便写的"])
        secret.sheet_state = "veryHidden"

    def far_columns(workbook, sheet):
        sheet.insert_cols(1, 30)

    def sparse(workbook, sheet):
        sheet.insert_rows(3, 40)
        sheet.insert_cols(4, 3)

    def comments(workbook, sheet):
        sheet["C2"].comment = openpyxl.comments.Comment("请核对", "经办")
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = "A1:K4"
        sheet["F2"].hyperlink = "http://example.invalid/"

    def chart(workbook, sheet):
        figure = openpyxl.chart.BarChart()
        figure.add_data(openpyxl.chart.Reference(sheet, min_col=10, min_row=1, max_row=4), titles_from_data=True)
        workbook.create_chartsheet("图", 0).add_chart(figure)

    def errors(workbook, sheet):
        sheet["G2"] = "#N/A"
        sheet["G2"].data_type = "e"

    def truth(workbook, sheet):
        sheet["K1"] = "在莞有无自有居所"
        for line, value in ((2, True), (3, False), (4, True)):
            sheet.cell(line, 11).value = value

    def uncomputed(workbook, sheet):
        sheet["A2"] = '="张"&"伟"'

    def zeros(workbook, sheet):
        sheet["A1"] = "姓名"
        sheet["D2"] = 13800138001
        sheet["D2"].number_format = "00000000000"

    for fill in (nothing, dates, epoch_1904, date_formats, number_phones, cover, two_sheets, title, grouped,
                 hidden, hidden_sheet, far_columns, sparse, comments, chart, zeros):
        book("openpyxl_%s.xlsx" % fill.__name__, filled(fill))
    book("openpyxl_number_ids.xlsx", filled(number_ids),
         "enterprise 3=1+2 | id_scientific@C2 id_damaged@C3", False)
    book("openpyxl_errors.xlsx", filled(errors), "enterprise 3=2+1 | cell_error@G2", False)
    book("openpyxl_truth.xlsx", filled(truth), SOUND + " | | | word:3", False)
    book("openpyxl_uncomputed.xlsx", filled(uncomputed), "enterprise 3=2+1 | name_missing@A2", False)

    lean = openpyxl.Workbook(write_only=True)
    sheet = lean.create_sheet("名单")
    for row in TABLE:
        sheet.append(row)
    out = io.BytesIO()
    lean.save(out)
    book("openpyxl_write_only.xlsx", repack(out.getvalue()))


def by_xlsxwriter():
    for name, options in (("plain", {}), ("constant_memory", {"constant_memory": True}), ("dates_1904", {"date_1904": True})):
        out = io.BytesIO()
        workbook = xlsxwriter.Workbook(out, options)
        sheet = workbook.add_worksheet("名单")
        as_date = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for line, row in enumerate(TABLE):
            for column, text in enumerate(row):
                if line and column == 6 and name == "dates_1904":
                    sheet.write_datetime(line, column, datetime.datetime.fromisoformat(text), as_date)
                else:
                    sheet.write_string(line, column, text)
        workbook.close()
        book("xlsxwriter_%s.xlsx" % name, repack(out.getvalue()))


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def inline(text):
    return '<c t="inlineStr"><is><t>%s</t></is></c>' % escape(text)


def rows_of(table, cell=inline):
    return "".join("<row>%s</row>" % "".join(cell(text) for text in row) for row in table)


def bare(rows, main=MAIN, office=OFFICE, prefix="", more=(), workbook="", head='<?xml version="1.0" encoding="UTF-8"?>',
         encode="utf-8", names=("xl/workbook.xml", "xl/worksheets/sheet1.xml")):
    """The smallest workbook around some rows; names of its elements may carry a prefix."""
    colon = prefix + ":" if prefix else ""
    declare = 'xmlns%s="%s"' % (":" + prefix if prefix else "", main)
    rows = re.sub(r"<(/?)(?=[a-z])", r"<\1" + colon, rows)
    parts = [
        ("_rels/.rels", '<Relationships xmlns="%s"><Relationship Id="rId1" Type="%s/officeDocument" Target="%s"/></Relationships>'
         % (PACKAGE, office, names[0])),
        ("/".join(names[0].split("/")[:-1] + ["_rels", names[0].split("/")[-1] + ".rels"]),
         '<Relationships xmlns="%s"><Relationship Id="rId1" Type="%s/worksheet" Target="/%s"/>'
         '<Relationship Id="rId2" Type="%s/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
         % (PACKAGE, office, names[1], office)),
        (names[0], '<{c}workbook {d} xmlns:r="{o}">{w}<{c}sheets><{c}sheet name="名单" sheetId="1" r:id="rId1"/>'
         '</{c}sheets></{c}workbook>'.format(c=colon, d=declare, o=office, w=workbook)),
        (names[1], "<{c}worksheet {d}><{c}sheetData>{r}</{c}sheetData></{c}worksheet>".format(c=colon, d=declare, r=rows)),
    ]
    given = dict(more)
    parts = [(name, given.pop(name, text)) for name, text in parts] + list(given.items())
    return pack([(name, text if isinstance(text, bytes) else (head + text).encode(encode))
                 for name, text in parts if text is not None])


def by_hand():
    plain = rows_of(TABLE)
    strings = "xl/sharedStrings.xml"
    no_strings = [(strings, '<sst xmlns="%s"/>' % MAIN)]
    book("bare.xlsx", bare(plain, more=no_strings))
    book("strict.xlsx", bare(plain, STRICT, STRICT_OFFICE, more=no_strings))
    book("prefixed.xlsx", bare(plain, prefix="x", more=no_strings))
    book("utf16_parts.xlsx", bare(plain, more=no_strings, head='\ufeff<?xml version="1.0" encoding="UTF-16"?>', encode="utf-16-le"))
    book("odd_names.xlsx", bare(plain, names=("Book.xml", "data/Rows.xml"), more=[("sharedStrings.xml", no_strings[0][1])]))
    rich = lambda text: '<c t="inlineStr"><is><r><rPr><b/></rPr><t>%s</t></r><r><t xml:space="preserve">%s</t></r></is></c>' % (
        escape(text[:1]), escape(text[1:]))
    book("rich_text.xlsx", bare(rows_of(TABLE, rich), more=no_strings))
    phonetic = lambda text: '<c t="inlineStr"><is><t>%s</t><rPh sb="0" eb="1"><t>zhang</t></rPh></is></c>' % escape(text)
    book("phonetic.xlsx", bare(rows_of(TABLE, phonetic), more=no_strings))
    cached = lambda text: '<c t="str"><f>VLOOKUP(1,A:B,2)</f><v>%s</v></c>' % escape(text)
    book("formulas.xlsx", bare(rows_of(TABLE, cached), more=no_strings))
    texts = sorted({text for row in TABLE for text in row})
    shared = "".join("<si><t>%s</t></si>" % escape(text) for text in texts)
    index = lambda text: '<c t="s"><v>%d</v></c>' % texts.index(text)
    book("shared.xlsx", bare(rows_of(TABLE, index), more=[(strings, '<sst xmlns="%s">%s</sst>' % (MAIN, shared))]))
    bits = "".join("<si><r><t>%s</t></r><r><rPr><b/></rPr><t>%s</t></r><phoneticPr fontId='1'/></si>" % (escape(t[:1]), escape(t[1:])) for t in texts)
    book("shared_rich.xlsx", bare(rows_of(TABLE, index), more=[(strings, '<sst xmlns="%s">%s</sst>' % (MAIN, bits))]))
    book("shared_missing.xlsx", bare(rows_of(TABLE, lambda t: '<c t="s"><v>99</v></c>'), more=no_strings), "ERR_INPUT: ?", False)
    escaped = lambda text: inline("".join("_x%04X_" % ord(c) for c in text))
    book("escapes.xlsx", bare(rows_of(TABLE, escaped), more=no_strings))
    placed = "".join('<row r="%d">%s</row>' % (10 * line, "".join(
        inline(text).replace("<c ", '<c r="%s%d" ' % (chr(66 + column), 10 * line)) for column, text in enumerate(row)))
        for line, row in enumerate(TABLE, 1))
    book("placed.xlsx", bare(placed, more=no_strings))
    book("iso_dates.xlsx", bare(rows_of(TABLE, lambda t: '<c t="d"><v>%sT00:00:00</v></c>' % t if re.fullmatch(r"\d{4}-\d\d-\d\d", t) else inline(t)), more=no_strings))
    extended = bare(plain, more=no_strings, workbook='<fileVersion appName="et" lastEdited="3"/><workbookPr/><mc:AlternateContent '
                    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="x15"/></mc:AlternateContent>')
    book("wps_extras.xlsx", extended)

    def refused(name, content, outcome="ERR_INPUT: ?"):
        book(name, content, outcome, False)

    sheet = '<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>'
    refused("doctype.xlsx", bare("", more=[("xl/worksheets/sheet1.xml", '<!DOCTYPE worksheet [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + sheet % (MAIN, inline("&a;")))] + no_strings))
    refused("laughs.xlsx", bare("", more=[(strings, '<!DOCTYPE sst [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><sst>&b;</sst>')]))
    refused("rows_backwards.xlsx", bare('<row r="5"><c><v>1</v></c></row><row r="4"><c><v>1</v></c></row>', more=no_strings))
    refused("cell_elsewhere.xlsx", bare('<row r="5"><c r="A6"><v>1</v></c></row>', more=no_strings))
    refused("no_number.xlsx", bare("<row><c><v>1e</v></c></row>", more=no_strings))
    refused("no_sheet_part.xlsx", bare(plain, more=[("xl/worksheets/sheet1.xml", None)] + no_strings))
    refused("not_xml.xlsx", bare("", more=[("xl/worksheets/sheet1.xml", b"\x00\x01\x02")] + no_strings))
    refused("cut_xml.xlsx", bare("", more=[("xl/worksheets/sheet1.xml", (sheet % (MAIN, plain))[:-60])] + no_strings))
    whole = bare(plain, more=no_strings)
    refused("cut.xlsx", whole[:len(whole) // 2])
    broken = bytearray(whole)
    broken[whole.index(b"xl/worksheets/sheet1.xml") + 80] ^= 0xFF
    refused("flipped_bit.xlsx", bytes(broken))
    refused("leads_out.xlsx", bare(plain, more=[("../../etc/passwd", "x")] + no_strings))
    refused("bomb.xlsx", bare("", more=[(strings, "<sst>" + " " * (24 << 20) + "</sst>")]), "ERR_LIMIT: ?")
    many = bare(plain, more=[("xl/media/%d.png" % i, b"") for i in range(1001)] + no_strings)
    refused("many_entries.xlsx", many, "ERR_LIMIT: ?")
    refused("no_rows.xlsx", bare("", more=no_strings))
    for name, target in (("document.docx", "word/document.xml"), ("slides.pptx", "ppt/presentation.xml"), ("binary.xlsb", "xl/workbook.bin")):
        refused(name, pack([("_rels/.rels", ('<Relationships xmlns="%s"><Relationship Id="r" Type="%s/officeDocument" Target="%s"/></Relationships>' % (PACKAGE, OFFICE, target)).encode())]))
    case("xlsx/xlsx_named.xls", bare(rows_of(TABLE[:1] + TABLE[:0:-1]), more=no_strings), SOUND, True)
    case("xlsx/csv_named.xlsx", "姓名,身份证号码,手机号码,技能等级,工作单位\n张伟,{},13800138001,高级工,厂\n".format(PEOPLE[0][2]).encode(), "enterprise 1=1+0")
    case("xlsx/page_named.xls", b"<html><table><tr><td>x</td></tr></table></html>", "ERR_INPUT: ?")
    case("xlsx/spreadsheet_2003.xls", b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "ERR_INPUT: ?")
    case("xlsx/picture.xlsx", b"\x89PNG\r\n\x1a\n", "ERR_INPUT: ?")
    for name in ("libreoffice.xlsx", "libreoffice_dates.xlsx", "libreoffice_formulas.xlsx"):
        case("xlsx/" + name, None, SOUND, True)
    case("xlsx/libreoffice.ods", None, "ERR_INPUT: ?")


def make():
    by_openpyxl()
    by_xlsxwriter()
    by_hand()
