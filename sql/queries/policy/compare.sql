-- name: compare_count
-- Two policies side by side in one scan: how many people have which pair of verdicts, and of first routes.
-- params: the values of the holes
-- rows: many: verdict and first route under A (NULL = none), the same under B, what stops on the side that does not reach
--   (NULL = both do, or neither), people
-- index: none
-- scan: p (everyone is counted)
SELECT {{a}}, {{route_a}}, {{b}}, {{route_b}}, {{stop}}, COUNT(*)
FROM person p
WHERE {{where}}
GROUP BY 1, 2, 3, 4, 5

-- name: compare_list
-- Who is reached by one of two policies alone.
-- params: the values of the holes
-- rows: many: id, name, employer_town, skill_level, whether it is A alone that reaches, the first route there, what stops on
--   the other side
-- index: PRIMARY
-- scan: p
SELECT p.id, p.name, p.employer_town, p.skill_level, {{is_lost}}, {{route}}, {{stop}}
FROM person p
WHERE {{where}}
ORDER BY p.id
LIMIT 1000
