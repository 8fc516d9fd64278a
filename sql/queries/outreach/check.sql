-- Checks of `db verify`: one row each: how many were looked at, how many are wrong, which one first.

-- name: check_campaign_people
-- Everybody who was asked about is in the audience, left out with a reason, or of another verdict.
-- params: none
-- rows: one: campaigns, wrong, first
-- index: campaign_person of message; PRIMARY of suppression
-- scan: c, message, suppression, o
SELECT COUNT(*), COUNT(CASE WHEN v.wrong THEN 1 END), MIN(CASE WHEN v.wrong THEN CONCAT('campaign ', v.id) END)
FROM (SELECT c.id, c.people <>
               (SELECT COUNT(*) FROM message WHERE campaign_id = c.id) +
               (SELECT COUNT(*) FROM suppression WHERE campaign_id = c.id) +
               (SELECT COALESCE(SUM(o.people), 0) FROM JSON_TABLE(c.other_verdicts, '$.*' COLUMNS (people INT PATH '$')) o)
               AS wrong
      FROM campaign c) v

-- name: check_message_campaign
-- Every message belongs to a campaign.
-- params: none
-- rows: one: messages, wrong, first
-- index: PRIMARY of campaign
-- scan: m
SELECT COUNT(*), COUNT(*) - COUNT(c.id), MIN(CASE WHEN c.id IS NULL THEN CONCAT('message ', m.id) END)
FROM message m LEFT JOIN campaign c ON c.id = m.campaign_id

-- name: check_message_once
-- Nobody is both told and left out by one campaign.
-- params: none
-- rows: one: persons left out, wrong, first
-- index: campaign_person
-- scan: s
SELECT COUNT(*), COUNT(m.id), MIN(CASE WHEN m.id IS NOT NULL THEN CONCAT('message ', m.id) END)
FROM suppression s LEFT JOIN message m ON m.campaign_id = s.campaign_id AND m.person_id = s.person_id

-- name: check_campaign_done
-- A campaign that is over has nothing that can still move.
-- params: none
-- rows: one: campaigns, wrong, first
-- index: state of message
-- scan: c
SELECT COUNT(*), COUNT(CASE WHEN v.wrong THEN 1 END), MIN(CASE WHEN v.wrong THEN CONCAT('campaign ', v.id) END)
FROM (SELECT c.id, EXISTS (SELECT 1 FROM message m WHERE m.campaign_id = c.id AND m.state IN ('queued', 'claimed')) AS wrong
      FROM campaign c WHERE c.state IN ('done', 'cancelled')) v

-- name: check_log_end
-- The delivery log of every message ends in the state that the message is in.
-- params: none
-- rows: one: messages, wrong, first
-- index: message_id of delivery_event
-- scan: m
SELECT COUNT(*), COUNT(CASE WHEN v.wrong THEN 1 END), MIN(CASE WHEN v.wrong THEN CONCAT('message ', v.id) END)
FROM (SELECT m.id, NOT (m.state <=> (SELECT e.to_state FROM delivery_event e WHERE e.message_id = m.id
                                     ORDER BY e.id DESC LIMIT 1)) AS wrong
      FROM message m) v

-- name: check_log_path
-- Each event of a message begins where the one before it ended, and the first one begins nowhere.
-- params: none
-- rows: one: events, wrong, first
-- index: message_id of delivery_event
-- scan: e
SELECT COUNT(*), COUNT(CASE WHEN v.wrong THEN 1 END), MIN(CASE WHEN v.wrong THEN CONCAT('event ', v.id) END)
FROM (SELECT e.id, NOT (e.from_state <=> LAG(e.to_state) OVER (PARTITION BY e.message_id ORDER BY e.id)) AS wrong
      FROM delivery_event e) v

-- name: check_log_message
-- Every event is of a message.
-- params: none
-- rows: one: events, wrong, first
-- index: PRIMARY of message
-- scan: e
SELECT COUNT(*), COUNT(*) - COUNT(m.id), MIN(CASE WHEN m.id IS NULL THEN CONCAT('event ', e.id) END)
FROM delivery_event e LEFT JOIN message m ON m.id = e.message_id

-- name: check_log_moves
-- The moves that were made.
-- params: none
-- rows: many: from, to, events
-- scan: delivery_event
SELECT from_state, to_state, COUNT(*), MIN(id) FROM delivery_event WHERE from_state IS NOT NULL GROUP BY from_state, to_state

-- name: check_reply_push
-- Every reply came with a push that was kept.
-- params: none
-- rows: one: replies, wrong, first
-- index: PRIMARY of receipt
-- scan: y
SELECT COUNT(*), COUNT(*) - COUNT(r.id), MIN(CASE WHEN r.id IS NULL THEN CONCAT('reply ', y.receipt_id, '/', y.item) END)
FROM reply y LEFT JOIN receipt r ON r.id = y.receipt_id
