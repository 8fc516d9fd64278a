-- `keys`: link.sql.

-- name: former_any
-- params: none
-- rows: one: 1 = some number is remembered
-- index: PRIMARY
-- scan: former_number (its first row only)
SELECT EXISTS (SELECT 1 FROM former_number)

-- name: former_find
-- Which numbers the names with phones had, and whether nobody has them now; if so, whether somebody had until a moment ago,
-- who is left without an answer and not folded yet.
-- params: keys (name_phone_hash), how many
-- rows: many: place of the key from 0, person, 1 = free, 1 = still in table person
-- index: PRIMARY of former_number and person; person_id of answer and decided_key; b_person of decision
SELECT STRAIGHT_JOIN k.seq, f.person_id,
  NOT EXISTS (SELECT 1 FROM answer a WHERE a.person_id = f.person_id)
    AND NOT EXISTS (SELECT 1 FROM decided_key i WHERE i.person_id = f.person_id)
    AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.b_person = f.person_id AND d.ended_at IS NULL),
  EXISTS (SELECT 1 FROM person p WHERE p.id = f.person_id)
FROM seq_0_to_9999 k JOIN former_number f ON f.key_hash = SUBSTR(?, k.seq * 16 + 1, 16)
WHERE k.seq < ?

-- name: former_keep
-- A number that another key had is that key's no longer.
-- params: keys (name_phone_hash), their persons (keys), how many
-- rows: none
REPLACE INTO former_number (key_hash, person_id)
SELECT SUBSTR(?, k.seq * 16 + 1, 16), CAST(CONV(HEX(SUBSTR(?, k.seq * 8 + 1, 8)), 16, 10) AS UNSIGNED)
FROM seq_0_to_9999 k WHERE k.seq < ?

-- name: former_forget
-- params: person
-- rows: none
-- index: person_id of answer; PRIMARY
DELETE f FROM answer a STRAIGHT_JOIN former_number f ON f.key_hash = a.name_phone_hash WHERE a.person_id = ?
