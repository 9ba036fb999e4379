//! What a lane reads and writes for many redemptions at once: one statement each, whatever the
//! size of the batch.

use diesel::prelude::*;
use uuid::Uuid;

use super::connection::Conn;
use super::dialect::{self, for_update, from_text, list_of_texts, text_of};
use super::listed::{Listed, texts};
use super::sql_types::Kind;
use super::unreadable;
use crate::domain::caller::{Caller, Role};
use crate::domain::ids::{AgreementId, OrganisationId, PassId, ProgrammeId, UserId};
use crate::domain::mask::SlotMask;
use crate::domain::pass::{Pass, PassState};
use crate::domain::split::ShareBp;

type Texts = Vec<Option<String>>;

/// Reads the texts of a row from the left.
struct Row(std::vec::IntoIter<Option<String>>);

impl Row {
    fn maybe(&mut self) -> QueryResult<Option<String>> {
        self.0.next().ok_or_else(|| unreadable("row"))
    }

    fn text(&mut self) -> QueryResult<String> {
        self.maybe()?.ok_or_else(|| unreadable("row"))
    }

    fn id(&mut self) -> QueryResult<Uuid> {
        Uuid::parse_str(&self.text()?).map_err(|_| unreadable("id"))
    }

    fn parsed<T: std::str::FromStr>(&mut self) -> QueryResult<T> {
        self.text()?.parse().map_err(|_| unreadable("number"))
    }

    fn yes(&mut self) -> QueryResult<bool> {
        Ok(self.text()? == "1")
    }
}

fn list(conn: &Conn, columns: &[(Kind, &str)]) -> String {
    let texts: Vec<String> =
        columns.iter().map(|(kind, column)| text_of(conn, *kind, column)).collect();
    format!("SELECT {} AS line", list_of_texts(conn, &texts))
}

fn rows(found: Vec<Texts>) -> impl Iterator<Item = Row> {
    found.into_iter().map(|texts| Row(texts.into_iter()))
}

/// The active accounts of those ids.
pub fn callers(conn: &mut Conn, ids: &str) -> QueryResult<Vec<Caller>> {
    struct Callers;
    let columns = [
        (Kind::Id, "u.id"),
        (Kind::Id, "u.organisation_id"),
        (Kind::Text, "u.role"),
        (Kind::Bool, "u.manager"),
    ];
    let rest =
        format!("CROSS JOIN users u WHERE u.id = {} AND u.active", from_text(conn, Kind::Id, 0));
    let statement = Listed::<Callers>::new(conn, &list(conn, &columns), ids, &rest);
    rows(texts(conn, statement)?)
        .map(|mut row| {
            Ok(Caller {
                user: UserId(row.id()?),
                organisation: OrganisationId(row.id()?),
                role: row.text()?.parse::<Role>().map_err(|_| unreadable("role"))?,
                manager: row.yes()?,
            })
        })
        .collect()
}

/// Organisation, key, hash of the request, answer.
pub type Kept = (Uuid, Uuid, Vec<u8>, String);

/// What the keys were answered.
pub fn answers(conn: &mut Conn, keys: &str) -> QueryResult<Vec<Kept>> {
    struct Answers;
    let columns = [
        (Kind::Id, "k.organisation_id"),
        (Kind::Id, "k.key"),
        (Kind::Bytes, "k.request_hash"),
        (Kind::Text, "k.answer"),
    ];
    let rest = format!(
        "CROSS JOIN idempotency_keys k WHERE k.organisation_id = {} AND k.key = {}",
        from_text(conn, Kind::Id, 0),
        from_text(conn, Kind::Id, 1)
    );
    let statement = Listed::<Answers>::new(conn, &list(conn, &columns), keys, &rest);
    rows(texts(conn, statement)?)
        .map(|mut row| Ok((row.id()?, row.id()?, bytes(&row.text()?)?, row.text()?)))
        .collect()
}

fn bytes(text: &str) -> QueryResult<Vec<u8>> {
    (0..text.len())
        .step_by(2)
        .map(|at| text.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok()))
        .collect::<Option<_>>()
        .ok_or_else(|| unreadable("bytes"))
}

