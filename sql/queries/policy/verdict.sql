-- name: verdict_list
-- What the policy says of each person: the compiled rule beside the judge's.
-- params: the values of the holes
-- rows: many: id, verdict, first route (NULL = none)
-- index: PRIMARY
-- scan: p
SELECT p.id, {{verdict}}, {{route}}
FROM person p
ORDER BY p.id
