#include "data/cast.h"

#define TRADES(...)                                                                                \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

static const Workplace MOULDS = {
    .name = "东莞市莞辉精密模具有限公司",
    .town = 441900119,
    .trades = TRADES("模具工", "数控车工", "装配钳工", "电切削工", "维修电工", "磨工", "焊工")};
static const Workplace ELECTRONICS = {.name = "东莞松湖芯联电子科技有限公司",
                                      .town = 441900401,
                                      .trades = TRADES("电子设备装接工", "维修电工", "无线电调试工",
                                                       "数控铣工", "电工", "计算机操作员")};
static const Workplace GARMENTS = {
    .name = "东莞市虎门锦裳服饰有限公司",
    .town = 441900121,
    .trades = TRADES("服装制作工", "缝纫工", "服装设计定制工", "裁剪工", "机修钳工", "叉车司机")};
static const Workplace FURNITURE = {
    .name = "东莞市厚街楠木居家具厂",
    .town = 441900122,
    .trades = TRADES("手工木工", "家具设计师", "涂装工", "机械木工", "维修电工", "仓库保管工")};
static const Workplace TECHNICIANS = {
    .name = "广东莞邑技师学院",
    .town = 441900003,
    .school_kind = 1,
    .school_province = 44,
    .trades = TRADES("数控车工", "汽车维修工", "模具工", "电工", "电子设备装接工", "烹饪师")};
static const Workplace COLLEGE = {
    .name = "东莞旗峰职业技术学院",
    .town = 441900004,
    .school_kind = 2,
    .school_province = 44,
    .trades = TRADES("计算机程序设计员", "物流师", "机电设备维修工", "数控铣工", "会展策划师")};

static const Workplace CENTRE = {.name = "东莞市职业技能鉴定指导中心", .town = 441900004};

