//! A programme as the operator sees it: its plan tier by tier, with what each funder paid in, what
//! is promised and what is owed.

use std::collections::BTreeMap;

use super::agreements::AgreementView;
use super::programmes::ProgrammeView;
use super::{Op, Outcome, Services};
use crate::domain::ids::{AgreementId, ProgrammeId};
use crate::domain::refusal::Refused;
use crate::domain::time::{Day, Zone};
use crate::store;
use crate::store::account::AccountRow;

/// Most agreements a plan is shown with; a real one has a dozen.
const MOST: i64 = 500;

/// An agreement with the balances of its accounts, in cents.
#[derive(Clone, Debug)]
pub struct PlanLine {
    /// The agreement.
    pub agreement: AgreementView,
    /// Who pays.
    pub funder_name: String,
    /// Received, less what was paid out and given back.
    pub cash: i64,
    /// Promised to passes and not used yet.
    pub committed: i64,
    /// Used and not paid yet.
    pub payable: i64,
}

impl PlanLine {
    /// What is missing in cash for what is promised or owed; zero when nothing is.
    #[must_use]
    pub fn missing(&self) -> i64 {
        (self.committed + self.payable - self.cash).max(0)
    }
}

/// The agreements that pay together.
#[derive(Clone, Debug)]
pub struct Tier {
    /// Its place, 1 first.
    pub number: i32,
    /// What the shares valid today add up to, in basis points.
    pub share_bp: i32,
    /// The agreements.
    pub lines: Vec<PlanLine>,
}

/// A programme and all that hangs on it.
#[derive(Clone, Debug)]
pub struct ProgrammeFile {
    /// Its settings.
    pub programme: ProgrammeView,
    /// Its funding plan.
    pub tiers: Vec<Tier>,
    /// How many organisations may hand out its passes.
    pub prescribers: usize,
    /// How many venues may redeem them.
    pub venues: usize,
    /// Whether a pass was handed over, after which the price does not change.
    pub begun: bool,
}

/// The programme of that id.
///
/// # Errors
/// `not_found`.
pub fn read_programme(services: &Services, id: ProgrammeId) -> Outcome<ProgrammeFile> {
    services.read(|op| {
        let programme = store::programme::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
        let today = op.now.day_in(programme.zone);
        let tiers = tiers(lines(op, id)?, today.max(programme.first_day));
        Ok(ProgrammeFile {
            tiers,
            prescribers: store::programme_member::prescribers(op.conn, id)?.len(),
            venues: store::programme_member::accepted_venues(op.conn, id)?.len(),
            begun: store::pass::any_of_programme(op.conn, id)?,
            programme: programme.into(),
        })
    })
}

/// Every programme of the installation that is not over, and those that are, the latest first.
///
/// # Errors
/// A failure of the database.
pub fn by_end(services: &Services) -> Outcome<(Vec<ProgrammeView>, Vec<ProgrammeView>)> {
    let (mut all, today) = services.read(|op| {
        let all = store::programme::page(op.conn, ProgrammeId(uuid::Uuid::nil()), MOST)?;
        Ok((all, op.now.day_in(Zone::PARIS)))
    })?;
    all.sort_by_key(|programme| std::cmp::Reverse((programme.first_day, programme.id)));
    let all = all.into_iter().map(ProgrammeView::from);
    Ok(all.partition(|programme| today <= programme.last_day))
}

/// The agreements of a programme with their balances, in the order of the plan.
pub(super) fn lines(op: &mut Op<'_>, programme: ProgrammeId) -> Outcome<Vec<PlanLine>> {
    let accounts = store::account::balances(op.conn, Some(programme))?.into_iter().collect();
    lines_with(op, programme, &accounts)
}

/// As [`lines`], with balances that were read before.
pub(super) fn lines_with(
    op: &mut Op<'_>,
    programme: ProgrammeId,
    accounts: &BTreeMap<AgreementId, AccountRow>,
) -> Outcome<Vec<PlanLine>> {
    let nothing = AgreementId(uuid::Uuid::nil());
    let rows = store::agreement::page(op.conn, programme, nothing, MOST)?;
    let mut lines = Vec::new();
    for row in rows {
        let account = accounts.get(&row.id);
        let funder = store::organisation::by_id(op.conn, row.funder_id)?;
        lines.push(line(row.into(), account, funder.ok_or_else(Refused::not_found)?.name));
    }
    lines.sort_by_key(|line| (line.agreement.tier, line.agreement.id));
    Ok(lines)
}

fn line(agreement: AgreementView, account: Option<&AccountRow>, funder_name: String) -> PlanLine {
    PlanLine {
        agreement,
        funder_name,
        cash: account.map_or(0, |account| account.cash),
        committed: account.map_or(0, |account| account.committed),
        payable: account.map_or(0, |account| account.payable),
    }
}

fn tiers(lines: Vec<PlanLine>, day: Day) -> Vec<Tier> {
    let mut tiers: Vec<Tier> = Vec::new();
    for line in lines {
        let agreement = &line.agreement;
        let number = agreement.tier;
        let begun = agreement.valid_from.is_none_or(|from| from <= day);
        let share_bp = match agreement.valid_until {
            Some(until) if until < day => 0,
            _ if begun => agreement.share_bp,
            _ => 0,
        };
        match tiers.last_mut().filter(|tier| tier.number == number) {
            Some(tier) => {
                tier.share_bp += share_bp;
                tier.lines.push(line);
            }
            None => tiers.push(Tier { number, share_bp, lines: vec![line] }),
        }
    }
    tiers
}

/// An agreement with its programme, for the page where its money is recorded.
///
/// # Errors
/// `not_found`.
pub fn read_agreement(services: &Services, id: AgreementId) -> Outcome<(ProgrammeView, PlanLine)> {
    services.read(|op| {
        let row = store::agreement::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
        let programme = row.programme_id;
        let found = lines(op, programme)?.into_iter().find(|line| line.agreement.id == id.0);
        let programme = store::programme::by_id(op.conn, programme)?;
        let programme = programme.ok_or_else(Refused::not_found)?;
        Ok((programme.into(), found.ok_or_else(Refused::not_found)?))
    })
}
