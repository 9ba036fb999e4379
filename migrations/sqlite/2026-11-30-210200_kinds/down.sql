CREATE TABLE postings_rebuilt (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL
        CHECK (kind IN ('opening', 'reduction', 'receipt', 'commitment', 'consumption', 'reversal', 'release',
        'settlement', 'settlement_reversal', 'disbursement', 'disbursement_reversal', 'refund')),
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
INSERT INTO postings_rebuilt (number, kind, from_account, to_account, agreement_id, amount_cents, month, workshop_month,
    origin_id, redemption_id, venue_id, payee_id, workshops, starts, lead, recorded_at, statement_id)
    SELECT number, kind, from_account, to_account, agreement_id, amount_cents, month, workshop_month,
    origin_id, redemption_id, venue_id, payee_id, workshops, starts, lead, recorded_at, statement_id
    FROM postings;
DROP TABLE postings;
ALTER TABLE postings_rebuilt RENAME TO postings;
CREATE INDEX postings_by_month ON postings (month, agreement_id);
CREATE INDEX postings_by_redemption ON postings (redemption_id) WHERE redemption_id IS NOT NULL;
CREATE INDEX postings_paid ON postings (payee_id) WHERE payee_id IS NOT NULL AND redemption_id IS NULL;
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
