-- name: size_count
-- The funnel in one scan: how many people there are of each kind. A kind is how every condition of the policy stands, two
-- bits each in three words, whether time alone opens the door, what --where says, and up to four facts.
-- params: the values of the holes
-- rows: many: word, word, word, later (1, 0, NULL), where (1, 0, NULL), four facts, people
-- index: none
-- scan: p (everyone is counted)
SELECT {{word}}, {{next}}, {{last}}, {{later}}, {{where}}, {{first}}, {{second}}, {{third}}, {{fourth}}, COUNT(*)
FROM person p
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
ORDER BY 6, 7, 8, 9
