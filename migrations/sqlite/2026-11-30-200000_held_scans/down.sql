CREATE TABLE offline_scans_old (
    id BLOB PRIMARY KEY,
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    key BLOB NOT NULL,
    device TEXT NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    venue_id BLOB NOT NULL REFERENCES venues (id),
    pass_id BLOB REFERENCES passes (id),
    code_ending TEXT NOT NULL,
    theme TEXT NOT NULL,
    scanned_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    skew_seconds INTEGER,
    skewed INTEGER NOT NULL,
    redemption_id BLOB REFERENCES redemptions (id),
    refusal TEXT,
    sentence TEXT,
    resolved_at INTEGER,
    resolved_by BLOB REFERENCES users (id),
    resolution TEXT,
    CHECK ((redemption_id IS NULL) <> (refusal IS NULL)),
    UNIQUE (organisation_id, key)
) STRICT;
INSERT INTO offline_scans_old
    (id, organisation_id, key, device, user_id, venue_id, pass_id, code_ending, theme, scanned_at,
     received_at, skew_seconds, skewed, redemption_id, refusal, sentence, resolved_at, resolved_by, resolution)
    SELECT id, organisation_id, key, device, user_id, venue_id, pass_id, code_ending, theme, scanned_at,
     received_at, skew_seconds, skewed, redemption_id, CASE WHEN redemption_id IS NULL THEN refusal END,
     CASE WHEN redemption_id IS NULL THEN sentence END, resolved_at, resolved_by, resolution
    FROM offline_scans;
DROP TABLE offline_scans;
ALTER TABLE offline_scans_old RENAME TO offline_scans;
CREATE INDEX offline_scans_by_redemption ON offline_scans (redemption_id);
CREATE INDEX offline_scans_refused ON offline_scans (organisation_id, id) WHERE refusal IS NOT NULL;
