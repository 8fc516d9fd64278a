-- `keys`: link.sql.

-- name: former_any
-- params: none
-- rows: one: 1 = some number is remembered
-- index: PRIMARY
-- scan: former_number (its first row only)
SELECT EXISTS (SELECT 1 FROM former_number)

-- name: former_find
-- Which numbers the names with phones had, and whether nobody has them now. Table person, which is not folded yet, says
-- whether somebody with an ID number has just gone: who had that number, or who had the answers.
-- params: keys (name_phone_hash), how many
-- rows: many: place of the key from 0, person, 1 = free, 1 = somebody who had the number has gone, or had the answers
-- index: PRIMARY of former_number and person; person_id and name_phone_hash of answer; person_id of decided_key; b_person
SELECT STRAIGHT_JOIN k.seq, f.person_id,
  NOT EXISTS (SELECT 1 FROM answer a WHERE a.person_id = f.person_id)
    AND NOT EXISTS (SELECT 1 FROM decided_key i WHERE i.person_id = f.person_id)
    AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.b_person = f.person_id AND d.ended_at IS NULL),
  EXISTS (SELECT 1 FROM person p WHERE p.id = f.person_id)
    OR EXISTS (SELECT 1 FROM answer c JOIN person h ON h.id = c.person_id
               WHERE c.name_phone_hash = f.key_hash AND c.id_hash IS NULL AND h.id_hash IS NOT NULL)
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
