#include "data/invent_name.h"

static const char *const SURNAMES[] = {
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "林",
    "郭", "何", "高", "罗", "郑", "梁", "谢", "宋", "唐", "许", "邓", "冯", "韩", "曹", "曾", "彭",
    "萧", "蔡", "潘", "田", "董", "袁", "于", "余", "叶", "蒋", "杜", "苏", "魏", "程", "吕", "丁",
    "沈", "任", "姚", "卢", "傅", "钟", "姜", "崔", "谭", "廖", "范", "汪", "陆", "金", "石", "戴",
    "贾", "韦", "夏", "邱", "方", "侯", "邹", "熊", "孟", "秦", "白", "江", "阎", "薛", "尹", "段",
    "雷", "黎", "史", "龙", "陶", "贺", "顾", "毛", "郝", "龚", "邵", "万", "钱", "严", "覃", "武",
    "莫", "孔", "向", "常", "温", "康", "施", "文", "牛", "樊", "葛", "邢", "安", "齐", "易", "乔",
    "伍", "庞", "颜", "倪", "庄", "聂", "章", "鲁", "岳", "翟", "殷", "詹", "申", "欧", "耿", "关",
    "兰", "焦", "俞", "左", "柳", "甘", "祝", "包", "宁", "尚", "符", "舒", "阮", "柯", "纪", "梅",
    "童", "凌", "毕", "单", "裴", "霍", "涂", "成", "苗",
};
static const char *const DOUBLE_SURNAMES[] = {"欧阳", "司徒", "上官", "诸葛",
                                              "司马", "皇甫", "令狐", "尉迟"};

static const char *const MALE[] = {
    "伟", "强", "军", "勇", "杰", "涛", "明", "超", "刚", "平", "辉", "鹏", "华", "飞", "波",
    "斌", "宇", "浩", "凯", "健", "俊", "帆", "龙", "林", "海", "峰", "磊", "洋", "亮", "建",
    "志", "国", "文", "新", "永", "春", "东", "德", "光", "家", "金", "庆", "荣", "生", "胜",
    "世", "祥", "云", "正", "忠", "锋", "福", "根", "贵", "宏", "洪", "立", "良", "南", "朋",
    "权", "仁", "少", "松", "天", "卫", "武", "贤", "兴", "雄", "毅", "友", "元", "泽", "振",
    "智", "中", "子", "宗", "祖", "炳", "灿", "炎", "坤", "锦",
};
static const char *const FEMALE[] = {
    "芳", "娜", "敏", "静", "秀", "丽", "艳", "娟", "霞", "玲", "桂", "英", "燕", "红",
    "梅", "莉", "兰", "萍", "婷", "雪", "琴", "慧", "颖", "凤", "洁", "云", "莲", "翠",
    "雅", "芝", "珍", "贞", "莎", "锦", "黛", "青", "倩", "婉", "娴", "瑾", "露", "瑶",
    "怡", "婵", "雁", "蓓", "仪", "荷", "丹", "蓉", "眉", "君", "琳", "媛", "嘉", "琼",
    "勤", "月", "莺", "巧", "美", "香", "小", "春", "菊", "素", "金", "玉",
};
static const char *const RARE[] = {"𬍛", "𬭎", "𣲗", "𬱖", "𬴂", "𤩽", "𡒄", "𬘭"};
static const char *const BEFORE_DOT[] = {"阿依古丽", "买买提", "古丽娜", "艾尔肯", "迪里木拉提",
                                         "玛依拉",   "扎西",   "努尔兰", "哈斯",   "帕提古丽"};
static const char *const AFTER_DOT[] = {"艾合买提", "吐尔逊", "卡德尔", "玉素甫", "阿不都拉",
                                        "依明",     "多吉",   "赛力克", "巴特尔", "热合曼"};

const char *invent_name_rare(Chance *chance, Arena *arena)
{
    const char *surname = chance_early_of(chance, SURNAMES);
    const char *first = chance_of(chance, MALE);
    return arena_printf(arena, "%s%s%s", surname, first, chance_of(chance, RARE));
}

const char *invent_name_dotted(Chance *chance, Arena *arena)
{
    const char *before = chance_of(chance, BEFORE_DOT);
    return arena_printf(arena, "%s·%s", before, chance_of(chance, AFTER_DOT));
}

static const char *invent_given(Chance *chance, bool male)
{
    return male ? chance_early_of(chance, MALE) : chance_early_of(chance, FEMALE);
}

const char *invent_name(Chance *chance, Arena *arena, bool male)
{
    if (chance_hit(chance, 6))
        return invent_name_dotted(chance, arena);
    if (chance_hit(chance, 2))
        return invent_name_rare(chance, arena);
    const char *surname = chance_hit(chance, 8) ? chance_of(chance, DOUBLE_SURNAMES)
                                                : chance_early_of(chance, SURNAMES);
    const char *first = invent_given(chance, male);
    if (chance_hit(chance, 220))
        return arena_printf(arena, "%s%s", surname, first);
    return arena_printf(arena, "%s%s%s", surname, first, invent_given(chance, male));
}
