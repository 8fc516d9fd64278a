-- Where a base came from that was brought back from a backup. Between the backup and the loss messages may have gone out, and
-- people may have opted out, of which it knows nothing: reconciled_at NULL = nothing is sent.
CREATE TABLE restoration (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  taken_at DATETIME(3) NOT NULL COMMENT 'of the backup',
  backup_epoch BINARY(16) NOT NULL,
  epoch BINARY(16) NOT NULL COMMENT 'given to the restored base',
  program VARCHAR(32) NOT NULL COMMENT 'that made the backup',
  restored_by VARCHAR(64) NOT NULL,
  restored_at DATETIME(3) NOT NULL,
  reconciled_by VARCHAR(64) NULL,
  reconciled_at DATETIME(3) NULL,
  reconciled_why VARCHAR(200) NULL,
  settled TEXT NULL COMMENT 'JSON: what was settled, and how'
) ENGINE=InnoDB;

-- What was erased because its time was over. erased: JSON, counts by table, no values.
CREATE TABLE erasure (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  purged_by VARCHAR(64) NOT NULL,
  purged_at DATETIME(3) NOT NULL,
  why VARCHAR(200) NOT NULL,
  proof_before DATE NOT NULL COMMENT 'what was sent and asked before this day bears no name any more',
  rows_before DATE NULL COMMENT 'raw rows of files handed in before this day are gone; NULL = none',
  erased TEXT NOT NULL
) ENGINE=InnoDB;

-- The raw rows of an old batch may have been erased: then its counts stay, its rows do not.
ALTER TABLE batch ADD COLUMN rows_purged_at DATETIME(3) NULL;
