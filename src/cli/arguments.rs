//! What can be said on the command line; one definition gives parsing and help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use uuid::Uuid;

pub use super::generate::Generate;
pub use super::import_arguments::ImportCommand;
pub use super::money_arguments::{LedgerCommand, MonthCommand, OpenDataCommand, PaymentCommand};
pub use super::stock_arguments::{NewRun, PrintStock, StockCodes, StockCommand};
use crate::app::settings::Given;

/// Issues passes for digital-skills workshops, lets venues redeem them, and reports to every
/// funder what its money became.
#[derive(Debug, Parser)]
#[command(name = "pass-numerique", version)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, global = true, env = "PASSNUM_LISTEN", value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Keys and the embedded database [default: pass-numerique-data]
    #[arg(long, global = true, env = "PASSNUM_DATA_DIR", value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// `sqlite:PATH` or `postgres://…` [default: a file in the data directory]
    #[arg(long, global = true, env = "PASSNUM_DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// A file that holds the database URL, for secrets
    #[arg(long, global = true, env = "PASSNUM_DATABASE_URL_FILE", value_name = "FILE")]
    database_url_file: Option<PathBuf>,
    /// The address people reach the service at [default: `http://` and where it listens]
    #[arg(long, global = true, env = "PASSNUM_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// Connections to the database [default: 8]
    #[arg(long, global = true, env = "PASSNUM_CONNECTIONS", value_name = "N")]
    connections: Option<u32>,
    /// Where people write who cannot use a page; shown in the accessibility statement
    #[arg(long, global = true, env = "PASSNUM_CONTACT_EMAIL", value_name = "ADDRESS")]
    contact_email: Option<String>,
    /// Where `/metrics` and `/readyz` are answered [default: where people are]
    #[arg(long, global = true, env = "PASSNUM_MACHINE_LISTEN", value_name = "ADDRESS:PORT")]
    machine_listen: Option<String>,
    /// Proxies that may say where a request came from, apart by commas [default: this machine]
    #[arg(
        long,
        global = true,
        env = "PASSNUM_PROXIES",
        value_name = "ADDRESSES",
        value_delimiter = ','
    )]
    proxies: Option<Vec<String>>,
    /// Requests a second from one address without a valid sign-in, 0 for any [default: 200]
    #[arg(long, global = true, env = "PASSNUM_REQUESTS_PER_SECOND", value_name = "N")]
    requests_per_second: Option<u32>,
    /// A TOML file with the same settings
    #[arg(long, global = true, env = "PASSNUM_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Arguments {
    /// The settings that were given; `DATABASE_URL` is heard when ours is silent.
    #[must_use]
    pub fn given(&self) -> Given {
        let plain = || std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty());
        let from_file = self.database_url_file.is_some();
        Given {
            listen: self.listen.clone(),
            data_dir: self.data_dir.clone(),
            database_url: self
                .database_url
                .clone()
                .or_else(|| if from_file { None } else { plain() }),
            database_url_file: self.database_url_file.clone(),
            public_url: self.public_url.clone(),
            connections: self.connections,
            contact_email: self.contact_email.clone(),
            machine_listen: self.machine_listen.clone(),
            proxies: self.proxies.clone(),
            requests_per_second: self.requests_per_second,
            config: self.config.clone(),
        }
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve a filled installation on the embedded database
    Demo {
        /// Throw the demo's data away and fill it again
        #[arg(long)]
        fresh: bool,
    },
    /// Serve
    Serve,
    /// Bring the schema up to date
    Migrate,
    /// Say what is wrong with this installation
    Doctor,
    /// Print the `OpenAPI` document
    Openapi,
    /// Accounts
    User {
        /// What to do with them.
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Reports
    Report {
        /// Which.
        #[command(subcommand)]
        command: ReportCommand,
    },
    /// Import files
    Import {
        /// Which.
        #[command(subcommand)]
        command: ImportCommand,
    },
    /// Passes printed in advance
    Stock {
        /// What to do with them.
        #[command(subcommand)]
        command: StockCommand,
    },
    /// The installation's keys
    Keys {
        /// What to do with them.
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// The clock
    Clock {
        /// What to do with it.
        #[command(subcommand)]
        command: ClockCommand,
    },
    /// Accounting months
    Month {
        /// What to do with them.
        #[command(subcommand)]
        command: MonthCommand,
    },
    /// Payments to venues' organisations
    Payment {
        /// What to do with them.
        #[command(subcommand)]
        command: PaymentCommand,
    },
    /// Open data
    OpenData {
        /// What to do with it.
        #[command(subcommand)]
        command: OpenDataCommand,
    },
    /// Write the installation and its keys into one file, while the service runs
    Backup {
        /// A new file
        file: PathBuf,
        /// Leave the keys out: whoever finds the file alone can redeem nothing
        #[arg(long)]
        without_keys: bool,
    },
    /// Bring a backup into an empty installation
    Restore {
        /// The file of the backup
        file: PathBuf,
    },
    /// Fill an empty installation with an invented past of any size, for measuring
    Generate(Generate),
    /// The journal
    Ledger {
        /// What to do with it.
        #[command(subcommand)]
        command: LedgerCommand,
    },
}

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add an account; without a password it prints an invitation link
    Add(AddUser),
}

