-- Sums by age band with publics, theme with either, prescriber with publics, and département of residence. The service folds them by itself.
SELECT 1;
