CREATE TABLE agreement_conditions (
    agreement_id BLOB PRIMARY KEY REFERENCES agreements (id),
    kind TEXT NOT NULL CHECK (kind IN ('used_share', 'capped_grant')),
    rate_bp INTEGER NOT NULL CHECK (rate_bp BETWEEN 1 AND 10000),
    total_cents INTEGER CHECK (total_cents > 0),
    cap_cents INTEGER CHECK (cap_cents > 0),
    publics TEXT,
    least_bp INTEGER CHECK (least_bp BETWEEN 0 AND 10000),
    changed_at INTEGER NOT NULL,
    changed_by BLOB NOT NULL REFERENCES users (id)
) STRICT;
