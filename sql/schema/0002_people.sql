-- One file that was handed in. state: active, undone.
-- sha256 is no CHAR: what pads with blanks depends on the session, and a generated column may not.
-- Source names who answered; credibility ranks it (higher is believed) when two answers of one day disagree.
CREATE TABLE batch (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  state ENUM('active','undone') NOT NULL DEFAULT 'active',
  file VARCHAR(255) NOT NULL,
  sha256 VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  active_sha256 VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin
    GENERATED ALWAYS AS (IF(state = 'active', sha256, NULL)) PERSISTENT,
  form VARCHAR(64) NOT NULL,
  source VARCHAR(120) NOT NULL,
  credibility TINYINT UNSIGNED NOT NULL,
  surveyed_on DATE NOT NULL,
  encoding VARCHAR(32) NOT NULL,
  line_count INT UNSIGNED NOT NULL,
  accepted INT UNSIGNED NOT NULL,
  quarantined INT UNSIGNED NOT NULL,
  people_new INT UNSIGNED NOT NULL,
  people_changed INT UNSIGNED NOT NULL,
  people_unchanged INT UNSIGNED NOT NULL,
  report LONGTEXT NOT NULL COMMENT 'JSON: what was skipped and what was normalised, with counts; no values',
  imported_by VARCHAR(64) NOT NULL,
  imported_at DATETIME(3) NOT NULL,
  elapsed_ms INT UNSIGNED NOT NULL,
  undone_by VARCHAR(64) NULL,
  undone_at DATETIME(3) NULL,
  UNIQUE KEY active_sha256 (active_sha256)
) ENGINE=InnoDB;

-- A person: fold(answers). Facts are computed, never edited. NULL = not known.
-- id_hash, phone_hash, name_phone_hash: keyed hashes for look-up; *_sealed: the values, encrypted by the program.
CREATE TABLE person (
  id BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  id_hash BINARY(16) NULL,
  name_phone_hash BINARY(16) NULL COMMENT 'of the folded name and phone',
  phone_hash BINARY(16) NULL,
  name VARCHAR(100) NULL,
  sex TINYINT NULL,
  birth_date DATE NULL,
  id_number VARBINARY(80) NULL COMMENT 'sealed',
  hukou_region VARCHAR(120) NULL,
  in_city_hukou TINYINT NULL,
  skill_level TINYINT NULL,
  certificate_type TINYINT NULL,
  certificate_no VARCHAR(40) NULL,
  certificate_date DATE NULL,
  occupation VARCHAR(120) NULL,
  employer VARCHAR(200) NULL,
  employer_town INT NULL,
  pension_months SMALLINT NULL,
  pension_on DATE NULL COMMENT 'the survey date on which pension_months was said',
  pension_gap_known TINYINT NULL,
  school VARCHAR(200) NULL,
  school_kind TINYINT NULL,
  school_province TINYINT NULL,
  graduation_date DATE NULL,
  family_planning_ok TINYINT NULL,
  no_criminal_record TINYINT NULL,
  no_banned_organisation TINYINT NULL,
  owns_home TINYINT NULL,
  home_town INT NULL,
  wants_settlement TINYINT NULL,
  intended_town INT NULL,
  phone VARBINARY(80) NULL COMMENT 'sealed',
  consent_sms TINYINT NULL,
  education TINYINT NULL,
  conflicts INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'bit n: answers disagree on fact n of people/facts.def',
  answers SMALLINT UNSIGNED NOT NULL COMMENT 'how many answers it is the fold of',
  UNIQUE KEY id_hash (id_hash),
  KEY name_phone_hash (name_phone_hash),
  KEY phone_hash (phone_hash)
) ENGINE=InnoDB;

-- One accepted line of one questionnaire, with the facts as it gave them.
-- normalised: sealed JSON {fact: raw cell} of those cells that were not taken letter by letter.
CREATE TABLE answer (
  batch_id BIGINT UNSIGNED NOT NULL,
  sheet SMALLINT UNSIGNED NOT NULL COMMENT 'from 1',
  line INT UNSIGNED NOT NULL COMMENT 'row of the sheet, line of the file, item of the array; from 1',
  person_id BIGINT UNSIGNED NOT NULL,
  surveyed_on DATE NOT NULL,
  credibility TINYINT UNSIGNED NOT NULL,
  id_hash BINARY(16) NULL,
  name_phone_hash BINARY(16) NULL,
  phone_hash BINARY(16) NULL,
  name VARCHAR(100) NULL,
  sex TINYINT NULL,
  birth_date DATE NULL,
  id_number VARBINARY(80) NULL,
  hukou_region VARCHAR(120) NULL,
  in_city_hukou TINYINT NULL,
  skill_level TINYINT NULL,
  certificate_type TINYINT NULL,
  certificate_no VARCHAR(40) NULL,
  certificate_date DATE NULL,
  occupation VARCHAR(120) NULL,
  employer VARCHAR(200) NULL,
  employer_town INT NULL,
  pension_months SMALLINT NULL,
  pension_on DATE NULL,
  pension_gap_known TINYINT NULL,
  school VARCHAR(200) NULL,
  school_kind TINYINT NULL,
  school_province TINYINT NULL,
  graduation_date DATE NULL,
  family_planning_ok TINYINT NULL,
  no_criminal_record TINYINT NULL,
  no_banned_organisation TINYINT NULL,
  owns_home TINYINT NULL,
  home_town INT NULL,
  wants_settlement TINYINT NULL,
  intended_town INT NULL,
  phone VARBINARY(80) NULL,
  consent_sms TINYINT NULL,
  education TINYINT NULL,
  normalised VARBINARY(4000) NULL COMMENT 'sealed',
  PRIMARY KEY (batch_id, sheet, line),
  KEY person_id (person_id),
  KEY name_phone_hash (name_phone_hash),
  CONSTRAINT answer_batch FOREIGN KEY (batch_id) REFERENCES batch (id)
) ENGINE=InnoDB;

-- One line that could not be taken. raw: sealed JSON of the whole row as read. state: open, or resolved by the batch that
-- brought the mended row.
CREATE TABLE quarantine (
  batch_id BIGINT UNSIGNED NOT NULL,
  sheet SMALLINT UNSIGNED NOT NULL,
  line INT UNSIGNED NOT NULL,
  state ENUM('open','resolved') NOT NULL DEFAULT 'open',
  resolved_by BIGINT UNSIGNED NULL COMMENT 'batch that brought the mended row',
  raw MEDIUMBLOB NOT NULL,
  PRIMARY KEY (batch_id, sheet, line),
  KEY resolved_by (resolved_by),
  CONSTRAINT quarantine_batch FOREIGN KEY (batch_id) REFERENCES batch (id)
) ENGINE=InnoDB;

-- Each thing that is wrong with a quarantined line. cell: "F12". code: survey/problems.def. value: sealed raw cell.
CREATE TABLE problem (
  batch_id BIGINT UNSIGNED NOT NULL,
  sheet SMALLINT UNSIGNED NOT NULL,
  line INT UNSIGNED NOT NULL,
  number SMALLINT UNSIGNED NOT NULL COMMENT 'from 1 within the line',
  fact VARCHAR(40) NULL,
  cell VARCHAR(16) NOT NULL,
  code VARCHAR(40) NOT NULL,
  value VARBINARY(2000) NULL,
  PRIMARY KEY (batch_id, sheet, line, number),
  CONSTRAINT problem_quarantine FOREIGN KEY (batch_id, sheet, line) REFERENCES quarantine (batch_id, sheet, line)
) ENGINE=InnoDB;
