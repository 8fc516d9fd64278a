-- The number that a name with phone had as a person without ID number, before its answers came to somebody with one. It is
-- given back when they stand alone again, so that an import taken back leaves every number as it was.
CREATE TABLE former_number (
  key_hash BINARY(16) NOT NULL PRIMARY KEY COMMENT 'name_phone_hash',
  person_id BIGINT UNSIGNED NOT NULL,
  UNIQUE KEY person_id (person_id)
) ENGINE=InnoDB;