static const Heading MOULDS_HEADINGS[] = {
    {COLUMN_NUMBER, NULL, "序号", 6},
    {FACT_NAME, "基本情况", "姓名", 12},
    {FACT_SEX, "基本情况", "性别", 6},
    {COLUMN_NATION, "基本情况", "民族", 8},
    {FACT_ID_NUMBER, "基本情况", "身份证号码", 22},
    {FACT_HUKOU_REGION, "基本情况", "户籍所在地", 20},
    {FACT_EDUCATION, "基本情况", "文化程度", 10},
    {FACT_OCCUPATION, "职业资格情况", "职业（工种）", 16},
    {FACT_SKILL_LEVEL, "职业资格情况", "职业资格等级", 18},
    {FACT_CERTIFICATE_NO, "职业资格情况", "证书编号", 20},
    {FACT_CERTIFICATE_DATE, "职业资格情况", "发证日期", 14},
    {FACT_PENSION_MONTHS, NULL, "在莞养老保险累计月数", 14},
    {FACT_WANTS_SETTLEMENT, "入户意向", "是否愿意入户东莞", 12},
    {FACT_INTENDED_TOWN, "入户意向", "拟入户镇街", 12},
    {FACT_OWNS_HOME, "入户意向", "有无自有居所", 10},
    {FACT_HOME_TOWN, "入户意向", "居所所在镇街", 12},
    {FACT_PHONE, NULL, "手机号码", 16},
    {FACT_CONSENT_SMS, NULL, "是否同意接收短信", 12},
    {COLUMN_REMARK, NULL, "备注", 16},
    {0},
};
static const Heading ELECTRONICS_HEADINGS[] = {
    {COLUMN_NUMBER, NULL, "编号", 6},
    {FACT_EMPLOYER, NULL, "单位名称", 28},
    {FACT_EMPLOYER_TOWN, NULL, "所属镇街", 12},
    {FACT_NAME, NULL, "员工姓名", 12},
    {FACT_SEX, NULL, "性别", 6},
    {FACT_BIRTH_DATE, NULL, "出生年月日", 16},
    {FACT_ID_NUMBER, NULL, "公民身份号码", 22},
    {FACT_IN_CITY_HUKOU, NULL, "是否东莞户籍", 10},
    {FACT_HUKOU_REGION, NULL, "户籍地", 20},
    {FACT_OCCUPATION, NULL, "工种", 16},
    {FACT_SKILL_LEVEL, NULL, "国家职业资格级别", 18},
    {FACT_CERTIFICATE_NO, NULL, "证书号码", 20},
    {FACT_CERTIFICATE_DATE, NULL, "发证时间", 16},
    {FACT_PENSION_MONTHS, NULL, "养老保险缴费月数", 12},
    {FACT_FAMILY_PLANNING_OK, NULL, "计划生育", 10},
    {FACT_WANTS_SETTLEMENT, NULL, "入户意向", 10},
    {FACT_PHONE, NULL, "联系电话", 16},
    {FACT_CONSENT_SMS, NULL, "同意接收短信", 10},
    {0},
};
static const Heading GARMENTS_HEADINGS[] = {
    {FACT_NAME, NULL, "职工姓名", 12},
    {FACT_PHONE, NULL, "移动电话", 18},
    {FACT_ID_NUMBER, NULL, "居民身份证号码", 24},
    {FACT_SEX, NULL, "性别(男/女)", 8},
    {FACT_BIRTH_DATE, NULL, "出生日期", 16},
    {FACT_HUKOU_REGION, NULL, "户口所在地", 20},
    {FACT_SKILL_LEVEL, NULL, "技术等级", 18},
    {FACT_CERTIFICATE_TYPE, NULL, "证书类别", 16},
    {FACT_OCCUPATION, NULL, "鉴定工种", 16},
    {FACT_CERTIFICATE_DATE, NULL, "取证时间", 16},
    {FACT_CERTIFICATE_NO, NULL, "证书号", 20},
    {FACT_EMPLOYER_TOWN, NULL, "镇街", 10},
    {FACT_PENSION_MONTHS, NULL, "参保月数", 10},
    {FACT_FAMILY_PLANNING_OK, NULL, "是否符合计划生育政策", 12},
    {FACT_NO_CRIMINAL_RECORD, NULL, "有无违法犯罪记录", 12},
    {FACT_NO_BANNED_ORGANISATION, NULL, "有无参加国家禁止的组织或活动", 14},
    {FACT_OWNS_HOME, NULL, "自有房产", 10},
    {FACT_HOME_TOWN, NULL, "房产所在镇街", 12},
    {FACT_WANTS_SETTLEMENT, NULL, "入户意愿", 10},
    {FACT_CONSENT_SMS, NULL, "是否接收短信", 10},
    {0},
};
static const Heading FURNITURE_HEADINGS[] = {
    {COLUMN_NUMBER, NULL, "序号", 6},
    {FACT_NAME, NULL, "姓名", 12},
    {FACT_SEX, NULL, "性别", 6},
    {FACT_ID_NUMBER, NULL, "身份证号", 22},
    {FACT_HUKOU_REGION, NULL, "户籍", 20},
    {FACT_EMPLOYER, NULL, "企业名称", 28},
    {FACT_EMPLOYER_TOWN, NULL, "企业所在镇街", 12},
    {FACT_OCCUPATION, NULL, "职业/工种", 16},
    {FACT_SKILL_LEVEL, NULL, "等级", 10},
    {FACT_CERTIFICATE_NO, NULL, "职业资格证书编号", 20},
    {FACT_CERTIFICATE_DATE, NULL, "发证日期", 14},
    {FACT_PENSION_MONTHS, NULL, "在莞参保月数", 12},
    {FACT_WANTS_SETTLEMENT, NULL, "是否愿意入户", 10},
    {FACT_INTENDED_TOWN, NULL, "意向入户镇街", 12},
    {FACT_PHONE, NULL, "手机", 16},
    {FACT_CONSENT_SMS, NULL, "是否同意接收短信", 10},
    {COLUMN_FILLED_ON, NULL, "填表日期", 12},
    {COLUMN_REMARK, NULL, "备注", 16},
    {0},
};
static const Heading TECHNICIANS_HEADINGS[] = {
    {COLUMN_NUMBER, NULL, "序号", 6},
    {FACT_NAME, "学生基本情况", "学生姓名", 12},
    {FACT_SEX, "学生基本情况", "性别", 6},
    {FACT_BIRTH_DATE, "学生基本情况", "出生年月日", 14},
    {FACT_ID_NUMBER, "学生基本情况", "身份证号", 22},
    {FACT_HUKOU_REGION, "学生基本情况", "户籍所在省市", 20},
    {FACT_GRADUATION_DATE, "学业", "毕业时间", 14},
    {FACT_OCCUPATION, "学业", "专业工种", 16},
    {FACT_SKILL_LEVEL, "学业", "职业资格证书等级", 18},
    {FACT_CERTIFICATE_NO, "学业", "证书编号", 20},
    {FACT_CERTIFICATE_DATE, "学业", "获证日期", 14},
    {FACT_WANTS_SETTLEMENT, "意向", "有无入户意向", 10},
    {FACT_INTENDED_TOWN, "意向", "意向镇街", 12},
    {FACT_PHONE, NULL, "本人手机", 16},
    {FACT_CONSENT_SMS, NULL, "是否同意接收政策短信", 12},
    {0},
};
static const Heading COLLEGE_HEADINGS[] = {
    {COLUMN_FILLED_ON, NULL, "today", 0},
    {FACT_SCHOOL, "group_school", "school", 0},
    {FACT_SCHOOL_KIND, "group_school", "院校类别", 0},
    {FACT_SCHOOL_PROVINCE, "group_school", "院校所在省", 0},
    {FACT_NAME, "group_person", "name", 0},
    {FACT_SEX, "group_person", "sex", 0},
    {FACT_ID_NUMBER, "group_person", "id_number", 0},
    {FACT_HUKOU_REGION, "group_person", "hukou_region", 0},
    {FACT_EDUCATION, "group_person", "education", 0},
    {FACT_OCCUPATION, "group_skill", "occupation", 0},
    {FACT_SKILL_LEVEL, "group_skill", "skill_level", 0},
    {FACT_CERTIFICATE_NO, "group_skill", "certificate_no", 0},
    {FACT_CERTIFICATE_DATE, "group_skill", "certificate_date", 0},
    {FACT_GRADUATION_DATE, "group_skill", "graduation_date", 0},
    {FACT_NO_CRIMINAL_RECORD, "group_wish", "是否无违法犯罪记录", 0},
    {FACT_WANTS_SETTLEMENT, "group_wish", "wants_settlement", 0},
    {FACT_INTENDED_TOWN, "group_wish", "拟入户镇街", 0},
    {FACT_PHONE, "group_contact", "phone", 0},
    {FACT_CONSENT_SMS, "group_contact", "consent_sms", 0},
    {0},
};

