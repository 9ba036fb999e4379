-- Whole numbers add up to a whole number, an error when it is too large. The built-in sum of bigint is a numeric: each
-- of a hundred thousand partial sums of a report would be turned into one and back where several cores add up.
CREATE AGGREGATE whole_sum(bigint) (SFUNC = int8pl, STYPE = bigint, COMBINEFUNC = int8pl, INITCOND = '0', PARALLEL = SAFE);
