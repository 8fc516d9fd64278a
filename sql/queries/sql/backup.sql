-- name: backup_moment
-- Which base this is, and when by the server's clock: all that is committed until now will be in the copy.
-- params: none
-- rows: one: epoch in hex, moment in milliseconds UTC, version of the server, the moment as text
-- index: PRIMARY of base_state
SELECT LOWER(HEX(epoch)), CAST(UNIX_TIMESTAMP(UTC_TIMESTAMP(3)) * 1000 AS INT), VERSION(),
       DATE_FORMAT(UTC_TIMESTAMP(3), '%Y-%m-%dT%H:%i:%s.%fZ')
FROM base_state WHERE id = 1

-- name: backup_tables
-- The tables of the base; the book of migrations belongs to the program. (A base that is being migrated has a sequence for a
-- while.)
-- params: none
-- rows: many: name, is a sequence
-- scan: information_schema
SELECT table_name, table_type = 'SEQUENCE' FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_type IN ('BASE TABLE', 'SEQUENCE') AND table_name <> 'schema_migration'
ORDER BY table_name
