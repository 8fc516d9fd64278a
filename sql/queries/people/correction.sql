-- name: correction_batch_insert
-- The batch of one correction.
-- params: file (which says why), sha256, credibility, surveyed_on, report, imported_by
-- rows: none (the id)
INSERT INTO batch (file, sha256, form, source, credibility, surveyed_on, encoding, line_count, accepted, quarantined,
                   people_new, people_changed, people_unchanged, report, imported_by, imported_at, elapsed_ms)
VALUES (?, ?, 'correction', 'staff', ?, ?, 'UTF-8', 1, 1, 0, 0, 0, 0, ?, ?, UTC_TIMESTAMP(3), 0)

-- name: correction_batch_count
-- params: people changed, unchanged, id
-- rows: none
-- index: PRIMARY
UPDATE batch SET people_changed = ?, people_unchanged = ? WHERE id = ?

-- name: correction_key_holders
-- Who is known under a key.
-- params: key, key, key
-- rows: many: person
-- index: PRIMARY of decided_key; id_hash of person; name_phone_hash of answer
SELECT d.person_id FROM decided_key d WHERE d.key_hash = ?
UNION
SELECT p.id FROM person p WHERE p.id_hash = ?
UNION
SELECT a.person_id FROM answer a WHERE a.name_phone_hash = ?
