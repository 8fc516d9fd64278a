-- What a running transaction changes of people. RECORD columns and `keys`: answer.sql, link.sql.

-- name: difference_version
-- params: none
-- rows: one: people_version
-- index: PRIMARY
SELECT s.people_version FROM base_state s WHERE s.id = 1

-- name: difference_next
-- The next line of the book of changes of one version.
-- params: version, id of the line before
-- rows: optional: id, first person, last person, persons (keys; NULL)
-- index: version
SELECT c.id, c.first_person, c.last_person, c.persons
FROM person_change c FORCE INDEX (version)
WHERE c.version = ? AND c.id > ? ORDER BY c.id LIMIT 1

-- name: difference_range
-- Persons of a range, in pages.
-- params: first person, last person
-- rows: many: id
-- index: PRIMARY
SELECT p.id FROM person p FORCE INDEX (PRIMARY) WHERE p.id BETWEEN ? AND ? ORDER BY p.id LIMIT 4000
