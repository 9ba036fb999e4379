ALTER TABLE programmes ADD COLUMN handovers_stopped_at INTEGER;
ALTER TABLE programmes ADD COLUMN handovers_stopped_by BLOB;

CREATE TABLE closing_statements (
    id BLOB PRIMARY KEY,
    programme_id BLOB NOT NULL UNIQUE REFERENCES programmes (id),
    year INTEGER NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    established_at INTEGER NOT NULL,
    established_by BLOB NOT NULL REFERENCES users (id),
    printed INTEGER NOT NULL,
    in_stock INTEGER NOT NULL,
    handed_over INTEGER NOT NULL,
    started INTEGER NOT NULL,
    workshops_granted INTEGER NOT NULL,
    workshops_redeemed INTEGER NOT NULL,
    workshops_lapsed INTEGER NOT NULL,
    UNIQUE (year, number)
) STRICT;

CREATE TABLE closing_statement_lines (
    statement_id BLOB NOT NULL REFERENCES closing_statements (id),
    agreement_id BLOB NOT NULL REFERENCES agreements (id),
    received_cents INTEGER NOT NULL,
    committed_cents INTEGER NOT NULL,
    consumed_cents INTEGER NOT NULL,
    released_cents INTEGER NOT NULL,
    available_cents INTEGER NOT NULL,
    payable_cents INTEGER NOT NULL,
    cash_cents INTEGER NOT NULL,
    to_return_cents INTEGER NOT NULL CHECK (to_return_cents >= 0),
    credited_at INTEGER,
    PRIMARY KEY (statement_id, agreement_id)
) STRICT;

CREATE TABLE closing_statement_signatures (
    statement_id BLOB NOT NULL REFERENCES closing_statements (id),
    funder_id BLOB NOT NULL REFERENCES organisations (id),
    agreed_at INTEGER NOT NULL,
    agreed_by BLOB NOT NULL REFERENCES users (id),
    PRIMARY KEY (statement_id, funder_id)
) STRICT;