static const Heading ROSTER_HEADINGS[] = {
    {COLUMN_NUMBER, NULL, "序号", 6},
    {FACT_NAME, NULL, "考生姓名", 12},
    {FACT_SEX, NULL, "性别", 6},
    {FACT_ID_NUMBER, NULL, "身份证号", 22},
    {FACT_OCCUPATION, NULL, "鉴定职业（工种）", 18},
    {FACT_SKILL_LEVEL, NULL, "鉴定等级", 12},
    {COLUMN_SCORE, NULL, "评定成绩", 10},
    {FACT_CERTIFICATE_NO, NULL, "证书编号", 20},
    {FACT_CERTIFICATE_DATE, NULL, "发证日期", 14},
    {COLUMN_ISSUER, NULL, "发证机构", 28},
    {0},
};

const Questionnaire CAST[CAST_COUNT] = {
    {.file = "1-长安镇-莞辉精密模具.xlsx",
     .form = "enterprise",
     .title = "东莞市高技能人才入户意向调查表（企业）",
     .workplace = &MOULDS,
     .headings = MOULDS_HEADINGS,
     .habits = HABIT_TWO_ROWS | HABIT_TOTAL | HABIT_UNIT_TITLE | HABIT_LOOSE_NUMBERS |
               HABIT_MONTHS_TEXT | HABIT_GAPS,
     .share = 220,
     .filled_day = 18},
    {.file = "2-松山湖-芯联电子科技.xlsx",
     .form = "enterprise",
     .title = "2012年高技能人才入户意向摸底调查表",
     .workplace = &ELECTRONICS,
     .headings = ELECTRONICS_HEADINGS,
     .habits = HABIT_PHONE_NUMBERS | HABIT_DATE_SERIALS | HABIT_TOTAL,
     .share = 240,
     .filled_day = 20},
    {.file = "3-虎门镇-锦裳服饰.xlsx",
     .form = "enterprise",
     .title = "高技能人才入户意向调查表",
     .workplace = &GARMENTS,
     .headings = GARMENTS_HEADINGS,
     .habits = HABIT_DATES_MIXED | HABIT_LOOSE_NUMBERS | HABIT_WORDY | HABIT_UNIT_TITLE,
     .share = 180,
     .filled_day = 21},
    {.file = "4-厚街镇-楠木居家具厂.csv",
     .form = "enterprise",
     .container = CONTAINER_GB18030,
     .title = "",
     .workplace = &FURNITURE,
     .headings = FURNITURE_HEADINGS,
     .habits = HABIT_DATES_MIXED,
     .share = 110,
     .filled_day = 24},
    {.file = "5-莞邑技师学院.xlsx",
     .form = "school",
     .title = "技工院校应届毕业生高技能人才入户意向调查表",
     .workplace = &TECHNICIANS,
     .headings = TECHNICIANS_HEADINGS,
     .habits = HABIT_TWO_ROWS | HABIT_TOTAL | HABIT_UNIT_TITLE | HABIT_DATES_MIXED,
     .share = 140,
     .filled_day = 25},
    {.file = "6-旗峰职业技术学院-kobo.json",
     .form = "school",
     .container = CONTAINER_KOBO,
     .title = "",
     .workplace = &COLLEGE,
     .headings = COLLEGE_HEADINGS,
     .habits = HABIT_WORDY | HABIT_DATE_SERIALS,
     .share = 110,
     .filled_day = 26},
    {.file = "7-职业资格鉴定合格人员名册.xlsx",
     .form = "certificate",
     .title = "职业资格鉴定合格人员名册",
     .workplace = &CENTRE,
     .headings = ROSTER_HEADINGS,
     .habits = HABIT_DATE_SERIALS | HABIT_TOTAL | HABIT_WORDY,
     .filled_day = 27},
};

size_t heading_count(const Heading *headings)
{
    size_t count = 0;
    while (headings[count].text)
        count++;
    return count;
}

size_t heading_find(const Heading *headings, int column)
{
    size_t place = 0;
    while (headings[place].text && headings[place].column != column)
        place++;
    return place;
}
