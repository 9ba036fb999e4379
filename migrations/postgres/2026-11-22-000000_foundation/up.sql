CREATE TABLE installation (
    id integer PRIMARY KEY CHECK (id = 1),
    key_check bytea NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE organisations (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    siret text UNIQUE,
    rna text UNIQUE,
    funder boolean NOT NULL,
    prescriber boolean NOT NULL,
    venue_operator boolean NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text NOT NULL UNIQUE,
    name text NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    role text NOT NULL CHECK (role IN ('operator', 'social_worker', 'venue_staff', 'funder', 'auditor')),
    manager boolean NOT NULL,
    active boolean NOT NULL,
    password_hash text,
    invitation_hash bytea UNIQUE,
    invitation_ends_at timestamptz,
    failed_sign_ins integer NOT NULL DEFAULT 0,
    failed_since timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX users_by_organisation ON users (organisation_id, id);

CREATE TABLE refresh_tokens (
    id uuid PRIMARY KEY,
    family_id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    token_hash bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    used_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_by_user ON refresh_tokens (user_id);

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    token_hash bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE wrong_codes (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    at timestamptz NOT NULL
);
CREATE INDEX wrong_codes_by_user ON wrong_codes (user_id, at);

CREATE TABLE idempotency_keys (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    key uuid NOT NULL,
    request_hash bytea NOT NULL,
    answer text NOT NULL,
    personal boolean NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, key)
);
CREATE INDEX idempotency_keys_to_forget ON idempotency_keys (created_at) WHERE personal;

CREATE TABLE programmes (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    price_cents bigint NOT NULL CHECK (price_cents > 0),
    sizes text NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    tolerance_days integer NOT NULL CHECK (tolerance_days >= 0),
    time_zone text NOT NULL,
    max_per_day integer NOT NULL CHECK (max_per_day > 0),
    passes_per_person integer NOT NULL CHECK (passes_per_person > 0),
    undo_days integer NOT NULL CHECK (undo_days >= 0),
    opened_by text NOT NULL CHECK (opened_by IN ('signature', 'receipt')),
    training boolean NOT NULL,
    territory text,
    fingerprint_salt bytea,
    created_at timestamptz NOT NULL,
    CHECK (first_day <= last_day)
);

CREATE TABLE agreements (
    id uuid PRIMARY KEY,
    programme_id uuid NOT NULL REFERENCES programmes (id),
    funder_id uuid NOT NULL REFERENCES organisations (id),
    tier integer NOT NULL CHECK (tier > 0),
    share_bp integer NOT NULL CHECK (share_bp BETWEEN 1 AND 10000),
    envelope_cents bigint NOT NULL CHECK (envelope_cents >= 0),
    available_cents bigint NOT NULL CHECK (available_cents >= 0),
    territory text,
    publics text,
    valid_from date,
    valid_until date,
    version bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL
);
CREATE INDEX agreements_by_programme ON agreements (programme_id, tier, id);
CREATE INDEX agreements_by_funder ON agreements (funder_id, id);

CREATE TABLE money_movements (
    id uuid PRIMARY KEY,
    agreement_id uuid NOT NULL REFERENCES agreements (id),
    kind text NOT NULL CHECK (kind IN ('receipt', 'refund')),
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    moved_on date NOT NULL,
    reference text NOT NULL,
    recorded_by uuid NOT NULL REFERENCES users (id),
    recorded_at timestamptz NOT NULL
);
CREATE INDEX money_movements_by_agreement ON money_movements (agreement_id, id);

CREATE TABLE venues (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    external_id text UNIQUE,
    name text NOT NULL,
    address text NOT NULL,
    address_complement text,
    postal_code text NOT NULL,
    commune text NOT NULL,
    latitude double precision,
    longitude double precision,
    phone text,
    services text NOT NULL,
    opening_hours text,
    sheet text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX venues_by_organisation ON venues (organisation_id, id);
CREATE INDEX venues_by_commune ON venues (commune, id);

CREATE TABLE labels (
    id uuid PRIMARY KEY,
    venue_id uuid NOT NULL REFERENCES venues (id),
    valid_from date NOT NULL,
    valid_until date NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK (valid_from <= valid_until)
);
CREATE INDEX labels_by_venue ON labels (venue_id, valid_from);

CREATE TABLE suspensions (
    id uuid PRIMARY KEY,
    venue_id uuid NOT NULL REFERENCES venues (id),
    suspended_from date NOT NULL,
    suspended_until date,
    reason text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX suspensions_by_venue ON suspensions (venue_id, suspended_from);

CREATE TABLE programme_prescribers (
    programme_id uuid NOT NULL REFERENCES programmes (id),
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    PRIMARY KEY (programme_id, organisation_id)
);

CREATE TABLE programme_venues (
    programme_id uuid NOT NULL REFERENCES programmes (id),
    venue_id uuid NOT NULL REFERENCES venues (id),
    PRIMARY KEY (programme_id, venue_id)
);

CREATE TABLE passes (
    id uuid PRIMARY KEY,
    origin_id uuid NOT NULL,
    serial text NOT NULL UNIQUE,
    code_hash bytea NOT NULL UNIQUE,
    key_number integer NOT NULL,
    programme_id uuid NOT NULL REFERENCES programmes (id),
    prescriber_id uuid NOT NULL REFERENCES organisations (id),
    units integer NOT NULL CHECK (units BETWEEN 5 AND 10),
    used_mask integer NOT NULL CHECK (used_mask BETWEEN 0 AND 1023),
    state text NOT NULL CHECK (state IN ('printed', 'active', 'suspended', 'void', 'replaced')),
    first_day date NOT NULL,
    last_day date NOT NULL,
    redeemable_until date NOT NULL,
    released boolean NOT NULL,
    training boolean NOT NULL,
    handed_over_at timestamptz,
    handed_over_by uuid REFERENCES users (id),
    fingerprint bytea,
    person_rank integer,
    home_commune text,
    age_band text,
    gender text,
    social_status text,
    publics text,
    version bigint NOT NULL DEFAULT 0
);
CREATE INDEX passes_by_prescriber ON passes (prescriber_id, id);
CREATE INDEX passes_by_origin ON passes (origin_id);
CREATE INDEX passes_to_release ON passes (redeemable_until) WHERE NOT released AND state IN ('active', 'suspended');
CREATE UNIQUE INDEX passes_one_a_person ON passes (programme_id, fingerprint, person_rank)
    WHERE fingerprint IS NOT NULL AND NOT released AND state IN ('active', 'suspended');

CREATE TABLE pass_events (
    id uuid PRIMARY KEY,
    pass_id uuid NOT NULL REFERENCES passes (id),
    event text NOT NULL,
    reason text,
    other_pass_id uuid,
    by_user uuid,
    at timestamptz NOT NULL
);
CREATE INDEX pass_events_by_pass ON pass_events (pass_id, id);

CREATE TABLE pass_fundings (
    pass_id uuid NOT NULL REFERENCES passes (id),
    position integer NOT NULL,
    agreement_id uuid NOT NULL REFERENCES agreements (id),
    share_bp integer NOT NULL CHECK (share_bp BETWEEN 1 AND 10000),
    amount_cents bigint NOT NULL CHECK (amount_cents >= 0),
    PRIMARY KEY (pass_id, position)
);

CREATE TABLE redemptions (
    id uuid PRIMARY KEY,
    pass_id uuid NOT NULL REFERENCES passes (id),
    origin_id uuid NOT NULL,
    slot integer NOT NULL CHECK (slot BETWEEN 1 AND 10),
    venue_id uuid NOT NULL REFERENCES venues (id),
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    user_id uuid NOT NULL REFERENCES users (id),
    theme text NOT NULL,
    minutes integer,
    mode text,
    workshop_day date NOT NULL,
    redeemed_at timestamptz NOT NULL,
    price_cents bigint NOT NULL,
    training boolean NOT NULL,
    reversed boolean NOT NULL
);
CREATE UNIQUE INDEX redemptions_one_a_slot ON redemptions (origin_id, slot) WHERE NOT reversed;
CREATE INDEX redemptions_by_day ON redemptions (origin_id, workshop_day);
CREATE INDEX redemptions_by_venue ON redemptions (venue_id, workshop_day, id);
CREATE INDEX redemptions_by_organisation ON redemptions (organisation_id, id);

CREATE TABLE reversals (
    id uuid PRIMARY KEY,
    redemption_id uuid NOT NULL UNIQUE REFERENCES redemptions (id),
    reason text NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    reversed_at timestamptz NOT NULL
);

CREATE TABLE postings (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL
        CHECK (kind IN ('opening', 'reduction', 'receipt', 'commitment', 'consumption', 'reversal',
        'release', 'settlement', 'disbursement', 'refund')),
    from_account text NOT NULL,
    to_account text NOT NULL,
    agreement_id uuid NOT NULL REFERENCES agreements (id),
    amount_cents bigint NOT NULL CHECK (amount_cents >= 0),
    month integer NOT NULL,
    workshop_month integer NOT NULL,
    origin_id uuid REFERENCES passes (id),
    redemption_id uuid REFERENCES redemptions (id),
    venue_id uuid REFERENCES venues (id),
    payee_id uuid REFERENCES organisations (id),
    workshops integer NOT NULL,
    starts integer NOT NULL CHECK (starts BETWEEN -1 AND 1),
    lead boolean NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX postings_by_month ON postings (month, agreement_id);
CREATE INDEX postings_by_agreement ON postings (agreement_id, number);
CREATE INDEX postings_by_origin ON postings (origin_id);
CREATE INDEX postings_by_redemption ON postings (redemption_id);
