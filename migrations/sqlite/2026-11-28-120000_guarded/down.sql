-- Folded again from the start: marks of families that differ have no common one.
DELETE FROM rollup_sums;
DROP TABLE rollup_marks;
CREATE TABLE rollup_marks (
    day TEXT PRIMARY KEY,
    up_to INTEGER NOT NULL,
    folded_at INTEGER NOT NULL
) STRICT;
DROP INDEX postings_paid;
DROP INDEX postings_by_redemption;
CREATE INDEX postings_by_payee ON postings (payee_id, month) WHERE payee_id IS NOT NULL;
CREATE INDEX postings_by_origin ON postings (origin_id);
