-- What an organisation that was paid too much gave back, by the statement that said so.
CREATE TABLE repayments (
    statement_id BLOB NOT NULL PRIMARY KEY REFERENCES statements (id),
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    received_on TEXT NOT NULL,
    reference TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    recorded_by BLOB NOT NULL REFERENCES users (id)
) STRICT;
