DROP TRIGGER postings_of_closed_months ON postings;
DROP FUNCTION postings_of_closed_months();
DROP TRIGGER postings_stay ON postings;
DROP FUNCTION postings_stay();
CREATE FUNCTION postings_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'a posting is never changed';
    END IF;
    IF NEW.month <= (SELECT max(month) FROM closed_months) THEN
        RAISE EXCEPTION 'the month of this posting is closed';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER postings_stay BEFORE INSERT OR UPDATE OR DELETE ON postings
    FOR EACH ROW EXECUTE FUNCTION postings_stay();
DROP TABLE rollup_sums;
DROP TABLE rollup_marks;
CREATE INDEX postings_by_agreement ON postings (agreement_id, number);
CREATE INDEX postings_by_redemption ON postings (redemption_id);
ALTER TABLE passes RESET (fillfactor);
