-- name: intake_server
-- Which server this connection leads to; NULL when no transaction there may read what another has not committed and write
-- too, because it logs statements.
-- params: none
-- rows: one: name
SELECT IF(@@GLOBAL.log_bin AND @@SESSION.binlog_format = 'STATEMENT', NULL,
  CONCAT_WS(' ', @@GLOBAL.hostname, @@GLOBAL.port, @@GLOBAL.pid_file))

-- name: intake_session
-- For a connection that writes answers only: their batch stands in a transaction that is not committed yet.
-- params: none
-- rows: none
SET SESSION foreign_key_checks = 0

-- name: intake_lock
-- Serialises all that writes answers; waits until answers of a killed import have been rolled back.
-- params: none
-- rows: none
-- index: PRIMARY
INSERT INTO intake (id, batch_id) VALUES (1, NULL) ON DUPLICATE KEY UPDATE batch_id = batch_id

-- name: intake_left
-- The batch whose answers are in the base, but not itself.
-- params: none
-- rows: optional: batch
-- index: PRIMARY
SELECT i.batch_id FROM intake i WHERE i.id = 1 AND i.batch_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM batch b WHERE b.id = i.batch_id)

-- name: intake_note
-- params: batch
-- rows: none
-- index: PRIMARY
UPDATE intake SET batch_id = ? WHERE id = 1

-- name: intake_seen
-- Whether this connection sees what the other one has noted and not committed.
-- params: batch
-- rows: one: 1 or 0
-- index: PRIMARY
SELECT COUNT(*) FROM intake WHERE id = 1 AND batch_id = ?
