-- A scan that waited for the operator keeps why it waited when it becomes a redemption.
ALTER TABLE offline_scans DROP CONSTRAINT offline_scans_check;
ALTER TABLE offline_scans ADD CONSTRAINT offline_scans_check
    CHECK (redemption_id IS NOT NULL OR refusal IS NOT NULL);
ALTER TABLE offline_scans ADD COLUMN scheduled_workshop_id uuid REFERENCES scheduled_workshops (id);
CREATE INDEX offline_scans_held ON offline_scans (id) WHERE refusal = 'scan_held' AND resolved_at IS NULL;
