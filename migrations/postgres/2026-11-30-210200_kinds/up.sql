-- What a wrong clock released is committed again, and cash above the envelope goes back to its funder.
SET LOCAL lock_timeout = '3s';
ALTER TABLE postings DROP CONSTRAINT postings_kind_check;
ALTER TABLE postings ADD CONSTRAINT postings_kind_check
    CHECK (kind IN ('opening', 'reduction', 'receipt', 'commitment', 'consumption', 'reversal', 'release',
    'release_reversal', 'settlement', 'settlement_reversal', 'disbursement', 'disbursement_reversal', 'refund',
    'surplus_return')) NOT VALID;
