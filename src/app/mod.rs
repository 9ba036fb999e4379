//! The composition root: builds everything, knows everyone.

pub mod accounts;
pub mod agreement_paper;
pub mod checkpoints;
pub mod closing_paper;
pub mod data_dir;
mod fair_queue;
pub mod gates;
pub mod in_order;
pub mod jobs;
pub mod moving;
pub mod open_data;
pub mod papers;
pub mod redeem_queue;
pub mod redemption_sheet;
pub mod report_paper;
pub mod settings;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ipnet::IpNet;

use self::gates::Gates;
use crate::adapters::clock::{Clock, MovedClock, SystemClock};
use crate::adapters::key_files;
use crate::adapters::keys::Keys;
use crate::adapters::randomness::{Random, SecureRandom};
use crate::domain::time::Instant;
use crate::services::audit_desk::AuditDesk;
use crate::services::downloads::Downloads;
use crate::services::live_passes::LiveLists;
use crate::services::report_limits::LargeReports;
use crate::services::{Error, Services, installation};
use crate::store::connection::ConnectionError;
use crate::store::database_file::DatabaseFile;
use crate::store::unit_of_work::Store;

pub use self::settings::{Settings, SettingsError};

/// One running service.
pub struct App {
    /// The use cases' tools.
    pub services: Services,
    /// Whether cookies may only travel over HTTPS.
    pub secure_cookies: bool,
    /// Where people write who cannot use a page.
    pub contact_email: Option<String>,
    /// How much of what is dear is under way at once.
    pub gates: Gates,
    /// The proxies whose word counts for where a request came from.
    pub proxies: Vec<IpNet>,
    /// What says that its embedded database was made.
    marker: Option<PathBuf>,
}

/// Why the service cannot start.
#[derive(Debug)]
pub enum StartError {
    /// The data directory cannot be made.
    DataDir(PathBuf, std::io::Error),
    /// The operating system gives no randomness.
    Randomness(getrandom::Error),
    /// The keys cannot be used.
    Keys(crate::adapters::key_files::KeyError),
    /// The database cannot be reached.
    Database(ConnectionError),
    /// The database cannot be prepared.
    Prepare(String),
    /// The keys had a database, and it is not there.
    DatabaseGone {
        /// Where it should be.
        file: PathBuf,
        /// Other databases in the data directory.
        found: Vec<PathBuf>,
    },
}

impl std::fmt::Display for StartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::DataDir(path, source) => {
                write!(f, "cannot make the data directory {}: {source}", path.display())
            }
            Self::Randomness(source) => write!(f, "no randomness: {source}"),
            Self::Keys(source) => write!(f, "{source}"),
            Self::Database(source) => write!(f, "cannot reach the database: {source}"),
            Self::Prepare(reason) => write!(f, "cannot prepare the database: {reason}"),
            Self::DatabaseGone { file, found } => database_gone(f, file, found),
        }
    }
}

fn database_gone(
    f: &mut std::fmt::Formatter<'_>,
    file: &Path,
    found: &[PathBuf],
) -> std::fmt::Result {
    write!(
        f,
        "{} is not there or holds nothing, and the keys beside it had a database: restore a backup \
         into a new directory, or name another database with --database-url",
        file.display()
    )?;
    found.iter().try_for_each(|other| write!(f, "; there is sqlite:{}", other.display()))
}

impl std::error::Error for StartError {}

impl StartError {
    fn prepare(error: Error) -> Self {
        Self::Prepare(match error {
            Error::Failure(failure) => failure.for_the_log(),
            Error::Refused { refused, .. } => refused.sentence,
        })
    }
}

impl App {
    /// Builds the service on the machine's clock and randomness.
    ///
    /// # Errors
    /// [`StartError`] says what is missing.
    pub fn build(settings: &Settings) -> Result<Self, StartError> {
        let random = SecureRandom::from_system().map_err(StartError::Randomness)?;
        Self::build_with(settings, Arc::new(SystemClock), Arc::new(random))
    }

