-- name: reply_message
-- The message that a reply from this number most likely answers: the last that was sent to it.
-- params: phone hash
-- rows: optional: campaign_id, campaign's name, person_id
-- index: phone_hash
SELECT m.campaign_id, c.name, m.person_id
FROM message m FORCE INDEX (phone_hash) STRAIGHT_JOIN campaign c ON c.id = m.campaign_id
WHERE m.phone_hash = ? AND m.sent_at IS NOT NULL
ORDER BY m.sent_at DESC, m.id DESC LIMIT 1

-- name: reply_insert
-- A reply, with what was understood; the same item of the same receipt once only.
-- params: receipt, item, campaign, person, phone hash, receipt, text (sealed), meaning, value, handled
-- rows: none
-- index: PRIMARY
INSERT IGNORE INTO reply (receipt_id, item, campaign_id, person_id, phone_hash, received_at, text, meaning, value, handled)
VALUES (?, ?, ?, ?, ?, (SELECT received_at FROM receipt WHERE id = ?), ?, ?, ?, ?)

-- name: reply_batch_find
-- The batch that takes a campaign's answers of one day, locked.
-- params: sha256
-- rows: optional: id, line_count
-- index: active_sha256
SELECT id, line_count FROM batch WHERE active_sha256 = ? FOR UPDATE

-- name: reply_batch_insert
-- Opens that batch.
-- params: file, sha256, source, credibility, surveyed on, by whom
-- rows: none
-- index: PRIMARY
INSERT INTO batch (file, sha256, form, source, credibility, surveyed_on, encoding, line_count, accepted, quarantined,
                   people_new, people_changed, people_unchanged, report, imported_by, imported_at, elapsed_ms)
VALUES (?, ?, 'reply', ?, ?, ?, 'UTF-8', 0, 0, 0, 0, 0, 0, '{}', ?, UTC_TIMESTAMP(3), 0)

-- name: reply_batch_count
-- Adds what came in.
-- params: lines, lines, changed, unchanged, id
-- rows: none
-- index: PRIMARY
UPDATE batch SET line_count = line_count + ?, accepted = accepted + ?, people_changed = people_changed + ?,
                 people_unchanged = people_unchanged + ?
WHERE id = ?
