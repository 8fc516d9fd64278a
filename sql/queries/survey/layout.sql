-- name: layout_insert
-- params: batch, sheet, layout (sealed)
-- rows: none
INSERT INTO sheet_layout (batch_id, sheet, layout) VALUES (?, ?, ?)

-- name: layout_list
-- The layouts of one batch (or of a range of batches) that have waiting rows.
-- params: first batch, last batch
-- rows: many: batch, sheet, layout (sealed), file
-- index: PRIMARY
-- scan: l, b
SELECT l.batch_id, l.sheet, l.layout, b.file
FROM sheet_layout l JOIN batch b ON b.id = l.batch_id
WHERE l.batch_id BETWEEN ? AND ?
  AND EXISTS (SELECT 1 FROM quarantine q WHERE q.batch_id = l.batch_id AND q.sheet = l.sheet AND q.state = 'open')
ORDER BY l.batch_id, l.sheet

-- name: layout_delete
-- params: batch
-- rows: none
-- index: PRIMARY
DELETE FROM sheet_layout WHERE batch_id = ?
