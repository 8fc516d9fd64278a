-- name: batch_seen
-- The batch that holds a file or waits with it, before anything is locked.
-- params: sha256
-- rows: optional: id, form, state
-- index: active_sha256
SELECT id, form, state FROM batch WHERE active_sha256 = ?

-- name: batch_of_file
-- The batch that holds a file, or waits with it, now. A current read: sees what a transaction committed that held our lock before us.
-- params: sha256
-- rows: optional: id, form, state
-- index: active_sha256
SELECT id, form, state FROM batch WHERE active_sha256 = ? LOCK IN SHARE MODE

-- name: batch_insert
-- params: file, sha256, form, source, credibility, surveyed_on, encoding, imported_by
-- rows: none (the id)
INSERT INTO batch (file, sha256, form, source, credibility, surveyed_on, encoding, line_count, accepted, quarantined,
  people_new, people_changed, people_unchanged, report, imported_by, imported_at, elapsed_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, '', ?, UTC_TIMESTAMP(3), 0)

-- name: batch_finish
-- What came of a batch, at the end of its own transaction.
-- params: rows, accepted, quarantined, people new, changed, unchanged, report, elapsed_ms, id
-- rows: none
-- index: PRIMARY
UPDATE batch SET line_count = ?, accepted = ?, quarantined = ?, people_new = ?, people_changed = ?, people_unchanged = ?,
  report = ?, elapsed_ms = ? WHERE id = ?

-- name: batch_load
-- params: id
-- rows: optional: state, file, form, rows, accepted, quarantined
-- index: PRIMARY
SELECT state, file, form, line_count, accepted, quarantined FROM batch WHERE id = ? LOCK IN SHARE MODE

-- name: batch_list
-- Every file that was handed in, newest first, with the rows that still wait in quarantine.
-- params: none
-- rows: many: id, state, file, form, source, surveyed_on, rows, accepted, quarantined, open, imported_by, imported_at,
--   normalised (JSON {kind: cells}), why it waited, why it was refused, decided_by, decided_at
-- index: PRIMARY
-- scan: batch, b, s
SELECT b.id, b.state, b.file, b.form, b.source, b.surveyed_on, b.line_count, b.accepted, b.quarantined,
  (SELECT COUNT(*) FROM quarantine q WHERE q.batch_id = b.id AND q.state = 'open'), b.imported_by,
  DATE_FORMAT(b.imported_at + INTERVAL 8 HOUR, '%Y-%m-%d %H:%i:%s'), JSON_EXTRACT(b.report, '$.normalised'), s.why,
  s.decided_why, s.decided_by, DATE_FORMAT(s.decided_at + INTERVAL 8 HOUR, '%Y-%m-%d %H:%i:%s')
FROM batch b LEFT JOIN staged s ON s.batch_id = b.id ORDER BY b.id DESC

-- name: batch_undo
-- params: undone_by, id
-- rows: none
-- index: PRIMARY
UPDATE batch SET state = 'undone', undone_by = ?, undone_at = UTC_TIMESTAMP(3) WHERE id = ? AND state = 'active'

-- name: batch_people
-- How many people the answers of a batch belong to.
-- params: batch
-- rows: one: people
-- index: PRIMARY
SELECT COUNT(DISTINCT person_id) FROM answer WHERE batch_id = ?

-- name: batch_new_people
-- How many people are known by nothing but answers of a batch.
-- params: batch
-- rows: one: people
-- index: PRIMARY of answer and person
SELECT COUNT(*) FROM (SELECT person_id, COUNT(*) AS answers FROM answer WHERE batch_id = ? GROUP BY person_id) a
STRAIGHT_JOIN person p ON p.id = a.person_id AND p.answers = a.answers

-- name: batch_campaigns
-- The campaigns with a message that was, or may have been, sent to someone on the strength of this batch.
-- params: batch
-- rows: many: campaign, messages
-- index: PRIMARY, campaign_person
-- scan: c
SELECT c.name, COUNT(*) FROM campaign c JOIN message m ON m.campaign_id = c.id
WHERE m.state NOT IN ('queued', 'cancelled', 'suppressed')
  AND m.person_id IN (SELECT a.person_id FROM answer a WHERE a.batch_id = ?)
GROUP BY c.name ORDER BY c.name
