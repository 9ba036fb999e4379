//! The composition root: builds everything, knows everyone.

pub mod accounts;
pub mod agreement_paper;
pub mod checkpoints;
pub mod closing_paper;
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

use std::path::PathBuf;
use std::sync::Arc;

use ipnet::IpNet;

use self::gates::Gates;
use crate::adapters::clock::{Clock, MovedClock, SystemClock};
use crate::adapters::keys::Keys;
use crate::adapters::randomness::{Random, SecureRandom};
use crate::domain::time::Instant;
use crate::services::audit_desk::AuditDesk;
use crate::services::downloads::Downloads;
use crate::services::live_passes::LiveLists;
use crate::services::report_limits::LargeReports;
use crate::services::{Services, installation};
use crate::store::connection::ConnectionError;
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
        }
    }
}

impl std::error::Error for StartError {}

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
        std::fs::create_dir_all(folder)
            .map_err(|source| StartError::DataDir(folder.clone(), source))?;
        // Keys come from the operating system whatever the ids come from.
        let system = SecureRandom::from_system().map_err(StartError::Randomness)?;
        let keys = Keys::open(&folder.join("keys"), &system).map_err(StartError::Keys)?;
        let store = Store::open(&settings.database_url, settings.connections)
            .map_err(StartError::Database)?;
        let public_url = settings.public_url.clone();
        let secure_cookies = public_url.starts_with("https://");
        let services = Services {
            store,
            clock,
            random,
            keys,
            public_url,
            large_reports: LargeReports::default(),
            audit_desk: AuditDesk::default(),
            downloads: Downloads::default(),
            live_lists: LiveLists::default(),
        };
        Ok(Self {
            services,
            secure_cookies,
            contact_email: settings.contact_email.clone(),
            gates: Gates::default(),
            proxies: settings.proxies.clone(),
        })
    }

    /// Runs the migrations and ties the database to its keys.
    ///
    /// # Errors
    /// The reason, for the log.
    pub fn prepare(&self) -> Result<Vec<String>, StartError> {
        installation::prepare(&self.services).map_err(|error| {
            StartError::Prepare(match error {
                crate::services::Error::Failure(failure) => failure.for_the_log(),
                crate::services::Error::Refused { refused, .. } => refused.sentence,
            })
        })
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
