-- name: asking_campaign
-- Messages of a campaign that may have been sent through a gateway, in pages, with what it takes to ask about them. The attempt
-- began when it was claimed: a lease that ran out may have called it uncertain much later.
-- params: campaign, gateway, message after which, limit
-- rows: many: id, fence, reference in hex, gateway_id, phone (sealed), seconds since 1970 of the attempt, seconds since 1970 now
-- index: state of message; message_id of delivery_event
SELECT m.id, m.fence, LOWER(HEX(m.reference)), m.gateway_id, m.phone,
       TIMESTAMPDIFF(SECOND, '1970-01-01', COALESCE(
         (SELECT MAX(e.at) FROM delivery_event e WHERE e.message_id = m.id AND e.to_state = 'claimed'), m.sent_at,
         UTC_TIMESTAMP(3))),
       TIMESTAMPDIFF(SECOND, '1970-01-01', UTC_TIMESTAMP(3))
FROM message m FORCE INDEX (state)
WHERE m.state = 'uncertain' AND m.campaign_id = ? AND m.gateway = ? AND m.id > ?
ORDER BY m.id LIMIT ?

-- name: asking_due
-- The same of every campaign: those uncertain for so long that their receipt may not come, and not for so long that no gateway
-- would know.
-- params: gateway, message after which, seconds, hours, limit
-- rows: many: id, fence, reference in hex, gateway_id, phone (sealed), seconds since 1970 of the attempt, seconds since 1970 now
-- index: state of message; message_id of delivery_event
SELECT m.id, m.fence, LOWER(HEX(m.reference)), m.gateway_id, m.phone,
       TIMESTAMPDIFF(SECOND, '1970-01-01', COALESCE(
         (SELECT MAX(e.at) FROM delivery_event e WHERE e.message_id = m.id AND e.to_state = 'claimed'), m.sent_at)),
       TIMESTAMPDIFF(SECOND, '1970-01-01', UTC_TIMESTAMP(3))
FROM message m FORCE INDEX (state)
WHERE m.state = 'uncertain' AND m.gateway = ? AND m.id > ?
  AND m.sent_at < UTC_TIMESTAMP(3) - INTERVAL ? SECOND AND m.sent_at > UTC_TIMESTAMP(3) - INTERVAL ? HOUR
ORDER BY m.id LIMIT ?

-- name: asking_gateways
-- Through which gateways the uncertain messages of a campaign went.
-- params: campaign
-- rows: many: gateway, messages
-- index: state of message
SELECT gateway, COUNT(*) FROM message FORCE INDEX (state)
WHERE state = 'uncertain' AND campaign_id = ? GROUP BY gateway
