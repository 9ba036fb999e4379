ALTER TABLE postings DROP CONSTRAINT postings_kind_check;
ALTER TABLE postings ADD CONSTRAINT postings_kind_check
    CHECK (kind IN ('opening', 'reduction', 'receipt', 'commitment', 'consumption', 'reversal', 'release',
    'settlement', 'settlement_reversal', 'disbursement', 'disbursement_reversal', 'refund'));
ALTER TABLE postings ADD COLUMN statement_id uuid;

CREATE TABLE closed_months (
    month integer PRIMARY KEY,
    closed_at timestamptz NOT NULL,
    closed_by uuid REFERENCES users (id),
    postings bigint NOT NULL,
    digest bytea NOT NULL
);

CREATE TABLE closed_figures (
    month integer NOT NULL REFERENCES closed_months (month),
    agreement_id uuid NOT NULL REFERENCES agreements (id),
    workshops_redeemed bigint NOT NULL,
    received_cents bigint NOT NULL,
    committed_cents bigint NOT NULL,
    consumed_cents bigint NOT NULL,
    released_cents bigint NOT NULL,
    paid_cents bigint NOT NULL,
    refunded_cents bigint NOT NULL,
    available_cents bigint NOT NULL,
    committed_balance_cents bigint NOT NULL,
    payable_cents bigint NOT NULL,
    cash_cents bigint NOT NULL,
    PRIMARY KEY (month, agreement_id)
);

CREATE TABLE statements (
    id uuid PRIMARY KEY,
    year integer NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    month integer NOT NULL REFERENCES closed_months (month),
    workshops bigint NOT NULL,
    amount_cents bigint NOT NULL,
    carried_cents bigint NOT NULL CHECK (carried_cents <= 0),
    state text NOT NULL CHECK (state IN ('draft', 'approved', 'carried', 'in_payment', 'paid')),
    carried_into uuid REFERENCES statements (id),
    payment_run_id uuid,
    issued_at timestamptz NOT NULL,
    approved_at timestamptz,
    approved_by uuid REFERENCES users (id),
    UNIQUE (year, number),
    UNIQUE (organisation_id, month),
    CHECK ((state = 'draft') = (approved_at IS NULL))
);
CREATE INDEX statements_by_month ON statements (month, id);
CREATE INDEX statements_by_state ON statements (state, id);
CREATE INDEX statements_by_carrier ON statements (carried_into) WHERE carried_into IS NOT NULL;
CREATE INDEX statements_by_payment_run ON statements (payment_run_id) WHERE payment_run_id IS NOT NULL;

CREATE TABLE funding_calls (
    id uuid PRIMARY KEY,
    year integer NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    funder_id uuid NOT NULL REFERENCES organisations (id),
    month integer NOT NULL REFERENCES closed_months (month),
    amount_cents bigint NOT NULL,
    issued_at timestamptz NOT NULL,
    UNIQUE (year, number),
    UNIQUE (funder_id, month)
);
CREATE INDEX funding_calls_by_month ON funding_calls (month, id);

CREATE FUNCTION postings_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'a posting is never changed';
    END IF;
    IF NEW.month <= (SELECT max(month) FROM closed_months) THEN
        RAISE EXCEPTION 'the month of this posting is closed';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER postings_stay BEFORE INSERT OR UPDATE OR DELETE ON postings
    FOR EACH ROW EXECUTE FUNCTION postings_stay();
