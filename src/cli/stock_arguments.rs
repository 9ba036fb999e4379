//! What can be said of stock on the command line.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use uuid::Uuid;

/// What to do with stock.
#[derive(Debug, Subcommand)]
pub enum StockCommand {
    /// Order passes in advance and set their paper; with --run, go on where it stopped
    Print(PrintStock),
    /// Take the serials and codes of a print run as CSV for a print shop: once
    Codes(StockCodes),
}

/// What to print.
#[derive(Debug, Args)]
pub struct PrintStock {
    /// A print run that exists, instead of a new one
    #[arg(long, value_name = "ID")]
    pub run: Option<Uuid>,
    /// A new print run.
    #[command(flatten)]
    pub new: NewRun,
    /// A file that ends in .pdf for all in one; else a folder for one PDF a box
    #[arg(long, value_name = "FILE_OR_DIR")]
    pub out: PathBuf,
    /// The operator who orders, by e-mail [default: the first there is]
    #[arg(long, value_name = "EMAIL")]
    pub by: Option<String>,
}

/// A new print run.
#[derive(Debug, Args)]
pub struct NewRun {
    /// Whose passes
    #[arg(long, value_name = "ID")]
    pub programme: Option<Uuid>,
    /// Who hands them over
    #[arg(long, value_name = "ID")]
    pub prescriber: Option<Uuid>,
    /// How many workshops each
    #[arg(long)]
    pub units: Option<u8>,
    /// How many passes
    #[arg(long)]
    pub count: Option<u32>,
    /// How many passes a box holds [default: 100]
    #[arg(long)]
    pub box_size: Option<u16>,
    /// `letter` or `card` [default: letter]
    #[arg(long)]
    pub layout: Option<String>,
    /// How many cards an A4 sheet holds, 8 or 10 [default: 8]
    #[arg(long)]
    pub cards_per_sheet: Option<u8>,
    /// Letters of at least 18 points
    #[arg(long)]
    pub large_print: bool,
    /// What stands beside French: en, ar, uk, tr or pt
    #[arg(long, value_name = "TAG")]
    pub language: Option<String>,
    /// Around which commune (INSEE code) the venues on the paper lie
    #[arg(long, value_name = "CODE")]
    pub commune: Option<String>,
}

/// Whose codes to take.
#[derive(Debug, Args)]
pub struct StockCodes {
    /// The print run
    #[arg(long, value_name = "ID")]
    pub run: Uuid,
    /// The file to write; it must not be there yet
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// The operator who takes them, by e-mail [default: the first there is]
    #[arg(long, value_name = "EMAIL")]
    pub by: Option<String>,
}
