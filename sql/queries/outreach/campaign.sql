-- name: campaign_find
-- The number of a campaign by its name.
-- params: name
-- rows: optional: id
-- index: name
SELECT id FROM campaign WHERE name = ?

-- name: campaign_get
-- One campaign.
-- params: id
-- rows: optional: id, name, state, paused_why, template, template_text, policy, policy_sha256, as_of, people, other_verdicts,
--   content_hash, approved_hash, planned_by, approved_by, wave, sample_size, sample_seed
-- index: PRIMARY
SELECT id, name, state, paused_why, template, template_text, policy, policy_sha256, as_of, people, other_verdicts,
       content_hash, approved_hash, planned_by, approved_by, wave, sample_size, sample_seed
FROM campaign WHERE id = ?

-- name: campaign_lock
-- One campaign, locked until the transaction ends: two people cannot take it two ways.
-- params: id
-- rows: optional: as campaign_get
-- index: PRIMARY
SELECT id, name, state, paused_why, template, template_text, policy, policy_sha256, as_of, people, other_verdicts,
       content_hash, approved_hash, planned_by, approved_by, wave, sample_size, sample_seed
FROM campaign WHERE id = ? FOR UPDATE

-- name: campaign_insert
-- A draft, before its audience is known.
-- params: name, template, template text, policy, policy sha256, verdicts, where, as of, planned by
-- rows: none
-- index: PRIMARY
INSERT INTO campaign (name, template, template_text, policy, policy_sha256, verdicts, where_text, as_of, planned_by, planned_at,
                      people, other_verdicts, content_hash)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3), 0, '{}', '')

-- name: campaign_freeze
-- What the plan found: who was asked about, who was not addressed, and the hash of what is to be approved.
-- params: people, other verdicts (JSON), content hash, id
-- rows: none
-- index: PRIMARY
UPDATE campaign SET people = ?, other_verdicts = ?, content_hash = ? WHERE id = ?

-- name: campaign_approve
-- Binds the approval to a hash.
-- params: approved hash, approved by, id
-- rows: none
-- index: PRIMARY
UPDATE campaign SET state = 'approved', approved_hash = ?, approved_by = ?, approved_at = UTC_TIMESTAMP(3) WHERE id = ?

-- name: campaign_void
-- Takes an approval back.
-- params: id
-- rows: none
-- index: PRIMARY
UPDATE campaign SET state = 'draft', approved_hash = NULL, approved_by = NULL, approved_at = NULL WHERE id = ?

-- name: campaign_launch
-- Lets the dispatchers have it, on this base and no copy of it.
-- params: id
-- rows: none
-- index: PRIMARY
UPDATE campaign SET state = 'running', launched_at = UTC_TIMESTAMP(3),
                    launch_epoch = (SELECT epoch FROM base_state WHERE base_state.id = 1)
WHERE campaign.id = ?

-- name: campaign_move
-- Takes a campaign to another state of its life.
-- params: state, paused why, id
-- rows: none
-- index: PRIMARY
UPDATE campaign SET state = ?, paused_why = ? WHERE id = ?

-- name: campaign_stop
-- Pauses a running campaign because of its gateway.
-- params: paused why, id
-- rows: none
-- index: PRIMARY
UPDATE campaign SET state = 'paused', paused_why = ? WHERE id = ? AND state = 'running'

-- name: campaign_finish
-- Closes the running campaigns in which nothing can move any more.
-- params: none
-- rows: none
-- index: state (state, campaign_id) of message
-- scan: campaign
UPDATE campaign SET state = 'done'
WHERE state = 'running'
  AND NOT EXISTS (SELECT 1 FROM message m
                  WHERE m.campaign_id = campaign.id AND m.state IN ('queued', 'claimed', 'sent', 'uncertain'))

-- name: campaign_content
-- What is sent to whom, for the hash, in pages by person.
-- params: campaign, person after which
-- rows: many: person_id, phone_hash, text, gaps
-- index: campaign_person
SELECT person_id, phone_hash, text, gaps FROM message
WHERE campaign_id = ? AND person_id > ? ORDER BY person_id LIMIT 2000

