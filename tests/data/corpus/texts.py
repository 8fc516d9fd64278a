"""Text containers: .csv and its relatives, .json."""

import json

from table import HEADINGS, PEOPLE, SOUND, TABLE, case, csv

MARK = "\ufeff"
SHORT = ["姓名", "身份证号码", "手机号码", "技能等级", "工作单位"]
ONE = [PEOPLE[0][i] for i in (0, 2, 3, 5, 7)]


def small(*rows):
    return csv([SHORT] + [list(row) for row in rows]).encode()


def same(name, content, outcome=SOUND):
    case("csv/" + name, content, outcome, True)


def other(name, content, outcome):
    case("csv/" + name, content, outcome)


def encodings():
    text = csv(TABLE)
    same("utf8.csv", text.encode())
    same("utf8_mark.csv", (MARK + text).encode())
    same("gb18030.csv", text.encode("gb18030"))
    same("utf16le_mark.csv", (MARK + text).encode("utf-16-le"))
    same("utf16be_mark.csv", (MARK + text).encode("utf-16-be"))
    same("utf16le_bare.csv", csv(TABLE, delimiter="\t").encode("utf-16-le"))
    same("utf16be_bare.csv", csv(TABLE, delimiter="\t").encode("utf-16-be"))
    same("utf16_tabs.txt", (MARK + csv(TABLE, delimiter="\t")).encode("utf-16-le"))
    same("gb18030_tabs.xls", csv(TABLE, delimiter="\t").encode("gb18030"))
    plane2 = [HEADINGS, ["𠮷㼆"] + PEOPLE[0][1:]]
    other("gb18030_four_bytes.csv", csv(plane2).encode("gb18030"), "enterprise 1=1+0")
    backslash = [HEADINGS, ["縗伟"] + PEOPLE[0][1:]]  # 0xBF 0x5C: its second byte is a backslash
    other("gbk_backslash.csv", csv(backslash).encode("gbk"), "enterprise 1=1+0")
    other("neither.csv", text.encode("gb18030")[:40] + b"\xff\xfe\xff" + text.encode("gb18030")[40:],
          "ERR_INPUT: ?")
    other("utf8_cut.csv", text.encode()[:-16] + b"\xe6", "ERR_INPUT: ?")
    other("utf16_odd.csv", (MARK + text).encode("utf-16-le")[:-1], "ERR_INPUT: ?")
    other("mojibake.csv", small([ONE[0].encode().decode("latin-1")] + ONE[1:]),
          "enterprise 1=0+1 | name_damaged@A2")
    other("mojibake_gbk.csv", small(["椁愰ギ"] + ONE[1:]), "enterprise 1=0+1 | name_damaged@A2")
    other("replacement.csv", small(["张\ufffd"] + ONE[1:]), "enterprise 1=0+1 | name_damaged@A2")
    other("nul.csv", small(["张\0伟"] + ONE[1:]), "enterprise 1=0+1 | name_damaged@A2")
    other("bidi.csv", small(["张\u202e伟"] + ONE[1:]), "enterprise 1=0+1 | name_damaged@A2")
    other("zero_width.csv", small(["张\u200b伟"] + ONE[1:]), "enterprise 1=1+0 | | | spelling:1")


