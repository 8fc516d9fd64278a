-- name: reseal_page
-- The next values of a column that were not sealed with a key; an empty value was erased and is none. The byte that a sealed
-- value begins with is the number of its key.
-- params: (holes: primary key, column, table, rows after the last page, number of the key, primary key)
-- rows: many: column, primary key…
-- scan: optout (as an example: each page goes on where the last one ended, along the primary key)
SELECT {{sealed_column}}, {{columns}} FROM {{sealed_table}}
WHERE {{after}} AND ASCII({{sealed_column}}) NOT IN (0, {{key_number}})
ORDER BY {{columns}} LIMIT 500

-- name: reseal_values
-- Replaces the values of a page, each if it is still the one that was read: by the number of its key and its nonce, which no
-- other value has.
-- params: JSON array of {a, b, c, d (primary key), fresh, old (hex)}; (holes: table, row, column)
-- rows: none
-- index: PRIMARY
-- scan: v (the parameter itself), t (as an example, without the row)
UPDATE JSON_TABLE(?, '$[*]' COLUMNS (
         a BIGINT UNSIGNED PATH '$.a', b BIGINT UNSIGNED PATH '$.b', c BIGINT UNSIGNED PATH '$.c', d BIGINT UNSIGNED PATH '$.d',
         fresh LONGTEXT PATH '$.fresh', old VARCHAR(50) PATH '$.old')) v
STRAIGHT_JOIN {{sealed_table}} t ON {{row}}
SET t.{{sealed_column}} = UNHEX(v.fresh) WHERE LEFT(t.{{sealed_column}}, 25) = UNHEX(v.old)

-- name: reseal_other
-- How many values are sealed with other keys; waits for what others are writing.
-- params: (holes: table, column, number of the key)
-- rows: one: values
-- scan: optout (as an example)
SELECT COUNT(*) FROM {{sealed_table}} WHERE ASCII({{sealed_column}}) NOT IN (0, {{key_number}}) LOCK IN SHARE MODE

-- name: reseal_lock
-- One change of the key at a time.
-- params: none
-- rows: one: 1 = got it
SELECT GET_LOCK(CONCAT(LEFT(DATABASE(), 50), '.rekey'), 0)

-- name: reseal_unlock
-- params: none
-- rows: one: ignored
SELECT RELEASE_LOCK(CONCAT(LEFT(DATABASE(), 50), '.rekey'))
