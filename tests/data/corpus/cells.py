"""One odd cell to a file, beside a sound row: every problem, every note, every way to normalise."""

from table import PEOPLE, case, csv, id_number

BASE = {"姓名": "张伟", "身份证号码": PEOPLE[0][2], "手机号码": "13800138001", "技能等级": "高级工",
        "工作单位": "东莞市长安电子有限公司"}
SOUND = {"姓名": "李娜", "身份证号码": PEOPLE[1][2], "手机号码": "13900139002", "技能等级": "技师",
         "工作单位": "东莞市虎门服装厂"}

# Name of the file; cells of the odd row; its problems, its notes, how its cells were normalised.
# Columns A to E are those of BASE, others follow in the order of their cells; the odd row is line 2.
WAITS = [
    ("name_missing", {"姓名": ""}, "name_missing@A2"),
    ("name_slash", {"姓名": "/"}, "name_missing@A2"),
    ("name_question_mark", {"姓名": "张?"}, "name_damaged@A2"),
    ("name_number", {"姓名": "12345"}, "name_none@A2"),
    ("nobody", {"身份证号码": "", "手机号码": ""}, "no_identity@"),
    ("id_scientific", {"身份证号码": "4.30402E+17"}, "id_scientific@B2"),
    ("id_letters", {"身份证号码": "43040219800101OO1X"}, "id_characters@B2"),
    ("id_17", {"身份证号码": PEOPLE[0][2][:17]}, "id_length@B2"),
    ("id_19", {"身份证号码": PEOPLE[0][2] + "1"}, "id_length@B2"),
    ("id_zeroed", {"身份证号码": "430402198001010000"}, "id_damaged@B2"),
    ("id_no_such_day", {"身份证号码": id_number("43040219800230001")}, "id_birth_date@B2"),
    ("id_checksum", {"身份证号码": PEOPLE[0][2][:17] + ("1" if PEOPLE[0][2][17] != "1" else "2")}, "id_checksum@B2"),
    ("id_future", {"身份证号码": id_number("43040220121101001")}, "id_future@B2"),
    ("id_too_old", {"身份证号码": id_number("43040218800101001")}, "id_too_old@B2"),
    ("sex_clash", {"性别": "女"}, "sex_clash@F2"),
    ("birth_clash", {"出生日期": "1980-01-02"}, "birth_clash@F2"),
    ("date_words", {"发证日期": "去年"}, "date_unreadable@F2"),
    ("date_february", {"发证日期": "2011-02-30"}, "date_impossible@F2"),
    ("date_two_readings", {"发证日期": "5/6/2012"}, "date_ambiguous@F2"),
    ("date_future", {"发证日期": "2013-01-01"}, "date_future@F2"),
    ("date_early", {"发证日期": "1912-01-01"}, "date_too_early@F2"),
    ("level_unknown", {"技能等级": "优秀"}, "level_unknown@D2"),
    ("level_bare", {"技能等级": "二级"}, "level_unclear@D2"),
    ("level_title", {"技能等级": "高级工程师"}, "level_foreign@D2"),
    ("level_clash", {"技能等级": "技师", "证书编号": "1219000000300001"}, "level_clash@D2"),
    ("town_unknown", {"单位所在镇街": "深圳市宝安区"}, "town_unknown@F2"),
    ("town_code", {"单位所在镇街": "441900120"}, "town_unknown@F2"),
    ("hukou_clash", {"户籍所在地": "湖南省", "是否东莞户籍": "是"}, "hukou_clash@G2"),
    ("word_unknown", {"入户意向": "随便"}, "word_unknown@F2"),
    ("word_unclear", {"是否无违法犯罪记录": "无"}, "word_unclear@F2"),
    ("months_words", {"在莞养老保险累计月数": "多年"}, "months_unreadable@F2"),
    ("months_unit", {"在莞购买养老保险时间": "27"}, "months_unit@F2"),
    ("months_many", {"在莞养老保险累计月数": "500"}, "months_range@F2"),
    ("months_beyond", {"养老保险起始年月": "2010-09", "在莞养老保险累计月数": "27"}, "months_beyond_start@G2"),
    ("pension_future", {"养老保险起始年月": "2013年1月"}, "pension_start_future@F2"),
    ("text_damaged", {"工作单位": "东莞\ufffd厂"}, "text_damaged@E2"),
    ("text_long", {"工作单位": "东" * 201}, "text_long@E2"),
    ("cell_error", {"发证日期": "#N/A"}, "cell_error@F2"),
    ("several", {"姓名": "", "身份证号码": PEOPLE[0][2][:17], "技能等级": "优秀"},
     "id_length@B2 level_unknown@D2 name_missing@A2"),
]
NOTED = [
    ("paper_passport", {"身份证号码": "G12345678", "证件类型": "护照"}, "id_other_paper@B2"),
    ("date_month", {"发证日期": "2012年6月"}, "date_month@F2"),
    ("date_year", {"发证日期": "2011"}, "date_incomplete@F2"),
    ("certificate_rounded", {"证书编号": "1.219E+15"}, "certificate_rounded@F2"),
    ("certificate_year", {"证书编号": "1219000000300001", "发证日期": "2010-05-01"}, "certificate_year@F2"),
    ("certificate_clash", {"证书类别": "职业资格", "证书编号": "Y001244000001123000123"}, "certificate_clash@G2"),
    ("hukou_area", {"身份证号码": id_number("44190019800101001"), "户籍所在地": "湖南省"}, "hukou_area@F2"),
    ("word_unread", {"文化程度": "夜校"}, "word_unread@F2"),
    ("level_none", {"技能等级": "学徒工"}, "says_nothing@D2"),
    ("months_vague", {"在莞养老保险累计月数": "两年以上"}, "months_vague@F2"),
    ("pension_start", {"养老保险起始年月": "2010年9月至今"}, "pension_start_only@F2"),
    ("phone_letters", {"手机号码": "见名片"}, "phone_characters@C2"),
    ("phone_ten", {"手机号码": "1380013800"}, "phone_length@C2"),
    ("phone_landline", {"手机号码": "0769-22334455"}, "phone_landline@C2"),
    ("phone_two", {"手机号码": "13800138001/13900139002"}, "phone_several@C2"),
    ("phone_things", {"手机号码": "1440013800012"}, "phone_no_sms@C2"),
    ("phone_prefix", {"手机号码": "15400138001"}, "phone_prefix@C2"),
    ("key_unknown", {"隔离编号": "B9999-S1-L2"}, "key_unknown@F2"),
    ("key_damaged", {"隔离编号": "B9999-S1"}, "key_damaged@F2"),
]
NORMALISED = [
    ("width", {"工作单位": "东莞市ＡＢＣ有限公司"}, ""),
    ("separator", {"姓名": "阿依古丽•买买提"}, "spelling:1"),
    ("level_synonym", {"技能等级": "国家职业资格三级"}, "word:1"),
    ("town_alias", {"单位所在镇街": "篁村"}, "town:1"),
    ("date_chinese", {"发证日期": "2012年6月30日"}, "date:1"),
    ("date_dots", {"发证日期": "2012.6.30"}, "date:1"),
    ("date_digits", {"发证日期": "20120630"}, "date:1"),
    ("date_serial", {"发证日期": "41090"}, "date_serial:1"),
    ("date_two_digits", {"发证日期": "12/6/30"}, "two_digit_year:1"),
    ("months_words", {"在莞养老保险累计月数": "两年三个月"}, "months:1"),
    ("months_years", {"养老保险缴费年限": "2.5"}, "months:1"),
    ("id_lower_x", {"身份证号码": "11010519491231002x"}, "id_number:1"),
    ("id_wide", {"身份证号码": "".join(chr(ord(c) + 0xFEE0) for c in PEOPLE[0][2])}, "id_number:1"),
    ("id_spaces", {"身份证号码": "'%s %s %s" % (PEOPLE[0][2][:6], PEOPLE[0][2][6:14], PEOPLE[0][2][14:])}, "id_number:1"),
    ("id_15", {"身份证号码": "440524800101001"}, "id_15_digits:1"),
    ("phone_plus", {"手机号码": "+86 138-0013-8001"}, "phone:1"),
    ("phone_wide", {"手机号码": "１３８００１３８００１"}, "phone:1"),
    ("phone_and_landline", {"手机号码": "0769-22334455/13800138001"}, "phone:1"),
    ("blank", {"单位所在镇街": "/"}, "blank:1"),
    ("unknown", {"在莞养老保险累计月数": "约2年"}, "unknown:1", "months_vague@F2"),
    ("sql", {"工作单位": "'; DROP TABLE person; --"}, ""),
    ("formula", {"工作单位": "=1+1"}, ""),
]


def odd(cells):
    extra = [heading for heading in cells if heading not in BASE]
    headings = list(BASE) + extra
    rows = [[dict(BASE, **cells).get(h, "") for h in headings], [SOUND.get(h, "") for h in headings]]
    return csv([headings] + rows).encode()


def outcome(counts, *parts):
    text = "enterprise " + counts + "".join(" | " + part if part else " |" for part in parts)
    return text.rstrip(" |")


def make():
    for name, cells, problems in WAITS:
        case("cells/wait_%s.csv" % name, odd(cells), outcome("2=1+1", problems))
    for name, cells, notes in NOTED:
        kinds = "" if name.startswith("key_") else "unknown:1"
        case("cells/note_%s.csv" % name, odd(cells), outcome("2=2+0", "", notes, kinds))
    for name, cells, kinds, *notes in NORMALISED:
        case("cells/norm_%s.csv" % name, odd(cells), outcome("2=2+0", "", *(notes or [""]), kinds))
