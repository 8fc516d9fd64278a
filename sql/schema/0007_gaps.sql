-- What the placeholders of a message's template brought, for gateways that keep the text and ask for its gaps.
ALTER TABLE message ADD COLUMN gaps VARCHAR(700) NOT NULL DEFAULT '' COMMENT 'in order of first appearance, apart by U+001F' AFTER text;
