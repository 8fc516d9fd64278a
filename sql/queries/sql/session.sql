-- name: session_setup
-- How every connection works: strict, UTC, utf8mb4 compared byte by byte, no surprise waits.
-- params: none
-- rows: none
SET SESSION
  sql_mode = 'TRADITIONAL,NO_ENGINE_SUBSTITUTION',
  time_zone = '+00:00',
  character_set_client = utf8mb4,
  character_set_results = utf8mb4,
  collation_connection = utf8mb4_bin,
  tx_isolation = 'REPEATABLE-READ',
  autocommit = 1,
  unique_checks = 1,
  foreign_key_checks = 1,
  innodb_lock_wait_timeout = 20,
  lock_wait_timeout = 60,
  group_concat_max_len = 16777216

-- name: session_cluster
-- Of several hosts, how a connection to one works when they are a Galera cluster: it reads what the others have committed, and a
-- large transaction is replicated in pieces as it grows.
-- params: none
-- rows: none
SET SESSION wsrep_sync_wait = 7, wsrep_trx_fragment_unit = 'bytes', wsrep_trx_fragment_size = IF(@@wsrep_on, 67108864, 0)

-- name: session_probe
-- A node that is outside its cluster takes connections and answers nothing.
-- params: none
-- rows: none
DO 1

-- name: transaction_begin
-- params: none
-- rows: none
START TRANSACTION

-- name: transaction_uncommitted
-- Of the next transaction only.
-- params: none
-- rows: none
SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED

-- name: transaction_commit
-- params: none
-- rows: none
COMMIT

-- name: transaction_rollback
-- params: none
-- rows: none
ROLLBACK

-- name: load_warnings
-- What a LOAD DATA LOCAL skipped, cut or changed: only the first lines are looked at.
-- params: none
-- rows: many: level, code, message
SHOW WARNINGS LIMIT 1
