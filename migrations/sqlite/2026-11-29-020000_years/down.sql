DELETE FROM rollup_marks WHERE family IN (8, 9);
DELETE FROM rollup_sums WHERE family IN (8, 9);
