-- A worker's hold on messages that it has claimed together. In order of their ids they are given to the gateway; those after
-- begun_id certainly were not, so that a worker that ends without a word leaves only few of which nobody knows.
CREATE TABLE lease (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  worker BINARY(16) NOT NULL,
  leased_until DATETIME(3) NOT NULL,
  begun_id BIGINT UNSIGNED NOT NULL COMMENT 'raised, and committed, before a request for a later message may begin',
  KEY leased_until (leased_until)
) ENGINE=InnoDB;

-- reserve: bytes that a message gives up as it learns other things, so that its row keeps its length from plan to receipt. A
-- row that grows has its page rearranged, which cost more than all else of a claim or an outcome.
-- The keys on phone and person no longer hold sent_at, which every message changes: a person has few messages.
ALTER TABLE message
  ADD COLUMN lease_id BIGINT UNSIGNED NULL AFTER worker,
  ADD COLUMN reserve VARBINARY(80) AS (REPEAT('.', GREATEST(0, 80
    - IF(worker IS NULL, 0, 16) - IF(lease_id IS NULL, 0, 8) - IF(leased_until IS NULL, 0, 7) - IF(not_before IS NULL, 0, 7)
    - IF(reference IS NULL, 0, 16) - IF(sent_at IS NULL, 0, 7) - IF(settled_at IS NULL, 0, 7)
    - COALESCE(LENGTH(gateway), 0) - COALESCE(LENGTH(gateway_id), 0) - COALESCE(LENGTH(error_code), 0)))) PERSISTENT,
  DROP KEY phone_hash, ADD KEY phone_hash (phone_hash),
  DROP KEY person_id, ADD KEY person_id (person_id);
