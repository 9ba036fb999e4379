-- Sums by age band with publics, theme with either, prescriber with publics, and département of residence. The service folds them by itself.
CREATE TABLE rollup_sums_by_age_band_and_public PARTITION OF rollup_sums FOR VALUES IN (10) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_theme_and_age_band PARTITION OF rollup_sums FOR VALUES IN (11) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_theme_and_public PARTITION OF rollup_sums FOR VALUES IN (12) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_prescriber_and_public PARTITION OF rollup_sums FOR VALUES IN (13) WITH (fillfactor = 60);
