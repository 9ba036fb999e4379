DROP TYPE new_sum;
DELETE FROM rollup_marks WHERE family = 7;
DROP TABLE rollup_sums_by_departement;
ALTER TABLE rollup_sums DROP CONSTRAINT rollup_sums_pkey;
ALTER TABLE rollup_sums DROP COLUMN departement;
ALTER TABLE rollup_sums ADD PRIMARY KEY (family, month, agreement_id, workshop_month, kind, lead, venue_id,
    theme, prescriber_id, home_commune, age_band, publics);
