-- ACCOUNT columns (account/account.h): id, name, roles, towns, os_user, password, active (0 or 1), whether logging in must
-- wait after wrong passwords (0 or 1), sessions in force.

-- name: account_table_exists
-- params: none
-- rows: one: 1 when this base can have accounts, and keep lines of the audit; not while it is being brought back
SELECT COUNT(*) = 2 FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_name IN ('account', 'audit_line')

-- name: account_standing
-- How many accounts there are, how many are in force, and who of them administers.
-- params: none
-- rows: one: accounts, in force, names of administrators in force apart by ", "
-- scan: account
SELECT COUNT(*), COALESCE(SUM(state = 'active'), 0),
  GROUP_CONCAT(IF(state = 'active' AND FIND_IN_SET('admin', roles) > 0, name, NULL) ORDER BY id SEPARATOR ', ')
FROM account

-- name: account_by_name
-- params: name
-- rows: optional: ACCOUNT
-- index: name
SELECT a.id, a.name, a.roles, a.towns, a.os_user, a.password, a.state = 'active',
  a.failures >= 5 AND a.failed_at > UTC_TIMESTAMP(3) - INTERVAL 15 MINUTE,
  (SELECT COUNT(*) FROM account_session s WHERE s.account_id = a.id AND s.expires_at > UTC_TIMESTAMP(3))
FROM account a WHERE a.name = ?

-- name: account_by_os_user
-- params: OS user
-- rows: optional: ACCOUNT
-- index: os_user
SELECT a.id, a.name, a.roles, a.towns, a.os_user, a.password, a.state = 'active',
  a.failures >= 5 AND a.failed_at > UTC_TIMESTAMP(3) - INTERVAL 15 MINUTE,
  (SELECT COUNT(*) FROM account_session s WHERE s.account_id = a.id AND s.expires_at > UTC_TIMESTAMP(3))
FROM account a WHERE a.os_user = ?

-- name: account_by_token
-- params: token_hash
-- rows: optional: ACCOUNT
-- index: PRIMARY
SELECT a.id, a.name, a.roles, a.towns, a.os_user, a.password, a.state = 'active',
  a.failures >= 5 AND a.failed_at > UTC_TIMESTAMP(3) - INTERVAL 15 MINUTE, 1
FROM account_session t JOIN account a ON a.id = t.account_id
WHERE t.token_hash = ? AND t.expires_at > UTC_TIMESTAMP(3)

-- name: account_list
-- params: none
-- rows: many: ACCOUNT, added_by, added_at
-- scan: a
SELECT a.id, a.name, a.roles, a.towns, a.os_user, a.password, a.state = 'active',
  a.failures >= 5 AND a.failed_at > UTC_TIMESTAMP(3) - INTERVAL 15 MINUTE,
  (SELECT COUNT(*) FROM account_session s WHERE s.account_id = a.id AND s.expires_at > UTC_TIMESTAMP(3)),
  a.added_by, a.added_at
FROM account a ORDER BY a.id

-- name: account_lock_all
-- Holds every account and keeps others from being added: what is counted stays so until the commit.
-- params: none
-- rows: many: id, active (0 or 1), administrates (0 or 1)
-- scan: account
SELECT id, state = 'active', FIND_IN_SET('admin', roles) > 0 FROM account ORDER BY id FOR UPDATE

-- name: account_add
-- params: name, roles, towns, OS user, password, added by
-- rows: none
INSERT INTO account (name, roles, towns, os_user, password, added_by, added_at) VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3))

-- name: account_set_roles
-- params: roles, towns, id
-- rows: none
-- index: PRIMARY
UPDATE account SET roles = ?, towns = ? WHERE id = ?

-- name: account_set_state
-- params: state, id
-- rows: none
-- index: PRIMARY
UPDATE account SET state = ?, failures = 0 WHERE id = ?

-- name: account_set_password
-- params: password, id
-- rows: none
-- index: PRIMARY
UPDATE account SET password = ?, failures = 0 WHERE id = ?

-- name: account_login_failed
-- params: id
-- rows: none
-- index: PRIMARY
UPDATE account SET failures = failures + 1, failed_at = UTC_TIMESTAMP(3) WHERE id = ?

-- name: account_login_done
-- params: id
-- rows: none
-- index: PRIMARY
UPDATE account SET failures = 0 WHERE id = ?
