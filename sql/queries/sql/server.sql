-- name: server_create_schema
-- The base of the private server; text is compared byte by byte, so two names are equal only when they are written alike.
-- params: none
-- rows: none
CREATE DATABASE IF NOT EXISTS talent CHARACTER SET utf8mb4 COLLATE utf8mb4_bin

-- name: server_shutdown
-- params: none
-- rows: none
SHUTDOWN

-- name: server_version
-- params: none
-- rows: one: version of the server
SELECT VERSION()

-- name: server_bytes
-- How much the tables and their indexes take, by the server's own estimate.
-- params: none
-- rows: one: bytes
-- scan: information_schema
SELECT COALESCE(SUM(data_length + index_length), 0) FROM information_schema.tables WHERE table_schema = DATABASE()

-- name: server_people_estimate
-- How many people there are, by InnoDB's samples: no row is counted.
-- params: none
-- rows: one: people
-- scan: information_schema
SELECT COALESCE(MAX(table_rows), 0) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'person'

-- name: server_people
-- params: none
-- rows: one: people
-- scan: person
SELECT COUNT(*) FROM person

-- name: server_batches
-- params: none
-- rows: one: batches in force
-- scan: batch
SELECT COUNT(*) FROM batch WHERE state = 'active'
