"""What is said of each file of the corpus that is refused, after the name of the file."""

REFUSALS = {
    "csv/neither.csv":
        "byte 0 is not UTF-8; byte 40 is not GB18030",
    "csv/utf8_cut.csv":
        "byte 551 is not UTF-8; byte 28 is not GB18030",
    "csv/utf16_odd.csv":
        "after line 5: byte 608 is not UTF-16LE",
    "csv/lone_quote.csv":
        "line 2: a quote stands where the field neither begins nor ends",
    "csv/open_quote.csv":
        "line 2: a quote is opened and never closed",
    "csv/after_quote.csv":
        "line 2: a quote stands where the field neither begins nor ends",
    "csv/many_columns.csv":
        "line 2: the row has more than 1024 columns",
    "csv/long_cell.csv":
        "line 2: the cell holds more than 32767 characters",
    "csv/empty.csv":
        "the file is empty",
    "csv/mark_only.csv":
        "the file holds no rows",
    "csv/blank_lines_only.csv":
        "sheet '1', heading in line 1: required headings are missing: '姓名', '身份证号码' or '手机号码', '技能等级'",
    "csv/headings_only.csv":
        "no row below the heading is filled in",
    "csv/double_heading.csv":
        "sheet '1': two columns are '身份证号码': B1 '身份证号码' and F1 '公民身份号码'",
    "csv/no_level.csv":
        "sheet '1', heading in line 1: required headings are missing: '技能等级'",
    "csv/stranger.csv":
        "sheet '1', heading in line 1: required headings are missing: '姓名', '身份证号码' or '手机号码', '技能等级'",
    "csv/no_heading.csv":
        "sheet '1', heading in line 1: required headings are missing: '姓名', '身份证号码' or '手机号码', '技能等级'",
    "csv/two_forms.csv":
        "the headings fit more than one form: 'enterprise' and 'school'",
    "csv/title_undecided.csv":
        "the headings fit more than one form: 'enterprise' and 'school'",
    "csv/title_date_late.csv":
        "sheet '1', cell A1: the survey date is no date up to today",
    "json/cut.json":
        "item 3, line 1: the file ends in the middle of it",
    "json/tail.json":
        "item 3, line 1: something follows the end of the list",
    "json/empty_array.json":
        "the file holds no answers",
    "json/twice.json":
        "item 1, line 1, column 17: a key stands twice in one object",
    "json/deep.json":
        "item 1, line 1: it is nested too deeply",
    "xlsx/shared_missing.xlsx":
        "sheet '名单': cell A1: the cell's text is not among the workbook's texts",
    "xlsx/doctype.xlsx":
        "sheet '名单': 'xl/worksheets/sheet1.xml' declares a document type (DOCTYPE), which no workbook may",
    "xlsx/laughs.xlsx":
        "'xl/sharedStrings.xml' declares a document type (DOCTYPE), which no workbook may",
    "xlsx/rows_backwards.xlsx":
        "sheet '名单': row 5: the row after it has a wrong number",
    "xlsx/cell_elsewhere.xlsx":
        "sheet '名单': cell A5: this cell or the one after it is out of place",
    "xlsx/no_number.xlsx":
        "sheet '名单': cell A1: the number cannot be read",
    "xlsx/no_sheet_part.xlsx":
        "sheet '名单': the workbook has no part 'xl/worksheets/sheet1.xml'",
    "xlsx/not_xml.xlsx":
        "sheet '名单', after row 0: 'xl/worksheets/sheet1.xml' is damaged at its byte 0: not well-formed (invalid token)",
    "xlsx/cut_xml.xlsx":
        "sheet '名单', after row 4: 'xl/worksheets/sheet1.xml' is damaged at its byte 2267: unclosed token",
    "xlsx/cut.xlsx":
        "the archive is damaged: Not a zip archive",
    "xlsx/flipped_bit.xlsx":
        "sheet '名单', after row 0: xl/worksheets/sheet1.xml: Zlib error: data error",
    "xlsx/leads_out.xlsx":
        "the archive holds a name that leads out of it",
    "xlsx/bomb.xlsx":
        "'xl/sharedStrings.xml' inflates to more than 200 times its size: a zip bomb",
    "xlsx/many_entries.xlsx":
        "the archive has more than 1000 entries",
    "xlsx/no_rows.xlsx":
        "the file holds no rows",
    "xlsx/document.docx":
        "this is a text document (.docx), not an .xlsx",
    "xlsx/slides.pptx":
        "this is a presentation (.pptx), not an .xlsx",
    "xlsx/binary.xlsb":
        "this is a binary workbook (.xlsb), not an .xlsx",
    "xlsx/page_named.xls":
        "this is a web page saved as .xls or .csv",
    "xlsx/spreadsheet_2003.xls":
        "this is an XML file, perhaps an XML Spreadsheet 2003",
    "xlsx/picture.xlsx":
        "this is a picture (.png)",
    "xlsx/libreoffice.ods":
        "this is an OpenDocument file, not an .xlsx",
    "xls/excel95.xls":
        "this is an .xls of Excel 95 or older",
    "xls/password.xls":
        "this is an .xls with a password",
    "xls/cut.xls":
        "the old office file is damaged",
    "xls/head_only.xls":
        "the old office file is damaged",
    "xls/no_workbook.xls":
        "this is an old office file, not an .xls",
    "xls/circle.xls":
        "the old office file is damaged",
    "xls/bare_stream.xls":
        "this is an old .xls",
    "xls/encrypted.xlsx":
        "this is an encrypted .xlsx",
    "packed/cut.csv.gz":
        "the gzip archive is damaged",
    "packed/tail.csv.gz":
        "the gzip archive is damaged",
    "packed/checksum.csv.gz":
        "the gzip archive is damaged",
    "packed/twice.csv.gz.gz":
        "this is a gzip archive",
    "packed/nothing.csv.gz":
        "the file is empty",
    "packed/leads_out.zip":
        "the archive holds a name that leads out of it",
    "packed/second_bad.zip":
        "byte 1 is not UTF-8; byte 1 is not GB18030",
    "packed/picture.zip":
        "this is a picture (.png)",
    "packed/zip_in_zip.zip":
        "this is a zip archive, not an .xlsx",
    "packed/folders_only.zip":
        "the archive holds no file",
    "packed/empty.zip":
        "this is a zip archive, not an .xlsx",
    "packed/locked.zip":
        "'a.csv': the archive is locked with a password",
    "packed/flipped_bit.zip":
        "'a.csv': the archive is damaged: Zlib error: data error",
    "packed/rar.zip":
        "this is a RAR archive",
    "packed/seven.7z":
        "this is a 7z archive",
}
