CREATE TABLE scheduled_workshops (
    id BLOB PRIMARY KEY,
    venue_id BLOB NOT NULL REFERENCES venues (id),
    theme TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes > 0),
    seats INTEGER NOT NULL CHECK (seats > 0),
    cancelled INTEGER NOT NULL,
    planned_by BLOB NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX scheduled_workshops_by_venue ON scheduled_workshops (venue_id, starts_at);
CREATE INDEX scheduled_workshops_by_start ON scheduled_workshops (starts_at, id);

ALTER TABLE redemptions ADD COLUMN scheduled_workshop_id BLOB;
CREATE INDEX redemptions_by_scheduled_workshop ON redemptions (scheduled_workshop_id) WHERE scheduled_workshop_id IS NOT NULL;

CREATE TABLE offline_scans (
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
CREATE INDEX offline_scans_by_redemption ON offline_scans (redemption_id);
CREATE INDEX offline_scans_refused ON offline_scans (organisation_id, id) WHERE refusal IS NOT NULL;

CREATE INDEX postings_by_payee ON postings (payee_id, month) WHERE payee_id IS NOT NULL;

CREATE INDEX passes_active ON passes (programme_id, redeemable_until) WHERE state = 'active';