/// An account to add.
#[derive(Debug, Args)]
pub struct AddUser {
    /// The e-mail to sign in with
    #[arg(long)]
    pub email: String,
    /// The person's name
    #[arg(long)]
    pub name: String,
    /// `operator`, `social_worker`, `venue_staff`, `funder` or `auditor`
    #[arg(long)]
    pub role: String,
    /// The organisation's id; a first operator gets an organisation of its own
    #[arg(long, value_name = "ID")]
    pub organisation: Option<Uuid>,
    /// The person invites and stops colleagues
    #[arg(long)]
    pub manager: bool,
    /// Read the password from the first line of standard input
    #[arg(long)]
    pub password_stdin: bool,
}

/// Which report.
#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// Whether the cash of each agreement covers what it has promised and owes; exit 1 when not
    Solvency,
    /// What the money became
    Consumption(Consumption),
    /// Every redemption as CSV, on standard output
    Redemptions {
        /// First workshop day, 2026-01-01
        #[arg(long, value_name = "DAY")]
        from: Option<chrono::NaiveDate>,
        /// Last workshop day, 2026-12-31
        #[arg(long, value_name = "DAY")]
        to: Option<chrono::NaiveDate>,
    },
}

/// A consumption report.
#[derive(Debug, Args)]
pub struct Consumption {
    /// First month, 2026-01
    #[arg(long, value_name = "MONTH")]
    pub from: Option<String>,
    /// Last month, 2026-12
    #[arg(long, value_name = "MONTH")]
    pub to: Option<String>,
    /// Only this funder's money
    #[arg(long, value_name = "ID")]
    pub funder: Option<Uuid>,
    /// Only this programme
    #[arg(long, value_name = "ID")]
    pub programme: Option<Uuid>,
    /// month, programme, agreement, theme, venue, `venue_commune`, `venue_departement`,
    /// `home_commune`, departement, public, `age_band`, prescriber; several apart by commas
    #[arg(long, value_name = "GROUPS", default_value = "month")]
    pub group_by: String,
    /// Only what the journal held at that past instant, 2026-03-31T21:59:59Z, or at the end of
    /// that day in Paris, 2026-03-31
    #[arg(long, value_name = "MOMENT")]
    pub as_of: Option<String>,
    /// How to write it
    #[arg(long, value_enum, default_value_t = Format::Json)]
    pub format: Format,
    /// Where to write it [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The same as the API
    Json,
    /// For a French spreadsheet
    Csv,
    /// A workbook of Excel
    Xlsx,
    /// A workbook of `LibreOffice`
    Ods,
}

/// What to do with the clock.
#[derive(Debug, Subcommand)]
pub enum ClockCommand {
    /// Take this machine's clock for right after the service was stopped for days
    Confirm,
}

/// What to do with the installation's keys.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Make a new key for the codes of new passes; passes printed before keep working
    Rotate,
    /// Go on without a key file that is lost for good: `code-N`, `seal-N` or `token-N`
    Forget {
        /// The name of the file, without its ending
        name: String,
    },
}
