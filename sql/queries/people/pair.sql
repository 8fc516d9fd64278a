-- name: pair_sketches
-- What may make two people one, of everybody, in pages by person.
-- params: person after which
-- rows: many: id, name, birth_date, employer, phone_hash, 1 = has an ID number
-- index: PRIMARY
SELECT p.id, p.name, p.birth_date, p.employer, p.phone_hash, p.id_hash IS NOT NULL
FROM person p WHERE p.id > ? ORDER BY p.id LIMIT 20000
