CREATE TABLE installation (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    key_check BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE organisations (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    siret TEXT UNIQUE,
    rna TEXT UNIQUE,
    funder INTEGER NOT NULL,
    prescriber INTEGER NOT NULL,
    venue_operator INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
    id BLOB PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    role TEXT NOT NULL CHECK (role IN ('operator', 'social_worker', 'venue_staff', 'funder', 'auditor')),
    manager INTEGER NOT NULL,
    active INTEGER NOT NULL,
    password_hash TEXT,
    invitation_hash BLOB UNIQUE,
    invitation_ends_at INTEGER,
    failed_sign_ins INTEGER NOT NULL DEFAULT 0,
    failed_since INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX users_by_organisation ON users (organisation_id, id);

CREATE TABLE refresh_tokens (
    id BLOB PRIMARY KEY,
    family_id BLOB NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    token_hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    used_at INTEGER,
    revoked_at INTEGER
) STRICT;
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_by_user ON refresh_tokens (user_id);

CREATE TABLE sessions (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    token_hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE wrong_codes (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX wrong_codes_by_user ON wrong_codes (user_id, at);

CREATE TABLE idempotency_keys (
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    key BLOB NOT NULL,
    request_hash BLOB NOT NULL,
    answer TEXT NOT NULL,
    personal INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, key)
) STRICT;
CREATE INDEX idempotency_keys_to_forget ON idempotency_keys (created_at) WHERE personal;

CREATE TABLE programmes (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    price_cents INTEGER NOT NULL CHECK (price_cents > 0),
    sizes TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    tolerance_days INTEGER NOT NULL CHECK (tolerance_days >= 0),
    time_zone TEXT NOT NULL,
    max_per_day INTEGER NOT NULL CHECK (max_per_day > 0),
    passes_per_person INTEGER NOT NULL CHECK (passes_per_person > 0),
    undo_days INTEGER NOT NULL CHECK (undo_days >= 0),
    opened_by TEXT NOT NULL CHECK (opened_by IN ('signature', 'receipt')),
    training INTEGER NOT NULL,
    territory TEXT,
    fingerprint_salt BLOB,
    created_at INTEGER NOT NULL,
    CHECK (first_day <= last_day)
) STRICT;

CREATE TABLE agreements (
    id BLOB PRIMARY KEY,
    programme_id BLOB NOT NULL REFERENCES programmes (id),
    funder_id BLOB NOT NULL REFERENCES organisations (id),
    tier INTEGER NOT NULL CHECK (tier > 0),
    share_bp INTEGER NOT NULL CHECK (share_bp BETWEEN 1 AND 10000),
    envelope_cents INTEGER NOT NULL CHECK (envelope_cents >= 0),
    available_cents INTEGER NOT NULL CHECK (available_cents >= 0),
    territory TEXT,
    publics TEXT,
    valid_from TEXT,
    valid_until TEXT,
    version INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX agreements_by_programme ON agreements (programme_id, tier, id);
CREATE INDEX agreements_by_funder ON agreements (funder_id, id);

CREATE TABLE money_movements (
    id BLOB PRIMARY KEY,
    agreement_id BLOB NOT NULL REFERENCES agreements (id),
    kind TEXT NOT NULL CHECK (kind IN ('receipt', 'refund')),
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    moved_on TEXT NOT NULL,
    reference TEXT NOT NULL,
    recorded_by BLOB NOT NULL REFERENCES users (id),
    recorded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX money_movements_by_agreement ON money_movements (agreement_id, id);

CREATE TABLE venues (
    id BLOB PRIMARY KEY,
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    external_id TEXT UNIQUE,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    address_complement TEXT,
    postal_code TEXT NOT NULL,
    commune TEXT NOT NULL,
    latitude REAL,
    longitude REAL,
    phone TEXT,
    services TEXT NOT NULL,
    opening_hours TEXT,
    sheet TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX venues_by_organisation ON venues (organisation_id, id);
CREATE INDEX venues_by_commune ON venues (commune, id);

CREATE TABLE labels (
    id BLOB PRIMARY KEY,
    venue_id BLOB NOT NULL REFERENCES venues (id),
    valid_from TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    CHECK (valid_from <= valid_until)
) STRICT;
CREATE INDEX labels_by_venue ON labels (venue_id, valid_from);

CREATE TABLE suspensions (
    id BLOB PRIMARY KEY,
    venue_id BLOB NOT NULL REFERENCES venues (id),
    suspended_from TEXT NOT NULL,
    suspended_until TEXT,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX suspensions_by_venue ON suspensions (venue_id, suspended_from);

CREATE TABLE programme_prescribers (
    programme_id BLOB NOT NULL REFERENCES programmes (id),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    PRIMARY KEY (programme_id, organisation_id)
) STRICT;

CREATE TABLE programme_venues (
    programme_id BLOB NOT NULL REFERENCES programmes (id),
    venue_id BLOB NOT NULL REFERENCES venues (id),
    PRIMARY KEY (programme_id, venue_id)
) STRICT;

CREATE TABLE passes (
    id BLOB PRIMARY KEY,
    origin_id BLOB NOT NULL,
    serial TEXT NOT NULL UNIQUE,
    code_hash BLOB NOT NULL UNIQUE,
    key_number INTEGER NOT NULL,
    programme_id BLOB NOT NULL REFERENCES programmes (id),
    prescriber_id BLOB NOT NULL REFERENCES organisations (id),
    units INTEGER NOT NULL CHECK (units BETWEEN 5 AND 10),
    used_mask INTEGER NOT NULL CHECK (used_mask BETWEEN 0 AND 1023),
    state TEXT NOT NULL CHECK (state IN ('printed', 'active', 'suspended', 'void', 'replaced')),
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    redeemable_until TEXT NOT NULL,
    released INTEGER NOT NULL,
    training INTEGER NOT NULL,
    handed_over_at INTEGER,
    handed_over_by BLOB REFERENCES users (id),
    fingerprint BLOB,
    person_rank INTEGER,
    home_commune TEXT,
    age_band TEXT,
    gender TEXT,
    social_status TEXT,
    publics TEXT,
    version INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX passes_by_prescriber ON passes (prescriber_id, id);
CREATE INDEX passes_by_origin ON passes (origin_id);
CREATE INDEX passes_to_release ON passes (redeemable_until) WHERE NOT released AND state IN ('active', 'suspended');
CREATE UNIQUE INDEX passes_one_a_person ON passes (programme_id, fingerprint, person_rank)
    WHERE fingerprint IS NOT NULL AND NOT released AND state IN ('active', 'suspended');

CREATE TABLE pass_events (
    id BLOB PRIMARY KEY,
    pass_id BLOB NOT NULL REFERENCES passes (id),
    event TEXT NOT NULL,
    reason TEXT,
    other_pass_id BLOB,
    by_user BLOB,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX pass_events_by_pass ON pass_events (pass_id, id);

CREATE TABLE pass_fundings (
    pass_id BLOB NOT NULL REFERENCES passes (id),
    position INTEGER NOT NULL,
    agreement_id BLOB NOT NULL REFERENCES agreements (id),
    share_bp INTEGER NOT NULL CHECK (share_bp BETWEEN 1 AND 10000),
    amount_cents INTEGER NOT NULL CHECK (amount_cents >= 0),
    PRIMARY KEY (pass_id, position)
) STRICT;

CREATE TABLE redemptions (
    id BLOB PRIMARY KEY,
    pass_id BLOB NOT NULL REFERENCES passes (id),
    origin_id BLOB NOT NULL,
    slot INTEGER NOT NULL CHECK (slot BETWEEN 1 AND 10),
    venue_id BLOB NOT NULL REFERENCES venues (id),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    theme TEXT NOT NULL,
    minutes INTEGER,
    mode TEXT,
    workshop_day TEXT NOT NULL,
    redeemed_at INTEGER NOT NULL,
    price_cents INTEGER NOT NULL,
    training INTEGER NOT NULL,
    reversed INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX redemptions_one_a_slot ON redemptions (origin_id, slot) WHERE NOT reversed;
CREATE INDEX redemptions_by_day ON redemptions (origin_id, workshop_day);
CREATE INDEX redemptions_by_venue ON redemptions (venue_id, workshop_day, id);
CREATE INDEX redemptions_by_organisation ON redemptions (organisation_id, id);

CREATE TABLE reversals (
    id BLOB PRIMARY KEY,
    redemption_id BLOB NOT NULL UNIQUE REFERENCES redemptions (id),
    reason TEXT NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    reversed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE postings (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL
        CHECK (kind IN ('opening', 'reduction', 'receipt', 'commitment', 'consumption', 'reversal',
        'release', 'settlement', 'disbursement', 'refund')),
    from_account TEXT NOT NULL,
    to_account TEXT NOT NULL,
    agreement_id BLOB NOT NULL REFERENCES agreements (id),
    amount_cents INTEGER NOT NULL CHECK (amount_cents >= 0),
    month INTEGER NOT NULL,
    workshop_month INTEGER NOT NULL,
    origin_id BLOB REFERENCES passes (id),
    redemption_id BLOB REFERENCES redemptions (id),
    venue_id BLOB REFERENCES venues (id),
    payee_id BLOB REFERENCES organisations (id),
    workshops INTEGER NOT NULL,
    starts INTEGER NOT NULL CHECK (starts BETWEEN -1 AND 1),
    lead INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX postings_by_month ON postings (month, agreement_id);
CREATE INDEX postings_by_agreement ON postings (agreement_id, number);
CREATE INDEX postings_by_origin ON postings (origin_id);
CREATE INDEX postings_by_redemption ON postings (redemption_id);
