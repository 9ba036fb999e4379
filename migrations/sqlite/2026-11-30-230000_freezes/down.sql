ALTER TABLE suspensions DROP COLUMN lifted_at;
ALTER TABLE organisations DROP COLUMN frozen;
