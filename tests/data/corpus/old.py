"""Old workbooks: .xls by xlwt and LibreOffice, and bent by hand."""

import datetime
import io
import struct

import xlwt

from table import PEOPLE, SOUND, TABLE, case

HEAD = struct.pack("<HHH", 0x0809, 16, 0x0600)  # the record with which a workbook of Excel 97 begins


def filled(fill, **options):
    workbook = xlwt.Workbook(encoding="utf-8", **options)
    sheet = workbook.add_sheet("名单", cell_overwrite_ok=True)
    for line, row in enumerate(TABLE):
        for column, text in enumerate(row):
            sheet.write(line, column, text)
    fill(workbook, sheet)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def style(code):
    return xlwt.easyxf(num_format_str=code)


def dates(workbook, sheet):
    for line, person in enumerate(PEOPLE, 1):
        sheet.write(line, 6, datetime.date.fromisoformat(person[6]), style("yyyy/m/d"))
        sheet.write(line, 9, int(person[9]))


def dates_1904(workbook, sheet):
    workbook.dates_1904 = True
    dates(workbook, sheet)


def numbers(workbook, sheet):
    for line, person in enumerate(PEOPLE, 1):
        sheet.write(line, 3, int(person[3]), style("0"))
        sheet.write(line, 9, float(person[9]))


def hidden(workbook, sheet):
    sheet.row(2).hidden = True
    secret = workbook.add_sheet("草稿")
    secret.write(0, 0, "随便写的")
    secret.visibility = 2


def ids(workbook, sheet):
    sheet.write(1, 2, int(PEOPLE[0][2][:17] + "0"))
    sheet.write(2, 2, float(PEOPLE[1][2][:17] + "0"), style("0"))


def errors(workbook, sheet):
    sheet.row(1).set_cell_error(6, 0x2A)
    sheet.write(0, 10, "在莞有无自有居所")
    for line, owns in ((1, True), (2, False), (3, True)):
        sheet.write(line, 10, owns)


def two_sheets(workbook, sheet):
    second = workbook.add_sheet("二车间")
    for line, row in enumerate([TABLE[0], TABLE[3]]):
        for column, text in enumerate(row[::-1]):
            second.write(line, column, text)
    for column in range(len(TABLE[0])):
        sheet.write(3, column, "")


def many_texts(workbook, sheet):
    """More texts than one record holds: the table of texts goes on in CONTINUE records."""
    other = workbook.add_sheet("工种")
    for line in range(400):
        other.write(line, 0, "第%d号工种，说明：" % line + "车工钳工铣工磨工" * (line % 5) + ("x" * (line % 7)))


def record(kind, data):
    return struct.pack("<HH", kind, len(data)) + data


def torn_text(number, text):
    """A text of the shared table that goes on in another record after its first character, where it may change its
    width; every second one is rich, and its runs go on in a third record."""
    rich = number % 2
    begin = struct.pack("<HB", len(text), 1 | 8 * rich) + (struct.pack("<H", 1) if rich else b"") + text[:1].encode("utf-16-le")
    narrow = all(ord(character) < 256 for character in text[1:])
    rest = bytes([not narrow]) + text[1:].encode("latin-1" if narrow else "utf-16-le") if text[1:] else b""
    run = struct.pack("<HH", 0, 1)
    return [begin, rest + run[:2 * rich]] + ([run[2:]] if rich else [])


def torn():
    """A stream of records in which every text is torn, with cells out of order, wrapped in the smallest compound file."""
    texts = [text for row in TABLE for text in row]
    pieces = [struct.pack("<II", len(texts), len(texts))]
    for number, text in enumerate(texts):
        pieces += [piece for piece in torn_text(number, text) if piece]
    shared = record(0x00FC, pieces[0]) + b"".join(record(0x003C, piece) for piece in pieces[1:])
    begin, end = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)), record(0x000A, b"")
    name = "名单".encode("utf-16-le")
    place = len(begin) + 4 + 8 + len(name) + len(shared) + len(end)
    sheet = record(0x0085, struct.pack("<IBBBB", place, 0, 0, 2, 1) + name)
    width = len(TABLE[0])
    cells = [record(0x00FD, struct.pack("<HHHI", i // width, i % width, 0, i)) for i in range(len(texts))]
    stream = begin + sheet + shared + end + begin + b"".join(cells[::-1]) + end
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    count = len(stream) // 512
    fat = [0xFFFFFFFD, 0xFFFFFFFE] + list(range(3, count + 2)) + [0xFFFFFFFE]
    entry = lambda name, kind, child, start, size: struct.pack(
        "<64sHBBIII36xIII", name.encode("utf-16-le"), 2 * len(name) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child, start, size, 0)
    head = struct.pack("<8s16xHHHHH10xIIIIIIIII", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 0x3E, 3, 0xFFFE, 9, 6,
                       1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0) + struct.pack("<I", 0xFFFFFFFF) * 108
    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream))
    return (head + struct.pack("<%dI" % len(fat), *fat).ljust(512, b"\xFF") + directory.ljust(512, b"\0") + stream)


def nothing(workbook, sheet):
    pass


def old(name, content, outcome=SOUND, same=False):
    case("xls/" + name, content, outcome, same)


def make():
    for fill in (nothing, dates, dates_1904, numbers, hidden, two_sheets, many_texts):
        old("xlwt_%s.xls" % fill.__name__, filled(fill), SOUND, True)
    old("xlwt_uncompressed.xls", filled(nothing, style_compression=2), SOUND, True)
    old("xlwt_ids.xls", filled(ids), "enterprise 3=1+2 | id_scientific@C2 id_damaged@C3")
    old("xlwt_errors.xls", filled(errors), "enterprise 3=2+1 | cell_error@G2 | | word:2")
    old("torn_texts.xls", torn(), SOUND, True)
    whole = filled(nothing)
    start = whole.index(HEAD)
    old("excel95.xls", whole[:start + 4] + b"\x00\x05" + whole[start + 6:], "ERR_INPUT: ?")
    page = whole.index(struct.pack("<HH", 0x0042, 2), start)
    old("password.xls", whole[:page] + b"\x2f\x00" + whole[page + 2:], "ERR_INPUT: ?")
    old("cut.xls", whole[:len(whole) // 2 & ~511], "ERR_INPUT: ?")
    old("head_only.xls", whole[:512], "ERR_INPUT: ?")
    old("no_workbook.xls", whole.replace("Workbook".encode("utf-16-le"), "Tagebuch".encode("utf-16-le")), "ERR_INPUT: ?")
    circle = bytearray(whole)
    table = (struct.unpack_from("<I", whole, 76)[0] + 1) * 512
    for i in range(3):
        struct.pack_into("<I", circle, table + 4 * i, i)
    old("circle.xls", bytes(circle), "ERR_INPUT: ?")
    old("bare_stream.xls", whole[start:], "ERR_INPUT: ?")
    encrypted = whole.replace("Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")[:16]) + "EncryptedPackage".encode("utf-16-le")
    old("encrypted.xlsx", encrypted, "ERR_INPUT: ?")
    for name in ("libreoffice.xls", "libreoffice_dates.xls", "libreoffice_formulas.xls"):
        old(name, None, SOUND, True)
    old("libreoffice_odd.xls", None, "enterprise 3=2+1 | cell_error@G2 | | word:2")
