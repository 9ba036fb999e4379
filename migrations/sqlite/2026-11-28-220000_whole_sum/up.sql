-- PostgreSQL's sum of whole numbers is no whole number; here it is one.
SELECT 1;
