-- name: watch_counts
-- How many messages of a campaign are in each state, from the index alone.
-- params: campaign
-- rows: many: state, messages
-- index: state
SELECT state, COUNT(*) FROM message FORCE INDEX (state)
WHERE state IN ('queued', 'claimed', 'sent', 'delivered', 'undelivered', 'rejected', 'expired', 'uncertain', 'cancelled',
                'suppressed') AND campaign_id = ?
GROUP BY state
