//! An organisation's letterhead: a logo and two lines of its own on the passes it hands over.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Op, Outcome, Services};
use crate::domain::caller::{Caller, Role};
use crate::domain::ids::OrganisationId;
use crate::domain::refusal::{Check, Refused};
use crate::store;
use crate::store::letterhead::LetterheadRow;

/// The longest line.
pub const LONGEST_LINE: usize = 90;

/// The two lines of a letterhead.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LetterheadLines {
    /// At most two lines of at most 90 signs; an empty list takes them away.
    #[schema(example = json!(["12 rue de la Paix, 16000 Angoulême", "Accueil : 05 45 00 00 00"]))]
    pub lines: Vec<String>,
}

/// A letterhead.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct LetterheadView {
    /// Its lines.
    pub lines: Vec<String>,
    /// Whether it has a logo, at `/organisations/{id}/logo.png`.
    pub has_logo: bool,
}

/// A letterhead as the paper bears it.
#[derive(Clone, Debug, Default)]
pub struct OnPaper {
    /// Its lines.
    pub lines: Vec<String>,
    /// Its logo, PNG.
    pub logo: Option<Vec<u8>>,
}

/// Sets the two lines.
///
/// # Errors
/// `not_found` for another organisation, or lines that are too long.
pub fn set_lines(
    services: &Services,
    caller: &Caller,
    organisation: OrganisationId,
    request: &LetterheadLines,
) -> Outcome<LetterheadView> {
    let mut check = Check::default();
    let detail = "Un en-tête compte deux lignes au plus.";
    check.that(request.lines.len() <= 2, "/lines", "out_of_range", detail);
    for (position, line) in request.lines.iter().enumerate() {
        let fits = line.chars().count() <= LONGEST_LINE && !line.chars().any(char::is_control);
        let detail = "Une ligne compte 90 signes au plus.";
        let pointer = format!("/lines/{position}");
        check.that(fits, &pointer, "out_of_range", detail);
        check.no_code(line, &pointer);
    }
    check.done()?;
    let line = |at: usize| request.lines.get(at).map(|line| line.trim().to_owned());
    change(services, caller, organisation, |row| {
        row.first_line = line(0).unwrap_or_default();
        row.second_line = line(1).unwrap_or_default();
    })
}

/// Sets the logo, already checked and made small; `None` takes it away.
///
/// # Errors
/// `not_found` for another organisation.
pub fn set_logo(
    services: &Services,
    caller: &Caller,
    organisation: OrganisationId,
    png: Option<&[u8]>,
) -> Outcome<LetterheadView> {
    change(services, caller, organisation, |row| row.logo_png = png.map(<[u8]>::to_vec))
}

/// An organisation's letterhead.
///
/// # Errors
/// `not_found` for another organisation.
pub fn read(
    services: &Services,
    caller: &Caller,
    organisation: OrganisationId,
) -> Outcome<LetterheadView> {
    services.read(|op| {
        must_be_own(op, caller, organisation)?;
        Ok(on_paper(op, organisation)?.into())
    })
}

/// An organisation's logo, PNG.
///
/// # Errors
/// `not_found` for another organisation, or when there is none.
pub fn logo(
    services: &Services,
    caller: &Caller,
    organisation: OrganisationId,
) -> Outcome<Vec<u8>> {
    services.read(|op| {
        must_be_own(op, caller, organisation)?;
        let logo = on_paper(op, organisation)?.logo;
        Ok(logo.ok_or_else(Refused::not_found)?)
    })
}

pub(super) fn on_paper(op: &mut Op<'_>, organisation: OrganisationId) -> Outcome<OnPaper> {
    let Some(row) = store::letterhead::of_organisation(op.conn, organisation)? else {
        return Ok(OnPaper::default());
    };
    let lines = [row.first_line, row.second_line];
    let lines = lines.into_iter().filter(|line| !line.is_empty()).collect();
    Ok(OnPaper { lines, logo: row.logo_png })
}

impl From<OnPaper> for LetterheadView {
    fn from(paper: OnPaper) -> Self {
        Self { has_logo: paper.logo.is_some(), lines: paper.lines }
    }
}

fn must_be_own(op: &mut Op<'_>, caller: &Caller, organisation: OrganisationId) -> Outcome<()> {
    let own = caller.role == Role::Operator || caller.organisation == organisation;
    let found = store::organisation::by_id(op.conn, organisation)?;
    if own && found.is_some() { Ok(()) } else { Err(Refused::not_found().into()) }
}

fn change(
    services: &Services,
    caller: &Caller,
    organisation: OrganisationId,
    set: impl Fn(&mut LetterheadRow),
) -> Outcome<LetterheadView> {
    services.write(|op| {
        must_be_own(op, caller, organisation)?;
        let before = store::letterhead::of_organisation(op.conn, organisation)?;
        let mut row = before.unwrap_or_else(|| LetterheadRow {
            organisation_id: organisation,
            first_line: String::new(),
            second_line: String::new(),
            logo_png: None,
            changed_by: caller.user,
            changed_at: op.now,
        });
        set(&mut row);
        (row.changed_by, row.changed_at) = (caller.user, op.now);
        store::letterhead::save(op.conn, &row)?;
        Ok(on_paper(op, organisation)?.into())
    })
}
