CREATE TABLE scheduled_workshops (
    id uuid PRIMARY KEY,
    venue_id uuid NOT NULL REFERENCES venues (id),
    theme text NOT NULL,
    starts_at timestamptz NOT NULL,
    minutes integer NOT NULL CHECK (minutes > 0),
    seats integer NOT NULL CHECK (seats > 0),
    cancelled boolean NOT NULL,
    planned_by uuid NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL
);
CREATE INDEX scheduled_workshops_by_venue ON scheduled_workshops (venue_id, starts_at);
CREATE INDEX scheduled_workshops_by_start ON scheduled_workshops (starts_at, id);

ALTER TABLE redemptions ADD COLUMN scheduled_workshop_id uuid;
CREATE INDEX redemptions_by_scheduled_workshop ON redemptions (scheduled_workshop_id) WHERE scheduled_workshop_id IS NOT NULL;

CREATE TABLE offline_scans (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    key uuid NOT NULL,
    device text NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    venue_id uuid NOT NULL REFERENCES venues (id),
    pass_id uuid REFERENCES passes (id),
    code_ending text NOT NULL,
    theme text NOT NULL,
    scanned_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    skew_seconds bigint,
    skewed boolean NOT NULL,
    redemption_id uuid REFERENCES redemptions (id),
    refusal text,
    sentence text,
    resolved_at timestamptz,
    resolved_by uuid REFERENCES users (id),
    resolution text,
    CHECK ((redemption_id IS NULL) <> (refusal IS NULL)),
    UNIQUE (organisation_id, key)
);
CREATE INDEX offline_scans_by_redemption ON offline_scans (redemption_id);
CREATE INDEX offline_scans_refused ON offline_scans (organisation_id, id) WHERE refusal IS NOT NULL;

CREATE INDEX postings_by_payee ON postings (payee_id, month) WHERE payee_id IS NOT NULL;

CREATE INDEX passes_active ON passes (programme_id, redeemable_until) WHERE state = 'active';
