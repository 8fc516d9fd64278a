-- name: optout_insert
-- Puts a number on the do-not-text list; nothing happens when it is on it.
-- params: phone hash, phone (sealed), source, why, added by
-- rows: none
-- index: active_hash
INSERT IGNORE INTO optout (phone_hash, phone, source, why, added_by, added_at)
VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(3))

-- name: optout_remove
-- Takes a number off the list; the row stays as a record.
-- params: removed by, phone hash
-- rows: none
-- index: active_hash
UPDATE optout SET removed_by = ?, removed_at = UTC_TIMESTAMP(3) WHERE active_hash = ?

-- name: optout_list
-- The numbers in force, in the order in which they came.
-- params: none
-- rows: many: id, phone (sealed), source, why, added_by, added_at (Asia/Shanghai)
-- index: none
-- scan: optout
SELECT id, phone, source, why, added_by, DATE_FORMAT(added_at + INTERVAL 8 HOUR, '%Y-%m-%d %H:%i:%s')
FROM optout WHERE removed_at IS NULL ORDER BY id
