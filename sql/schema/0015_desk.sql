-- A campaign may go to a few people first (wave 'sample'), and waits then to be looked at ('sampled') until it goes to the rest.
-- Who is of the sample follows from the seed: the lowest SHA-1 of "seed:person".
ALTER TABLE campaign
  ADD COLUMN wave ENUM('whole','sample','sampled','rest') NOT NULL DEFAULT 'whole',
  ADD COLUMN sample_size INT UNSIGNED NULL,
  ADD COLUMN sample_seed BIGINT UNSIGNED NULL;

-- What a person made of a reply that the table did not understand.
ALTER TABLE reply
  ADD COLUMN handled_by VARCHAR(64) NULL COMMENT 'NULL = nobody, or the table',
  ADD COLUMN handled_at DATETIME(3) NULL,
  ADD COLUMN handled_why VARCHAR(200) NULL,
  ADD KEY waiting (handled, receipt_id);

-- A campaign's text sent to a colleague, to be looked at on a phone. No message, and in no count of the campaign.
CREATE TABLE test_message (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  campaign_id BIGINT UNSIGNED NOT NULL,
  at DATETIME(3) NOT NULL,
  sent_by VARCHAR(64) NOT NULL,
  colleague VARCHAR(64) NOT NULL COMMENT 'name in talent.json',
  gateway VARCHAR(64) NOT NULL,
  reference BINARY(16) NOT NULL,
  text VARCHAR(1000) NOT NULL COMMENT 'of an invented person',
  segments TINYINT UNSIGNED NOT NULL,
  outcome VARCHAR(12) NULL COMMENT 'NULL = the answer was not recorded',
  code VARCHAR(64) NULL,
  gateway_id VARCHAR(128) NULL,
  KEY campaign_id (campaign_id),
  UNIQUE KEY reference (reference),
  CONSTRAINT test_campaign FOREIGN KEY (campaign_id) REFERENCES campaign (id)
) ENGINE=InnoDB;
