-- name: staged_savepoint
-- Behind it stands what an import writes besides its line in batch.
-- params: none
-- rows: none
SAVEPOINT import

-- name: staged_take_back
-- params: none
-- rows: none
ROLLBACK TO SAVEPOINT import

-- name: staged_insert
-- params: batch, why, options, preview
-- rows: none
INSERT INTO staged (batch_id, why, options, preview) VALUES (?, ?, ?, ?)

-- name: staged_put_aside
-- params: batch
-- rows: none
-- index: PRIMARY
UPDATE batch SET state = 'staged' WHERE id = ? AND state = 'active'

-- name: staged_let_in
-- params: batch
-- rows: none
-- index: PRIMARY
UPDATE batch SET state = 'active' WHERE id = ? AND state = 'staged'

-- name: staged_turn_away
-- params: batch
-- rows: none
-- index: PRIMARY
UPDATE batch SET state = 'refused' WHERE id = ? AND state = 'staged'

-- name: staged_decide
-- params: decision, why, who, batch
-- rows: none
-- index: PRIMARY
UPDATE staged SET decision = ?, decided_why = ?, decided_by = ?, decided_at = UTC_TIMESTAMP(3) WHERE batch_id = ?

-- name: staged_load
-- params: batch
-- rows: optional: state, file, sha256, encoding, why, options, preview, decided_by, decided_why, decided_at, imported_by,
--   imported_at
-- index: PRIMARY
SELECT b.state, b.file, b.sha256, b.encoding, s.why, s.options, s.preview, s.decided_by, s.decided_why,
  DATE_FORMAT(s.decided_at + INTERVAL 8 HOUR, '%Y-%m-%d %H:%i:%s'), b.imported_by,
  DATE_FORMAT(b.imported_at + INTERVAL 8 HOUR, '%Y-%m-%d %H:%i:%s')
FROM batch b LEFT JOIN staged s ON s.batch_id = b.id WHERE b.id = ?

-- name: staged_row_load
-- params: rows: batch, number, sheet, line, content (sealed)
-- rows: none
LOAD DATA LOCAL INFILE 'rows' INTO TABLE staged_row CHARACTER SET binary (batch_id, number, sheet, line, content)

-- name: staged_row_next
-- The rows behind one, in pages.
-- params: batch, number
-- rows: many: number, content (sealed)
-- index: PRIMARY
SELECT r.number, r.content FROM staged_row r WHERE r.batch_id = ? AND r.number > ? ORDER BY r.number LIMIT 500

-- name: staged_erased_rows
-- Rows that went with people who asked to be forgotten, as an import leaves them: settled, with nothing kept.
-- params: batch
-- rows: none
-- index: PRIMARY
INSERT INTO quarantine (batch_id, sheet, line, state, resolved_by, raw)
SELECT r.batch_id, r.sheet, r.line, 'resolved', r.batch_id, ''
FROM staged_row r WHERE r.batch_id = ? AND LENGTH(r.content) = 0

-- name: staged_erased_problems
-- params: code, batch
-- rows: none
-- index: PRIMARY
INSERT INTO problem (batch_id, sheet, line, number, fact, cell, code, value)
SELECT r.batch_id, r.sheet, r.line, 1, NULL, '', ?, NULL
FROM staged_row r WHERE r.batch_id = ? AND LENGTH(r.content) = 0

-- name: staged_forgotten
-- Where rows stand of which nothing is kept.
-- params: batch, code
-- rows: many: sheet, line
-- index: PRIMARY
SELECT p.sheet, p.line FROM problem p WHERE p.batch_id = ? AND p.code = ? ORDER BY p.sheet, p.line

-- name: staged_row_delete
-- params: batch
-- rows: none
-- index: PRIMARY
DELETE FROM staged_row WHERE batch_id = ?

-- name: staged_reasons
-- Why rows of a batch are quarantined: each reason with the rows that have it, the most frequent first.
-- params: batch
-- rows: many: code, rows
-- index: PRIMARY
SELECT p.code, COUNT(DISTINCT p.sheet, p.line) AS waiting FROM problem p WHERE p.batch_id = ?
GROUP BY p.code ORDER BY waiting DESC, p.code

-- name: staged_waiting
-- Rows that a batch adds to those that wait to be mended.
-- params: batch
-- rows: one: rows
-- index: PRIMARY
SELECT COUNT(*) FROM quarantine q WHERE q.batch_id = ? AND q.state = 'open'
