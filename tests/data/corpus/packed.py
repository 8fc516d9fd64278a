"""Archives around questionnaires: .gz of one, .zip of several."""

import gzip
import io
import struct

from table import PEOPLE, SOUND, TABLE, case, csv, pack

import books


def zipped(content):
    out = io.BytesIO()
    with gzip.GzipFile("", "wb", 9, out, 0) as file:
        file.write(content)
    return out.getvalue()


def text(*people, end="\n", note=""):
    """A table of its own, so that no two files of the corpus are one; the note is an unknown column."""
    return csv([TABLE[0] + ["批注"]] + [person + [note] for person in people], end).encode()


def packed(name, content, outcome=SOUND, same=False):
    case("packed/" + name, content, outcome, same)


def raw_name(archive, name, raw):
    """Puts other bytes of the same length in the place of a name."""
    assert len(name) == len(raw)
    return archive.replace(name, raw)


def make():
    packed("table.csv.gz", zipped(text(*PEOPLE, note="a")), SOUND, True)
    packed("gb18030.csv.gz", zipped(text(*PEOPLE, note="乙").decode().encode("gb18030")), SOUND, True)
    packed("two_members.csv.gz", zipped(text(*PEOPLE[:1], note="c")) + zipped(csv([p + ["c"] for p in PEOPLE[1:]], "\n").encode()), SOUND, True)
    packed("book.xlsx.gz", zipped(books.bare(books.rows_of([row + ["d"] for row in TABLE]), more=[("xl/sharedStrings.xml", "<sst/>")])), SOUND, True)
    packed("named_csv.csv", zipped(text(*PEOPLE, note="e")), SOUND, True)
    whole = zipped(text(*PEOPLE, note="f"))
    packed("cut.csv.gz", whole[:-12], "ERR_INPUT: ?")
    packed("tail.csv.gz", whole + b"rest", "ERR_INPUT: ?")
    flipped = bytearray(whole)
    flipped[-6] ^= 0xFF
    packed("checksum.csv.gz", bytes(flipped), "ERR_INPUT: ?")
    packed("twice.csv.gz.gz", zipped(whole), "ERR_INPUT: ?")
    packed("nothing.csv.gz", zipped(b""), "ERR_INPUT: ?")

    one, two = text(PEOPLE[0], note="g"), text(*PEOPLE[1:], note="g")
    workbook = books.bare(books.rows_of([row + ["h"] for row in TABLE]), more=[("xl/sharedStrings.xml", "<sst/>")])
    packed("one.zip", pack([("长安.csv", text(*PEOPLE, note="i"))]), SOUND, True)
    packed("several.zip", pack([("长安/一车间.csv", one), ("长安/二车间.csv", two), ("虎门.xlsx", workbook)]),
           "enterprise 1=1+0; enterprise 2=2+0; enterprise 3=3+0")
    packed("clutter.zip", pack([("a/", b""), ("a/.DS_Store", b"x"), ("__MACOSX/a/._t.csv", b"x"), ("a/Thumbs.db", b"x"),
                                ("a/t.csv", text(*PEOPLE, note="j"))]), SOUND, True)
    gbk = "长安.csv".encode("gbk")
    packed("gbk_names.zip", raw_name(pack([("AAAA.csv", text(*PEOPLE, note="k"))]), b"AAAA.csv", gbk), SOUND, True)
    packed("line_break_name.zip", pack([("a\nb.csv", text(*PEOPLE, note="l"))]), SOUND, True)
    packed("leads_out.zip", pack([("../../a.csv", text(*PEOPLE, note="m"))]), "ERR_INPUT: ?")
    packed("second_bad.zip", pack([("a.csv", text(PEOPLE[0], note="n")), ("b.csv", b"x\xff")]), "enterprise 1=1+0; ERR_INPUT: ?")
    packed("picture.zip", pack([("a.png", b"\x89PNG\r\n\x1a\n")]), "ERR_INPUT: ?")
    packed("zip_in_zip.zip", pack([("a.zip", pack([("a.csv", one)]))]), "ERR_INPUT: ?")
    packed("folders_only.zip", pack([("a/", b""), ("b/", b"")]), "ERR_INPUT: ?")
    packed("empty.zip", pack([]), "ERR_INPUT: ?")
    locked = bytearray(pack([("a.csv", text(*PEOPLE, note="o"))]))
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = locked.index(mark) + at
        struct.pack_into("<H", locked, place, struct.unpack_from("<H", locked, place)[0] | 1)
    packed("locked.zip", bytes(locked), "ERR_INPUT: ?")
    good = pack([("a.csv", text(*PEOPLE, note="p"))])
    packed("flipped_bit.zip", good[:60] + bytes([good[60] ^ 0xFF]) + good[61:], "ERR_INPUT: ?")
    case("packed/rar.zip", b"Rar!\x1a\x07\x00", "ERR_INPUT: ?")
    case("packed/seven.7z", b"7z\xbc\xaf\x27\x1c", "ERR_INPUT: ?")
