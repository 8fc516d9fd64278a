-- name: forgotten_any
-- params: none
-- rows: one: 1 = someone was forgotten
-- index: PRIMARY
-- scan: forgotten (its first row only)
SELECT EXISTS (SELECT 1 FROM forgotten)

-- name: forgotten_keys
-- Which of the keys have a tombstone that keeps an answer out.
-- params: keys (id_hash or name_phone_hash), how many
-- rows: many: place of the key from 0, 1 = only answers without ID number
-- index: PRIMARY
SELECT STRAIGHT_JOIN k.seq, f.kind = 'contact_of_id'
FROM seq_0_to_9999 k JOIN forgotten f ON f.key_hash = SUBSTR(?, k.seq * 16 + 1, 16)
WHERE k.seq < ? AND f.kind <> 'phone'

-- name: forgotten_set
-- The tombstones of a person, from all its answers.
-- params: why, forgotten_by, person, person, person, person
-- rows: none
-- index: person_id
INSERT INTO forgotten (key_hash, kind, why, forgotten_by, forgotten_at)
SELECT t.key_hash, t.kind, ?, ?, UTC_TIMESTAMP(3)
FROM (SELECT a.id_hash AS key_hash, 'id' AS kind FROM answer a WHERE a.person_id = ?
      UNION SELECT a.phone_hash, 'phone' FROM answer a WHERE a.person_id = ?
      UNION SELECT a.name_phone_hash,
        IF(EXISTS (SELECT 1 FROM answer i WHERE i.person_id = ? AND i.id_hash IS NOT NULL), 'contact_of_id', 'contact')
        FROM answer a WHERE a.person_id = ?) t
WHERE t.key_hash IS NOT NULL
ON DUPLICATE KEY UPDATE forgotten.forgotten_at = forgotten.forgotten_at

-- name: forgotten_secrets
-- What a person is known under: the values that a row of the quarantine may hold too.
-- params: person
-- rows: many: name, id_number (sealed), phone (sealed)
-- index: person_id
SELECT a.name, a.id_number, a.phone FROM answer a WHERE a.person_id = ?

-- name: forgotten_answers
-- params: person
-- rows: none
-- index: person_id
DELETE FROM answer WHERE person_id = ?

-- name: forgotten_messages
-- The messages to a person that are not settled, locked.
-- params: person
-- rows: many: id, state
-- index: person_id
SELECT id, state FROM message FORCE INDEX (person_id)
WHERE person_id = ? AND state IN ('queued', 'claimed') FOR UPDATE

-- name: forgotten_log_message
-- params: note, message
-- rows: none
-- index: PRIMARY
INSERT INTO delivery_event (message_id, at, from_state, to_state, attempt, cause, code, note)
SELECT m.id, UTC_TIMESTAMP(3), m.state, 'suppressed', m.attempts, 'forget', 'forgotten', ?
FROM message m WHERE m.id = ?

-- name: forgotten_withhold_message
-- A message that waited is not sent, and what it would have said to whom is gone.
-- params: message
-- rows: none
-- index: PRIMARY
UPDATE message SET state = 'suppressed', settled_at = UTC_TIMESTAMP(3), error_code = 'forgotten', phone = '', text = '', gaps = ''
WHERE id = ? AND state = 'queued'

-- name: forgotten_replies
-- What a person wrote back; that it wrote back, and what was understood, stays.
-- params: person
-- rows: none
-- index: person_id of message; campaign_person of reply
UPDATE message m FORCE INDEX (person_id)
STRAIGHT_JOIN reply r ON r.campaign_id = m.campaign_id AND r.person_id = m.person_id
SET r.text = '' WHERE m.person_id = ?

-- name: forgotten_quarantine
-- Rows of the quarantine behind a place, in pages.
-- params: batch, batch, sheet, batch, sheet, line
-- rows: many: batch, sheet, line, raw (sealed)
-- index: PRIMARY
SELECT q.batch_id, q.sheet, q.line, q.raw FROM quarantine q FORCE INDEX (PRIMARY)
WHERE q.batch_id > ? OR (q.batch_id = ? AND q.sheet > ?) OR (q.batch_id = ? AND q.sheet = ? AND q.line > ?)
ORDER BY q.batch_id, q.sheet, q.line LIMIT 2000

-- name: forgotten_mended
-- Rows of the quarantine that were mended, in one step or several, into answers of a person: they need not name it rightly.
-- params: person
-- rows: many: batch, sheet, line
-- index: person_id of answer, resolved_by of quarantine
-- scan: way (the rows found so far)
WITH RECURSIVE way AS (
  SELECT q.batch_id, q.sheet, q.line FROM answer a
  STRAIGHT_JOIN quarantine q ON q.resolved_by = a.batch_id AND q.moved_sheet = a.sheet AND q.moved_line = a.line
  WHERE a.person_id = ?
  UNION
  SELECT q.batch_id, q.sheet, q.line FROM way w
  STRAIGHT_JOIN quarantine q ON q.resolved_by = w.batch_id AND q.moved_sheet = w.sheet AND q.moved_line = w.line)
SELECT batch_id, sheet, line FROM way

-- name: forgotten_layouts
-- What stands above the tables of sheets with waiting rows, behind a place, in pages.
-- params: batch, batch, sheet
-- rows: many: batch, sheet, layout (sealed)
-- index: PRIMARY
SELECT l.batch_id, l.sheet, l.layout FROM sheet_layout l FORCE INDEX (PRIMARY)
WHERE l.batch_id > ? OR (l.batch_id = ? AND l.sheet > ?)
ORDER BY l.batch_id, l.sheet LIMIT 2000

-- name: forgotten_titles
-- params: layout without its titles (sealed), batch, sheet
-- rows: none
-- index: PRIMARY
UPDATE sheet_layout SET layout = ? WHERE batch_id = ? AND sheet = ?

-- name: forgotten_problems_of_row
-- params: batch, sheet, line
-- rows: none
-- index: PRIMARY
DELETE FROM problem WHERE batch_id = ? AND sheet = ? AND line = ?

-- name: forgotten_row
-- params: batch, sheet, line
-- rows: none
-- index: PRIMARY
DELETE FROM quarantine WHERE batch_id = ? AND sheet = ? AND line = ?

-- name: forgotten_staged
-- Rows of files that wait for review behind a place, in pages; what is empty was erased before.
-- params: batch, batch, number
-- rows: many: batch, number, content (sealed)
-- index: PRIMARY
SELECT r.batch_id, r.number, r.content FROM staged_row r FORCE INDEX (PRIMARY)
WHERE r.batch_id > ? OR (r.batch_id = ? AND r.number > ?)
ORDER BY r.batch_id, r.number LIMIT 1000

-- name: forgotten_staged_row
-- params: batch, number
-- rows: none
-- index: PRIMARY
UPDATE staged_row SET content = '' WHERE batch_id = ? AND number = ?
