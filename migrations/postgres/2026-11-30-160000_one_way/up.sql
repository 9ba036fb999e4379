-- Redeeming locks what it reads: nothing is guarded by versions, and nothing is known from before.
DROP TRIGGER programme_venues_are_circumstances ON programme_venues;
DROP TRIGGER suspensions_are_circumstances ON suspensions;
DROP TRIGGER labels_are_circumstances ON labels;
DROP TRIGGER venues_are_circumstances ON venues;
DROP TRIGGER programmes_are_circumstances ON programmes;
DROP FUNCTION circumstances_changed();
DROP TABLE circumstances;
DROP FUNCTION all_changed(bigint, integer);
DROP TYPE new_answer, new_posting, new_redemption, change_of_pass, asked_place, asked_redemption;
ALTER TABLE passes DROP COLUMN version;
ALTER TABLE agreements DROP COLUMN version;

-- What refers to a row is held by the database again, and by no trigger.
DROP TRIGGER redemptions_stay ON redemptions;
DROP TRIGGER passes_stay ON passes;
DROP TRIGGER agreements_stay ON agreements;
DROP TRIGGER venues_stay ON venues;
DROP TRIGGER users_stay ON users;
DROP TRIGGER organisations_stay ON organisations;
DROP FUNCTION referred_to_stays();
ALTER TABLE postings
    ADD CONSTRAINT postings_agreement_id_fkey FOREIGN KEY (agreement_id) REFERENCES agreements (id),
    ADD CONSTRAINT postings_origin_id_fkey FOREIGN KEY (origin_id) REFERENCES passes (id),
    ADD CONSTRAINT postings_redemption_id_fkey FOREIGN KEY (redemption_id) REFERENCES redemptions (id),
    ADD CONSTRAINT postings_venue_id_fkey FOREIGN KEY (venue_id) REFERENCES venues (id),
    ADD CONSTRAINT postings_payee_id_fkey FOREIGN KEY (payee_id) REFERENCES organisations (id);
ALTER TABLE redemptions
    ADD CONSTRAINT redemptions_pass_id_fkey FOREIGN KEY (pass_id) REFERENCES passes (id),
    ADD CONSTRAINT redemptions_venue_id_fkey FOREIGN KEY (venue_id) REFERENCES venues (id),
    ADD CONSTRAINT redemptions_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations (id),
    ADD CONSTRAINT redemptions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id);

-- A batch asks for the keys of many organisations at once: by the key, which hardly two share.
ALTER TABLE idempotency_keys
    DROP CONSTRAINT idempotency_keys_pkey,
    ADD PRIMARY KEY (key, organisation_id),
    ADD CONSTRAINT idempotency_keys_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations (id);

-- Which programmes accept a venue.
CREATE INDEX programme_venues_by_venue ON programme_venues (venue_id);
