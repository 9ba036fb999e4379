//! Use cases, one file a verb: the only code that writes. Pages, API and command line call
//! these and translate.

mod accept_scan;
pub mod accounting_months;
pub mod agreement_account;
pub mod agreements;
pub mod alerts;
pub mod approve_statement;
pub mod audit;
pub mod audit_desk;
mod backdated_scans;
pub mod bank_details;
pub mod change_pass;
pub mod check_pass;
mod check_venue;
pub mod clock_mark;
pub mod close_month;
pub mod colleagues;
pub mod commune_code;
pub mod count_stock;
pub mod desk;
pub mod downloads;
pub mod end_programme;
pub mod ending;
pub mod error;
pub mod export_installation;
pub mod export_redemptions;
pub mod export_venues;
pub mod exported_row;
pub mod find_organisations;
pub mod find_pass;
pub mod find_venues;
pub mod funding_calls;
pub mod generate;
pub mod guessing;
pub mod hand_over;
pub mod hand_over_stock;
pub mod handed_over;
pub mod handover_request;
pub mod holder;
pub mod idempotency;
pub mod import_installation;
mod import_line;
pub mod import_venues;
pub mod imported;
pub mod installation;
pub mod invitations;
pub mod key_checks;
pub mod label_venue;
pub mod labelled_venues;
pub mod letterheads;
pub mod list;
pub mod list_passes;
pub mod list_redemptions;
pub mod live_passes;
mod look_up;
pub mod money_movements;
mod month_postings;
pub mod move_stock;
pub mod nearest_venues;
pub mod new_invitation;
mod new_pass;
mod new_password;
pub mod next_payment_run;
pub mod open_data;
mod open_data_table;
pub mod organisations;
pub mod overview;
pub mod owed;
pub mod own_account;
pub mod pay_statements;
pub mod payment_runs;
pub mod places;
pub mod print_run;
mod printed_code;
pub mod programme_members;
pub mod programme_request;
pub mod programmes;
pub mod publish_open_data;
pub mod read_audit;
pub mod read_history;
pub mod read_ledger;
pub mod read_pass;
pub mod read_photo;
pub mod read_programme;
pub mod read_stock;
pub mod read_venue;
pub mod recent_redemptions;
mod redeem_offline;
pub mod redeem_pass;
pub mod redeem_request;
mod redemption_facts;
mod redemption_postings;
pub mod refused_scans;
pub mod reject_payment;
pub mod release_expired;
pub mod repay_statement;
pub mod replace_pass;
pub mod report_audience;
pub mod report_consumption;
pub mod report_limits;
mod report_names;
pub mod report_overview;
pub mod reverse_redemption;
pub mod revive_passes;
pub mod scheduled_workshops;
pub mod sign_in;
pub mod sign_in_limits;
pub mod solvency;
pub mod statements;
mod stock_figures;
pub mod stock_papers;
pub mod subventions;
pub mod sync_redemptions;
pub mod terminal;
pub mod tidy;
mod unusual_rhythm;
pub mod update_reports;
pub mod users;
mod venue_of_caller;
mod venue_of_sheet;
pub mod venues;
mod verify_agreements;
mod verify_closings;
mod verify_journal;
pub mod verify_ledger;
mod verify_passes;
mod verify_payments;
mod verify_rows;

use std::sync::Arc;

use uuid::Uuid;

pub use self::error::{Error, Outcome};
use crate::adapters::clock::Clock;
use crate::adapters::keys::Keys;
use crate::adapters::randomness::Random;
use crate::domain::accounting;
use crate::domain::time::{Day, Instant, Month, Zone};
use crate::store::connection::Conn;
use crate::store::database_file::DatabaseFile;
use crate::store::dialect::Again;
use crate::store::unit_of_work::{Retried, Store};

/// What every use case works with; built once by the composition root.
pub struct Services {
    /// The database.
    pub store: Store,
    /// Its file, when it is embedded.
    pub file: Option<DatabaseFile>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids and secrets.
    pub random: Arc<dyn Random>,
    /// The installation's keys.
    pub keys: Keys,
    /// The address people reach the service at, without a slash at the end.
    pub public_url: String,
    /// Which large reports are being made.
    pub large_reports: report_limits::LargeReports,
    /// Which entries of the audit journal wait.
    pub audit_desk: audit_desk::AuditDesk,
    /// Which large files are being sent.
    pub downloads: downloads::Downloads,
    /// Lists of live passes that were made lately.
    pub live_lists: live_passes::LiveLists,
}

/// A unit of work: one transaction, at one instant.
pub struct Op<'a> {
    /// The connection the transaction is open on.
    pub conn: &'a mut Conn,
    /// The instant everything in it happens at.
    pub now: Instant,
    /// The service it belongs to.
    pub services: &'a Services,
}

impl Op<'_> {
    /// A fresh time-ordered id.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.services.random.id(self.now)
    }

    /// The month that a posting of now counts in, by the clock of `zone`.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn accounting_month(&mut self, zone: Zone) -> Outcome<Month> {
        let closed = crate::store::closed_month::last(self.conn)?;
        Ok(accounting::month_of(self.now.day_in(zone), closed.map(|closed| closed.month)))
    }
}

impl Services {
    /// Reads, all of one moment.
    ///
    /// # Errors
    /// What `work` refuses, or a failure of the database.
    pub fn read<T>(&self, work: impl FnOnce(&mut Op<'_>) -> Outcome<T>) -> Outcome<T> {
        let now = self.clock.now();
        let outcome = self.store.read(|conn| work(&mut Op { conn, now, services: self }));
        outcome.map_err(|error| self.explained(error))
    }

    /// Writes: all of it or nothing. `work` may be run again when another transaction won a
    /// race, so it must not do anything outside the transaction.
    ///
    /// # Errors
    /// What `work` refuses, or a failure of the database.
    pub fn write<T>(&self, mut work: impl FnMut(&mut Op<'_>) -> Outcome<T>) -> Outcome<T> {
        let outcome = self.store.write(|conn| {
            let now = self.clock.now();
            work(&mut Op { conn, now, services: self })
        });
        let done = outcome.map_err(|error| self.explained(error))?;
        self.must_have_its_file()?;
        Ok(done)
    }

    /// The day it is in Paris.
    pub fn today(&self) -> Day {
        self.clock.now().day_in(Zone::PARIS)
    }

    /// What was committed to a file that is gone is told nobody as done.
    fn must_have_its_file(&self) -> Outcome<()> {
        self.file.as_ref().map_or(Ok(()), DatabaseFile::must_be_there).map_err(Error::failure)
    }

    /// A failure whose reason has no kind is a full disk, a server that is stopping, a file that
    /// cannot be written, or our own mistake. While nothing can be written it is not ours: the same
    /// request may be sent again.
    fn explained(&self, error: Error) -> Error {
        if error.again() == Again::Perhaps && installation::write_something(self).is_err() {
            return error.after_a_wait();
        }
        error
    }

    /// A fresh secret of a session, which shows by itself that it was made here.
    #[must_use]
    pub fn session_secret(&self) -> String {
        let secret = self.secret();
        format!("{secret}.{}", self.keys.session_mark(&secret))
    }

    /// A fresh secret of 32 bytes as text, for invitations, sessions and refresh tokens.
    #[must_use]
    pub fn secret(&self) -> String {
        let mut bytes = [0; 32];
        self.random.fill(&mut bytes);
        crate::adapters::digest::hex(&bytes)
    }
}
