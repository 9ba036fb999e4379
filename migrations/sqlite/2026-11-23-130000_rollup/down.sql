DROP TABLE rollup_sums;
DROP TABLE rollup_marks;
