-- The last person number that was given out stands in the row that everyone who folds people locks: it goes with the transaction,
-- on every node of a cluster, where a sequence has a cache of its own on each.
ALTER TABLE base_state ADD COLUMN person_number BIGINT UNSIGNED NOT NULL DEFAULT 0;

UPDATE base_state SET person_number = (SELECT next_not_cached_value - 1 FROM person_number);

DROP SEQUENCE IF EXISTS person_number;
