DROP INDEX offline_scans_held;
ALTER TABLE offline_scans DROP COLUMN scheduled_workshop_id;
ALTER TABLE offline_scans DROP CONSTRAINT offline_scans_check;
UPDATE offline_scans SET refusal = NULL, sentence = NULL WHERE redemption_id IS NOT NULL;
ALTER TABLE offline_scans ADD CONSTRAINT offline_scans_check
    CHECK ((redemption_id IS NULL) <> (refusal IS NULL));
