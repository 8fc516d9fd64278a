-- Checks of `db verify`: one row each: how many were looked at, how many are wrong, which one first. Answers that a killed
-- import left without their batch (table intake) are taken back by the next one and are no fault.

-- name: check_answer_batch
-- Every answer belongs to a batch that is in force.
-- params: none
-- rows: one: answers, wrong, first
-- index: PRIMARY
-- scan: a, batch
SELECT COUNT(*), COUNT(CASE WHEN b.id IS NULL OR b.state <> 'active' THEN 1 END),
       MIN(CASE WHEN b.id IS NULL OR b.state <> 'active' THEN CONCAT('answer ', a.batch_id, '/', a.sheet, '/', a.line) END)
FROM answer a FORCE INDEX (PRIMARY) LEFT JOIN batch b ON b.id = a.batch_id
WHERE b.id IS NOT NULL OR a.batch_id <> COALESCE((SELECT i.batch_id FROM intake i WHERE i.id = 1), 0)

-- name: check_answer_person
-- Every answer belongs to a person.
-- params: none
-- rows: one: answers, wrong, first
-- index: PRIMARY of person
-- scan: a, batch
SELECT COUNT(*), COUNT(*) - COUNT(p.id),
       MIN(CASE WHEN p.id IS NULL THEN CONCAT('answer ', a.batch_id, '/', a.sheet, '/', a.line) END)
FROM answer a LEFT JOIN person p ON p.id = a.person_id
WHERE EXISTS (SELECT 1 FROM batch b WHERE b.id = a.batch_id)

-- name: check_person_answers
-- Every person has as many answers as it says.
-- params: none
-- rows: one: persons, wrong, first
-- index: person_id of answer
-- scan: p, a, batch
SELECT COUNT(*), COUNT(CASE WHEN p.answers <> COALESCE(g.answers, 0) THEN 1 END),
       MIN(CASE WHEN p.answers <> COALESCE(g.answers, 0) THEN CONCAT('person ', p.id) END)
FROM person p LEFT JOIN (
  SELECT a.person_id, LEAST(COUNT(*), 65535) AS answers FROM answer a
  WHERE EXISTS (SELECT 1 FROM batch b WHERE b.id = a.batch_id)
  GROUP BY a.person_id) g ON g.person_id = p.id

-- name: check_persons
-- The persons from a number on.
-- params: person after which, limit
-- rows: many: id
-- index: PRIMARY
SELECT id FROM person WHERE id > ? ORDER BY id LIMIT ?

-- name: check_last_person
-- params: none
-- rows: one: the greatest number
-- index: PRIMARY
SELECT COALESCE(MAX(id), 0) FROM person
