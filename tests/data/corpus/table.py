"""The questionnaire of which most files of the corpus are another spelling, and where the files go.

The people are invented; their ID numbers have valid check digits and belong to nobody we know of."""

import io
import os
import zipfile

from refusals import REFUSALS

FOLDER = os.path.dirname(os.path.abspath(__file__))
DAY = (2012, 10, 1, 0, 0, 0)  # of every entry of every archive: the same input gives the same bytes

HEADINGS = ["姓名", "性别", "身份证号码", "手机号码", "户籍所在地", "技能等级", "发证日期",
            "工作单位", "单位所在镇街", "在莞养老保险累计月数", "入户意向"]


def id_number(seventeen):
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return seventeen + "10X98765432"[sum(int(d) * w for d, w in zip(seventeen, weights)) % 11]


PEOPLE = [
    ["张伟", "男", id_number("43040219800101001"), "13800138001", "湖南省衡阳市", "高级工",
     "2010-06-30", "东莞市长安电子有限公司", "长安镇", "27", "愿意"],
    ["李娜", "女", id_number("45010219851213002"), "13900139002", "广西南宁市", "技师",
     "2011-03-01", "东莞市虎门服装厂", "虎门镇", "40", "考虑中"],
    ["阿依古丽·买买提", "女", id_number("65310119790228004"), "13700137003", "新疆喀什", "高级技师",
     "2009-12-31", "东莞市石龙机械厂", "石龙镇", "12", "不愿意"],
]
TABLE = [HEADINGS] + PEOPLE
SOUND = "enterprise 3=3+0"

CASES = []


def case(path, content, outcome, same=False):
    """One file and what becomes of it; same: its answers are those of csv/utf8.csv. Content None: a
    file that another program wrote and that is kept as it is. "?" stands for the sentence in refusals.py."""
    CASES.append((path, outcome.replace("?", REFUSALS[path]) if "?" in outcome else outcome, same))
    place = os.path.join(FOLDER, path)
    if content is None:
        assert os.path.exists(place), path
        return
    os.makedirs(os.path.dirname(place), exist_ok=True)
    with open(place, "wb") as file:
        file.write(content)


def csv(rows, end="\r\n", delimiter=",", last=True):
    lines = [delimiter.join('"%s"' % cell.replace('"', '""')
                            if any(c in cell for c in '",;\t\r\n') else cell for cell in row)
             for row in rows]
    return end.join(lines) + (end if last else "")


def pack(entries):
    """A zip of [(name, bytes)], always the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name, DAY), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def repack(content, change=None):
    """The same workbook with fixed times; change(name, bytes) may bend a part, None drops it."""
    source = zipfile.ZipFile(io.BytesIO(content))
    entries = [(name, source.read(name)) for name in source.namelist() if not name.startswith("docProps/")]
    if change:
        entries = [(name, change(name, part)) for name, part in entries]
    return pack([(name, part) for name, part in entries if part is not None])
