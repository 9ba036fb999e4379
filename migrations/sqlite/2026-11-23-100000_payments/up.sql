CREATE TABLE bank_details (
    id BLOB PRIMARY KEY,
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    holder TEXT NOT NULL,
    iban_ending TEXT NOT NULL,
    sealed BLOB NOT NULL,
    key_number INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'confirmed', 'refused', 'ended')),
    proposed_at INTEGER NOT NULL,
    proposed_by BLOB NOT NULL REFERENCES users (id),
    decided_at INTEGER,
    decided_by BLOB REFERENCES users (id),
    CHECK ((state = 'proposed') = (decided_at IS NULL)),
    CHECK (decided_by IS NULL OR decided_by <> proposed_by)
) STRICT;
CREATE INDEX bank_details_by_organisation ON bank_details (organisation_id, id);
CREATE UNIQUE INDEX bank_details_one_confirmed ON bank_details (organisation_id) WHERE state = 'confirmed';
CREATE UNIQUE INDEX bank_details_one_proposed ON bank_details (organisation_id) WHERE state = 'proposed';

CREATE TABLE payment_runs (
    id BLOB PRIMARY KEY,
    year INTEGER NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    debtor_id BLOB NOT NULL REFERENCES bank_details (id),
    execution_day TEXT NOT NULL,
    transfers INTEGER NOT NULL CHECK (transfers > 0),
    control_sum_cents INTEGER NOT NULL CHECK (control_sum_cents > 0),
    created_at INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES users (id),
    executed_on TEXT,
    executed_at INTEGER,
    executed_by BLOB REFERENCES users (id),
    UNIQUE (year, number)
) STRICT;

CREATE TABLE payment_files (
    run_id BLOB NOT NULL REFERENCES payment_runs (id),
    version TEXT NOT NULL CHECK (version IN ('03', '09')),
    sealed BLOB NOT NULL,
    key_number INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    PRIMARY KEY (run_id, version)
) STRICT;

CREATE TABLE payments (
    run_id BLOB NOT NULL REFERENCES payment_runs (id),
    statement_id BLOB NOT NULL REFERENCES statements (id),
    creditor_id BLOB NOT NULL REFERENCES bank_details (id),
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    rejected_at INTEGER,
    rejected_by BLOB REFERENCES users (id),
    reject_code TEXT,
    reject_reason TEXT,
    payee_check TEXT CHECK (payee_check IN ('match', 'close_match', 'no_match', 'impossible')),
    payee_name TEXT,
    PRIMARY KEY (run_id, statement_id)
) STRICT;
CREATE INDEX payments_by_statement ON payments (statement_id);
