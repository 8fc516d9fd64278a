-- name: base_sealed
-- Whether anything in the base was sealed: then its key must exist and may not be made anew.
-- params: none
-- rows: one: 0 or 1
-- scan: batch, optout, campaign (ends at the first row)
SELECT EXISTS (SELECT 1 FROM batch) OR EXISTS (SELECT 1 FROM optout) OR EXISTS (SELECT 1 FROM campaign)
