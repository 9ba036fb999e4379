-- Sums by commune of residence of whole quarters and years, by their first month: reports need not add up those of all months.
-- Nobody folds between the two copies.
LOCK TABLE rollup_marks IN SHARE ROW EXCLUSIVE MODE;
CREATE TABLE rollup_sums_by_home_commune_and_quarter PARTITION OF rollup_sums FOR VALUES IN (8) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_home_commune_and_year PARTITION OF rollup_sums FOR VALUES IN (9) WITH (fillfactor = 60);
INSERT INTO rollup_sums (family, month, workshop_month, agreement_id, kind, lead, venue_id, theme, prescriber_id, home_commune, departement, age_band, publics,
        postings, workshops, starts, amount_cents)
    SELECT 8, month - (month % 100 - 1) % 3, workshop_month - (workshop_month % 100 - 1) % 3, agreement_id, kind, lead,
        venue_id, theme, prescriber_id, home_commune, departement, age_band, publics,
        sum(postings), sum(workshops), sum(starts), sum(amount_cents)
    FROM rollup_sums WHERE family = 6 GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13;
INSERT INTO rollup_marks (family, day, up_to, folded_at)
    SELECT 8, day, up_to, folded_at FROM rollup_marks WHERE family = 6;
INSERT INTO rollup_sums (family, month, workshop_month, agreement_id, kind, lead, venue_id, theme, prescriber_id, home_commune, departement, age_band, publics,
        postings, workshops, starts, amount_cents)
    SELECT 9, month - (month % 100 - 1) % 12, workshop_month - (workshop_month % 100 - 1) % 12, agreement_id, kind, lead,
        venue_id, theme, prescriber_id, home_commune, departement, age_band, publics,
        sum(postings), sum(workshops), sum(starts), sum(amount_cents)
    FROM rollup_sums WHERE family = 6 GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13;
INSERT INTO rollup_marks (family, day, up_to, folded_at)
    SELECT 9, day, up_to, folded_at FROM rollup_marks WHERE family = 6;
ANALYZE rollup_sums_by_home_commune_and_quarter, rollup_sums_by_home_commune_and_year;
