-- name: quarantine_load
-- params: rows: batch, sheet, line, raw (sealed), origin's batch, sheet and line (NULL = it is new)
-- rows: none
LOAD DATA LOCAL INFILE 'rows' INTO TABLE quarantine CHARACTER SET binary
  (batch_id, sheet, line, raw, origin_batch, origin_sheet, origin_line)

-- name: quarantine_load_forgotten
-- Rows of people who asked to be forgotten: settled, since nothing of them is kept.
-- params: rows: batch, sheet, line, nothing
-- rows: none
LOAD DATA LOCAL INFILE 'rows' INTO TABLE quarantine CHARACTER SET binary (batch_id, sheet, line, raw)
SET state = 'resolved', resolved_by = batch_id

-- name: quarantine_find
-- A row that waits to be mended, or that was mended, with what its answer will carry.
-- params: batch, sheet, line
-- rows: optional: surveyed_on, credibility, raw (sealed), 1 = waits, resolved_by, moved_sheet, moved_line, mended_hash,
--   batch, sheet, line
-- index: PRIMARY
SELECT b.surveyed_on, b.credibility, q.raw, q.state = 'open', q.resolved_by, q.moved_sheet, q.moved_line, q.mended_hash,
  q.batch_id, q.sheet, q.line
FROM quarantine q JOIN batch b ON b.id = q.batch_id
WHERE q.batch_id = ? AND q.sheet = ? AND q.line = ? AND b.state = 'active'

-- name: quarantine_find_moved
-- The same for what a row became whose own batch was taken back: where it waits, else where it was last.
-- params: batch, sheet, line of the origin
-- rows: optional: surveyed_on, credibility, raw (sealed), 1 = waits, resolved_by, moved_sheet, moved_line, mended_hash,
--   batch, sheet, line
-- index: origin, PRIMARY
SELECT b.surveyed_on, b.credibility, q.raw, q.state = 'open', q.resolved_by, q.moved_sheet, q.moved_line, q.mended_hash,
  q.batch_id, q.sheet, q.line
FROM quarantine q JOIN batch b ON b.id = q.batch_id
WHERE q.origin_batch = ? AND q.origin_sheet = ? AND q.origin_line = ? AND b.state = 'active'
ORDER BY q.state = 'open' DESC, q.batch_id DESC, q.sheet, q.line LIMIT 1

-- name: quarantine_resolve
-- params: batch that brings the mended row, hash of it, sheet and line where it is an answer or waits on, batch, sheet, line
-- rows: none
-- index: PRIMARY
UPDATE quarantine SET state = 'resolved', resolved_by = ?, mended_hash = ?, moved_sheet = ?, moved_line = ?
WHERE batch_id = ? AND sheet = ? AND line = ? AND state = 'open'

-- name: quarantine_hand_back
-- Rows that were moved into a batch become, in their own batch, what they became there: they wait, or are resolved by a later one.
-- Those that the batch settled itself, since a tombstone kept them out, are reopened with the mended ones.
-- params: batch that is taken back
-- rows: none
-- index: resolved_by, PRIMARY
UPDATE quarantine q FORCE INDEX (resolved_by)
STRAIGHT_JOIN quarantine m ON m.batch_id = q.resolved_by AND m.sheet = q.moved_sheet AND m.line = q.moved_line
SET q.state = m.state, q.resolved_by = m.resolved_by, q.mended_hash = m.mended_hash, q.moved_sheet = m.moved_sheet,
  q.moved_line = m.moved_line
WHERE q.resolved_by = ? AND NOT (m.resolved_by <=> m.batch_id)

-- name: quarantine_reopen
-- params: batch whose mended rows are taken back
-- rows: none
-- index: resolved_by
UPDATE quarantine SET state = 'open', resolved_by = NULL, mended_hash = NULL, moved_sheet = NULL, moved_line = NULL
WHERE resolved_by = ?

-- name: quarantine_delete
-- params: batch
-- rows: none
-- index: PRIMARY
DELETE FROM quarantine WHERE batch_id = ?

-- name: quarantine_list
-- The rows that wait, of one batch (or of a range of batches).
-- params: first batch, last batch
-- rows: many: batch, sheet, line, raw (sealed), batch, sheet and line of what it first was
-- index: PRIMARY
-- scan: q
SELECT q.batch_id, q.sheet, q.line, q.raw, IFNULL(q.origin_batch, q.batch_id), IFNULL(q.origin_sheet, q.sheet),
  IFNULL(q.origin_line, q.line)
FROM quarantine q
WHERE q.batch_id BETWEEN ? AND ? AND q.state = 'open' ORDER BY q.batch_id, q.sheet, q.line

-- name: problem_load
-- params: rows: batch, sheet, line, number, fact, cell, code, value (sealed)
-- rows: none
LOAD DATA LOCAL INFILE 'rows' INTO TABLE problem CHARACTER SET binary
  (batch_id, sheet, line, number, fact, cell, code, value)

-- name: problem_list
-- Everything that is wrong with the rows that wait, of one batch (or of a range of batches).
-- params: first batch, last batch
-- rows: many: batch, sheet, line, fact, cell, code, value (sealed), file
-- index: PRIMARY
-- scan: q, b, p
SELECT p.batch_id, p.sheet, p.line, p.fact, p.cell, p.code, p.value, b.file
FROM problem p
  JOIN quarantine q ON q.batch_id = p.batch_id AND q.sheet = p.sheet AND q.line = p.line
  JOIN batch b ON b.id = p.batch_id
WHERE p.batch_id BETWEEN ? AND ? AND q.state = 'open' ORDER BY p.batch_id, p.sheet, p.line, p.number

-- name: problem_delete
-- params: batch
-- rows: none
-- index: PRIMARY
DELETE FROM problem WHERE batch_id = ?
