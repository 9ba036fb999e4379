DROP INDEX redemptions_undone;
CREATE INDEX redemptions_by_day ON redemptions (origin_id, workshop_day);
ALTER TABLE postings
    ADD CONSTRAINT postings_origin_id_fkey FOREIGN KEY (origin_id) REFERENCES passes (id),
    ADD CONSTRAINT postings_redemption_id_fkey FOREIGN KEY (redemption_id) REFERENCES redemptions (id),
    ADD CONSTRAINT postings_venue_id_fkey FOREIGN KEY (venue_id) REFERENCES venues (id),
    ADD CONSTRAINT postings_payee_id_fkey FOREIGN KEY (payee_id) REFERENCES organisations (id);
ALTER TABLE redemptions
    ADD CONSTRAINT redemptions_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations (id);
ALTER TABLE idempotency_keys
    ADD CONSTRAINT idempotency_keys_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations (id);
ALTER TABLE rollup_sums
    ADD CONSTRAINT rollup_sums_agreement_id_fkey FOREIGN KEY (agreement_id) REFERENCES agreements (id);
