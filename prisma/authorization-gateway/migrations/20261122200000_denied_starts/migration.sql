-- HBS was told 021 for this SessionID, and it stays so whatever was committed later (decision record 0006).
ALTER TABLE charging_session ADD COLUMN denied_at timestamptz(3);
