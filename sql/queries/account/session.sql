-- name: session_begin
-- params: token_hash, account, hours
-- rows: none
INSERT INTO account_session (token_hash, account_id, began_at, expires_at)
VALUES (?, ?, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL ? HOUR)

-- name: session_end
-- params: token_hash
-- rows: none
-- index: PRIMARY
DELETE FROM account_session WHERE token_hash = ?

-- name: session_end_all
-- Of an account.
-- params: account
-- rows: none
-- index: account_id
DELETE FROM account_session WHERE account_id = ?

-- name: session_end_over
-- Of an account: those that have ended by themselves.
-- params: account
-- rows: none
-- index: account_id
DELETE FROM account_session WHERE account_id = ? AND expires_at <= UTC_TIMESTAMP(3)
