DELETE FROM rollup_marks WHERE family IN (8, 9);
DROP TABLE rollup_sums_by_home_commune_and_year;
DROP TABLE rollup_sums_by_home_commune_and_quarter;
