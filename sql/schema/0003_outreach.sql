-- Numbers that must not be texted: hash for look-up, sealed for the list. removed_at NULL = in force.
CREATE TABLE optout (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  phone_hash BINARY(16) NOT NULL,
  phone VARBINARY(80) NOT NULL COMMENT 'sealed',
  source VARCHAR(40) NOT NULL COMMENT 'staff or reply',
  why VARCHAR(200) NOT NULL,
  added_by VARCHAR(64) NOT NULL,
  added_at DATETIME(3) NOT NULL,
  removed_by VARCHAR(64) NULL,
  removed_at DATETIME(3) NULL,
  active_hash BINARY(16) GENERATED ALWAYS AS (IF(removed_at IS NULL, phone_hash, NULL)) PERSISTENT,
  UNIQUE KEY active_hash (active_hash)
) ENGINE=InnoDB;

-- A text, an audience, a life. Template and policy are frozen here as they were at plan.
CREATE TABLE campaign (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(120) NOT NULL,
  state ENUM('draft','approved','running','paused','cancelled','done') NOT NULL DEFAULT 'draft',
  paused_why VARCHAR(400) NULL,
  template VARCHAR(64) NOT NULL,
  template_text TEXT NOT NULL COMMENT 'the template file as it was',
  policy VARCHAR(64) NOT NULL,
  policy_sha256 CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  verdicts VARCHAR(60) NOT NULL,
  where_text VARCHAR(2000) NULL,
  as_of DATE NOT NULL,
  people INT UNSIGNED NOT NULL,
  other_verdicts TEXT NOT NULL COMMENT 'JSON: verdict or "outside --where" → people not addressed',
  content_hash BINARY(32) NOT NULL COMMENT 'over recipients, texts and policy: what is approved',
  approved_hash BINARY(32) NULL,
  planned_by VARCHAR(64) NOT NULL,
  planned_at DATETIME(3) NOT NULL,
  approved_by VARCHAR(64) NULL,
  approved_at DATETIME(3) NULL,
  launched_at DATETIME(3) NULL,
  launch_epoch BINARY(16) NULL COMMENT 'base_state.epoch at launch',
  UNIQUE KEY name (name)
) ENGINE=InnoDB;

-- One line per person left out, with the reason (outreach/suppressions.def).
CREATE TABLE suppression (
  campaign_id BIGINT UNSIGNED NOT NULL,
  person_id BIGINT UNSIGNED NOT NULL,
  reason VARCHAR(24) NOT NULL,
  PRIMARY KEY (campaign_id, person_id),
  CONSTRAINT suppression_campaign FOREIGN KEY (campaign_id) REFERENCES campaign (id)
) ENGINE=InnoDB;

-- The outbox: one message per person and campaign. state moves only along outreach/transitions.def.
-- reference: our own unguessable key of the current attempt, given to the gateway and named by its receipts.
CREATE TABLE message (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  campaign_id BIGINT UNSIGNED NOT NULL,
  person_id BIGINT UNSIGNED NOT NULL,
  state ENUM('queued','claimed','sent','delivered','undelivered','rejected','expired','uncertain','cancelled','suppressed')
    NOT NULL DEFAULT 'queued',
  verdict VARCHAR(12) NOT NULL,
  route VARCHAR(40) NOT NULL,
  phone_hash BINARY(16) NOT NULL,
  phone VARBINARY(80) NOT NULL COMMENT 'sealed',
  text VARCHAR(1000) NOT NULL,
  segments TINYINT UNSIGNED NOT NULL,
  attempts SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  not_before DATETIME(3) NULL COMMENT 'after a failed attempt',
  worker BINARY(16) NULL,
  fence BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'grows with each claim; a stale worker records nothing',
  leased_until DATETIME(3) NULL,
  reference BINARY(16) NULL,
  gateway VARCHAR(64) NULL,
  gateway_id VARCHAR(128) NULL,
  error_code VARCHAR(64) NULL,
  sent_at DATETIME(3) NULL,
  settled_at DATETIME(3) NULL,
  UNIQUE KEY campaign_person (campaign_id, person_id),
  KEY state (state, campaign_id, not_before),
  KEY phone_hash (phone_hash, sent_at),
  KEY person_id (person_id, sent_at),
  UNIQUE KEY reference (reference),
  KEY gateway_id (gateway_id),
  CONSTRAINT message_campaign FOREIGN KEY (campaign_id) REFERENCES campaign (id)
) ENGINE=InnoDB;

-- The delivery log: each move of each message, written in the transaction that makes it.
CREATE TABLE delivery_event (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  message_id BIGINT UNSIGNED NOT NULL,
  at DATETIME(3) NOT NULL,
  from_state VARCHAR(12) NULL,
  to_state VARCHAR(12) NOT NULL,
  attempt SMALLINT UNSIGNED NOT NULL,
  cause VARCHAR(24) NOT NULL COMMENT 'plan, claim, answer, receipt, lease, staff, optout, cancel, window',
  code VARCHAR(64) NULL COMMENT 'the gateway''s own code',
  note VARCHAR(200) NULL,
  receipt_id BIGINT UNSIGNED NULL,
  KEY message_id (message_id),
  CONSTRAINT event_message FOREIGN KEY (message_id) REFERENCES message (id)
) ENGINE=InnoDB;

-- What gateways pushed to us, raw and first. state: new, matched, unmatched (kept and tried again), ignored.
CREATE TABLE receipt (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  received_at DATETIME(3) NOT NULL,
  gateway VARCHAR(64) NOT NULL,
  kind ENUM('receipt','reply') NOT NULL,
  body MEDIUMBLOB NOT NULL COMMENT 'sealed: it names a phone',
  state ENUM('new','matched','unmatched','ignored') NOT NULL DEFAULT 'new',
  matched_at DATETIME(3) NULL,
  KEY state (state, id)
) ENGINE=InnoDB;

-- A reply that was understood, or waits for a person. meaning: optout, intention, other.
CREATE TABLE reply (
  receipt_id BIGINT UNSIGNED NOT NULL,
  item SMALLINT UNSIGNED NOT NULL DEFAULT 1,
  campaign_id BIGINT UNSIGNED NULL,
  person_id BIGINT UNSIGNED NULL,
  phone_hash BINARY(16) NOT NULL,
  received_at DATETIME(3) NOT NULL,
  text VARBINARY(2000) NOT NULL COMMENT 'sealed',
  meaning ENUM('optout','intention','other') NOT NULL,
  value TINYINT NULL COMMENT 'of wants_settlement',
  handled TINYINT NOT NULL DEFAULT 0,
  PRIMARY KEY (receipt_id, item),
  KEY campaign_person (campaign_id, person_id),
  CONSTRAINT reply_receipt FOREIGN KEY (receipt_id) REFERENCES receipt (id)
) ENGINE=InnoDB;
