-- A batch may wait for review (staged) or be turned away (refused). A file waits or is in once, not both.
ALTER TABLE batch
  MODIFY state ENUM('active','undone','staged','refused') NOT NULL DEFAULT 'active',
  MODIFY active_sha256 VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin
    GENERATED ALWAYS AS (IF(state IN ('active', 'staged'), sha256, NULL)) PERSISTENT;

-- What a batch that was put aside was handed in with, and what a person decided. No values of cells.
CREATE TABLE staged (
  batch_id BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  why TEXT NOT NULL COMMENT 'JSON: why it waits',
  options TEXT NOT NULL COMMENT 'JSON: how the file is read again',
  preview LONGTEXT NOT NULL COMMENT 'JSON: what it would have changed on that day; counts only',
  decision ENUM('accepted','refused') NULL,
  decided_why VARCHAR(200) NULL,
  decided_by VARCHAR(64) NULL,
  decided_at DATETIME(3) NULL,
  CONSTRAINT staged_batch FOREIGN KEY (batch_id) REFERENCES batch (id)
) ENGINE=InnoDB;

-- The rows of a file that waits, as they were read. content: sealed; empty = erased with a person who asked to be forgotten.
-- They go when the batch is accepted or refused.
CREATE TABLE staged_row (
  batch_id BIGINT UNSIGNED NOT NULL,
  number INT UNSIGNED NOT NULL COMMENT 'from 1, over all sheets',
  sheet SMALLINT UNSIGNED NOT NULL,
  line INT UNSIGNED NOT NULL,
  content MEDIUMBLOB NOT NULL,
  PRIMARY KEY (batch_id, number),
  CONSTRAINT staged_row_batch FOREIGN KEY (batch_id) REFERENCES batch (id)
) ENGINE=InnoDB;
