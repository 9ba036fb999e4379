//! What a lane reads and writes for many redemptions at once.

mod lines;
mod written;

use diesel::prelude::*;
use uuid::Uuid;

use self::lines::Line;
pub use self::written::{Kept, Written};
use super::connection::Conn;
use super::dialect::{for_update, from_text, list_of_texts, text_of};
use super::listed::{Listed, texts};
use super::listed_row::{Row, bytes, list, rows};
use super::sql_types::Kind;
use super::unreadable;
use crate::domain::caller::{Caller, Role};
use crate::domain::ids::{AgreementId, OrganisationId, PassId, ProgrammeId, UserId, VenueId};
use crate::domain::mask::SlotMask;
use crate::domain::pass::{Pass, PassState};
use crate::domain::split::ShareBp;
use crate::domain::time::{Day, Instant, Month};

/// A pass of a batch.
pub struct Locked {
    /// The keyed hash it was found by.
    pub hash: Vec<u8>,
    /// The pass.
    pub pass: Pass,
    /// Who pays for it, in order, with their shares.
    pub shares: Vec<(AgreementId, ShareBp)>,
}

/// The passes of those keyed hashes, locked in the order of their ids; replaced lines are left
/// out.
pub fn lock_passes(conn: &mut Conn, hashes: &[&[u8]]) -> QueryResult<Vec<Locked>> {
    struct Passes;
    let agreement = text_of(conn, Kind::Id, "f.agreement_id");
    let shares = format!(
        "(SELECT string_agg({agreement} || ':' || f.share_bp, ',' ORDER BY f.position) \
         FROM pass_fundings f WHERE f.pass_id = p.id)"
    );
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
        (Kind::Text, &shares),
    ];
    let rest = format!(
        "CROSS JOIN passes p WHERE p.code_hash = {} AND p.origin_id = p.id ORDER BY p.id {}",
        from_text(conn, Kind::Bytes, 0),
        for_update(conn, "p")
    );
    let hashes: Vec<Line> = hashes.iter().map(|hash| Line::default().bytes(hash)).collect();
    let hashes = lines::list(&hashes)?;
    let statement = Listed::<Passes>::new(conn, &list(conn, &columns), &hashes, &rest);
    rows(texts(conn, statement)?).map(locked).collect()
}

fn locked(mut row: Row) -> QueryResult<Locked> {
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
    let shares = row.maybe()?.unwrap_or_default();
    let shares = shares.split(',').filter(|share| !share.is_empty()).map(share);
    Ok(Locked { hash, pass, shares: shares.collect::<QueryResult<_>>()? })
}

fn share(text: &str) -> QueryResult<(AgreementId, ShareBp)> {
    let (agreement, share) = text.split_once(':').ok_or_else(|| unreadable("share"))?;
    let agreement = Uuid::parse_str(agreement).map_err(|_| unreadable("id"))?;
    Ok((AgreementId(agreement), ShareBp(share.parse().map_err(|_| unreadable("share"))?)))
}

/// What the rule looks at beside the pass, for one request.
#[derive(Clone, Debug)]
pub struct Circumstances {
    /// The request's place in the batch.
    pub place: usize,
    /// Who sent it.
    pub caller: Caller,
    /// What its key was answered before: hash of that request, and the answer.
    pub answered: Option<(Vec<u8>, String)>,
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
    /// The last closed month.
    pub closed: Option<Month>,
}

/// A request whose circumstances are asked.
#[derive(Clone, Copy)]
pub struct About {
    /// Its place in the batch.
    pub place: usize,
    /// The venue it names.
    pub venue: VenueId,
    /// The programme of its pass.
    pub programme: ProgrammeId,
    /// Its pass.
    pub pass: PassId,
    /// Today, where the programme is.
    pub day: Day,
    /// Who sent it.
    pub user: UserId,
    /// Since when wrong codes count.
    pub since: Instant,
    /// Its key.
    pub key: Uuid,
}

impl About {
    fn line(&self) -> Line {
        Line::default()
            .text(self.place)
            .id(self.venue.0)
            .id(self.programme.0)
            .id(self.pass.0)
            .text(self.day)
            .id(self.user.0)
            .moment(self.since)
            .id(self.key)
    }
}

/// The circumstances of requests. One whose venue does not exist or whose account is not active
/// has none.
///
/// It is asked after the passes are locked: whoever had the lock before has committed its key.
pub fn circumstances(conn: &mut Conn, about: &[About]) -> QueryResult<Vec<Circumstances>> {
    struct Asked;
    let [venue, programme, pass, user] = [1, 2, 3, 5].map(|place| from_text(conn, Kind::Id, place));
    let (day, since) = (from_text(conn, Kind::Day, 4), from_text(conn, Kind::Moment, 6));
    let number = |sql: String| format!("(SELECT CAST(count(*) AS TEXT) FROM {sql})");
    let columns = [
        from_text(conn, Kind::Text, 0),
        text_of(conn, Kind::Id, "u.id"),
        text_of(conn, Kind::Id, "u.organisation_id"),
        "u.role".to_owned(),
        text_of(conn, Kind::Bool, "u.manager"),
        format!(
            "(SELECT {} || ':' || k.answer FROM idempotency_keys k \
             WHERE k.organisation_id = u.organisation_id AND k.key = {})",
            text_of(conn, Kind::Bytes, "k.request_hash"),
            from_text(conn, Kind::Id, 7)
        ),
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
        "(SELECT CAST(max(c.month) AS TEXT) FROM closed_months c)".to_owned(),
    ];
    let select = format!("SELECT {} AS line", list_of_texts(conn, &columns));
    let rest = format!(
        "CROSS JOIN users u CROSS JOIN venues v WHERE u.id = {user} AND u.active AND v.id = {venue}"
    );
    let about = lines::list(&about.iter().map(About::line).collect::<Vec<_>>())?;
    let statement = Listed::<Asked>::new(conn, &select, &about, &rest);
    rows(texts(conn, statement)?).map(circumstance).collect()
}

fn circumstance(mut row: Row) -> QueryResult<Circumstances> {
    let place = row.parsed()?;
    let caller = Caller {
        user: UserId(row.id()?),
        organisation: OrganisationId(row.id()?),
        role: row.text()?.parse::<Role>().map_err(|_| unreadable("role"))?,
        manager: row.yes()?,
    };
    let answered = row.maybe()?.map(|kept| answered(&kept)).transpose()?;
    let organisation = OrganisationId(row.id()?);
    let (accepted, labels, suspensions): (i64, i64, i64) =
        (row.parsed()?, row.parsed()?, row.parsed()?);
    let (wrong_codes, that_day) = (row.parsed()?, row.parsed()?);
    let closed = row.maybe()?.map(|month| month.parse().map_err(|_| unreadable("month")));
    let closed = closed.transpose()?.and_then(Month::from_number);
    let (accepted, labelled) = (accepted > 0, labels > 0 && suspensions == 0);
    Ok(Circumstances {
        place,
        caller,
        answered,
        organisation,
        accepted,
        labelled,
        wrong_codes,
        that_day,
        closed,
    })
}

fn answered(kept: &str) -> QueryResult<(Vec<u8>, String)> {
    let (hash, answer) = kept.split_once(':').ok_or_else(|| unreadable("answer"))?;
    Ok((bytes(hash)?, answer.to_owned()))
}
