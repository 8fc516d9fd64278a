-- name: sample_hold
-- Holds every message of a campaign that is not of its sample: who of the sample is, follows from the seed alone. No claim
-- takes a message before its not_before; 9999-12-31 is held, and nothing else is.
-- params: campaign, seed, size, campaign
-- rows: none
-- index: campaign_person
-- scan: s (the sample)
UPDATE message m FORCE INDEX (campaign_person)
LEFT JOIN (SELECT id FROM message FORCE INDEX (campaign_person) WHERE campaign_id = ? AND state = 'queued'
           ORDER BY SHA1(CONCAT(?, ':', person_id)), person_id LIMIT ?) s ON s.id = m.id
SET m.not_before = '9999-12-31'
WHERE m.campaign_id = ? AND m.state = 'queued' AND s.id IS NULL

-- name: sample_release
-- Lets the held messages of a campaign go.
-- params: campaign
-- rows: none
-- index: state
UPDATE message FORCE INDEX (state) SET not_before = NULL
WHERE state = 'queued' AND campaign_id = ? AND not_before = '9999-12-31'

-- name: sample_held
-- How many messages of a campaign are held until its sample has been looked at.
-- params: campaign
-- rows: one: messages
-- index: state
SELECT COUNT(*) FROM message FORCE INDEX (state) WHERE state = 'queued' AND campaign_id = ? AND not_before = '9999-12-31'

-- name: sample_wave
-- Notes where a campaign stands with its sample.
-- params: wave, size, seed, campaign
-- rows: none
-- index: PRIMARY
UPDATE campaign SET wave = ?, sample_size = ?, sample_seed = ? WHERE id = ?

-- name: sample_over
-- Running campaigns whose sample has been sent: nothing of it waits or is under way, and its receipts are in or have had time.
-- params: seconds for receipts
-- rows: many: id
-- index: state of message
-- scan: c
SELECT c.id FROM campaign c
WHERE c.state = 'running' AND c.wave = 'sample'
  AND NOT EXISTS (SELECT 1 FROM message m FORCE INDEX (state)
                  WHERE m.campaign_id = c.id AND m.state = 'queued' AND (m.not_before IS NULL OR m.not_before < '9999-12-31'))
  AND NOT EXISTS (SELECT 1 FROM message m FORCE INDEX (state) WHERE m.campaign_id = c.id AND m.state = 'claimed')
  AND NOT EXISTS (SELECT 1 FROM message m FORCE INDEX (state)
                  WHERE m.campaign_id = c.id AND m.state IN ('sent', 'uncertain')
                    AND m.sent_at > UTC_TIMESTAMP(3) - INTERVAL ? SECOND)

-- name: sample_lock
-- Holds a campaign whose sample is under way: no worker claims of it meanwhile.
-- params: campaign
-- rows: optional: id
-- index: PRIMARY
SELECT id FROM campaign WHERE id = ? AND state = 'running' AND wave = 'sample' FOR UPDATE

-- name: sample_pause
-- Pauses a campaign whose sample is over; sample_over has found it, under sample_lock.
-- params: why, campaign
-- rows: none
-- index: PRIMARY
UPDATE campaign SET state = 'paused', wave = 'sampled', paused_why = ? WHERE id = ? AND state = 'running' AND wave = 'sample'
