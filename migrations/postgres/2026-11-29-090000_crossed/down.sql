DELETE FROM rollup_marks WHERE family IN (10, 11, 12, 13);
DROP TABLE rollup_sums_by_prescriber_and_public;
DROP TABLE rollup_sums_by_theme_and_public;
DROP TABLE rollup_sums_by_theme_and_age_band;
DROP TABLE rollup_sums_by_age_band_and_public;
