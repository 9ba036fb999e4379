//! SQLite's own ceiling: what a redemption writes, prepared once, committed every so many.

use std::time::{Duration, Instant};

use rusqlite::{Connection, params};

pub fn run(database: &str, each: usize, seconds: usize) -> String {
    let mut conn = Connection::open(database).unwrap();
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 16384;",
    )
    .unwrap();
    let passes: Vec<(Vec<u8>, Vec<u8>)> = conn
        .prepare("SELECT id, programme_id FROM passes WHERE used_mask = 0 AND state = 'active' ORDER BY id DESC LIMIT 400000")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let places: Vec<Place> = conn
        .prepare(
            "SELECT v.id, v.organisation_id, u.id FROM venues v \
             JOIN users u ON u.organisation_id = v.organisation_id LIMIT 64",
        )
        .unwrap()
        .query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let begun = Instant::now();
    let ends = begun + Duration::from_secs(seconds as u64);
    let mut done: usize = 0;
    let mut passes = passes.chunks(each);
    while Instant::now() < ends {
        let Some(batch) = passes.next() else { break };
        let work = conn.transaction().unwrap();
        for (pass, _) in batch {
            let place = &places[done % places.len()];
            redeem(&work, pass, place, (each as u64) << 32 | done as u64);
            done += 1;
        }
        work.commit().unwrap();
    }
    let took = begun.elapsed().as_secs_f64();
    format!(
        "{{\"each\":{each},\"seconds\":{took:.2},\"redeemed\":{done},\"per_second\":{:.0}}}",
        done as f64 / took
    )
}

/// A venue, who runs it, and who scans there.
type Place = [Vec<u8>; 3];

/// Redemptions have ids in the order of time; their keys are a client's, in no order.
fn redeem(work: &Connection, pass: &[u8], [venue, organisation, user]: &Place, number: u64) {
    let mut id = [0_u8; 16];
    id[..8].copy_from_slice(&(0x0fff_0000_0000_0000 + number).to_be_bytes());
    id[8] = 0x80;
    let mut key = id;
    key[..8].copy_from_slice(&scattered(number).to_be_bytes());
    key[8..].copy_from_slice(&scattered(!number).to_be_bytes());
    let mut mask =
        work.prepare_cached("SELECT used_mask, units, state FROM passes WHERE id = ?1").unwrap();
    let (_, units, _): (i64, i64, String) =
        mask.query_row([pass], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    assert!(units > 0);
    let mut kept = work
        .prepare_cached("SELECT 1 FROM idempotency_keys WHERE organisation_id = ?1 AND key = ?2")
        .unwrap();
    assert!(!kept.exists(params![organisation, &key[..]]).unwrap());
    work.prepare_cached("UPDATE passes SET used_mask = 1, version = version + 1 WHERE id = ?1")
        .unwrap()
        .execute([pass])
        .unwrap();
    work.prepare_cached(
        "INSERT INTO redemptions (id, pass_id, origin_id, slot, venue_id, organisation_id, user_id, theme, minutes, mode, \
         workshop_day, redeemed_at, price_cents, training, reversed) \
         VALUES (?1, ?2, ?2, 1, ?3, ?4, ?5, 'creer_une_boite_mail', NULL, NULL, '2026-11-23', 1, 1000, 0, 0)",
    )
    .unwrap()
    .execute(params![&id[..], pass, venue, organisation, user])
    .unwrap();
    let mut posting = work
        .prepare_cached(
            "INSERT INTO postings (kind, from_account, to_account, agreement_id, amount_cents, month, workshop_month, \
             origin_id, redemption_id, venue_id, payee_id, workshops, starts, lead, recorded_at) \
             SELECT 'consumption', 'committed', 'payable', agreement_id, amount_cents / 10, 24323, 24323, ?1, ?2, ?3, ?4, 1, 1, \
             position = 0, 1 FROM pass_fundings WHERE pass_id = ?1",
        )
        .unwrap();
    posting.execute(params![pass, &id[..], venue, organisation]).unwrap();
    work.prepare_cached(
        "INSERT INTO idempotency_keys (organisation_id, key, request_hash, answer, personal, created_at) \
         VALUES (?1, ?2, ?3, ?4, 0, 1)",
    )
    .unwrap()
    .execute(params![organisation, &key[..], &[7_u8; 32][..], "{\"Done\":{\"id\":\"0199aaaa-0000-7000-8000-000000000000\",\"pass_id\":\"0199aaaa-0000-7000-8000-000000000000\",\"slot\":1,\"remaining\":9,\"last_day\":\"2027-05-23\",\"theme\":\"creer_une_boite_mail\",\"venue_id\":\"0199aaaa-0000-7000-8000-000000000000\",\"workshop_day\":\"2026-11-23\",\"redeemed_at\":\"2026-11-23T12:00:00.000000Z\",\"price_cents\":1000}}"])
    .unwrap();
}

/// The finisher of SplitMix64: neighbours end far from each other.
fn scattered(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
