-- The base as a whole: one row, locked by every transaction that folds people.
-- epoch: random, also kept beside the key file; a restored or cloned base has another one and does not send.
CREATE TABLE base_state (
  id TINYINT UNSIGNED NOT NULL PRIMARY KEY,
  epoch BINARY(16) NOT NULL,
  people_version BIGINT UNSIGNED NOT NULL,
  created_at DATETIME(3) NOT NULL
) ENGINE=InnoDB;

INSERT INTO base_state VALUES (1, UNHEX(REPLACE(UUID(), '-', '')), 0, UTC_TIMESTAMP(3));

-- Person numbers, given out in blocks and never reused.
CREATE SEQUENCE person_number START WITH 1 MINVALUE 1 INCREMENT BY 0 CACHE 1000 ENGINE=InnoDB;
