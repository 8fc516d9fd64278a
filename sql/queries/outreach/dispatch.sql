-- name: dispatch_running
-- The campaigns that dispatchers may send for, and whether each was launched on this very base.
-- params: none
-- rows: many: id, launched here
-- index: PRIMARY of base_state
-- scan: c
SELECT c.id, c.launch_epoch <=> b.epoch
FROM base_state b STRAIGHT_JOIN campaign c
WHERE b.id = 1 AND c.state = 'running' ORDER BY c.id

-- name: dispatch_epoch
-- Which base this is, whether anything was ever given to a gateway from it, and whether it was brought back from a backup and
-- nobody has settled yet what went out after that.
-- params: none
-- rows: one: epoch in hex, has sent, is to be reconciled
-- index: PRIMARY of base_state, state of message
-- scan: restoration (ends at the first row; has one for each restore ever made)
SELECT LOWER(HEX(epoch)),
       EXISTS (SELECT 1 FROM message
               WHERE state IN ('claimed', 'sent', 'delivered', 'undelivered', 'rejected', 'expired', 'uncertain')),
       EXISTS (SELECT 1 FROM restoration WHERE reconciled_at IS NULL)
FROM base_state WHERE id = 1

-- name: dispatch_lock
-- Holds a campaign that still runs: it cannot be paused, and no other worker claims, until the claim is committed.
-- params: campaign
-- rows: optional: id
-- index: PRIMARY
SELECT id FROM campaign WHERE id = ? AND state = 'running' FOR UPDATE

-- name: dispatch_candidates
-- Waiting messages of a campaign that are due, locked, with all that can still forbid them: an opt-out, other messages to the
-- same person or phone within the days of the cap, a person who is gone or whose phone is of one who asked to be forgotten.
-- They are found without locks and then locked one by one, as a locked range would hold up others' records.
-- params: days of the cap, days of the cap, campaign, limit
-- rows: many: id, opted out, told, gone
-- index: state and PRIMARY of message; active_hash of optout; person_id and phone_hash of message; PRIMARY of person and forgotten
-- scan: v (the page of at most so many)
SELECT m.id,
       EXISTS (SELECT 1 FROM optout o WHERE o.active_hash = m.phone_hash),
       GREATEST(
         (SELECT COUNT(*) FROM message t
          WHERE t.person_id = m.person_id AND t.id <> m.id
            AND t.state IN ('claimed', 'sent', 'delivered', 'expired', 'uncertain')
            AND (t.sent_at IS NULL OR t.sent_at >= UTC_TIMESTAMP(3) - INTERVAL ? DAY)),
         (SELECT COUNT(*) FROM message t
          WHERE t.phone_hash = m.phone_hash AND t.id <> m.id
            AND t.state IN ('claimed', 'sent', 'delivered', 'expired', 'uncertain')
            AND (t.sent_at IS NULL OR t.sent_at >= UTC_TIMESTAMP(3) - INTERVAL ? DAY))),
       NOT EXISTS (SELECT 1 FROM person p WHERE p.id = m.person_id)
         OR EXISTS (SELECT 1 FROM forgotten f WHERE f.key_hash = m.phone_hash AND f.kind = 'phone')
FROM (SELECT id FROM message FORCE INDEX (state)
      WHERE state = 'queued' AND campaign_id = ? AND (not_before IS NULL OR not_before <= UTC_TIMESTAMP(3))
      ORDER BY not_before, id LIMIT ?) v
STRAIGHT_JOIN message m ON m.id = v.id
WHERE m.state = 'queued'
FOR UPDATE SKIP LOCKED

-- name: dispatch_elsewhere
-- Whether a lease lasts that was written through another node of the cluster: two nodes that write the same rows may lose what
-- one of them wrote, so the other claims nothing until then.
-- params: none
-- rows: one: 0 or 1
-- index: leased_until
SELECT EXISTS (SELECT 1 FROM lease
               WHERE leased_until > UTC_TIMESTAMP(3) AND node <> CONCAT(LEFT(@@hostname, 100), ':', @@port))

-- name: dispatch_lease
-- Opens a lease, with the last of its messages that may begin at once.
-- params: worker, seconds, message
-- rows: none
-- index: PRIMARY
INSERT INTO lease (worker, node, leased_until, begun_id)
VALUES (?, CONCAT(LEFT(@@hostname, 100), ':', @@port), UTC_TIMESTAMP(3) + INTERVAL ? SECOND, ?)

-- name: dispatch_begin
-- Lets further messages of a lease begin, while it lasts.
-- params: message, lease, worker
-- rows: none
-- index: PRIMARY
UPDATE lease SET begun_id = ? WHERE id = ? AND worker = ? AND leased_until > UTC_TIMESTAMP(3)

-- name: dispatch_forgo
-- Ends a lease of which nothing has begun.
-- params: lease, worker
-- rows: none
-- index: PRIMARY
UPDATE lease SET begun_id = 0, leased_until = UTC_TIMESTAMP(3) WHERE id = ? AND worker = ?

