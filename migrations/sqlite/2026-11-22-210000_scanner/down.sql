DROP INDEX passes_active;
DROP INDEX postings_by_payee;
DROP TABLE offline_scans;
DROP INDEX redemptions_by_scheduled_workshop;
ALTER TABLE redemptions DROP COLUMN scheduled_workshop_id;
DROP TABLE scheduled_workshops;
