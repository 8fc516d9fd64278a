/* tests/support/tables.h: questionnaires from text, in each of the files that offices hand in, and
 * what is in the base.
 * Shape:  a table is lines of cells: rows end with "\n", cells are parted by "|"; no cell holds
 *         either.
 * Owns:   paths live in the arena; files lie in the home's folder.
 * Errors: what cannot be written fails the test. */
#ifndef SUPPORT_TABLES_H
#define SUPPORT_TABLES_H

#include "support/home.h"
#include "survey/import_file.h"

const char *table_csv(TestHome *home, const char *name, const char *table);
const char *table_gb18030(TestHome *home, const char *name, const char *table);
/* The first row holds the keys; as KoboToolbox exports it. */
const char *table_kobo(TestHome *home, const char *name, const char *table);
/* One sheet; every cell is text. */
const char *table_xlsx(TestHome *home, const char *name, const char *table);

/* An invented person by number: name, ID number (of a person born 1960..1990, with its check
 * digit), phone. */
typedef struct Invented {
    const char *name, *id, *phone;
} Invented;
Invented invented_person(Arena *arena, unsigned number);

/* What an answer or a person says, as one SQL text; who it is only as the keyed hashes. */
#define FACT_TEXTS                                                                                 \
    "CONCAT_WS('|', IFNULL(HEX(id_hash), '~'), IFNULL(HEX(phone_hash), '~'), IFNULL(name, '~'), "  \
    "IFNULL(sex, '~'), "                                                                           \
    "IFNULL(birth_date, '~'), IFNULL(hukou_region, '~'), IFNULL(in_city_hukou, '~'), "             \
    "IFNULL(skill_level, '~'), "                                                                   \
    "IFNULL(certificate_type, '~'), IFNULL(certificate_no, '~'), IFNULL(certificate_date, '~'), "  \
    "IFNULL(employer, '~'), "                                                                      \
    "IFNULL(employer_town, '~'), IFNULL(pension_months, '~'), IFNULL(pension_on, '~'), "           \
    "IFNULL(owns_home, '~'), "                                                                     \
    "IFNULL(wants_settlement, '~'), IFNULL(consent_sms, '~'), IFNULL(education, '~'))"

/* A number over everything that answers and people say (not who they are numbered as, not what is
 * sealed), and over what waits in quarantine: equal contents give equal numbers. Answers whose batch
 * is not there count for nothing: the next import takes them back (people/intake.h). */
int64_t base_content(TestHome *home);

/* Imports through the verb's own function; the result of one file, owned by the caller. */
json_t *table_import(TestHome *home, const char *path);
ImportJob import_job(TestHome *home, const char *path);
/* Expects a refusal with exactly this text after "cannot import 'PATH': ", and an unchanged base.
 */
void assert_import_refused(TestHome *home, const ImportJob *job, ErrCode code, const char *text);
int64_t result_number(const json_t *object,
                      const char *key); /* "people.new" reaches into an object */

#endif
