-- Checks of `db verify`: one row each: how many were looked at, how many are wrong, which one first.

-- name: check_batch_lines
-- Every row of a file is accepted or quarantined.
-- params: none
-- rows: one: batches, wrong, first
-- scan: batch
SELECT COUNT(*), COUNT(CASE WHEN line_count <> accepted + quarantined THEN 1 END),
       MIN(CASE WHEN line_count <> accepted + quarantined THEN CONCAT('batch ', id) END)
FROM batch WHERE state = 'active'

-- name: check_batch_answers
-- What a batch says that it accepted is there; less only where somebody asked to be forgotten; nothing of what was taken back.
-- params: none
-- rows: one: batches, wrong, first
-- index: PRIMARY of answer
-- scan: batch, a, forgotten (its first row)
SELECT COUNT(*), COUNT(w.id), MIN(CONCAT('batch ', w.id))
FROM batch LEFT JOIN (
  SELECT b.id FROM batch b LEFT JOIN (SELECT a.batch_id, COUNT(*) AS answers FROM answer a GROUP BY a.batch_id) g
    ON g.batch_id = b.id
  WHERE CASE WHEN b.state <> 'active' THEN g.answers IS NOT NULL
             WHEN COALESCE(g.answers, 0) > b.accepted THEN TRUE
             ELSE COALESCE(g.answers, 0) < b.accepted AND NOT EXISTS (SELECT 1 FROM forgotten) END) w ON w.id = batch.id

-- name: check_batch_quarantine
-- The same of what it quarantined; rows of people who were forgotten, and rows whose time was over, are counted, not kept.
-- params: none
-- rows: one: batches, wrong, first
-- index: PRIMARY of quarantine
-- scan: batch, q, forgotten (its first row)
SELECT COUNT(*), COUNT(w.id), MIN(CONCAT('batch ', w.id))
FROM batch LEFT JOIN (
  SELECT b.id FROM batch b
  LEFT JOIN (SELECT q.batch_id, COUNT(*) AS waiting FROM quarantine q GROUP BY q.batch_id) g ON g.batch_id = b.id
  WHERE CASE WHEN b.state <> 'active' THEN g.waiting IS NOT NULL
             WHEN COALESCE(g.waiting, 0) > b.quarantined THEN TRUE
             ELSE COALESCE(g.waiting, 0) < b.quarantined AND b.rows_purged_at IS NULL
                  AND NOT EXISTS (SELECT 1 FROM forgotten) END) w ON w.id = batch.id

-- name: check_problems
-- Every row that waits says why, and nothing is said of a row that is not there.
-- params: none
-- rows: one: problems and waiting rows, wrong, first
-- index: PRIMARY of both
-- scan: p, q, x, y
SELECT COUNT(*), COUNT(CASE WHEN wrong THEN 1 END), MIN(CASE WHEN wrong THEN place END)
FROM (SELECT q.batch_id IS NULL AS wrong, CONCAT('problem ', p.batch_id, '/', p.sheet, '/', p.line) AS place
      FROM problem p LEFT JOIN quarantine q ON q.batch_id = p.batch_id AND q.sheet = p.sheet AND q.line = p.line
      UNION ALL
      SELECT NOT EXISTS (SELECT 1 FROM problem y
                         WHERE y.batch_id = x.batch_id AND y.sheet = x.sheet AND y.line = x.line),
             CONCAT('quarantine ', x.batch_id, '/', x.sheet, '/', x.line)
      FROM quarantine x) v

-- name: check_staged
-- What is kept of a file that waits belongs to one that does.
-- params: none
-- rows: one: rows, wrong, first
-- index: PRIMARY of batch
-- scan: r
SELECT COUNT(*), COUNT(CASE WHEN b.id IS NULL OR b.state <> 'staged' THEN 1 END),
       MIN(CASE WHEN b.id IS NULL OR b.state <> 'staged' THEN CONCAT('staged_row ', r.batch_id, '/', r.number) END)
FROM staged_row r LEFT JOIN batch b ON b.id = r.batch_id