-- name: campaign_suppressed
-- How many people a campaign leaves out, by reason.
-- params: campaign
-- rows: many: reason, people
-- index: PRIMARY
SELECT reason, COUNT(*) FROM suppression WHERE campaign_id = ? GROUP BY reason

-- name: campaign_preview
-- The first messages of a campaign, as they will go out.
-- params: campaign, limit
-- rows: many: person_id, phone (sealed), text, segments, state
-- index: campaign_person
SELECT person_id, phone, text, segments, state FROM message WHERE campaign_id = ? ORDER BY person_id LIMIT ?

-- name: campaign_longest
-- The longest message of a campaign, in UTF-16 units.
-- params: campaign
-- rows: optional: person_id, phone (sealed), text, segments, state
-- index: campaign_person
SELECT person_id, phone, text, segments, state FROM message FORCE INDEX (campaign_person) WHERE campaign_id = ?
ORDER BY LENGTH(CONVERT(text USING utf16)) DESC, person_id LIMIT 1

-- name: campaign_rarest
-- The message with the rarest characters: most of two UTF-16 units, then most outside GB2312. What GB2312 has not becomes "?".
-- params: campaign
-- rows: optional: person_id, phone (sealed), text, segments, state, characters of two units, characters outside GB2312
-- index: campaign_person
SELECT person_id, phone, text, segments, state,
       LENGTH(CONVERT(text USING utf16)) DIV 2 - CHAR_LENGTH(text) AS wide,
       CHAR_LENGTH(REPLACE(text, '?', ''))
         - CHAR_LENGTH(REPLACE(CONVERT(CONVERT(text USING gb2312) USING utf8mb4), '?', '')) AS outside
FROM message FORCE INDEX (campaign_person) WHERE campaign_id = ?
HAVING outside > 0
ORDER BY wide DESC, outside DESC, person_id LIMIT 1

-- name: campaign_segments
-- What a campaign costs: its messages and the parts that they are billed as.
-- params: campaign
-- rows: one: messages, segments
-- index: campaign_person
SELECT COUNT(*), COALESCE(SUM(segments), 0) FROM message FORCE INDEX (campaign_person) WHERE campaign_id = ?

-- name: campaign_log
-- Every message of a campaign with every event, in pages by message.
-- params: campaign, message after which, campaign
-- rows: many: id, person_id, phone (sealed), state, text, segments, attempts, gateway, reference in hex, gateway_id,
--   error_code, at, from_state, to_state, attempt, cause, code, note
-- index: PRIMARY of message, message_id of delivery_event
-- scan: m (the page of at most 1000 messages)
WITH m AS (
  SELECT id, person_id, phone, state, text, segments, attempts, gateway, reference, gateway_id, error_code
  FROM message FORCE INDEX (PRIMARY) WHERE campaign_id = ? AND id > ? ORDER BY id LIMIT 1000)
SELECT m.id, m.person_id, m.phone, m.state, m.text, m.segments, m.attempts, m.gateway,
       LOWER(HEX(m.reference)), m.gateway_id, m.error_code,
       DATE_FORMAT(e.at + INTERVAL 8 HOUR, '%Y-%m-%d %H:%i:%s'), e.from_state, e.to_state, e.attempt, e.cause, e.code, e.note
FROM m STRAIGHT_JOIN delivery_event e FORCE INDEX (message_id) ON e.message_id = m.id
ORDER BY m.id, e.id

-- name: campaign_suppress
-- Records who a plan leaves out, and why.
-- params: none
-- rows: none
-- index: PRIMARY
LOAD DATA LOCAL INFILE 'memory' INTO TABLE suppression CHARACTER SET binary
(campaign_id, person_id, reason)

-- name: campaign_list
-- All campaigns, newest first.
-- params: none
-- rows: many: id, name, state, template, planned_by, planned_at (Asia/Shanghai), messages
-- index: campaign_person of message
-- scan: campaign
SELECT campaign.id, campaign.name, campaign.state, campaign.template, campaign.planned_by,
       DATE_FORMAT(campaign.planned_at + INTERVAL 8 HOUR, '%Y-%m-%d %H:%i'),
       (SELECT COUNT(*) FROM message m WHERE m.campaign_id = campaign.id)
FROM campaign ORDER BY campaign.id DESC
