-- name: decision_key_of
-- A key that stands for a person: one that a decision names already (rather not one that a correction brought, which may be taken
-- back), else its ID number, else its name and phone.
-- params: person, person, person
-- rows: optional: key
-- index: person_id of decided_key and answer; b_key
(SELECT i.key_hash, EXISTS (SELECT 1 FROM decision d
                            WHERE d.b_key = i.key_hash AND d.batch_id IS NOT NULL AND d.ended_at IS NULL) AS place
 FROM decided_key i WHERE i.person_id = ?)
UNION ALL
(SELECT a.id_hash, 2 FROM answer a WHERE a.person_id = ? AND a.id_hash IS NOT NULL LIMIT 1)
UNION ALL
(SELECT a.name_phone_hash, 3 FROM answer a WHERE a.person_id = ? AND a.name_phone_hash IS NOT NULL LIMIT 1)
ORDER BY 2, 1 LIMIT 1

-- name: decision_insert
-- params: kind, key, key, person, person (NULL = none gave up its number), batch (NULL = none), why, decided_by
-- rows: none (the id)
INSERT INTO decision (kind, a_key, b_key, a_person, b_person, batch_id, why, decided_by, decided_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3))

-- name: decision_end
-- params: ended_by, id
-- rows: none
-- index: PRIMARY
UPDATE decision SET ended_by = ?, ended_at = UTC_TIMESTAMP(3) WHERE id = ? AND ended_at IS NULL

-- name: decision_merges_of
-- What made a person of several keys, in the order in which it was decided.
-- params: person
-- rows: many: id, key, key, person who gave up its number or NULL
-- index: person_id of decided_key; a_key
SELECT d.id, d.a_key, d.b_key, d.b_person
FROM decided_key i JOIN decision d ON d.a_key = i.key_hash
WHERE i.person_id = ? AND d.kind = 'merge' AND d.ended_at IS NULL
ORDER BY d.id

-- name: decision_of_number
-- The merge that took a number away, and to whom it leads now.
-- params: person
-- rows: optional: id, person
-- index: b_person; PRIMARY of decided_key
SELECT d.id, i.person_id FROM decision d JOIN decided_key i ON i.key_hash = d.b_key
WHERE d.b_person = ? AND d.kind = 'merge' AND d.ended_at IS NULL

-- name: decision_of_batch
-- The merges that corrections of a batch brought.
-- params: batch
-- rows: many: id, person
-- index: batch_id; PRIMARY of decided_key
SELECT d.id, i.person_id FROM decision d JOIN decided_key i ON i.key_hash = d.b_key
WHERE d.batch_id = ? AND d.kind = 'merge' AND d.ended_at IS NULL ORDER BY d.id

-- name: decision_parted
-- Whether two people are known to be two.
-- params: person, person
-- rows: one: decisions
-- index: person_id of decided_key; a_key
SELECT COUNT(*) FROM decided_key x JOIN decision d ON d.a_key = x.key_hash JOIN decided_key y ON y.key_hash = d.b_key
WHERE d.kind = 'part' AND d.ended_at IS NULL AND x.person_id = ? AND y.person_id = ?

-- name: decision_parted_pairs
-- Everybody who is known not to be somebody else.
-- params: none
-- rows: many: person, person
-- index: PRIMARY of decided_key
-- scan: d, decision, x, y
SELECT x.person_id, y.person_id
FROM decision d JOIN decided_key x ON x.key_hash = d.a_key JOIN decided_key y ON y.key_hash = d.b_key
WHERE d.kind = 'part' AND d.ended_at IS NULL

-- name: decision_end_parts_within
-- A person that was merged holds no two keys that are two people.
-- params: ended_by, person, person
-- rows: none
-- index: person_id of decided_key; a_key
UPDATE decided_key x STRAIGHT_JOIN decision d ON d.a_key = x.key_hash STRAIGHT_JOIN decided_key y ON y.key_hash = d.b_key
SET d.ended_by = ?, d.ended_at = UTC_TIMESTAMP(3)
WHERE x.person_id = ? AND y.person_id = ? AND d.kind = 'part' AND d.ended_at IS NULL