    /// Builds the service on a given clock and randomness: the demo's year passes in seconds.
    ///
    /// # Errors
    /// [`StartError`] says what is missing.
    pub fn build_with(
        settings: &Settings,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, StartError> {
        let folder = &settings.data_dir;
        data_dir::make(folder)?;
        data_dir::must_have_its_database(settings)?;
        // The database first: keys without one are those of a database that is gone. Keys come from the operating system whatever the ids come from.
        let system = SecureRandom::from_system().map_err(StartError::Randomness)?;
        let store = Store::open(&settings.database_url, settings.connections)
            .map_err(StartError::Database)?;
        let file = DatabaseFile::of(&settings.database_url)
            .map_err(|source| StartError::DataDir(folder.clone(), source))?;
        let keys = Keys::open(&folder.join("keys"), &system).map_err(StartError::Keys)?;
        data_dir::close_to_others(settings);
        let public_url = settings.public_url.clone();
        let secure_cookies = public_url.starts_with("https://");
        let services = Services {
            store,
            file,
            clock,
            random,
            keys,
            public_url,
            large_reports: LargeReports::default(),
            audit_desk: AuditDesk::default(),
            downloads: Downloads::default(),
            live_lists: LiveLists::default(),
        };
        let app = Self {
            services,
            secure_cookies,
            contact_email: settings.contact_email.clone(),
            gates: Gates::default(),
            proxies: settings.proxies.clone(),
            marker: data_dir::marker(settings),
        };
        data_dir::must_hold_its_database(&app, settings)?;
        Ok(app)
    }

    /// Runs the migrations and ties the database to its keys.
    ///
    /// # Errors
    /// The reason, for the log.
    pub fn prepare(&self) -> Result<Vec<String>, StartError> {
        let done = installation::prepare(&self.services).map_err(StartError::prepare)?;
        self.marker.as_deref().map_or(Ok(()), data_dir::note_database)?;
        Ok(done)
    }
}

/// Builds a service whose clock is moved by hand: a year of the demo passes in seconds.
///
/// # Errors
/// [`StartError`] says what is missing.
pub fn rehearsal(settings: &Settings, at: Instant) -> Result<(App, Arc<MovedClock>), StartError> {
    rehearsal_of(settings, at, None)
}

/// The same with ids that a seed decides; the keys are the system's all the same.
///
/// # Errors
/// [`StartError`] says what is missing.
pub fn rehearsal_of(
    settings: &Settings,
    at: Instant,
    seed: Option<u64>,
) -> Result<(App, Arc<MovedClock>), StartError> {
    let clock = Arc::new(MovedClock::at(at));
    let random = match seed {
        None => SecureRandom::from_system().map_err(StartError::Randomness)?,
        Some(seed) => {
            let mut bytes = [0; 32];
            bytes.iter_mut().zip(seed.to_le_bytes()).for_each(|(byte, of_seed)| *byte = of_seed);
            SecureRandom::from_seed(bytes)
        }
    };
    let moved: Arc<dyn Clock> = Arc::clone(&clock) as Arc<dyn Clock>;
    let app = App::build_with(settings, moved, Arc::new(random))?;
    Ok((app, clock))
}

/// Makes the next key of a kind of which the lost one was the only one: without any, nothing starts.
///
/// # Errors
/// [`StartError`] says which file cannot be made.
pub fn make_successor_key(settings: &Settings, name: &str) -> Result<(), StartError> {
    let random = SecureRandom::from_system().map_err(StartError::Randomness)?;
    key_files::make_successor(&settings.data_dir.join("keys"), name, &random)
        .map_err(StartError::Keys)
}

/// Makes the next code key of an installation and answers its file.
///
/// # Errors
/// [`StartError`] says which file cannot be read or made.
pub fn rotate_codes(settings: &Settings) -> Result<PathBuf, StartError> {
    let random = SecureRandom::from_system().map_err(StartError::Randomness)?;
    let folder = settings.data_dir.join("keys");
    let number = Keys::rotate_codes(&folder, &random).map_err(StartError::Keys)?;
    Ok(folder.join(format!("code-{number}.key")))
}
