-- name: change_add
-- params: first person, last person, persons (keys; NULL = none besides first..last)
-- rows: none
-- index: PRIMARY
INSERT INTO person_change (version, first_person, last_person, persons)
SELECT s.people_version, ?, ?, ? FROM base_state s WHERE s.id = 1

-- name: change_since
-- What was changed after a version, oldest first.
-- params: version
-- rows: many: version, first person, last person, persons (keys; NULL)
-- index: version
SELECT c.version, c.first_person, c.last_person, c.persons
FROM person_change c FORCE INDEX (version)
WHERE c.version > ?
ORDER BY c.version
