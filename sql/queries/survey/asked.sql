-- name: asked_by_id
-- What links the answers of the person who has this ID number, also after another became the person's first.
-- params: id_hash, id_hash, id_hash
-- rows: optional: name, ID number (sealed), phone (sealed)
-- index: id_hash of person; PRIMARY of decided_key; person_id of answer
SELECT a.name, a.id_number, a.phone
FROM (SELECT p.id FROM person p WHERE p.id_hash = ? UNION SELECT d.person_id FROM decided_key d WHERE d.key_hash = ?) who
JOIN answer a ON a.person_id = who.id
WHERE a.id_hash = ?
ORDER BY a.surveyed_on DESC, a.credibility DESC, a.batch_id, a.sheet, a.line
LIMIT 1

-- name: asked_by_contact
-- The same of a name with a phone, where the person has no ID number or had none when it was asked.
-- params: name_phone_hash
-- rows: optional: name, ID number (sealed), phone (sealed)
-- index: name_phone_hash
SELECT a.name, a.id_number, a.phone
FROM answer a
WHERE a.name_phone_hash = ?
ORDER BY a.surveyed_on DESC, a.credibility DESC, a.batch_id, a.sheet, a.line
LIMIT 1
