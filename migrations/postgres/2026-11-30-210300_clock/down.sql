ALTER TABLE programmes DROP COLUMN over_since;
DROP TABLE clock_marks;
