-- Redemptions come in the order of their ids, so that this one grows at its end; passes and
-- payees came in no order, two pages to read and write for each posting. What is posted to a payee
-- without a redemption is what was paid.
DROP INDEX postings_by_origin;
DROP INDEX postings_by_payee;
CREATE INDEX postings_by_redemption ON postings (redemption_id) WHERE redemption_id IS NOT NULL;
CREATE INDEX postings_paid ON postings (payee_id) WHERE payee_id IS NOT NULL AND redemption_id IS NULL;

-- Each family of sums goes as far as it goes: what is folded in a moment often, the rest when many
-- wait.
CREATE TABLE rollup_marks_of_families (
    family INTEGER NOT NULL,
    day TEXT NOT NULL,
    up_to INTEGER NOT NULL,
    folded_at INTEGER NOT NULL,
    PRIMARY KEY (family, day)
) STRICT;
WITH RECURSIVE families (family) AS (SELECT 0 UNION ALL SELECT family + 1 FROM families WHERE family < 6)
INSERT INTO rollup_marks_of_families SELECT f.family, m.day, m.up_to, m.folded_at FROM rollup_marks m, families f;
DROP TABLE rollup_marks;
ALTER TABLE rollup_marks_of_families RENAME TO rollup_marks;
