DROP TRIGGER postings_stay ON postings;
DROP FUNCTION postings_stay;
DROP TABLE funding_calls;
DROP TABLE statements;
DROP TABLE closed_figures;
DROP TABLE closed_months;
ALTER TABLE postings DROP COLUMN statement_id;
ALTER TABLE postings DROP CONSTRAINT postings_kind_check;
ALTER TABLE postings ADD CONSTRAINT postings_kind_check
    CHECK (kind IN ('opening', 'reduction', 'receipt', 'commitment', 'consumption', 'reversal', 'release',
    'settlement', 'disbursement', 'refund'));
