-- Many keys travel as one parameter: `keys` is 16-byte hashes or 8-byte big-endian person ids one after another, at most
-- 10,000 of them; seq_0_to_9999 (the server's sequence engine) takes them apart where they are joined.

-- name: link_holders
-- Who has these ID numbers.
-- params: keys (id_hash), how many
-- rows: many: place of the key from 0, person
-- index: id_hash
SELECT STRAIGHT_JOIN k.seq, p.id
FROM seq_0_to_9999 k JOIN person p ON p.id_hash = SUBSTR(?, k.seq * 16 + 1, 16)
WHERE k.seq < ?

-- name: link_contacts
-- Which answers have these names and phones; for one without an ID number, whether its person has one from another answer, or
-- has its number by a decision.
-- params: keys (name_phone_hash), how many
-- rows: many: place of the key from 0, id_hash or NULL, person, 1 = the person has an ID number or is decided
-- index: name_phone_hash, person_id of answer and decided_key
SELECT STRAIGHT_JOIN k.seq, a.id_hash, a.person_id,
  a.id_hash IS NOT NULL OR EXISTS (SELECT 1 FROM answer b WHERE b.person_id = a.person_id AND b.id_hash IS NOT NULL)
    OR EXISTS (SELECT 1 FROM decided_key d WHERE d.person_id = a.person_id)
FROM seq_0_to_9999 k JOIN answer a ON a.name_phone_hash = SUBSTR(?, k.seq * 16 + 1, 16)
WHERE k.seq < ?

-- name: link_move
-- Gives the answers without ID number that have these names and phones to other persons.
-- params: keys (name_phone_hash), their new persons (keys), how many
-- rows: none
-- index: name_phone_hash
UPDATE seq_0_to_9999 k STRAIGHT_JOIN answer a ON a.name_phone_hash = SUBSTR(?, k.seq * 16 + 1, 16)
SET a.person_id = CAST(CONV(HEX(SUBSTR(?, k.seq * 8 + 1, 8)), 16, 10) AS UNSIGNED)
WHERE k.seq < ? AND a.id_hash IS NULL

-- name: link_moves_others
-- How many answers of other batches link_move would give to another person.
-- params: keys (name_phone_hash), their new persons (keys), how many, batch
-- rows: one: count
-- index: name_phone_hash
SELECT STRAIGHT_JOIN COUNT(*)
FROM seq_0_to_9999 k JOIN answer a ON a.name_phone_hash = SUBSTR(?, k.seq * 16 + 1, 16)
WHERE a.person_id <> CAST(CONV(HEX(SUBSTR(?, k.seq * 8 + 1, 8)), 16, 10) AS UNSIGNED) AND k.seq < ? AND a.id_hash IS NULL
  AND a.batch_id <> ?

-- name: link_numbers
-- params: how many person numbers are taken
-- rows: none
-- index: PRIMARY
UPDATE base_state SET person_number = person_number + ? WHERE id = 1

-- name: link_last_number
-- params: none
-- rows: one: the last number that was taken
-- index: PRIMARY
SELECT person_number FROM base_state WHERE id = 1

-- name: link_any_decided
-- params: none
-- rows: one: 1 = some key is decided
-- index: person_id
-- scan: decided_key (its first row only)
SELECT EXISTS (SELECT 1 FROM decided_key)

-- name: link_decided
-- Which of the keys a decision names, and whose they are.
-- params: keys (id_hash or name_phone_hash), how many
-- rows: many: place of the key from 0, person
-- index: PRIMARY
SELECT STRAIGHT_JOIN k.seq, d.person_id
FROM seq_0_to_9999 k JOIN decided_key d ON d.key_hash = SUBSTR(?, k.seq * 16 + 1, 16)
WHERE k.seq < ?
