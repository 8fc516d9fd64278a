/* tests/survey/test_check_identity.c: who it is: ID number, sex, birth date, phone. */
#include "support/home.h"
#include "support/rows.h"

/* A whole row: name, ID number, sex, birth date, phone in A2..E2. */
typedef struct IdentityCase {
    const char *name, *id, *sex, *birth, *phone;
    const char *id_expected, *phone_expected;
    const char *problems, *notes;
} IdentityCase;

static void identity_is_normalised_or_waits_and_no_digit_is_guessed(void **state)
{
    RowsWorld *world = *state;
    static const IdentityCase CASES[] = {
        {"张伟", ROWS_ID, "男", "1980-01-01", ROWS_PHONE, ROWS_ID, ROWS_PHONE, "", ""},
        {"张伟", "11010519491231002x", "", "", "", "11010519491231002X", "-", "", ""},
        {"张伟", "４４０５２４１９８００１０１００１３", "", "", "", ROWS_ID, "-", "", ""},
        {"张伟", "'440524 19800101 0013", "", "", "", ROWS_ID, "-", "", ""},
        {"张伟", "440524800101001", "", "", "", ROWS_ID, "-", "", ""},
        {"张伟", "#440524800101001", "", "", "", ROWS_ID, "-", "", ""},
        {"张伟", "4.40524E+17", "", "", "", "-", "-", "id_scientific@B2", ""},
        {"张伟", "#440524198001010013", "", "", "", "-", "-", "id_damaged@B2",
         ""}, /* a double keeps 15 digits */
        {"张伟", "440524198001010000", "", "", "", "-", "-", "id_damaged@B2", ""},
        {"张伟", "44052419800101001", "", "", "", "-", "-", "id_length@B2", ""},
        {"张伟", "4405241980010100133", "", "", "", "-", "-", "id_length@B2", ""},
        {"张伟", "440524198001010014", "", "", "", "-", "-", "id_checksum@B2", ""},
        {"张伟", "44052419800230001X", "", "", "", "-", "-", "id_birth_date@B2", ""},
        {"张伟", "G12345678", "", "", "", "-", "-", "id_characters@B2", ""},
        {"张伟", ROWS_ID, "女", "", "", ROWS_ID, "-", "sex_clash@C2", ""},
        {"张伟", ROWS_ID, "", "1980-01-02", "", ROWS_ID, "-", "birth_clash@D2", ""},
        {"张伟", ROWS_ID, "", "1980年1月", "", ROWS_ID, "-", "", ""},
        {"张伟", ROWS_ID, "", "1981年", "", ROWS_ID, "-", "birth_clash@D2", ""},
        {"张伟", "", "", "1980年1月", ROWS_PHONE, "-", ROWS_PHONE, "", "date_incomplete@D2"},
        {"张伟", "", "人", "", ROWS_PHONE, "-", ROWS_PHONE, "word_unknown@C2", ""},
        {"张伟", ROWS_ID, "", "", "0769-22334455", ROWS_ID, "-", "", "phone_landline@E2"},
        {"张伟", ROWS_ID, "", "", "1380013800", ROWS_ID, "-", "", "phone_length@E2"},
        {"张伟", ROWS_ID, "", "", "+86 138-0013-8000", ROWS_ID, ROWS_PHONE, "", ""},
        {"张伟", ROWS_ID, "", "", "#13800138000", ROWS_ID, ROWS_PHONE, "", ""},
        {"张伟", ROWS_ID, "", "", "13800138000/13900139000", ROWS_ID, "-", "", "phone_several@E2"},
        {"张伟", ROWS_ID, "", "", "0769-22334455/13800138000", ROWS_ID, ROWS_PHONE, "", ""},
        {"张伟", ROWS_ID, "", "", "16400138000", ROWS_ID, "16400138000", "", "phone_prefix@E2"},
        {"张伟", ROWS_ID, "", "", "1440013800012", ROWS_ID, "-", "", "phone_no_sms@E2"},
        {"张伟", "", "", "", "0769-22334455", "-", "-", "no_identity@", "phone_landline@E2"},
        {"张伟", "", "", "", "", "-", "-", "no_identity@", ""},
        {"", ROWS_ID, "", "", "", ROWS_ID, "-", "name_missing@A2", ""},
        {"/", ROWS_ID, "", "", "", ROWS_ID, "-", "name_missing@A2", ""},
        {"张?", ROWS_ID, "", "", "", ROWS_ID, "-", "name_damaged@A2", ""},
        {"å¼ ä¼Ÿ", ROWS_ID, "", "", "", ROWS_ID, "-", "name_damaged@A2", ""},
        {"椁愰ギ", ROWS_ID, "", "", "", ROWS_ID, "-", "name_damaged@A2",
         ""}, /* 餐饮 in UTF-8 read as GBK */
        {"锟斤拷", ROWS_ID, "", "", "", ROWS_ID, "-", "name_damaged@A2", ""},
        {"12345", ROWS_ID, "", "", "", ROWS_ID, "-", "name_none@A2", ""},
        {"", "440524198001010014", "女", "1980-02-30", "", "-", "-",
         "id_checksum@B2 date_impossible@D2 name_missing@A2", ""}, /* all at once */
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const IdentityCase *wanted = &CASES[i];
        const char *headings[] = {"姓名", "身份证号码", "性别", "出生日期", "手机号码", NULL};
        const char *cells[] = {wanted->name,  wanted->id,    wanted->sex,
                               wanted->birth, wanted->phone, NULL};
        Checked checked = rows_check(world->arena, world->enterprise, headings, cells);
        const char *id = rows_fact(world->arena, &checked, FACT_ID_NUMBER),
                   *phone = rows_fact(world->arena, &checked, FACT_PHONE);
        const char *problems = rows_problems(world->arena, &checked, SEVERITY_QUARANTINE);
        const char *notes = rows_problems(world->arena, &checked, SEVERITY_NOTE);
        if (strcmp(id, wanted->id_expected) != 0 || strcmp(phone, wanted->phone_expected) != 0 ||
            strcmp(problems, wanted->problems) != 0 || strcmp(notes, wanted->notes) != 0)
            fail_msg("case %zu: got %s %s [%s] [%s]", i, id, phone, problems, notes);
    }
}

