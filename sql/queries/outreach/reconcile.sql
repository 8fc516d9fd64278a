-- name: reconcile_due
-- The restore that is not settled yet: since when the base may have missed something. Of several the earliest backup counts.
-- params: none
-- rows: one: restores, moment of the backup in milliseconds UTC (NULL = none), the same in Asia/Shanghai
-- scan: restoration
SELECT COUNT(*), CAST(UNIX_TIMESTAMP(MIN(taken_at)) * 1000 AS INT),
       DATE_FORMAT(MIN(taken_at) + INTERVAL 8 HOUR, '%Y-%m-%d %H:%i:%s')
FROM restoration WHERE reconciled_at IS NULL

-- name: reconcile_epochs
-- The bases that backups which are not settled yet were made from.
-- params: none
-- rows: many: epoch in hex
-- scan: restoration
SELECT DISTINCT LOWER(HEX(backup_epoch)) FROM restoration WHERE reconciled_at IS NULL

-- name: reconcile_declare
-- A base that was brought back by other means than `db restore`.
-- params: moment in milliseconds UTC, who
-- rows: none
-- index: PRIMARY of base_state
INSERT INTO restoration (taken_at, backup_epoch, epoch, program, restored_by, restored_at)
SELECT FROM_UNIXTIME(0) + INTERVAL ? * 1000 MICROSECOND, epoch, RANDOM_BYTES(16), '', ?, UTC_TIMESTAMP(3)
FROM base_state WHERE id = 1

-- name: reconcile_new_epoch
-- The base becomes the one that the last restore named it.
-- params: none
-- rows: none
-- index: PRIMARY
-- scan: r (backwards along the primary key, one row)
UPDATE base_state SET epoch = (SELECT r.epoch FROM restoration r ORDER BY r.id DESC LIMIT 1) WHERE id = 1

-- name: reconcile_campaigns
-- The campaigns from which messages could have gone out after the backup.
-- params: none
-- rows: many: id, name, state
-- scan: campaign
SELECT id, name, state FROM campaign WHERE state IN ('draft', 'approved', 'running', 'paused') ORDER BY id

-- name: reconcile_adopt
-- A campaign that ran is held; all that were launched belong to this base from now on.
-- params: why it is held, id
-- rows: none
-- index: PRIMARY
UPDATE campaign
SET paused_why = IF(state = 'running', ?, paused_why), state = IF(state = 'running', 'paused', state),
    launch_epoch = IF(launch_epoch IS NULL, NULL, (SELECT epoch FROM base_state WHERE base_state.id = 1))
WHERE campaign.id = ?

-- name: reconcile_page
-- The next messages of a campaign that are in a state; locked.
-- params: campaign, state, limit
-- rows: many: id
-- index: state
SELECT id FROM message FORCE INDEX (state) WHERE campaign_id = ? AND state = ? LIMIT ? FOR UPDATE

-- name: reconcile_mark
-- From now on this base may send.
-- params: who, why, what was settled (JSON)
-- rows: none
-- scan: restoration
UPDATE restoration SET reconciled_by = ?, reconciled_at = UTC_TIMESTAMP(3), reconciled_why = ?, settled = ?
WHERE reconciled_at IS NULL
