-- name: restore_begin
-- Marks a base that is not whole yet: no command works with it.
-- params: none
-- rows: none
INSERT INTO schema_migration (number, name, started_at) VALUES (0, 'restore', UTC_TIMESTAMP(3))

-- name: restore_under_way
-- Whether a restore fills this base, or was cut off.
-- params: none
-- rows: one: 0 or 1
-- index: PRIMARY
SELECT EXISTS (SELECT 1 FROM schema_migration WHERE number = 0)

-- name: restore_end
-- params: none
-- rows: none
-- index: PRIMARY
DELETE FROM schema_migration WHERE number = 0

-- name: restore_clear
-- What the migrations put into a fresh base: the copy brings its own.
-- params: none
-- rows: none
-- scan: intake (as an example: the table is a hole)
DELETE FROM {{emptied_table}}

-- name: restore_unchecked
-- Rows come table by table, referring to rows that are still to come; and with the columns that the server computes, which it
-- takes no value for: of that it may warn, of nothing else.
-- params: none
-- rows: none
SET SESSION foreign_key_checks = 0, unique_checks = 0, sql_mode = 'NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION',
            max_error_count = 65535

-- name: restore_warnings
-- What the server changed in the rows of a statement.
-- params: none
-- rows: many: level, code, message
SHOW WARNINGS

-- name: restore_count
-- How many rows a table has.
-- params: none
-- rows: one: rows
-- scan: intake (as an example: the table is a hole)
SELECT COUNT(*) FROM {{counted_table}}

-- name: restore_epoch
-- The restored base is another one than that which was lost.
-- params: none
-- rows: none
-- index: PRIMARY
UPDATE base_state SET epoch = RANDOM_BYTES(16) WHERE id = 1

-- name: restore_record
-- Remembers where the base came from; until it is reconciled, nothing is sent.
-- params: moment of the backup in milliseconds, epoch of the backup in hex, program, who
-- rows: none
-- index: PRIMARY of base_state
INSERT INTO restoration (taken_at, backup_epoch, epoch, program, restored_by, restored_at)
SELECT FROM_UNIXTIME(0) + INTERVAL ? * 1000 MICROSECOND, UNHEX(?), epoch, ?, ?, UTC_TIMESTAMP(3)
FROM base_state WHERE id = 1

-- name: restore_holds
-- Whether a base holds anything of its own.
-- params: none
-- rows: one: 0 or 1
-- scan: batch, optout, campaign, receipt, forgotten (ends at the first row)
SELECT EXISTS (SELECT 1 FROM batch) OR EXISTS (SELECT 1 FROM optout) OR EXISTS (SELECT 1 FROM campaign)
       OR EXISTS (SELECT 1 FROM receipt) OR EXISTS (SELECT 1 FROM forgotten)

-- name: restore_forget
-- The last table of a base that was never whole.
-- params: none
-- rows: none
DROP TABLE IF EXISTS schema_migration
