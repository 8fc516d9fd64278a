-- name: ask_page
-- A page of the people whom a follow-up may ask, in the order of their numbers.
-- params: the last person of the page before
-- rows: many: PERSON_COLUMNS, id_hash, name_phone_hash
-- index: PRIMARY
-- scan: p (everyone is looked at)
SELECT p.id, p.conflicts, p.answers, p.pension_on,
  p.name, p.sex, p.birth_date, p.id_number, p.hukou_region, p.in_city_hukou, p.skill_level, p.certificate_type,
  p.certificate_no, p.certificate_date, p.occupation, p.employer, p.employer_town, p.pension_months,
  p.pension_gap_known, p.school, p.school_kind, p.school_province, p.graduation_date, p.family_planning_ok,
  p.no_criminal_record, p.no_banned_organisation, p.owns_home, p.home_town, p.wants_settlement, p.intended_town,
  p.phone, p.consent_sms, p.education, p.id_hash, p.name_phone_hash
FROM person p
WHERE p.id > ? AND {{who}}
ORDER BY p.id
LIMIT 10000