def relatives():
    same("lf.csv", csv(TABLE, "\n").encode())
    same("cr.csv", csv(TABLE, "\r").encode())
    rows = csv(TABLE, "\n").splitlines()
    same("mixed_ends.csv", ("%s\r\n%s\n%s\r%s\r\n" % tuple(rows)).encode())
    same("no_last_end.csv", csv(TABLE, last=False).encode())
    same("semicolons.csv", csv(TABLE, delimiter=";").encode())
    same("tabs.tsv", csv(TABLE, delimiter="\t").encode())
    same("sep_semicolon.csv", ("sep=;\r\n" + csv(TABLE, delimiter=";")).encode())
    same("sep_comma.csv", (MARK + "sep=,\r\n" + csv(TABLE)).encode())
    same("sep_tab.csv", (MARK + "sep=\t\r\n" + csv(TABLE, delimiter="\t")).encode("utf-16-le"))
    same("all_quoted.csv", "".join(",".join('"%s"' % c for c in row) + "\r\n" for row in TABLE).encode())
    guarded = [['="%s"' % c if c.isdigit() or c.endswith("X") else c for c in row] for row in TABLE]
    same("guarded.csv", csv(guarded).encode())
    same("guarded_plain.csv", "".join(",".join(row) + "\r\n" for row in guarded).encode())
    spaced = [TABLE[0]] + [[" " + cell + "\u3000" for cell in row] for row in PEOPLE]
    same("spaced.csv", csv(spaced).encode(),
         SOUND + " | | | spelling:9 word:9 town:3 date:3 months:3 id_number:3 phone:3")
    broken = [TABLE[0]] + [row[:7] + [row[7][:4] + "\n" + row[7][4:]] + row[8:] for row in PEOPLE]
    other("quoted_line_ends.csv", csv(broken).encode(), SOUND + " | | | spelling:3")
    other("doubled_quotes.csv", small(ONE[:4] + ['东莞"长安"电子厂']), "enterprise 1=1+0")
    other("lone_quote.csv", csv([SHORT]).encode() + ("张伟,1,2,高级工,东莞\"长安\"厂\r\n").encode(), "ERR_INPUT: ?")
    other("open_quote.csv", csv([SHORT]).encode() + ("张伟,1,2,高级工,\"东莞\r\n").encode(), "ERR_INPUT: ?")
    other("after_quote.csv", csv([SHORT]).encode() + ("张伟,1,2,\"高级工\"x,东莞\r\n").encode(), "ERR_INPUT: ?")
    other("short_rows.csv", small(ONE[:4], ONE), "enterprise 2=2+0")
    other("long_rows.csv", small(ONE + ["备注", "", "x"]), "enterprise 1=1+0")
    other("many_columns.csv", (csv([SHORT]) + ",".join(["1"] * 1100) + "\r\n").encode(), "ERR_LIMIT: ?")
    other("empty_columns.csv", (csv([SHORT]) + ",".join(ONE) + "," * 1500 + "\r\n").encode(), "enterprise 1=1+0")
    other("long_cell.csv", small(ONE[:4] + ["东" * 32768]), "ERR_LIMIT: ?")
    other("longest_cell.csv", small(ONE[:4] + ["东" * 32767]), "enterprise 1=0+1 | text_long@E2")
    other("empty.csv", b"", "ERR_INPUT: ?")
    other("mark_only.csv", MARK.encode(), "ERR_INPUT: ?")
    other("blank_lines_only.csv", b"\r\n\r\n,,\r\n", "ERR_INPUT: ?")
    other("headings_only.csv", csv([SHORT]).encode(), "ERR_INPUT: ?")


