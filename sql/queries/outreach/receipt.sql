-- name: receipt_store
-- What gateways pushed, raw and sealed, before they are answered.
-- params: none
-- rows: none
-- index: PRIMARY
LOAD DATA LOCAL INFILE 'memory' INTO TABLE receipt CHARACTER SET binary
(gateway, kind, body) SET received_at = UTC_TIMESTAMP(3)

-- name: receipt_bring_back
-- A push that was kept outside the base, as if it came now.
-- params: gateway, kind, body (sealed)
-- rows: none
-- index: PRIMARY
INSERT INTO receipt (received_at, gateway, kind, body) VALUES (UTC_TIMESTAMP(3), ?, ?, ?)

-- name: receipt_new
-- The oldest that nobody has looked at, locked. They are found without locks and then locked one by one: a locked range would
-- keep new ones out.
-- params: kind, limit
-- rows: many: id, gateway, body (sealed), seconds since 1970 when it came
-- index: state, PRIMARY
-- scan: v (the page of at most so many)
SELECT r.id, r.gateway, r.body, TIMESTAMPDIFF(SECOND, '1970-01-01', r.received_at)
FROM (SELECT id FROM receipt FORCE INDEX (state) WHERE state = 'new' AND kind = ? ORDER BY id LIMIT ?) v
STRAIGHT_JOIN receipt r ON r.id = v.id
WHERE r.state = 'new' ORDER BY r.id
FOR UPDATE SKIP LOCKED

-- name: receipt_by_reference
-- The messages that receipts speak of, by our own reference; locks them.
-- params: JSON array of {place, reference}
-- rows: many: place, message, state, fence, attempts
-- index: reference
-- scan: v (the parameter itself)
SELECT v.place, m.id, m.state, m.fence, m.attempts
FROM JSON_TABLE(?, '$[*]' COLUMNS (place INT PATH '$.place', reference CHAR(32) PATH '$.reference')) v
STRAIGHT_JOIN message m FORCE INDEX (reference) ON m.reference = UNHEX(v.reference)
FOR UPDATE

-- name: receipt_by_gateway_id
-- The same by the gateway's id, for gateways that do not echo our reference.
-- params: JSON array of {place, gateway, id}
-- rows: many: place, message, state, fence, attempts
-- index: gateway_id
-- scan: v (the parameter itself)
SELECT v.place, m.id, m.state, m.fence, m.attempts
FROM JSON_TABLE(?, '$[*]' COLUMNS (
       place INT PATH '$.place', gateway VARCHAR(64) PATH '$.gateway', id VARCHAR(128) PATH '$.id')) v
STRAIGHT_JOIN message m FORCE INDEX (gateway_id) ON m.gateway_id = v.id AND m.gateway = v.gateway
FOR UPDATE

-- name: receipt_mark
-- What became of receipts.
-- params: JSON array of {id, state}
-- rows: none
-- index: PRIMARY
-- scan: v (the parameter itself)
UPDATE JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$.id', state VARCHAR(12) PATH '$.state')) v
STRAIGHT_JOIN receipt r ON r.id = v.id
SET r.state = v.state, r.matched_at = UTC_TIMESTAMP(3)

-- name: receipt_again
-- Puts receipts that fitted nothing back in the queue for three days: the message may be recorded later.
-- params: seconds since the last try
-- rows: none
-- index: state
UPDATE receipt FORCE INDEX (state) SET state = 'new'
WHERE state = 'unmatched' AND received_at > UTC_TIMESTAMP(3) - INTERVAL 3 DAY
  AND matched_at < UTC_TIMESTAMP(3) - INTERVAL ? SECOND
ORDER BY id LIMIT 500

-- name: receipt_counts
-- How many receipts and replies there are, by what became of them.
-- params: none
-- rows: many: kind, state, count
-- index: state
-- scan: receipt
SELECT kind, state, COUNT(*) FROM receipt GROUP BY kind, state
