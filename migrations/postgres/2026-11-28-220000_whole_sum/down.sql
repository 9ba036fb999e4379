DROP AGGREGATE whole_sum(bigint);
