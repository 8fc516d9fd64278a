-- RECORD columns (people/record.h): id_hash, name_phone_hash, phone_hash, pension_on, then the facts in the order of
-- people/facts.def. `keys` as in link.sql.

-- name: answer_lock
-- Serialises all that folds people, and says that something changed.
-- params: none
-- rows: none
-- index: PRIMARY
UPDATE base_state SET people_version = people_version + 1 WHERE id = 1

-- name: answer_load
-- params: rows: batch, sheet, line, person, surveyed_on, credibility, normalised (sealed), RECORD
-- rows: none
LOAD DATA LOCAL INFILE 'rows' INTO TABLE answer CHARACTER SET binary (
  batch_id, sheet, line, person_id, surveyed_on, credibility, normalised,
  id_hash, name_phone_hash, phone_hash, pension_on, name, sex, birth_date, id_number, hukou_region, in_city_hukou,
  skill_level, certificate_type, certificate_no, certificate_date, occupation, employer, employer_town,
  pension_months, pension_gap_known, school, school_kind, school_province, graduation_date, family_planning_ok,
  no_criminal_record, no_banned_organisation, owns_home, home_town, wants_settlement, intended_town, phone,
  consent_sms, education)

-- name: answer_of_persons
-- All answers of some persons.
-- params: keys (persons), how many
-- rows: many: place of the key from 0, surveyed_on, credibility, RECORD
-- index: person_id
SELECT STRAIGHT_JOIN k.seq, a.surveyed_on, a.credibility,
  a.id_hash, a.name_phone_hash, a.phone_hash, a.pension_on, a.name, a.sex, a.birth_date, a.id_number, a.hukou_region,
  a.in_city_hukou, a.skill_level, a.certificate_type, a.certificate_no, a.certificate_date, a.occupation, a.employer,
  a.employer_town, a.pension_months, a.pension_gap_known, a.school, a.school_kind, a.school_province,
  a.graduation_date, a.family_planning_ok, a.no_criminal_record, a.no_banned_organisation, a.owns_home, a.home_town,
  a.wants_settlement, a.intended_town, a.phone, a.consent_sms, a.education
FROM seq_0_to_9999 k JOIN answer a ON a.person_id = CAST(CONV(HEX(SUBSTR(?, k.seq * 8 + 1, 8)), 16, 10) AS UNSIGNED)
WHERE k.seq < ?

-- name: answer_contacts_of_batch
-- params: batch
-- rows: many: name_phone_hash
-- index: PRIMARY
SELECT DISTINCT name_phone_hash FROM answer WHERE batch_id = ? AND name_phone_hash IS NOT NULL

-- name: answer_persons_of_batch
-- params: batch
-- rows: many: person
-- index: PRIMARY
SELECT DISTINCT person_id FROM answer WHERE batch_id = ?

-- name: answer_delete_batch
-- params: batch
-- rows: none
-- index: PRIMARY
DELETE FROM answer WHERE batch_id = ?

-- name: answer_sources
-- The answers of one person with where they stand, newest and most credible first.
-- params: person
-- rows: many: batch, file, sheet, line, source, surveyed_on, credibility, RECORD
-- index: person_id
SELECT a.batch_id, b.file, a.sheet, a.line, b.source, a.surveyed_on, a.credibility,
  a.id_hash, a.name_phone_hash, a.phone_hash, a.pension_on, a.name, a.sex, a.birth_date, a.id_number, a.hukou_region,
  a.in_city_hukou, a.skill_level, a.certificate_type, a.certificate_no, a.certificate_date, a.occupation, a.employer,
  a.employer_town, a.pension_months, a.pension_gap_known, a.school, a.school_kind, a.school_province,
  a.graduation_date, a.family_planning_ok, a.no_criminal_record, a.no_banned_organisation, a.owns_home, a.home_town,
  a.wants_settlement, a.intended_town, a.phone, a.consent_sms, a.education
FROM answer a JOIN batch b ON b.id = a.batch_id
WHERE a.person_id = ?
ORDER BY a.surveyed_on DESC, a.credibility DESC, a.batch_id, a.sheet, a.line
