-- Moves travel as one parameter: a JSON array of [place, message, from, fence, to, final, code, gateway_id].

-- name: outbox_pick
-- Which proposed moves find their message in the state, and under the fence, that the mover has read; locks these messages.
-- params: moves; fence -1 = not asked
-- rows: many: place, attempts
-- index: PRIMARY of message
-- scan: v (the parameter itself)
SELECT v.place, m.attempts
FROM JSON_TABLE(?, '$[*]' COLUMNS (
       place INT PATH '$[0]', id BIGINT UNSIGNED PATH '$[1]', from_state VARCHAR(12) PATH '$[2]', fence BIGINT PATH '$[3]')) v
STRAIGHT_JOIN message m ON m.id = v.id
WHERE m.state = v.from_state AND (v.fence < 0 OR m.fence = v.fence)
FOR UPDATE

-- name: outbox_move
-- Moves the picked messages.
-- params: moves
-- rows: none
-- index: PRIMARY of message
-- scan: v (the parameter itself)
UPDATE JSON_TABLE(?, '$[*]' COLUMNS (
         id BIGINT UNSIGNED PATH '$[1]', from_state VARCHAR(12) PATH '$[2]', to_state VARCHAR(12) PATH '$[4]',
         final INT PATH '$[5]', code VARCHAR(64) PATH '$[6]', gateway_id VARCHAR(128) PATH '$[7]')) v
STRAIGHT_JOIN message m ON m.id = v.id
SET m.state = v.to_state,
    m.attempts = m.attempts + (v.to_state = 'claimed'),
    m.fence = m.fence + (v.to_state = 'claimed'),
    m.worker = IF(v.from_state = 'claimed', NULL, m.worker),
    m.lease_id = IF(v.from_state = 'claimed', NULL, m.lease_id),
    m.leased_until = IF(v.from_state = 'claimed', NULL, m.leased_until),
    m.sent_at = CASE WHEN v.to_state = 'queued' THEN NULL
                     WHEN v.from_state = 'claimed' AND v.to_state IN ('sent', 'uncertain', 'delivered', 'undelivered')
                       THEN UTC_TIMESTAMP(3)
                     ELSE m.sent_at END,
    m.settled_at = IF(v.final, UTC_TIMESTAMP(3), m.settled_at),
    m.error_code = COALESCE(v.code, m.error_code),
    m.gateway_id = COALESCE(v.gateway_id, m.gateway_id)

-- name: outbox_strays
-- Of messages that went back to the queue, those whose campaign was cancelled meanwhile; keeps it from being cancelled now.
-- params: JSON array of ids
-- rows: many: id
-- index: PRIMARY of message and campaign
-- scan: v (the parameter itself)
SELECT m.id
FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) v
STRAIGHT_JOIN message m ON m.id = v.id
STRAIGHT_JOIN campaign c ON c.id = m.campaign_id
WHERE m.state = 'queued' AND c.state = 'cancelled'
LOCK IN SHARE MODE

-- name: outbox_log
-- Writes the delivery log of the moves just made.
-- params: none
-- rows: none
-- index: PRIMARY
LOAD DATA LOCAL INFILE 'memory' INTO TABLE delivery_event CHARACTER SET binary
(message_id, from_state, to_state, attempt, cause, code, note, receipt_id) SET at = UTC_TIMESTAMP(3)

-- name: outbox_claim
-- Gives locked, queued messages to a lease. A first attempt keeps the reference that the plan gave the message; every later one
-- has a fresh one, so that what is reported about an earlier one is not taken for it.
-- params: JSON array of ids, worker, lease, its seconds, gateway
-- rows: none
-- index: PRIMARY of message
-- scan: v (the parameter itself)
UPDATE JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) v
STRAIGHT_JOIN message m ON m.id = v.id
SET m.reference = IF(m.fence = 0 AND m.reference IS NOT NULL, m.reference, RANDOM_BYTES(16)),
    m.state = 'claimed', m.attempts = m.attempts + 1, m.fence = m.fence + 1,
    m.worker = ?, m.lease_id = ?, m.leased_until = UTC_TIMESTAMP(3) + INTERVAL ? SECOND, m.gateway = ?,
    m.gateway_id = NULL, m.error_code = NULL, m.not_before = NULL
WHERE m.state = 'queued'

-- name: outbox_log_claimed
-- Writes the delivery log of a claim.
-- params: JSON array of ids
-- rows: none
-- index: PRIMARY of message
-- scan: v (the parameter itself)
INSERT INTO delivery_event (message_id, at, from_state, to_state, attempt, cause)
SELECT m.id, UTC_TIMESTAMP(3), 'queued', m.state, m.attempts, 'claim'
FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) v
STRAIGHT_JOIN message m ON m.id = v.id

-- name: outbox_log_all
-- Writes the delivery log of a move of every message of a campaign that is in one state, and locks them. The index is forced
-- because a scan would lock the messages of every other campaign.
-- params: to, cause, campaign, from
-- rows: none
-- index: state (state, campaign_id)
INSERT INTO delivery_event (message_id, at, from_state, to_state, attempt, cause)
SELECT m.id, UTC_TIMESTAMP(3), m.state, ?, m.attempts, ?
FROM message m FORCE INDEX (state) WHERE m.campaign_id = ? AND m.state = ?
FOR UPDATE

-- name: outbox_move_all
-- Moves every message of a campaign that is in one state and has no worker; outbox_log_all has locked them.
-- params: to, is final, campaign, from
-- rows: none
-- index: state (state, campaign_id)
UPDATE message FORCE INDEX (state) SET state = ?, settled_at = IF(?, UTC_TIMESTAMP(3), settled_at)
WHERE campaign_id = ? AND state = ?

-- name: outbox_counts
-- How many messages of a campaign are in each state.
-- params: campaign
-- rows: many: state, messages
-- index: campaign_person
SELECT state, COUNT(*) FROM message WHERE campaign_id = ? GROUP BY state

-- name: outbox_total
-- How many messages a campaign has.
-- params: campaign
-- rows: one: messages
-- index: campaign_person
SELECT COUNT(*) FROM message WHERE campaign_id = ?

-- name: outbox_waiting
-- The messages to one number that still wait to be claimed, in any campaign; locks them.
-- params: phone hash
-- rows: many: id
-- index: phone_hash
SELECT id FROM message FORCE INDEX (phone_hash) WHERE phone_hash = ? AND state = 'queued' FOR UPDATE

-- name: outbox_load
-- Puts the messages of a plan into the outbox, queued.
-- params: none
-- rows: none
-- index: campaign_person
LOAD DATA LOCAL INFILE 'memory' INTO TABLE message CHARACTER SET binary
(campaign_id, person_id, verdict, route, phone_hash, phone, text, gaps, segments, reference)

-- name: outbox_log_planned
-- Begins the delivery log of every message of a plan.
-- params: campaign
-- rows: none
-- index: campaign_person
INSERT INTO delivery_event (message_id, at, from_state, to_state, attempt, cause)
SELECT m.id, UTC_TIMESTAMP(3), NULL, m.state, 0, 'plan'
FROM message m FORCE INDEX (campaign_person) WHERE m.campaign_id = ?

-- name: outbox_uncertain
-- Messages of a campaign of which nobody knows whether they were sent, in pages; locked.
-- params: campaign, message after which, limit
-- rows: many: id
-- index: state
SELECT id FROM message FORCE INDEX (state)
WHERE state = 'uncertain' AND campaign_id = ? AND id > ? ORDER BY id LIMIT ? FOR UPDATE
