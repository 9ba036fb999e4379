-- What an organisation that was paid too much gave back, by the statement that said so.
CREATE TABLE repayments (
    statement_id uuid NOT NULL PRIMARY KEY REFERENCES statements (id),
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    received_on date NOT NULL,
    reference text NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL REFERENCES users (id)
);