/// The passes of those keyed hashes, locked in the order of their ids; replaced lines are left
/// out. With each, the hash it was found by.
pub fn lock_passes(conn: &mut Conn, hashes: &str) -> QueryResult<Vec<(Vec<u8>, Pass)>> {
    struct Passes;
    let columns = [
        (Kind::Bytes, "p.code_hash"),
        (Kind::Id, "p.id"),
        (Kind::Text, "p.serial"),
        (Kind::Id, "p.programme_id"),
        (Kind::Id, "p.prescriber_id"),
        (Kind::Whole, "p.units"),
        (Kind::Whole, "p.used_mask"),
        (Kind::Text, "p.state"),
        (Kind::Day, "p.first_day"),
        (Kind::Day, "p.last_day"),
        (Kind::Day, "p.redeemable_until"),
        (Kind::Bool, "p.released"),
        (Kind::Bool, "p.training"),
    ];
    let rest = format!(
        "CROSS JOIN passes p WHERE p.code_hash = {} AND p.origin_id = p.id ORDER BY p.id {}",
        from_text(conn, Kind::Bytes, 0),
        for_update(conn, "p")
    );
    let statement = Listed::<Passes>::new(conn, &list(conn, &columns), hashes, &rest);
    rows(texts(conn, statement)?).map(pass).collect()
}

fn pass(mut row: Row) -> QueryResult<(Vec<u8>, Pass)> {
    let hash = bytes(&row.text()?)?;
    let id = PassId(row.id()?);
    let pass = Pass {
        id,
        origin: id,
        serial: row.text()?,
        programme: ProgrammeId(row.id()?),
        prescriber: OrganisationId(row.id()?),
        units: row.parsed()?,
        mask: SlotMask(row.parsed()?),
        state: PassState::from_name(&row.text()?).ok_or_else(|| unreadable("state"))?,
        first_day: row.parsed()?,
        last_day: row.parsed()?,
        redeemable_until: row.parsed()?,
        released: row.yes()?,
        training: row.yes()?,
        handed_over_at: None,
    };
    Ok((hash, pass))
}

/// What the rule looks at beside the pass, for one request.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances {
    /// The request's place in the batch.
    pub place: usize,
    /// Who runs the venue.
    pub organisation: OrganisationId,
    /// Whether the programme accepts the venue.
    pub accepted: bool,
    /// Whether the venue had a label that day.
    pub labelled: bool,
    /// How many wrong codes the person had lately.
    pub wrong_codes: i64,
    /// How often the pass was validated that day.
    pub that_day: usize,
}

/// The circumstances of requests: place, venue, programme, pass, day, person, since when wrong
/// codes count. A venue that does not exist has none.
pub fn circumstances(conn: &mut Conn, asked: &str) -> QueryResult<Vec<Circumstances>> {
    struct Asked;
    let [venue, programme, pass, user] = [1, 2, 3, 5].map(|place| from_text(conn, Kind::Id, place));
    let (day, since) = (from_text(conn, Kind::Day, 4), from_text(conn, Kind::Moment, 6));
    let number = |sql: String| format!("(SELECT CAST(count(*) AS TEXT) FROM {sql})");
    let columns = [
        from_text(conn, Kind::Text, 0),
        text_of(conn, Kind::Id, "v.organisation_id"),
        number(format!(
            "programme_venues m WHERE m.programme_id = {programme} AND m.venue_id = v.id"
        )),
        number(format!(
            "labels l WHERE l.venue_id = v.id AND l.valid_from <= {day} AND l.valid_until >= {day}"
        )),
        number(format!(
            "suspensions s WHERE s.venue_id = v.id AND s.suspended_from <= {day} \
             AND (s.suspended_until IS NULL OR s.suspended_until >= {day})"
        )),
        number(format!("wrong_codes w WHERE w.user_id = {user} AND w.at > {since}")),
        // Hidden from the planner, which would begin with the day while the table is empty, and
        // keep to it.
        number(format!(
            "redemptions r WHERE r.origin_id = {pass} AND NOT r.reversed \
             AND coalesce(r.workshop_day, r.workshop_day) = {day}"
        )),
    ];
    let select = format!("SELECT {} AS line", list_of_texts(conn, &columns));
    let rest = format!("CROSS JOIN venues v WHERE v.id = {venue}");
    let statement = Listed::<Asked>::new(conn, &select, asked, &rest);
    rows(texts(conn, statement)?)
        .map(|mut row| {
            let (place, organisation) = (row.parsed()?, OrganisationId(row.id()?));
            let (accepted, labels, suspensions): (i64, i64, i64) =
                (row.parsed()?, row.parsed()?, row.parsed()?);
            Ok(Circumstances {
                place,
                organisation,
                accepted: accepted > 0,
                labelled: labels > 0 && suspensions == 0,
                wrong_codes: row.parsed()?,
                that_day: row.parsed()?,
            })
        })
        .collect()
}

