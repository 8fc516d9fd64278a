-- PERSON_COLUMNS (people/person.h): id, conflicts, answers, pension_on, then the facts in the order of people/facts.def.
-- RECORD columns and `keys`: answer.sql, link.sql.

-- name: person_load
-- params: rows: id, conflicts, answers, RECORD
-- rows: none
LOAD DATA LOCAL INFILE 'rows' INTO TABLE person CHARACTER SET binary (
  id, conflicts, answers,
  id_hash, name_phone_hash, phone_hash, pension_on, name, sex, birth_date, id_number, hukou_region, in_city_hukou,
  skill_level, certificate_type, certificate_no, certificate_date, occupation, employer, employer_town,
  pension_months, pension_gap_known, school, school_kind, school_province, graduation_date, family_planning_ok,
  no_criminal_record, no_banned_organisation, owns_home, home_town, wants_settlement, intended_town, phone,
  consent_sms, education)

-- name: person_from_answer
-- New persons of one answer each: the answer, sealed values included. The answers are read in the order in which they
-- stand in their table, which is that of the numbers too.
-- params: batch, first sheet, last sheet, first line, last line, first person, last person
-- rows: none
-- index: PRIMARY
INSERT INTO person (
  id, conflicts, answers,
  id_hash, name_phone_hash, phone_hash, pension_on, name, sex, birth_date, id_number, hukou_region, in_city_hukou,
  skill_level, certificate_type, certificate_no, certificate_date, occupation, employer, employer_town,
  pension_months, pension_gap_known, school, school_kind, school_province, graduation_date, family_planning_ok,
  no_criminal_record, no_banned_organisation, owns_home, home_town, wants_settlement, intended_town, phone,
  consent_sms, education)
SELECT a.person_id, 0, 1,
  a.id_hash, a.name_phone_hash, a.phone_hash, a.pension_on, a.name, a.sex, a.birth_date, a.id_number, a.hukou_region,
  a.in_city_hukou, a.skill_level, a.certificate_type, a.certificate_no, a.certificate_date, a.occupation, a.employer,
  a.employer_town, a.pension_months, a.pension_gap_known, a.school, a.school_kind, a.school_province,
  a.graduation_date, a.family_planning_ok, a.no_criminal_record, a.no_banned_organisation, a.owns_home, a.home_town,
  a.wants_settlement, a.intended_town, a.phone, a.consent_sms, a.education
FROM answer a FORCE INDEX (PRIMARY)
WHERE a.batch_id = ? AND a.sheet BETWEEN ? AND ? AND a.line BETWEEN ? AND ? AND a.person_id BETWEEN ? AND ?

-- name: person_of_keys
-- params: keys (persons), how many
-- rows: many: place of the key from 0, conflicts, answers, RECORD
-- index: PRIMARY
SELECT STRAIGHT_JOIN k.seq, p.conflicts, p.answers,
  p.id_hash, p.name_phone_hash, p.phone_hash, p.pension_on, p.name, p.sex, p.birth_date, p.id_number, p.hukou_region,
  p.in_city_hukou, p.skill_level, p.certificate_type, p.certificate_no, p.certificate_date, p.occupation, p.employer,
  p.employer_town, p.pension_months, p.pension_gap_known, p.school, p.school_kind, p.school_province,
  p.graduation_date, p.family_planning_ok, p.no_criminal_record, p.no_banned_organisation, p.owns_home, p.home_town,
  p.wants_settlement, p.intended_town, p.phone, p.consent_sms, p.education
FROM seq_0_to_9999 k JOIN person p ON p.id = CAST(CONV(HEX(SUBSTR(?, k.seq * 8 + 1, 8)), 16, 10) AS UNSIGNED)
WHERE k.seq < ?

-- name: person_delete
-- params: keys (persons), how many
-- rows: none
-- index: PRIMARY
DELETE p FROM seq_0_to_9999 k STRAIGHT_JOIN person p ON p.id = CAST(CONV(HEX(SUBSTR(?, k.seq * 8 + 1, 8)), 16, 10) AS UNSIGNED)
WHERE k.seq < ?

