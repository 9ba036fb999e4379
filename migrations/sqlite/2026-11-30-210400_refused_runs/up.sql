-- When the bank refused the whole file: such a run was never executed.
ALTER TABLE payment_runs ADD COLUMN refused_at INTEGER;
