ALTER TABLE programmes ADD COLUMN handovers_stopped_at timestamptz;
ALTER TABLE programmes ADD COLUMN handovers_stopped_by uuid;

CREATE TABLE closing_statements (
    id uuid PRIMARY KEY,
    programme_id uuid NOT NULL UNIQUE REFERENCES programmes (id),
    year integer NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    established_at timestamptz NOT NULL,
    established_by uuid NOT NULL REFERENCES users (id),
    printed bigint NOT NULL,
    in_stock bigint NOT NULL,
    handed_over bigint NOT NULL,
    started bigint NOT NULL,
    workshops_granted bigint NOT NULL,
    workshops_redeemed bigint NOT NULL,
    workshops_lapsed bigint NOT NULL,
    UNIQUE (year, number)
);

CREATE TABLE closing_statement_lines (
    statement_id uuid NOT NULL REFERENCES closing_statements (id),
    agreement_id uuid NOT NULL REFERENCES agreements (id),
    received_cents bigint NOT NULL,
    committed_cents bigint NOT NULL,
    consumed_cents bigint NOT NULL,
    released_cents bigint NOT NULL,
    available_cents bigint NOT NULL,
    payable_cents bigint NOT NULL,
    cash_cents bigint NOT NULL,
    to_return_cents bigint NOT NULL CHECK (to_return_cents >= 0),
    credited_at timestamptz,
    PRIMARY KEY (statement_id, agreement_id)
);

CREATE TABLE closing_statement_signatures (
    statement_id uuid NOT NULL REFERENCES closing_statements (id),
    funder_id uuid NOT NULL REFERENCES organisations (id),
    agreed_at timestamptz NOT NULL,
    agreed_by uuid NOT NULL REFERENCES users (id),
    PRIMARY KEY (statement_id, funder_id)
);
