ALTER TABLE postings DROP CONSTRAINT postings_kind_check;
ALTER TABLE postings ADD CONSTRAINT postings_kind_check
    CHECK (kind IN ('opening', 'reduction', 'receipt', 'commitment', 'consumption', 'reversal', 'release',
    'settlement', 'settlement_reversal', 'disbursement', 'disbursement_reversal', 'refund')) NOT VALID;
