-- PLANE columns (policy/plane_set.h): pension_on, then the facts of people/facts.def that are dates, numbers, flags or codes.
-- keys: people/keys.h.

-- name: plane_state
-- params: none
-- rows: one: epoch, people_version
-- index: PRIMARY
SELECT s.epoch, s.people_version FROM base_state s WHERE s.id = 1

-- name: plane_people
-- Everyone, to be laid out in planes.
-- params: none
-- rows: many: id, PLANE
-- index: PRIMARY
-- scan: p
SELECT p.id, p.pension_on, p.sex, p.birth_date, p.in_city_hukou, p.skill_level, p.certificate_type,
  p.certificate_date, p.employer_town, p.pension_months, p.pension_gap_known, p.school_kind, p.school_province,
  p.graduation_date, p.family_planning_ok, p.no_criminal_record, p.no_banned_organisation, p.owns_home, p.home_town,
  p.wants_settlement, p.intended_town, p.consent_sms, p.education
FROM person p
ORDER BY p.id

-- name: plane_people_between
-- params: first person, last person
-- rows: many: id, PLANE
-- index: PRIMARY
SELECT p.id, p.pension_on, p.sex, p.birth_date, p.in_city_hukou, p.skill_level, p.certificate_type,
  p.certificate_date, p.employer_town, p.pension_months, p.pension_gap_known, p.school_kind, p.school_province,
  p.graduation_date, p.family_planning_ok, p.no_criminal_record, p.no_banned_organisation, p.owns_home, p.home_town,
  p.wants_settlement, p.intended_town, p.consent_sms, p.education
FROM person p
WHERE p.id BETWEEN ? AND ?
ORDER BY p.id

-- name: plane_people_of_keys
-- In the order of the keys; who has vanished is left out.
-- params: keys (persons), how many
-- rows: many: id, PLANE
-- index: PRIMARY
SELECT STRAIGHT_JOIN p.id, p.pension_on, p.sex, p.birth_date, p.in_city_hukou, p.skill_level, p.certificate_type,
  p.certificate_date, p.employer_town, p.pension_months, p.pension_gap_known, p.school_kind, p.school_province,
  p.graduation_date, p.family_planning_ok, p.no_criminal_record, p.no_banned_organisation, p.owns_home, p.home_town,
  p.wants_settlement, p.intended_town, p.consent_sms, p.education
FROM seq_0_to_9999 k JOIN person p ON p.id = CAST(CONV(HEX(SUBSTR(?, k.seq * 8 + 1, 8)), 16, 10) AS UNSIGNED)
WHERE k.seq < ?
ORDER BY k.seq
