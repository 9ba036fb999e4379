-- Folded again from the start: marks of families that differ have no common one.
DELETE FROM rollup_sums;
DELETE FROM rollup_marks;
ALTER TABLE rollup_marks DROP CONSTRAINT rollup_marks_pkey;
ALTER TABLE rollup_marks DROP COLUMN family;
ALTER TABLE rollup_marks ADD PRIMARY KEY (day);
ALTER TABLE rollup_sums RESET (fillfactor);
DROP INDEX postings_by_month;
CREATE INDEX postings_by_month ON postings (month, agreement_id);
DROP INDEX postings_paid;
DROP INDEX postings_by_redemption;
CREATE INDEX postings_by_payee ON postings (payee_id, month) WHERE payee_id IS NOT NULL;
CREATE INDEX postings_by_origin ON postings (origin_id);
DROP TRIGGER redemptions_stay ON redemptions;
DROP TRIGGER passes_stay ON passes;
DROP TRIGGER agreements_stay ON agreements;
DROP TRIGGER venues_stay ON venues;
DROP TRIGGER users_stay ON users;
DROP TRIGGER organisations_stay ON organisations;
DROP FUNCTION referred_to_stays();
ALTER TABLE postings
    ADD CONSTRAINT postings_agreement_id_fkey FOREIGN KEY (agreement_id) REFERENCES agreements (id);
ALTER TABLE redemptions
    ADD CONSTRAINT redemptions_pass_id_fkey FOREIGN KEY (pass_id) REFERENCES passes (id),
    ADD CONSTRAINT redemptions_venue_id_fkey FOREIGN KEY (venue_id) REFERENCES venues (id),
    ADD CONSTRAINT redemptions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id);
DROP FUNCTION all_changed(bigint, integer);