-- name: person_go_on
-- Persons who are as they were, but for what each new survey changes: the pension, the number of answers, conflicts.
-- params: keys (persons), their numbers of answers, their conflicts, their months (65535 = not known), the days on which
--   these were said as 20121001 (0 = not known), all as keys; how many
-- rows: none
-- index: PRIMARY
UPDATE seq_0_to_9999 k STRAIGHT_JOIN person p ON p.id = CAST(CONV(HEX(SUBSTR(?, k.seq * 8 + 1, 8)), 16, 10) AS UNSIGNED)
SET p.answers = CAST(CONV(HEX(SUBSTR(?, k.seq * 8 + 1, 8)), 16, 10) AS UNSIGNED),
  p.conflicts = CAST(CONV(HEX(SUBSTR(?, k.seq * 8 + 1, 8)), 16, 10) AS UNSIGNED),
  p.pension_months = NULLIF(CAST(CONV(HEX(SUBSTR(?, k.seq * 8 + 1, 8)), 16, 10) AS UNSIGNED), 65535),
  p.pension_on = NULLIF(CAST(CONV(HEX(SUBSTR(?, k.seq * 8 + 1, 8)), 16, 10) AS UNSIGNED), 0)
WHERE k.seq < ?

-- name: person_one
-- params: person
-- rows: optional: PERSON_COLUMNS
-- index: PRIMARY
SELECT p.id, p.conflicts, p.answers, p.pension_on,
  p.name, p.sex, p.birth_date, p.id_number, p.hukou_region, p.in_city_hukou, p.skill_level, p.certificate_type,
  p.certificate_no, p.certificate_date, p.occupation, p.employer, p.employer_town, p.pension_months,
  p.pension_gap_known, p.school, p.school_kind, p.school_province, p.graduation_date, p.family_planning_ok,
  p.no_criminal_record, p.no_banned_organisation, p.owns_home, p.home_town, p.wants_settlement, p.intended_town,
  p.phone, p.consent_sms, p.education
FROM person p
WHERE p.id = ?

-- name: person_find
-- `words` is what a person may be searched by, in a collation that sees neither case nor width.
-- params: none besides the filter's, over the columns of p: person's own and `words`
-- rows: many: PERSON_COLUMNS
-- scan: person
SELECT p.id, p.conflicts, p.answers, p.pension_on,
  p.name, p.sex, p.birth_date, p.id_number, p.hukou_region, p.in_city_hukou, p.skill_level, p.certificate_type,
  p.certificate_no, p.certificate_date, p.occupation, p.employer, p.employer_town, p.pension_months,
  p.pension_gap_known, p.school, p.school_kind, p.school_province, p.graduation_date, p.family_planning_ok,
  p.no_criminal_record, p.no_banned_organisation, p.owns_home, p.home_town, p.wants_settlement, p.intended_town,
  p.phone, p.consent_sms, p.education
FROM (SELECT q.*, CONCAT_WS('\n', q.name, q.employer, q.school) COLLATE utf8mb4_unicode_520_ci AS words FROM person q) p
WHERE {{filter}}
ORDER BY p.id
LIMIT 1000

-- name: person_by_id_hash
-- params: id_hash
-- rows: optional: PERSON_COLUMNS
-- index: id_hash
SELECT p.id, p.conflicts, p.answers, p.pension_on,
  p.name, p.sex, p.birth_date, p.id_number, p.hukou_region, p.in_city_hukou, p.skill_level, p.certificate_type,
  p.certificate_no, p.certificate_date, p.occupation, p.employer, p.employer_town, p.pension_months,
  p.pension_gap_known, p.school, p.school_kind, p.school_province, p.graduation_date, p.family_planning_ok,
  p.no_criminal_record, p.no_banned_organisation, p.owns_home, p.home_town, p.wants_settlement, p.intended_town,
  p.phone, p.consent_sms, p.education
FROM person p
WHERE p.id_hash = ?

-- name: person_by_phone_hash
-- params: phone_hash
-- rows: many: PERSON_COLUMNS
-- index: phone_hash
SELECT p.id, p.conflicts, p.answers, p.pension_on,
  p.name, p.sex, p.birth_date, p.id_number, p.hukou_region, p.in_city_hukou, p.skill_level, p.certificate_type,
  p.certificate_no, p.certificate_date, p.occupation, p.employer, p.employer_town, p.pension_months,
  p.pension_gap_known, p.school, p.school_kind, p.school_province, p.graduation_date, p.family_planning_ok,
  p.no_criminal_record, p.no_banned_organisation, p.owns_home, p.home_town, p.wants_settlement, p.intended_town,
  p.phone, p.consent_sms, p.education
FROM person p
WHERE p.phone_hash = ?
ORDER BY p.id