/// Who pays for those passes, in order, with their shares.
pub fn shares(conn: &mut Conn, passes: &str) -> QueryResult<Vec<(PassId, AgreementId, ShareBp)>> {
    struct Shares;
    let columns =
        [(Kind::Id, "f.pass_id"), (Kind::Id, "f.agreement_id"), (Kind::Whole, "f.share_bp")];
    let rest = format!(
        "CROSS JOIN pass_fundings f WHERE f.pass_id = {} ORDER BY f.pass_id, f.position",
        from_text(conn, Kind::Id, 0)
    );
    let statement = Listed::<Shares>::new(conn, &list(conn, &columns), passes, &rest);
    rows(texts(conn, statement)?)
        .map(|mut row| Ok((PassId(row.id()?), AgreementId(row.id()?), ShareBp(row.parsed()?))))
        .collect()
}

/// Sets the used slots of passes.
pub fn set_masks(conn: &mut Conn, masks: &str) -> QueryResult<usize> {
    struct Masks;
    let update = format!(
        "UPDATE passes SET used_mask = {}, version = version + 1",
        from_text(conn, Kind::Whole, 1)
    );
    let rest = format!("WHERE id = {}", from_text(conn, Kind::Id, 0));
    Listed::<Masks>::new(conn, &update, masks, &rest).execute(conn)
}

macro_rules! inserts {
    ($($(#[$doc:meta])* $name:ident $marker:ident $table:literal [$($column:literal $kind:ident),+ $(,)?];)+) => {
        $($(#[$doc])*
        pub fn $name(conn: &mut Conn, list: &str) -> QueryResult<usize> {
            struct $marker;
            let columns = [$(($column, Kind::$kind)),+];
            insert::<$marker>(conn, $table, &columns, list)
        })+
    };
}

inserts! {
    /// Adds redemptions.
    add_redemptions Redemptions "redemptions" [
        "id" Id, "pass_id" Id, "origin_id" Id, "slot" Whole, "venue_id" Id, "organisation_id" Id,
        "user_id" Id, "theme" Text, "minutes" Whole, "mode" Text, "workshop_day" Day,
        "redeemed_at" Moment, "price_cents" Whole, "training" Bool, "reversed" Bool,
    ];
    /// Adds postings, numbered by the journal.
    add_postings Postings "postings" [
        "kind" Text, "from_account" Text, "to_account" Text, "agreement_id" Id,
        "amount_cents" Whole, "month" Whole, "workshop_month" Whole, "origin_id" Id,
        "redemption_id" Id, "venue_id" Id, "payee_id" Id, "workshops" Whole, "starts" Whole,
        "lead" Bool, "recorded_at" Moment,
    ];
    /// Keeps answers.
    keep_answers Answers "idempotency_keys" [
        "organisation_id" Id, "key" Id, "request_hash" Bytes, "answer" Text, "personal" Bool,
        "created_at" Moment,
    ];
}

fn insert<Q: 'static>(
    conn: &mut Conn,
    table: &str,
    columns: &[(&str, Kind)],
    list: &str,
) -> QueryResult<usize> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let values: Vec<String> = columns
        .iter()
        .enumerate()
        .map(|(place, (_, kind))| from_text(conn, *kind, place))
        .collect();
    let into = format!("INSERT INTO {table} ({}) SELECT {}", names.join(", "), values.join(", "));
    Listed::<Q>::new(conn, &into, list, "").execute(conn)
}

/// The engine's settings for a batch.
pub fn prepare(conn: &mut Conn) -> QueryResult<()> {
    dialect::plan_for_lists(conn)
}
