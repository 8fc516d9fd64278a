-- LINE columns (audit/line.h): number, at, who, os_user, host, phase, begun, command, options, subject, why, result, counts,
-- previous, hash. No statement changes a line or takes one away; triggers refuse it too.

-- name: line_lock
-- Whoever adds a line waits here for the one before him.
-- params: none
-- rows: none
-- index: PRIMARY
INSERT INTO audit_lock (id) VALUES (1) ON DUPLICATE KEY UPDATE id = id

-- name: line_last
-- params: none
-- rows: one: number and hash of the last line (NULL: there is none), now
-- index: PRIMARY
SELECT l.number, l.hash, CAST(UTC_TIMESTAMP(3) AS CHAR)
FROM (SELECT MAX(number) AS number FROM audit_line) m LEFT JOIN audit_line l ON l.number = m.number

-- name: line_add
-- params: LINE
-- rows: none
INSERT INTO audit_line (number, at, who, os_user, host, phase, begun, command, options, subject, why, result, counts,
  previous, hash)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: line_all
-- params: none
-- rows: many: LINE
-- index: PRIMARY
-- scan: audit_line (every line is checked)
SELECT number, CAST(at AS CHAR), who, os_user, host, phase, begun, command, options, subject, why, result, counts,
  previous, hash
FROM audit_line ORDER BY number

-- name: line_hash
-- params: number
-- rows: optional: hash
-- index: PRIMARY
SELECT hash FROM audit_line WHERE number = ?

-- name: line_deeds
-- Deeds with how they ended, newest first; days and times of Dongguan.
-- params: none besides the filter's, over the columns of b
-- rows: many: LINE of the first line, its time, and of the last line: number, time, subject, result, counts
-- index: PRIMARY, begun
-- scan: b (what is asked for may lie far back)
SELECT b.number, CAST(b.at AS CHAR), b.who, b.os_user, b.host, b.phase, b.begun, b.command, b.options, b.subject, b.why,
  b.result, b.counts, b.previous, b.hash, CAST(b.at + INTERVAL 8 HOUR AS CHAR), e.number,
  CAST(e.at + INTERVAL 8 HOUR AS CHAR), e.subject, e.result, e.counts
FROM audit_line b LEFT JOIN audit_line e ON e.begun = b.number
WHERE b.begun = 0 AND {{filter}}
ORDER BY b.number DESC
LIMIT 10000
