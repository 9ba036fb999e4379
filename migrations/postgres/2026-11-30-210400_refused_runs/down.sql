ALTER TABLE payment_runs DROP COLUMN refused_at;