def headings():
    title = ["东莞市高技能人才入户意向调查表"]
    same("title.csv", csv([title, [], *TABLE]).encode())
    same("foot.csv", csv([*TABLE, ["合计", "3人"], ["填表说明：身份证号码按文本填写"], []]).encode())
    same("blank_rows.csv", csv([[], TABLE[0], ["", ""], TABLE[1], [], TABLE[2], TABLE[3], [], []]).encode())
    same("repeated_heading.csv", csv([*TABLE[:3], TABLE[0], TABLE[3]]).encode())
    numbered = [["序号"] + TABLE[0]] + [[str(i + 1)] + row for i, row in enumerate(PEOPLE)]
    same("numbered.csv", csv(numbered + [["4"], ["5"]]).encode())
    same("example_row.csv", csv([["序号"] + HEADINGS, ["例"] + PEOPLE[0]] + numbered[1:]).encode())
    same("reordered.csv", csv([row[::-1] for row in TABLE]).encode())
    synonyms = ["员工姓名", "男/女", "公民身份号码", "联系电话", "户籍地", "证书等级", "取证时间", "企业名称",
                "所属镇街", "参保月数", "入户意向"]
    same("synonyms.csv", csv([synonyms, *PEOPLE]).encode())
    wide = ["姓　名", "性 别", "身份证号码（18位）", "手机号码（必填）", "户籍所在地：", "*技能等级", "发证日期", "工作单位",
            "单位所在镇街", "在莞养老保险累计月数", "入户意向"]
    same("decorated_headings.csv", csv([wide, *PEOPLE]).encode())
    groups = ["基本情况", "", "", "", "", "技能情况", "", "单位情况", "", "", ""]
    same("two_heading_rows.csv", csv([groups, *TABLE]).encode())
    unknown = [row + [extra] for row, extra in zip(TABLE, ["血型", "A", "B", "O"])]
    same("unknown_column.csv", csv(unknown).encode())
    other("double_heading.csv", csv([SHORT + ["公民身份号码"], ONE + [ONE[1]]]).encode(), "ERR_INPUT: ?")
    other("no_level.csv", csv([SHORT[:3] + SHORT[4:], ONE[:3] + ONE[4:]]).encode(), "ERR_INPUT: ?")
    other("stranger.csv", csv([["品名", "数量", "单价"], ["螺丝", "3", "0.5"]]).encode(), "ERR_INPUT: ?")
    other("no_heading.csv", csv(PEOPLE).encode(), "ERR_INPUT: ?")
    other("two_forms.csv", csv([SHORT[:4], ONE[:4]]).encode(), "ERR_INPUT: ?")
    school = ["姓名", "身份证号码", "手机号码", "技能等级", "毕业院校", "毕业日期"]
    other("school.csv", csv([school, ONE[:4] + ["广东省技师学院", "2012-06-30"]]).encode(), "school 1=1+0")
    firm = ["填报单位：东莞市长安电子有限公司"]
    other("title_values.csv", csv([firm, ["填表日期：2012年9月20日"], SHORT[:4] + ["单位所在镇街"], ONE[:4] + ["长安镇"]]).encode(),
          "enterprise 1=1+0")
    other("title_undecided.csv", csv([firm, SHORT[:4], ONE[:4]]).encode(), "ERR_INPUT: ?")
    other("title_date_late.csv", csv([["填表日期：2013年9月20日"], SHORT, ONE]).encode(), "ERR_INPUT: ?")


def answers(people=PEOPLE, keys=None):
    return [dict(zip(keys or HEADINGS, person)) for person in people]


def js(name, text, outcome=SOUND, is_same=True):
    case("json/" + name, text.encode() if isinstance(text, str) else text, outcome, is_same)


def exports():
    dump = lambda value: json.dumps(value, ensure_ascii=False)
    array = dump(answers())
    js("array.json", array)
    js("indented.json", json.dumps(answers(), ensure_ascii=False, indent=2))
    js("escaped.json", json.dumps(answers()))
    js("mark.json", (MARK + array).encode())
    js("lines.jsonl", "".join(dump(one) + "\n" for one in answers()))
    js("page.json", dump({"count": 3, "next": None, "previous": None, "results": answers()}))
    names = ["name", "sex", "id_number", "phone", "hukou_region", "skill_level", "certificate_date",
             "employer", "employer_town", "pension_months", "wants_settlement"]
    js("grouped_keys.json", dump(answers(keys=["person/" + name for name in names])))
    numbers = answers()
    for one in numbers:
        one["手机号码"] = int(one["手机号码"])
        one["在莞养老保险累计月数"] = int(one["在莞养老保险累计月数"])
    js("numbers.json", dump(numbers))
    js("nulls.json", dump([dict(one, 备注=None) for one in answers()]))
    js("ragged.json", dump([{k: v for k, v in one.items() if k != "性别"} for one in answers()]), SOUND, False)
    js("cut.json", array[:-30], "ERR_INPUT: ?", False)
    js("tail.json", array + "x", "ERR_INPUT: ?", False)
    js("empty_array.json", "[]", "ERR_INPUT: ?", False)
    js("twice.json", '[{"姓名": "张伟", "姓名": "李娜"}]', "ERR_INPUT: ?", False)
    js("deep.json", "[" + '{"a":' * 80 + "1" + "}" * 80 + "]", "ERR_INPUT: ?", False)


def make():
    encodings()
    relatives()
    headings()
    exports()
