DROP TABLE rollup_sums;
DROP TABLE rollup_marks;
CREATE INDEX postings_by_agreement ON postings (agreement_id, number);
CREATE INDEX postings_by_redemption ON postings (redemption_id);
