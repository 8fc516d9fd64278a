-- name: audience_count
-- Everyone of the base, by verdict, by whether --where holds, and (for a reminder) by whether the earlier campaign reached them
-- and they replied.
-- params: campaign that is reminded of (0 = none)
-- holes: verdict, inside
-- rows: many: verdict, inside (1, 0, NULL = unknown), replied (1, 0, NULL = was not told), people
-- index: campaign_person of message and of reply
-- scan: p (everyone is counted)
WITH told AS (
  SELECT m.person_id,
         EXISTS (SELECT 1 FROM reply r WHERE r.campaign_id = m.campaign_id AND r.person_id = m.person_id) AS replied
  FROM message m WHERE m.campaign_id = ? AND m.state IN ('sent', 'delivered'))
SELECT {{verdict}}, {{inside}}, told.replied, COUNT(*)
FROM person p LEFT JOIN told ON told.person_id = p.id
GROUP BY 1, 2, 3

-- name: audience_page
-- The people that a campaign addresses, in pages by person, each with what may stand against texting them. "told" counts the
-- messages that reached or may have reached the person, or the phone, since the given day.
-- params: campaign that is reminded of (0 = none), days of the cap, person after which, campaign that is reminded of
-- holes: addressed, verdict, route
-- rows: many: the columns of a person (the ID number is left out), phone_hash, verdict, route, opted_out, told_person, told_phone,
--   planned_person, planned_phone, forgotten
-- index: PRIMARY of person and forgotten; person_id and phone_hash of message; active_hash of optout
-- scan: page (at most 2000 people)
WITH told AS (
  SELECT m.person_id,
         EXISTS (SELECT 1 FROM reply r WHERE r.campaign_id = m.campaign_id AND r.person_id = m.person_id) AS replied
  FROM message m WHERE m.campaign_id = ? AND m.state IN ('sent', 'delivered')),
cap AS (SELECT UTC_TIMESTAMP(3) - INTERVAL ? DAY AS since),
page AS (
  SELECT p.* FROM person p
  WHERE p.id > ? AND (? = 0 OR p.id IN (SELECT told.person_id FROM told WHERE told.replied = 0)) AND {{addressed}}
  ORDER BY p.id LIMIT 2000)
SELECT page.id, page.conflicts, page.answers, page.pension_on,
       page.name, page.sex, page.birth_date, NULL AS id_number, page.hukou_region, page.in_city_hukou, page.skill_level,
       page.certificate_type, page.certificate_no, page.certificate_date, page.occupation, page.employer, page.employer_town,
       page.pension_months, page.pension_gap_known, page.school, page.school_kind, page.school_province, page.graduation_date,
       page.family_planning_ok, page.no_criminal_record, page.no_banned_organisation, page.owns_home, page.home_town,
       page.wants_settlement, page.intended_town, page.phone, page.consent_sms, page.education,
       page.phone_hash, {{verdict}} AS verdict, {{route}} AS route,
       EXISTS (SELECT 1 FROM optout o WHERE o.active_hash = page.phone_hash),
       (SELECT COUNT(*) FROM message m
        WHERE m.person_id = page.id AND m.state IN ('claimed', 'sent', 'delivered', 'expired', 'uncertain')
          AND (m.sent_at IS NULL OR m.sent_at >= (SELECT since FROM cap))),
       (SELECT COUNT(*) FROM message m
        WHERE m.phone_hash = page.phone_hash AND m.state IN ('claimed', 'sent', 'delivered', 'expired', 'uncertain')
          AND (m.sent_at IS NULL OR m.sent_at >= (SELECT since FROM cap))),
       EXISTS (SELECT 1 FROM message m STRAIGHT_JOIN campaign c ON c.id = m.campaign_id
               WHERE m.person_id = page.id AND m.state IN ('queued', 'claimed')
                 AND c.state IN ('approved', 'running', 'paused')),
       EXISTS (SELECT 1 FROM message m STRAIGHT_JOIN campaign c ON c.id = m.campaign_id
               WHERE m.phone_hash = page.phone_hash AND m.state IN ('queued', 'claimed')
                 AND c.state IN ('approved', 'running', 'paused')),
       EXISTS (SELECT 1 FROM forgotten f WHERE f.key_hash = page.phone_hash AND f.kind = 'phone')
FROM page
ORDER BY page.id
