-- A keyed hash of whom an account asked about, another one for each account, for the day that the row
-- lives: a handover takes off the look-ups of that person and no other.
ALTER TABLE look_ups ADD COLUMN person bytea;
