DELETE FROM rollup_marks WHERE family = 7;
ALTER TABLE rollup_sums RENAME TO rollup_sums_by_departement;
CREATE TABLE rollup_sums (
    family INTEGER NOT NULL,
    month INTEGER NOT NULL,
    workshop_month INTEGER NOT NULL,
    agreement_id BLOB NOT NULL REFERENCES agreements (id),
    kind TEXT NOT NULL,
    lead INTEGER NOT NULL,
    venue_id BLOB NOT NULL,
    theme TEXT NOT NULL,
    prescriber_id BLOB NOT NULL,
    home_commune TEXT NOT NULL,
    age_band TEXT NOT NULL,
    publics TEXT NOT NULL,
    postings INTEGER NOT NULL,
    workshops INTEGER NOT NULL,
    starts INTEGER NOT NULL,
    amount_cents INTEGER NOT NULL,
    PRIMARY KEY (family, month, agreement_id, workshop_month, kind, lead, venue_id, theme, prescriber_id, home_commune, age_band, publics)
) STRICT, WITHOUT ROWID;
INSERT INTO rollup_sums (family, month, workshop_month, agreement_id, kind, lead, venue_id, theme, prescriber_id, home_commune,
        age_band, publics, postings, workshops, starts, amount_cents)
    SELECT family, month, workshop_month, agreement_id, kind, lead, venue_id, theme, prescriber_id, home_commune,
        age_band, publics, postings, workshops, starts, amount_cents
    FROM rollup_sums_by_departement WHERE family < 7;
DROP TABLE rollup_sums_by_departement;
