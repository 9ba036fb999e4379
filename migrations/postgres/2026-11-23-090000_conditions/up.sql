CREATE TABLE agreement_conditions (
    agreement_id uuid PRIMARY KEY REFERENCES agreements (id),
    kind text NOT NULL CHECK (kind IN ('used_share', 'capped_grant')),
    rate_bp integer NOT NULL CHECK (rate_bp BETWEEN 1 AND 10000),
    total_cents bigint CHECK (total_cents > 0),
    cap_cents bigint CHECK (cap_cents > 0),
    publics text,
    least_bp integer CHECK (least_bp BETWEEN 0 AND 10000),
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL REFERENCES users (id)
);
