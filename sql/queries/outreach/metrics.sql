-- name: metrics_messages
-- Messages by campaign and state, of the campaigns that wait or run and of those launched in the last 30 days; from the index
-- alone.
-- params: none
-- rows: many: campaign, name, campaign's state, message's state, messages
-- index: state of message
-- scan: c
SELECT c.id, c.name, c.state, m.state, COUNT(*)
FROM campaign c STRAIGHT_JOIN message m FORCE INDEX (state)
  ON m.state IN ('queued', 'claimed', 'sent', 'delivered', 'undelivered', 'rejected', 'expired', 'uncertain', 'cancelled',
                 'suppressed') AND m.campaign_id = c.id
WHERE c.state IN ('approved', 'running', 'paused') OR c.launched_at > UTC_TIMESTAMP(3) - INTERVAL 30 DAY
GROUP BY c.id, m.state

-- name: metrics_pushes
-- What gateways have pushed, by what became of it; from the index alone.
-- params: none
-- rows: many: state, pushes
-- index: state
SELECT state, COUNT(*) FROM receipt FORCE INDEX (state) WHERE state IN ('new', 'matched', 'unmatched', 'ignored') GROUP BY state
