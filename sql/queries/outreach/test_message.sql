-- name: test_message_insert
-- A test to a colleague, before it is sent.
-- params: campaign, sent by, colleague, gateway, reference (bytes), text, segments
-- rows: none
-- index: PRIMARY
INSERT INTO test_message (campaign_id, at, sent_by, colleague, gateway, reference, text, segments)
VALUES (?, UTC_TIMESTAMP(3), ?, ?, ?, ?, ?, ?)

-- name: test_message_outcome
-- What became of it.
-- params: outcome, code, gateway id, id
-- rows: none
-- index: PRIMARY
UPDATE test_message SET outcome = ?, code = ?, gateway_id = ? WHERE id = ?

-- name: test_message_list
-- The tests of a campaign, in the order in which they were sent.
-- params: campaign
-- rows: many: id, at (Asia/Shanghai), sent_by, colleague, gateway, reference in hex, text, segments, outcome, code, gateway_id
-- index: campaign_id
SELECT id, DATE_FORMAT(at + INTERVAL 8 HOUR, '%Y-%m-%d %H:%i:%s'), sent_by, colleague, gateway, LOWER(HEX(reference)), text,
       segments, outcome, code, gateway_id
FROM test_message WHERE campaign_id = ? ORDER BY id

-- name: test_message_optout
-- Whether a number is on the do-not-text list.
-- params: phone hash
-- rows: one: 1 or 0
-- index: active_hash
SELECT EXISTS (SELECT 1 FROM optout WHERE active_hash = ?)
