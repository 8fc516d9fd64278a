// peer_duckdb.mjs PEOPLE.tsv ROUNDS: the same question to DuckDB, on the same rows in its own table, two threads.
// Months are counted by year and month alone, which is cheaper than counting days as the rule does.
// Three parameters are moved: age_max = 50, pension_months_min = 12, graduation_window = two_years. Milliseconds, one a line.
import { DuckDBInstance } from '@duckdb/node-api';

const [file, rounds] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
await connection.run(`CREATE TABLE person AS SELECT * FROM read_csv('${file}', delim = '\t', header = false, nullstr = 'NULL',
  columns = {'employer_town': 'INTEGER', 'skill_level': 'TINYINT', 'certificate_type': 'TINYINT', 'pension_months': 'SMALLINT',
    'pension_on': 'DATE', 'birth_date': 'DATE', 'school_kind': 'TINYINT', 'school_province': 'TINYINT', 'graduation_date': 'DATE',
    'family_planning_ok': 'TINYINT', 'no_criminal_record': 'TINYINT', 'no_banned_organisation': 'TINYINT',
    'in_city_hukou': 'TINYINT'})`);
const question = `
  WITH judged AS (
    SELECT employer_town,
      family_planning_ok = 1 AND no_criminal_record = 1 AND no_banned_organisation = 1 AND in_city_hukou = 0 AS gate,
      skill_level IN (1, 2) AND (certificate_type = 1 OR (certificate_type = 2 AND NULL)) AS technician,
      skill_level = 3 AND (certificate_type = 1 OR (certificate_type = 2 AND NULL))
        AND (pension_months >= 12
             OR (pension_months + (2012 - year(pension_on)) * 12 + 10 - month(pension_on) >= 12 AND NULL))
        AND birth_date > DATE '1961-10-08' AS senior_worker,
      skill_level IN (1, 2, 3) AND (certificate_type = 1 OR (certificate_type = 2 AND NULL)) AND school_kind IN (1, 2)
        AND school_province = 44 AND graduation_date BETWEEN DATE '2010-10-08' AND DATE '2012-10-08' AS graduate
    FROM person)
  SELECT employer_town,
    CASE WHEN technician THEN 1 WHEN senior_worker THEN 2 WHEN graduate THEN 3 ELSE 0 END AS route,
    CASE WHEN NOT gate THEN 'ineligible'
         WHEN technician OR senior_worker OR graduate THEN CASE WHEN gate THEN 'eligible' ELSE 'likely' END
         WHEN (technician OR senior_worker OR graduate) IS NULL THEN 'possible' ELSE 'no' END AS verdict,
    COUNT(*) FROM judged GROUP BY ALL`;
for (let round = 0; round < Number(rounds); round++) {
  const began = process.hrtime.bigint();
  await (await connection.runAndReadAll(question)).getRows();
  console.log((Number(process.hrtime.bigint() - began) / 1e6).toFixed(2));
}