-- name: decision_keep_key
-- Fixes whose a key is, unless that is fixed already.
-- params: key, person
-- rows: none
INSERT IGNORE INTO decided_key (key_hash, person_id) VALUES (?, ?)

-- name: decision_move_keys
-- params: to, from (persons)
-- rows: none
-- index: person_id
UPDATE decided_key SET person_id = ? WHERE person_id = ?

-- name: decision_move_key
-- params: to, key
-- rows: none
-- index: PRIMARY
UPDATE decided_key SET person_id = ? WHERE key_hash = ?

-- name: decision_move_answers
-- params: to, from (persons)
-- rows: none
-- index: person_id
UPDATE answer FORCE INDEX (person_id) SET person_id = ? WHERE person_id = ?

-- name: decision_move_answers_of_key
-- params: to, from (persons), key, key
-- rows: none
-- index: person_id
UPDATE answer FORCE INDEX (person_id) SET person_id = ?
WHERE person_id = ? AND (id_hash = ? OR (id_hash IS NULL AND name_phone_hash = ?))

-- name: decision_move_replies
-- Replies follow the messages that they answer; before these are moved.
-- params: to, from (persons)
-- rows: none
-- index: person_id of message; campaign_person of reply
UPDATE message m FORCE INDEX (person_id)
STRAIGHT_JOIN reply r ON r.campaign_id = m.campaign_id AND r.person_id = m.person_id
SET r.person_id = ?
WHERE m.person_id = ? AND m.state NOT IN ('queued', 'claimed')

-- name: decision_move_messages
-- What was sent to a person counts for the one who took its place; what still waits does not go over.
-- params: to, from (persons)
-- rows: none
-- index: person_id
UPDATE IGNORE message FORCE INDEX (person_id) SET person_id = ?
WHERE person_id = ? AND state NOT IN ('queued', 'claimed')

-- name: decision_idle_keys
-- Keys of a person that no decision in force names any more.
-- params: person
-- rows: many: key
-- index: person_id; a_key, b_key
SELECT i.key_hash FROM decided_key i
WHERE i.person_id = ?
  AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.a_key = i.key_hash AND d.ended_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.b_key = i.key_hash AND d.ended_at IS NULL)

-- name: decision_drop_key
-- params: key
-- rows: none
-- index: PRIMARY
DELETE FROM decided_key WHERE key_hash = ?

-- name: decision_partners
-- Who is known not to be this person.
-- params: person, person
-- rows: many: person
-- index: person_id and PRIMARY of decided_key; a_key, b_key
SELECT y.person_id FROM decided_key x JOIN decision d ON d.a_key = x.key_hash JOIN decided_key y ON y.key_hash = d.b_key
WHERE x.person_id = ? AND d.ended_at IS NULL
UNION
SELECT y.person_id FROM decided_key x JOIN decision d ON d.b_key = x.key_hash JOIN decided_key y ON y.key_hash = d.a_key
WHERE x.person_id = ? AND d.ended_at IS NULL

-- name: decision_forget_a
-- params: person
-- rows: none
-- index: person_id of decided_key; a_key
DELETE d FROM decided_key i STRAIGHT_JOIN decision d ON d.a_key = i.key_hash WHERE i.person_id = ?

-- name: decision_forget_b
-- params: person
-- rows: none
-- index: person_id of decided_key; b_key
DELETE d FROM decided_key i STRAIGHT_JOIN decision d ON d.b_key = i.key_hash WHERE i.person_id = ?

-- name: decision_contacts_of_person
-- params: person
-- rows: many: name_phone_hash
-- index: person_id
SELECT DISTINCT a.name_phone_hash FROM answer a WHERE a.person_id = ? AND a.name_phone_hash IS NOT NULL

-- name: decision_person_exists
-- params: person
-- rows: one: 1 or 0
-- index: PRIMARY
SELECT COUNT(*) FROM person WHERE id = ?
