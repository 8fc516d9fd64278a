-- name: size_count
-- The funnel in one scan: people by verdict, first route, what --where says, and up to four facts; with the counts that
-- the caller asks for (clauses true, clauses unknown, facts that undecided people wait for).
-- params: the values of the holes
-- rows: many: verdict, route, where (1, 0, NULL), four facts, people, the counts
-- index: none
-- scan: p
SELECT {{verdict}}, {{route}}, {{where}}, {{first}}, {{second}}, {{third}}, {{fourth}}, COUNT(*), {{counts}}
FROM person p
GROUP BY 1, 2, 3, 4, 5, 6, 7
ORDER BY 4, 5, 6, 7
