-- A mended row that is still wrong waits on in the batch that brought it. Its origin is the row that it first was: by the number
-- of that one it is handed out and found, whatever is taken back meanwhile.
ALTER TABLE quarantine
  ADD COLUMN origin_batch BIGINT UNSIGNED NULL,
  ADD COLUMN origin_sheet SMALLINT UNSIGNED NULL,
  ADD COLUMN origin_line INT UNSIGNED NULL,
  ADD KEY origin (origin_batch, origin_sheet, origin_line);
