//! What can be said of imports on the command line.

use std::path::PathBuf;

use clap::Subcommand;

/// What to import.
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// Venues, from a CSV of the national schema 1.0.2
    Venues {
        /// The file
        file: PathBuf,
        /// Import the lines that are right and name the others
        #[arg(long)]
        partial: bool,
        /// Only say what would be done, with names
        #[arg(long)]
        dry_run: bool,
    },
}
