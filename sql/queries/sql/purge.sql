-- What `db purge` erases. Days are days of Dongguan, moments of the base are UTC. A message without a name bears a person
-- number from 4611686018427387904 (2^62) on, which no person has.

-- name: purge_campaigns
-- Campaigns that are over, in which nothing happened since a day, and which still name people.
-- params: day, day
-- rows: many: id, messages that name people, people left out by name
-- index: campaign_person of message; PRIMARY of suppression
-- scan: c, m, s, n
SELECT c.id,
       (SELECT COUNT(*) FROM message m WHERE m.campaign_id = c.id AND m.person_id < 4611686018427387904),
       (SELECT COUNT(*) FROM suppression s WHERE s.campaign_id = c.id AND s.person_id < 4611686018427387904)
FROM campaign c
WHERE c.state IN ('done', 'cancelled') AND c.planned_at < ? - INTERVAL 8 HOUR
  AND NOT EXISTS (SELECT 1 FROM message n WHERE n.campaign_id = c.id
                  AND GREATEST(COALESCE(n.sent_at, 0), COALESCE(n.settled_at, 0)) >= ? - INTERVAL 8 HOUR)

-- name: purge_messages
-- The next messages of a campaign: to whom, and what it said, is gone; that it was sent, when, and what became of it, stays.
-- params: campaign
-- rows: none
-- index: campaign_person
UPDATE message
SET person_id = 4611686018427387904 + id, phone = '', phone_hash = UNHEX(REPEAT('00', 16)), text = '', gaps = '',
    reference = NULL, gateway_id = NULL
WHERE campaign_id = ? AND person_id < 4611686018427387904 ORDER BY person_id LIMIT 2000

-- name: purge_suppressions
-- The same of people who were left out.
-- params: campaign
-- rows: none
-- index: PRIMARY
UPDATE suppression SET person_id = 4611686018427387904 + (UUID_SHORT() & 2305843009213693951)
WHERE campaign_id = ? AND person_id < 4611686018427387904 ORDER BY person_id LIMIT 2000

-- name: purge_pushes_count
-- Raw pushes and replies of before a day that still hold what people wrote, and the last push of then.
-- params: day, day, day
-- rows: one: pushes, replies, number of the last push
-- scan: receipt, reply
SELECT (SELECT COUNT(*) FROM receipt WHERE received_at < ? - INTERVAL 8 HOUR AND body <> ''),
       (SELECT COUNT(*) FROM reply WHERE received_at < ? - INTERVAL 8 HOUR AND (text <> '' OR person_id IS NOT NULL)),
       (SELECT COALESCE(MAX(id), 0) FROM receipt WHERE received_at < ? - INTERVAL 8 HOUR)

-- name: purge_pushes
-- What gateways pushed, of a range of numbers; that something came, stays.
-- params: first, last, day
-- rows: none
-- index: PRIMARY
UPDATE receipt SET body = '', state = IF(state IN ('new', 'unmatched'), 'ignored', state)
WHERE id BETWEEN ? AND ? AND received_at < ? - INTERVAL 8 HOUR AND body <> ''

-- name: purge_replies
-- What people wrote back; that somebody did, to which campaign, and what was understood, stays.
-- params: first, last, day
-- rows: none
-- index: PRIMARY
UPDATE reply SET text = '', person_id = NULL, phone_hash = UNHEX(REPEAT('00', 16))
WHERE receipt_id BETWEEN ? AND ? AND received_at < ? - INTERVAL 8 HOUR AND (text <> '' OR person_id IS NOT NULL)

-- name: purge_optouts_count
-- Opt-outs that were taken back before a day. One in force is kept as long as it is: else the person would be texted again.
-- params: day
-- rows: one: opt-outs
-- scan: optout
SELECT COUNT(*) FROM optout WHERE removed_at < ? - INTERVAL 8 HOUR AND phone <> ''

-- name: purge_optouts
-- params: day
-- rows: none
-- scan: optout
UPDATE optout SET phone = '', phone_hash = UNHEX(REPEAT('00', 16)) WHERE removed_at < ? - INTERVAL 8 HOUR AND phone <> ''

-- name: purge_batches
-- Batches handed in before a day whose raw rows are still there.
-- params: day
-- rows: many: id, quarantined rows, raw cells of answers
-- index: PRIMARY of quarantine and answer
-- scan: b
SELECT b.id, (SELECT COUNT(*) FROM quarantine q WHERE q.batch_id = b.id),
       (SELECT COUNT(*) FROM answer a WHERE a.batch_id = b.id AND a.normalised IS NOT NULL)
FROM batch b
WHERE b.rows_purged_at IS NULL AND b.state IN ('active', 'undone', 'refused') AND b.imported_at < ? - INTERVAL 8 HOUR

-- name: purge_problems
-- params: batch
-- rows: none
-- index: PRIMARY
DELETE FROM problem WHERE batch_id = ?

-- name: purge_quarantine
-- params: batch
-- rows: none
-- index: PRIMARY
DELETE FROM quarantine WHERE batch_id = ?

-- name: purge_layouts
-- params: batch
-- rows: none
-- index: PRIMARY
DELETE FROM sheet_layout WHERE batch_id = ?

-- name: purge_cells
-- The cells of answers that were not taken letter by letter; the facts stay.
-- params: batch
-- rows: none
-- index: PRIMARY
UPDATE answer SET normalised = NULL WHERE batch_id = ? AND normalised IS NOT NULL

-- name: purge_batch
-- params: batch
-- rows: none
-- index: PRIMARY
UPDATE batch SET rows_purged_at = UTC_TIMESTAMP(3) WHERE id = ?

-- name: purge_record
-- params: who, why, day of proof, day of raw rows (NULL = none), what was erased (JSON)
-- rows: none
INSERT INTO erasure (purged_by, purged_at, why, proof_before, rows_before, erased) VALUES (?, UTC_TIMESTAMP(3), ?, ?, ?, ?)
