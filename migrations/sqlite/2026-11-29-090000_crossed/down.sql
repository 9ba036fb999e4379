DELETE FROM rollup_marks WHERE family IN (10, 11, 12, 13);
DELETE FROM rollup_sums WHERE family IN (10, 11, 12, 13);
