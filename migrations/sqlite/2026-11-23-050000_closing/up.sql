CREATE TABLE postings_rebuilt (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL
        CHECK (kind IN ('opening', 'reduction', 'receipt', 'commitment', 'consumption', 'reversal',
        'release', 'settlement', 'settlement_reversal', 'disbursement', 'disbursement_reversal', 'refund')),
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
    recorded_at INTEGER NOT NULL,
    statement_id BLOB
) STRICT;
INSERT INTO postings_rebuilt (number, kind, from_account, to_account, agreement_id, amount_cents, month,
    workshop_month, origin_id, redemption_id, venue_id, payee_id, workshops, starts, lead, recorded_at)
    SELECT number, kind, from_account, to_account, agreement_id, amount_cents, month, workshop_month,
    origin_id, redemption_id, venue_id, payee_id, workshops, starts, lead, recorded_at
    FROM postings;
DROP TABLE postings;
ALTER TABLE postings_rebuilt RENAME TO postings;
CREATE INDEX postings_by_month ON postings (month, agreement_id);
CREATE INDEX postings_by_agreement ON postings (agreement_id, number);
CREATE INDEX postings_by_origin ON postings (origin_id);
CREATE INDEX postings_by_redemption ON postings (redemption_id);
CREATE INDEX postings_by_payee ON postings (payee_id, month) WHERE payee_id IS NOT NULL;

CREATE TABLE closed_months (
    month INTEGER PRIMARY KEY,
    closed_at INTEGER NOT NULL,
    closed_by BLOB REFERENCES users (id),
    postings INTEGER NOT NULL,
    digest BLOB NOT NULL
) STRICT;

CREATE TABLE closed_figures (
    month INTEGER NOT NULL REFERENCES closed_months (month),
    agreement_id BLOB NOT NULL REFERENCES agreements (id),
    workshops_redeemed INTEGER NOT NULL,
    received_cents INTEGER NOT NULL,
    committed_cents INTEGER NOT NULL,
    consumed_cents INTEGER NOT NULL,
    released_cents INTEGER NOT NULL,
    paid_cents INTEGER NOT NULL,
    refunded_cents INTEGER NOT NULL,
    available_cents INTEGER NOT NULL,
    committed_balance_cents INTEGER NOT NULL,
    payable_cents INTEGER NOT NULL,
    cash_cents INTEGER NOT NULL,
    PRIMARY KEY (month, agreement_id)
) STRICT;

CREATE TABLE statements (
    id BLOB PRIMARY KEY,
    year INTEGER NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    month INTEGER NOT NULL REFERENCES closed_months (month),
    workshops INTEGER NOT NULL,
    amount_cents INTEGER NOT NULL,
    carried_cents INTEGER NOT NULL CHECK (carried_cents <= 0),
    state TEXT NOT NULL CHECK (state IN ('draft', 'approved', 'carried', 'in_payment', 'paid')),
    carried_into BLOB REFERENCES statements (id),
    payment_run_id BLOB,
    issued_at INTEGER NOT NULL,
    approved_at INTEGER,
    approved_by BLOB REFERENCES users (id),
    UNIQUE (year, number),
    UNIQUE (organisation_id, month),
    CHECK ((state = 'draft') = (approved_at IS NULL))
) STRICT;
CREATE INDEX statements_by_month ON statements (month, id);
CREATE INDEX statements_by_state ON statements (state, id);
CREATE INDEX statements_by_carrier ON statements (carried_into) WHERE carried_into IS NOT NULL;
CREATE INDEX statements_by_payment_run ON statements (payment_run_id) WHERE payment_run_id IS NOT NULL;

CREATE TABLE funding_calls (
    id BLOB PRIMARY KEY,
    year INTEGER NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    funder_id BLOB NOT NULL REFERENCES organisations (id),
    month INTEGER NOT NULL REFERENCES closed_months (month),
    amount_cents INTEGER NOT NULL,
    issued_at INTEGER NOT NULL,
    UNIQUE (year, number),
    UNIQUE (funder_id, month)
) STRICT;
CREATE INDEX funding_calls_by_month ON funding_calls (month, id);

CREATE TRIGGER postings_of_closed_months BEFORE INSERT ON postings
WHEN NEW.month <= (SELECT max(month) FROM closed_months)
BEGIN
    SELECT raise(ABORT, 'the month of this posting is closed');
END;
CREATE TRIGGER postings_are_not_changed BEFORE UPDATE ON postings
BEGIN
    SELECT raise(ABORT, 'a posting is never changed');
END;
CREATE TRIGGER postings_are_not_removed BEFORE DELETE ON postings
BEGIN
    SELECT raise(ABORT, 'a posting is never changed');
END;
