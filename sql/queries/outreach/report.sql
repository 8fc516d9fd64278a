-- name: report_people
-- Everyone of the base by the employer's town, and how many of them are eligible or likely.
-- params: none
-- holes: likely, where
-- rows: many: employer_town, surveyed, likely
-- index: none
-- scan: p (everyone is counted)
SELECT p.employer_town, COUNT(*), COALESCE(SUM({{likely}}), 0) FROM person p WHERE {{where}} GROUP BY p.employer_town

-- name: report_surveyed
-- How many people the base holds: what report_people must add up to.
-- params: none
-- rows: one: people
-- index: PRIMARY
-- scan: person (everyone is counted)
SELECT COUNT(*) FROM person

-- name: report_messages
-- A campaign's messages by the employer's town: those that a gateway took, and those that arrived.
-- params: campaign
-- holes: where
-- rows: many: employer_town, told, delivered
-- index: campaign_person of message, PRIMARY of person
SELECT p.employer_town, SUM(m.state IN ('sent', 'delivered', 'undelivered', 'expired')), SUM(m.state = 'delivered')
FROM message m FORCE INDEX (campaign_person) LEFT JOIN person p ON p.id = m.person_id
WHERE m.campaign_id = ? AND {{where}}
GROUP BY p.employer_town

-- name: report_replies
-- Who of a campaign's recipients replied, by the employer's town, and whose last word on settling is yes.
-- params: campaign
-- holes: where
-- rows: many: employer_town, replied, willing
-- index: campaign_person of reply and of message, PRIMARY of person
-- scan: s (one row per reply of the campaign)
SELECT p.employer_town, COUNT(*), SUM(s.meaning = 'intention' AND s.value = 1)
FROM (SELECT r.campaign_id, r.person_id, r.meaning, r.value,
             ROW_NUMBER() OVER (PARTITION BY r.person_id
                                ORDER BY r.meaning = 'intention' DESC, r.received_at DESC, r.receipt_id DESC, r.item DESC) AS nth
      FROM reply r FORCE INDEX (campaign_person) WHERE r.campaign_id = ? AND r.person_id IS NOT NULL) s
JOIN message m ON m.campaign_id = s.campaign_id AND m.person_id = s.person_id
LEFT JOIN person p ON p.id = s.person_id
WHERE s.nth = 1 AND {{where}}
GROUP BY p.employer_town

-- name: report_delivery
-- What became of a campaign's messages, in pages by person, each with when it left (or was settled without leaving), to the hour
-- in Asia/Shanghai.
-- params: campaign, person after which
-- rows: many: person_id, phone (sealed), state, hour, error_code, employer_town
-- index: campaign_person of message, PRIMARY of person
SELECT m.person_id, m.phone, m.state,
       DATE_FORMAT(COALESCE(m.sent_at, m.settled_at) + INTERVAL 8 HOUR, '%Y-%m-%d %H:00'), m.error_code, p.employer_town
FROM message m FORCE INDEX (campaign_person) LEFT JOIN person p ON p.id = m.person_id
WHERE m.campaign_id = ? AND m.person_id > ? ORDER BY m.person_id LIMIT 2000
