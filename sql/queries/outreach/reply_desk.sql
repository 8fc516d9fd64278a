-- name: reply_desk_waiting
-- Replies that wait for a person, newest first, each with the phone of a message to the same number.
-- params: limit
-- rows: many: receipt, item, received_at (Asia/Shanghai), campaign's name, person, text (sealed), phone (sealed), gateway,
--   receipt's body (sealed)
-- index: waiting of reply; PRIMARY of receipt and campaign; phone_hash of message
SELECT r.receipt_id, r.item, DATE_FORMAT(r.received_at + INTERVAL 8 HOUR, '%Y-%m-%d %H:%i:%s'), c.name, r.person_id, r.text,
       (SELECT m.phone FROM message m WHERE m.phone_hash = r.phone_hash AND m.phone <> '' ORDER BY m.sent_at DESC LIMIT 1),
       t.gateway, t.body
FROM (SELECT * FROM reply FORCE INDEX (waiting) WHERE handled = 0 ORDER BY receipt_id DESC, item DESC LIMIT ?) r
STRAIGHT_JOIN receipt t ON t.id = r.receipt_id
LEFT JOIN campaign c ON c.id = r.campaign_id
ORDER BY r.receipt_id DESC, r.item DESC

-- name: reply_desk_count
-- How many replies wait for a person.
-- params: none
-- rows: one: replies
-- index: waiting
SELECT COUNT(*) FROM reply FORCE INDEX (waiting) WHERE handled = 0

-- name: reply_desk_get
-- One reply, locked.
-- params: receipt, item
-- rows: optional: handled, handled_by, campaign, campaign's name, person, day (Asia/Shanghai),
--   phone (sealed), gateway, receipt's body (sealed)
-- index: PRIMARY; phone_hash of message
SELECT r.handled, r.handled_by, r.campaign_id, c.name, r.person_id, DATE(r.received_at + INTERVAL 8 HOUR),
       (SELECT m.phone FROM message m WHERE m.phone_hash = r.phone_hash AND m.phone <> '' ORDER BY m.sent_at DESC LIMIT 1),
       t.gateway, t.body
FROM reply r STRAIGHT_JOIN receipt t ON t.id = r.receipt_id LEFT JOIN campaign c ON c.id = r.campaign_id
WHERE r.receipt_id = ? AND r.item = ? FOR UPDATE

-- name: reply_desk_handle
-- What a person made of a reply.
-- params: meaning, value, handled by, why, receipt, item
-- rows: none
-- index: PRIMARY
UPDATE reply SET meaning = ?, value = ?, handled = 1, handled_by = ?, handled_why = ?, handled_at = UTC_TIMESTAMP(3)
WHERE receipt_id = ? AND item = ?