static void id_number_gives_sex_and_birth_date_when_the_cells_are_empty(void **state)
{
    RowsWorld *world = *state;
    const char *headings[] = {"姓名", "身份证号码", "性别", NULL};
    const char *cells[] = {"张伟", "440524800101001", "", NULL};
    Checked checked = rows_check(world->arena, world->enterprise, headings, cells);
    assert_string_equal(rows_fact(world->arena, &checked, FACT_SEX), "男");
    assert_string_equal(rows_fact(world->arena, &checked, FACT_BIRTH_DATE), "1980-01-01");
    assert_int_equal(checked.normalised[NORMALISED_ID_15], 1);
    assert_string_equal(checked.raw, "{\"id_number\":\"440524800101001\"}");
}

static void number_of_another_paper_is_no_id_number(void **state)
{
    RowsWorld *world = *state;
    const char *headings[] = {"姓名", "证件类型", "证件号码", "手机号码", NULL};
    const char *passport[] = {"张伟", "护照", "G12345678", ROWS_PHONE, NULL};
    Checked checked = rows_check(world->arena, world->enterprise, headings, passport);
    assert_false(checked.quarantined);
    assert_string_equal(rows_fact(world->arena, &checked, FACT_ID_NUMBER), "-");
    assert_string_equal(rows_problems(world->arena, &checked, SEVERITY_NOTE), "id_other_paper@C2");
    const char *permit[] = {"张伟", "港澳台居民居住证", "810000199001010012", ROWS_PHONE, NULL};
    checked = rows_check(world->arena, world->enterprise, headings, permit);
    assert_string_equal(rows_problems(world->arena, &checked, SEVERITY_NOTE), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identity_is_normalised_or_waits_and_no_digit_is_guessed),
        cmocka_unit_test(id_number_gives_sex_and_birth_date_when_the_cells_are_empty),
        cmocka_unit_test(number_of_another_paper_is_no_id_number),
    };
    return cmocka_run_group_tests(tests, rows_setup, rows_teardown);
}