-- name: dispatch_claimed
-- What a worker's lease holds, as it is committed. The number of a lease alone does not say whose it is: when the server is
-- killed before a claim is durable, the next one who claims may be given the same number, and the same messages.
-- params: JSON array of ids, lease, worker
-- rows: many: id, campaign_id, fence, reference in hex, phone (sealed), text, attempts, gaps, phone_hash
-- index: PRIMARY of message
-- scan: v (the parameter itself)
SELECT m.id, m.campaign_id, m.fence, LOWER(HEX(m.reference)), m.phone, m.text, m.attempts, m.gaps, m.phone_hash
FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) v
STRAIGHT_JOIN message m ON m.id = v.id
WHERE m.lease_id = ? AND m.worker = ? AND m.state = 'claimed'
ORDER BY m.id

-- name: dispatch_template
-- The template of a campaign as it was at plan.
-- params: campaign
-- rows: optional: template, template_text
-- index: PRIMARY
SELECT template, template_text FROM campaign WHERE id = ?

-- name: dispatch_allowed
-- Which claimed messages may still go out: the lease lasts, the campaign runs, nobody has opted out since.
-- params: JSON array of {id, fence}, worker
-- rows: many: id
-- index: PRIMARY of message and campaign; active_hash of optout
-- scan: v (the parameter itself)
SELECT m.id
FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$.id', fence BIGINT UNSIGNED PATH '$.fence')) v
STRAIGHT_JOIN message m ON m.id = v.id
STRAIGHT_JOIN campaign c ON c.id = m.campaign_id
WHERE m.worker = ? AND m.state = 'claimed' AND m.fence = v.fence AND m.leased_until > UTC_TIMESTAMP(3)
  AND c.state = 'running'
  AND NOT EXISTS (SELECT 1 FROM optout o WHERE o.active_hash = m.phone_hash)
ORDER BY m.id

-- name: dispatch_defer
-- Says when messages that were not sent may be tried again; before they are moved back to the queue.
-- params: JSON array of {id, fence, delay_ms}
-- rows: none
-- index: PRIMARY of message
-- scan: v (the parameter itself)
UPDATE JSON_TABLE(?, '$[*]' COLUMNS (
         id BIGINT UNSIGNED PATH '$.id', fence BIGINT UNSIGNED PATH '$.fence', delay_ms BIGINT PATH '$.delay_ms')) v
STRAIGHT_JOIN message m ON m.id = v.id
SET m.not_before = IF(v.delay_ms > 0, UTC_TIMESTAMP(3) + INTERVAL v.delay_ms * 1000 MICROSECOND, NULL)
WHERE m.state = 'claimed' AND m.fence = v.fence

-- name: dispatch_stale
-- Claimed messages whose worker's lease has run out, and whether they may have been sent: unknown leases cannot tell. Locks
-- both, so that no worker lets one begin meanwhile.
-- params: none
-- rows: many: id, fence, begun, lease or 0
-- index: state of message; PRIMARY of lease
SELECT m.id, m.fence, l.id IS NULL OR m.id <= l.begun_id, COALESCE(l.id, 0)
FROM message m FORCE INDEX (state) LEFT JOIN lease l ON l.id = m.lease_id
WHERE m.state = 'claimed' AND m.leased_until < UTC_TIMESTAMP(3) ORDER BY m.id LIMIT 1000
FOR UPDATE SKIP LOCKED

-- name: dispatch_end
-- Ends leases: nothing of them may begin any more. An hour ago, because a statement that waits for this one takes for now the
-- moment at which it began to wait.
-- params: JSON array of leases
-- rows: none
-- index: PRIMARY
-- scan: v (the parameter itself)
UPDATE JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) v
STRAIGHT_JOIN lease l ON l.id = v.id
SET l.leased_until = LEAST(l.leased_until, UTC_TIMESTAMP(3) - INTERVAL 1 HOUR)

-- name: dispatch_forget_leases
-- Leases that ran out long ago: no message is in their hold.
-- params: none
-- rows: none
-- index: leased_until
DELETE FROM lease WHERE leased_until < UTC_TIMESTAMP(3) - INTERVAL 1 DAY ORDER BY leased_until LIMIT 10000

-- name: dispatch_silent
-- Messages that a gateway took longer ago than its receipts take.
-- params: gateway, hours
-- rows: many: id, fence
-- index: state
SELECT id, fence FROM message FORCE INDEX (state)
WHERE state = 'sent' AND gateway = ? AND sent_at < UTC_TIMESTAMP(3) - INTERVAL ? HOUR ORDER BY id LIMIT 1000
FOR UPDATE SKIP LOCKED

-- name: dispatch_open
-- What is not finished yet in the running campaigns that were launched on this base, by state.
-- params: none
-- rows: many: state, messages
-- index: PRIMARY of base_state, state of message
-- scan: c
SELECT m.state, COUNT(*)
FROM base_state b STRAIGHT_JOIN campaign c STRAIGHT_JOIN message m FORCE INDEX (state)
  ON m.campaign_id = c.id AND m.state IN ('queued', 'claimed', 'sent', 'uncertain')
WHERE b.id = 1 AND c.state = 'running' AND c.launch_epoch = b.epoch
GROUP BY m.state

-- name: dispatch_campaign
-- A campaign's name and why it stands still.
-- params: campaign
-- rows: optional: id, name, state, paused_why
-- index: PRIMARY
SELECT id, name, state, paused_why FROM campaign WHERE id = ?
