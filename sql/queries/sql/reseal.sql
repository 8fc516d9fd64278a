-- name: reseal_page
-- The next values of a column that were not sealed with a key; an empty value was erased and is none. The byte that a sealed
-- value begins with is the number of its key.
-- params: (holes: primary key, column, table, rows after the last page, number of the key, primary key)
-- rows: many: column, primary key…
-- scan: optout (as an example: each page goes on where the last one ended, along the primary key)
SELECT {{sealed_column}}, {{columns}} FROM {{sealed_table}}
WHERE {{after}} AND ASCII({{sealed_column}}) NOT IN (0, {{key_number}})
ORDER BY {{columns}} LIMIT 500

-- name: reseal_value
-- Replaces a value, if it is still the one that was read.
-- params: (holes: table, column, fresh value, row, column, old value)
-- rows: none
-- scan: optout (as an example)
UPDATE {{sealed_table}} SET {{sealed_column}} = {{fresh_value}} WHERE {{row}} AND {{sealed_column}} = {{old_value}}

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
