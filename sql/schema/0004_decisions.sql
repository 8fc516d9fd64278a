-- What people decided about who is who. A key is what an answer is linked by: its id_hash, or its name_phone_hash where it
-- has no ID number; keys outlive undo and a new import, person numbers need not.
-- merge: the two keys are one person, numbered a_person; b_person gave up its number and gets it back when parted.
-- part: the two keys are two people. batch_id: the correction that brought it; taken back with it. ended_at NULL = in force.
CREATE TABLE decision (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  kind ENUM('merge','part') NOT NULL,
  a_key BINARY(16) NOT NULL,
  b_key BINARY(16) NOT NULL,
  a_person BIGINT UNSIGNED NOT NULL,
  b_person BIGINT UNSIGNED NULL,
  batch_id BIGINT UNSIGNED NULL,
  why VARCHAR(200) NOT NULL,
  decided_by VARCHAR(64) NOT NULL,
  decided_at DATETIME(3) NOT NULL,
  ended_by VARCHAR(64) NULL,
  ended_at DATETIME(3) NULL,
  KEY a_key (a_key),
  KEY b_key (b_key),
  KEY b_person (b_person),
  KEY batch_id (batch_id)
) ENGINE=InnoDB;

-- Whose the answers with a key are, where a decision in force names the key; such keys are not linked by rule.
CREATE TABLE decided_key (
  key_hash BINARY(16) NOT NULL PRIMARY KEY,
  person_id BIGINT UNSIGNED NOT NULL,
  KEY person_id (person_id)
) ENGINE=InnoDB;

-- Tombstones of people who asked to be forgotten: keyed hashes, nothing else of them.
-- id: nobody with this ID number comes back. contact: name and phone of someone without an ID number. contact_of_id: the same
-- of someone with one; answers with another ID number are another person. phone: no message goes there.
CREATE TABLE forgotten (
  key_hash BINARY(16) NOT NULL,
  kind ENUM('id','contact','contact_of_id','phone') NOT NULL,
  why VARCHAR(200) NOT NULL,
  forgotten_by VARCHAR(64) NOT NULL,
  forgotten_at DATETIME(3) NOT NULL,
  PRIMARY KEY (key_hash, kind)
) ENGINE=InnoDB;
