-- Which persons each version of the base changed: what a cache of people must read anew. Written in the transaction that
-- folds them; each version has at least one line, so that a version without a line is one that nobody kept book of.
CREATE TABLE person_change (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  version BIGINT UNSIGNED NOT NULL COMMENT 'base_state.people_version',
  first_person BIGINT UNSIGNED NOT NULL COMMENT 'all persons first..last; none when first > last',
  last_person BIGINT UNSIGNED NOT NULL,
  persons MEDIUMBLOB NULL COMMENT 'or these: 8 bytes each, big-endian, ascending',
  KEY version (version)
) ENGINE=InnoDB;
