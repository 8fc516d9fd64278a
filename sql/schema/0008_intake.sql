-- While a large file goes in, its answers are written on a connection of their own, which commits just before the one that
-- writes the batch and the people. Should the second commit be missing (kill, power), batch_id names the batch whose answers
-- are there without it: whoever folds people next takes them back first. One row, locked by every transaction that writes
-- answers; made when it is first needed.
CREATE TABLE intake (
  id TINYINT UNSIGNED NOT NULL PRIMARY KEY,
  batch_id BIGINT UNSIGNED NULL COMMENT 'the last one that went in this way; nothing to do when it is in table batch'
) ENGINE=InnoDB;
