CREATE TABLE bank_details (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    holder text NOT NULL,
    iban_ending text NOT NULL,
    sealed bytea NOT NULL,
    key_number integer NOT NULL,
    state text NOT NULL CHECK (state IN ('proposed', 'confirmed', 'refused', 'ended')),
    proposed_at timestamptz NOT NULL,
    proposed_by uuid NOT NULL REFERENCES users (id),
    decided_at timestamptz,
    decided_by uuid REFERENCES users (id),
    CHECK ((state = 'proposed') = (decided_at IS NULL)),
    CHECK (decided_by IS NULL OR decided_by <> proposed_by)
);
CREATE INDEX bank_details_by_organisation ON bank_details (organisation_id, id);
CREATE UNIQUE INDEX bank_details_one_confirmed ON bank_details (organisation_id) WHERE state = 'confirmed';
CREATE UNIQUE INDEX bank_details_one_proposed ON bank_details (organisation_id) WHERE state = 'proposed';

CREATE TABLE payment_runs (
    id uuid PRIMARY KEY,
    year integer NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    debtor_id uuid NOT NULL REFERENCES bank_details (id),
    execution_day date NOT NULL,
    transfers integer NOT NULL CHECK (transfers > 0),
    control_sum_cents bigint NOT NULL CHECK (control_sum_cents > 0),
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL REFERENCES users (id),
    executed_on date,
    executed_at timestamptz,
    executed_by uuid REFERENCES users (id),
    UNIQUE (year, number)
);

CREATE TABLE payment_files (
    run_id uuid NOT NULL REFERENCES payment_runs (id),
    version text NOT NULL CHECK (version IN ('03', '09')),
    sealed bytea NOT NULL,
    key_number integer NOT NULL,
    sha256 bytea NOT NULL,
    PRIMARY KEY (run_id, version)
);

CREATE TABLE payments (
    run_id uuid NOT NULL REFERENCES payment_runs (id),
    statement_id uuid NOT NULL REFERENCES statements (id),
    creditor_id uuid NOT NULL REFERENCES bank_details (id),
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    rejected_at timestamptz,
    rejected_by uuid REFERENCES users (id),
    reject_code text,
    reject_reason text,
    payee_check text CHECK (payee_check IN ('match', 'close_match', 'no_match', 'impossible')),
    payee_name text,
    PRIMARY KEY (run_id, statement_id)
);
CREATE INDEX payments_by_statement ON payments (statement_id);
