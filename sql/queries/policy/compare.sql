-- name: compare_count
-- Two policies side by side in one scan: how many people have which pair of verdicts, and of first routes.
-- params: the values of the holes
-- rows: many: verdict and first route under A (NULL = none), the same under B, people
-- index: none
-- scan: p (everyone is counted)
SELECT {{a}}, {{route_a}}, {{b}}, {{route_b}}, COUNT(*)
FROM person p
WHERE {{where}}
GROUP BY 1, 2, 3, 4
