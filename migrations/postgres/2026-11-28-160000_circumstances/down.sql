ALTER TABLE rollup_sums RENAME TO rollup_sums_apart;
ALTER TABLE rollup_sums_apart RENAME CONSTRAINT rollup_sums_pkey TO rollup_sums_apart_pkey;
CREATE TABLE rollup_sums (
    LIKE rollup_sums_apart,
    PRIMARY KEY (family, month, agreement_id, workshop_month, kind, lead, venue_id, theme, prescriber_id, home_commune, age_band, publics)
) WITH (fillfactor = 60);
INSERT INTO rollup_sums SELECT * FROM rollup_sums_apart;
DROP TABLE rollup_sums_apart;
ALTER TABLE passes SET (fillfactor = 80);
DROP TYPE new_answer;
DROP TYPE new_posting;
DROP TYPE new_redemption;
DROP TYPE change_of_pass;
DROP TYPE asked_place;
DROP TYPE asked_redemption;
DROP TRIGGER programme_venues_are_circumstances ON programme_venues;
DROP TRIGGER suspensions_are_circumstances ON suspensions;
DROP TRIGGER labels_are_circumstances ON labels;
DROP TRIGGER venues_are_circumstances ON venues;
DROP TRIGGER programmes_are_circumstances ON programmes;
DROP FUNCTION circumstances_changed();
DROP TABLE circumstances;
