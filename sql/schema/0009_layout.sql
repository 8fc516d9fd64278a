-- What stood above the rows of a sheet: its titles and its heading, so that rows which wait can be handed back in the sender's
-- own layout. Kept only for sheets of which a row waits. layout: sealed JSON of survey/layout.h; titles name people.
CREATE TABLE sheet_layout (
  batch_id BIGINT UNSIGNED NOT NULL,
  sheet SMALLINT UNSIGNED NOT NULL,
  layout MEDIUMBLOB NOT NULL,
  PRIMARY KEY (batch_id, sheet),
  CONSTRAINT sheet_layout_batch FOREIGN KEY (batch_id) REFERENCES batch (id)
) ENGINE=InnoDB;

-- What a resolved row was mended to, and where it waits on when that is still wrong (in the batch resolved_by).
ALTER TABLE quarantine
  ADD COLUMN mended_hash BINARY(16) NULL COMMENT 'keyed, of the cells that the mending batch brought',
  ADD COLUMN moved_sheet SMALLINT UNSIGNED NULL,
  ADD COLUMN moved_line INT UNSIGNED NULL;
