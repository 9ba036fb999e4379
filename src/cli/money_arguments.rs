//! The command line's words for months, payments, open data and the journal.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Subcommand;
use uuid::Uuid;

/// What to do with accounting months.
#[derive(Debug, Subcommand)]
pub enum MonthCommand {
    /// Close a month and every open one before it: its figures never change afterwards
    Close {
        /// The month, 2026-03
        month: String,
        /// The operator who closes it, by e-mail [default: the first there is]
        #[arg(long, value_name = "EMAIL")]
        by: Option<String>,
    },
}

/// What to do with payments.
#[derive(Debug, Subcommand)]
pub enum PaymentCommand {
    /// Pay every approved statement that can be paid: makes the run and its bank file
    Run {
        /// The day the bank is asked to pay on, 2026-12-01 [default: today]
        #[arg(long, value_name = "DAY")]
        day: Option<NaiveDate>,
        /// The operator who pays, by e-mail [default: the first there is]
        #[arg(long, value_name = "EMAIL")]
        by: Option<String>,
    },
    /// Record that an organisation gave back what a statement says it was paid too much
    Repaid {
        /// The statement's id
        statement: Uuid,
        /// The day at the bank, 2026-12-01
        #[arg(long, value_name = "DAY")]
        day: NaiveDate,
        /// What the bank statement says
        #[arg(long)]
        reference: String,
        /// The operator who records it, by e-mail [default: the first there is]
        #[arg(long, value_name = "EMAIL")]
        by: Option<String>,
    },
    /// Write the bank file of a run
    File {
        /// The run's id
        run: Uuid,
        /// 09, or 03 for older banks
        #[arg(long, default_value = "09")]
        version: String,
        /// Where to write it [default: standard output]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// What to do with open data.
#[derive(Debug, Subcommand)]
pub enum OpenDataCommand {
    /// Publish closed months: their files never change, and no month is published twice
    Publish {
        /// First month, 2026-01
        #[arg(long, value_name = "MONTH")]
        from: String,
        /// Last month, 2026-03
        #[arg(long, value_name = "MONTH")]
        to: String,
        /// Say what would be published and hidden, and publish nothing
        #[arg(long)]
        dry_run: bool,
        /// The operator who publishes it, by e-mail [default: the first there is]
        #[arg(long, value_name = "EMAIL")]
        by: Option<String>,
    },
}

/// What to do with the journal.
#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// Re-derive every balance and figure from the postings
    Verify,
    /// Fold what was posted into the sums reports are read from; a running service does it itself
    Fold,
    /// Bring back passes that a wrong clock wound up before their last day
    Revive {
        /// Say what would be brought back, and write nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Write the whole installation as files another server and engine can take over
    Export {
        /// A new or empty folder
        dir: PathBuf,
        /// With the key files, without which no pass is recognised
        #[arg(long)]
        with_keys: bool,
    },
    /// Bring an export into an empty installation: all of it or nothing
    Import {
        /// The folder of the export
        dir: PathBuf,
    },
}
