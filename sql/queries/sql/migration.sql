-- name: migration_lock
-- One migrator at a time; waits a minute.
-- params: none
-- rows: one: 1 = got it
SELECT GET_LOCK(CONCAT(LEFT(DATABASE(), 50), '.migration'), 60)

-- name: migration_unlock
-- params: none
-- rows: one: ignored
SELECT RELEASE_LOCK(CONCAT(LEFT(DATABASE(), 50), '.migration'))

-- name: migration_table_exists
-- params: none
-- rows: one: 1 when this base has ever been migrated
SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'schema_migration'

-- name: migration_collation
-- Tables to come compare text byte by byte, whatever the administrator chose when he made the schema.
-- params: none
-- rows: none
ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin

-- name: migration_create_table
-- One line per migration; `steps` counts its statements that are done, so an interrupted one goes on where it stopped.
-- params: none
-- rows: none
CREATE TABLE IF NOT EXISTS schema_migration (
  number INT UNSIGNED NOT NULL PRIMARY KEY,
  name VARCHAR(64) NOT NULL,
  steps INT UNSIGNED NOT NULL DEFAULT 0,
  started_at DATETIME(3) NOT NULL,
  finished_at DATETIME(3) NULL
) ENGINE=InnoDB

-- name: migration_list
-- params: none
-- rows: many: number, name, steps, finished (0 or 1)
-- scan: schema_migration
SELECT number, name, steps, finished_at IS NOT NULL FROM schema_migration ORDER BY number

-- name: migration_start
-- params: number, name
-- rows: none
INSERT INTO schema_migration (number, name, started_at) VALUES (?, ?, UTC_TIMESTAMP(3))

-- name: migration_step
-- params: steps done, number
-- rows: none
-- index: PRIMARY
UPDATE schema_migration SET steps = ? WHERE number = ?

-- name: migration_finish
-- params: number
-- rows: none
-- index: PRIMARY
UPDATE schema_migration SET finished_at = UTC_TIMESTAMP(3) WHERE number = ?
