-- The slots of a line of replacements find its standing redemptions; these find the undone ones.
DROP INDEX redemptions_by_day;
CREATE INDEX redemptions_undone ON redemptions (origin_id) WHERE reversed;

-- Proved by `ledger verify` and never deleted; to look each of them up again, and lock it, was a
-- third of what a redemption costs.
ALTER TABLE postings
    DROP CONSTRAINT postings_origin_id_fkey,
    DROP CONSTRAINT postings_redemption_id_fkey,
    DROP CONSTRAINT postings_venue_id_fkey,
    DROP CONSTRAINT postings_payee_id_fkey;
ALTER TABLE redemptions DROP CONSTRAINT redemptions_organisation_id_fkey;
ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_organisation_id_fkey;
ALTER TABLE rollup_sums DROP CONSTRAINT rollup_sums_agreement_id_fkey;
