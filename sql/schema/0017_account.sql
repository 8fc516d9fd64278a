-- Who may use the base, once the first of them is there; names are never given again. password: argon2id, as libsodium
-- writes it; NULL = only the OS user leads to this account. towns: codes of people/towns.def, apart by commas, of officers.
CREATE TABLE account (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(64) NOT NULL,
  state ENUM('active','disabled') NOT NULL DEFAULT 'active',
  roles SET('survey','outreach','approver','analyst','officer','admin') NOT NULL,
  towns VARCHAR(1000) NOT NULL DEFAULT '',
  os_user VARCHAR(64) NULL,
  password VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NULL,
  failures INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'logins in a row with a wrong password',
  failed_at DATETIME(3) NULL,
  added_by VARCHAR(64) NOT NULL,
  added_at DATETIME(3) NOT NULL,
  UNIQUE KEY name (name),
  UNIQUE KEY os_user (os_user)
) ENGINE=InnoDB;

-- Who has logged in. The token itself stands in a file of the person; whoever copies this table cannot use it.
CREATE TABLE account_session (
  token_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY COMMENT 'SHA-256',
  account_id BIGINT UNSIGNED NOT NULL,
  began_at DATETIME(3) NOT NULL,
  expires_at DATETIME(3) NOT NULL,
  KEY account_id (account_id),
  CONSTRAINT session_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB;

-- Who did what: lines numbered from 1 without a gap, each with the hash of the one before it (audit/chain.h). They are added,
-- never changed or taken away. A deed has a line when it begins and one when it ends, which names the first by its number.
-- audit_lock: one row, held by whoever adds a line; made when it is first needed.
CREATE TABLE audit_lock (
  id INT UNSIGNED NOT NULL PRIMARY KEY
) ENGINE=InnoDB;

CREATE TABLE audit_line (
  number BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  at DATETIME(3) NOT NULL COMMENT 'UTC, by the clock of the server',
  who VARCHAR(64) NOT NULL,
  os_user VARCHAR(64) NOT NULL,
  host VARCHAR(64) NOT NULL,
  phase ENUM('begin','end','refused') NOT NULL,
  begun BIGINT UNSIGNED NOT NULL COMMENT 'number of the line with which it began; 0 = this is it',
  command VARCHAR(64) NOT NULL,
  options TEXT NOT NULL COMMENT 'as they were given; without what may name a person',
  subject TEXT NOT NULL COMMENT 'JSON: numbers of persons and batches, campaigns, accounts',
  why VARCHAR(400) NOT NULL,
  result VARCHAR(40) NOT NULL,
  counts TEXT NOT NULL COMMENT 'JSON: key and number',
  previous CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'hash of the line before; zeros of the first',
  hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'SHA-256 of previous and all the rest',
  KEY begun (begun)
) ENGINE=InnoDB;

CREATE TRIGGER IF NOT EXISTS audit_line_unchanged BEFORE UPDATE ON audit_line FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'lines of the audit are never changed';

CREATE TRIGGER IF NOT EXISTS audit_line_kept BEFORE DELETE ON audit_line FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'lines of the audit are never taken away';
