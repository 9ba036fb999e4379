//! What a service stands on: a folder and an empty database, both gone when the test ends.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::{Connection, PgConnection, RunQueryDsl};
use pass_numerique::adapters::clock::Clock;
use pass_numerique::adapters::randomness::SecureRandom;
use pass_numerique::app::{App, Settings};
use pass_numerique::store::connection::DatabaseUrl;

use std::sync::Arc;

use crate::template;

const SERVER: &str = "PASSNUM_TEST_POSTGRES_URL";
const FILE: &str = "database.sqlite";
/// The name and the password of the role that the service has on the server.
pub const ROLE: &str = "passnum_plain";
pub const PUBLIC_URL: &str = "https://pass.test";
pub const CONTACT: &str = "acces@pass.test";

static NUMBER: AtomicU32 = AtomicU32::new(0);

pub struct Ground {
    pub folder: PathBuf,
    pub url: String,
    made: Option<Made>,
}

/// A database that was made on a server.
struct Made {
    server: String,
    name: String,
}

impl Ground {
    /// A database whose schema is that of this program, copied from one that was migrated once.
    pub fn on_sqlite() -> Self {
        let ground = Self::empty_on_sqlite();
        std::fs::copy(template::on_sqlite(), ground.folder.join(FILE)).unwrap();
        ground
    }

    /// As [`Ground::on_sqlite`], on the PostgreSQL server that the environment names.
    pub fn on_postgres() -> Self {
        let server = server();
        let template = template::on_postgres(&server);
        Self::made_on(server, &format!(" TEMPLATE {template}"))
    }

    /// A database that no migration has seen.
    pub fn empty_on_sqlite() -> Self {
        let (folder, _) = folder();
        let url = format!("sqlite:{}", folder.join(FILE).display());
        Self { folder, url, made: None }
    }

    /// As [`Ground::empty_on_sqlite`], on the PostgreSQL server that the environment names.
    pub fn empty_on_postgres() -> Self {
        Self::made_on(server(), "")
    }

    fn made_on(server: String, how: &str) -> Self {
        let (folder, name) = folder();
        template::make_role(&server);
        administer(&server, &format!("CREATE DATABASE {name} OWNER {ROLE}{how}"));
        let url = database_on(&server, &name);
        Self { folder, url, made: Some(Made { server, name }) }
    }

    pub fn database_url(&self) -> DatabaseUrl {
        self.url.parse().unwrap()
    }

    /// A service on this ground; several may stand on one.
    pub fn app(&self, clock: Arc<dyn Clock>) -> App {
        let settings = Settings {
            listen: "127.0.0.1:0".to_owned(),
            data_dir: self.folder.clone(),
            database_url: self.database_url(),
            public_url: PUBLIC_URL.to_owned(),
            connections: 6,
            contact_email: Some(CONTACT.to_owned()),
            machine_listen: None,
            proxies: vec!["127.0.0.0/8".parse().unwrap()],
            requests_per_second: 0,
        };
        let random = SecureRandom::from_system().unwrap();
        App::build_with(&settings, clock, Arc::new(random)).unwrap()
    }

    /// As whoever runs its server.
    pub fn administers(&self, sql: &str) {
        administer(&self.made.as_ref().unwrap().server, sql);
    }

    /// Nothing to look at before it goes.
    #[expect(clippy::unused_self, reason = "the counterpart of the house's")]
    pub fn must_balance(&self) {}
}

impl Drop for Ground {
    fn drop(&mut self) {
        if let Some(Made { server, name }) = &self.made {
            administer(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
        remove(&self.folder);
    }
}

fn remove(folder: &Path) {
    if let Err(error) = std::fs::remove_dir_all(folder) {
        println!("{} stays: {error}", folder.display());
    }
}

/// A PostgreSQL story without a server fails: nothing is left out in silence.
fn server() -> String {
    std::env::var(SERVER).unwrap_or_else(|_| {
        panic!("{SERVER} names no PostgreSQL server: run scripts/test, or start one and name it")
    })
}

/// As the service reaches it: by a role that owns its database and may do nothing else.
pub fn database_on(server: &str, name: &str) -> String {
    let (before, _) = server.rsplit_once('/').unwrap();
    let (_, host) = before.rsplit_once('@').unwrap();
    format!("postgres://{ROLE}:{ROLE}@{host}/{name}")
}

/// As whoever runs the server.
pub fn administer(server: &str, sql: &str) {
    let mut conn = PgConnection::establish(server).unwrap();
    diesel::sql_query(sql).execute(&mut conn).unwrap();
}

fn folder() -> (PathBuf, String) {
    let number = NUMBER.fetch_add(1, Ordering::SeqCst);
    let name = format!("passnum_it_{}_{number}", std::process::id());
    let folder = std::env::temp_dir().join(&name);
    std::fs::create_dir_all(&folder).unwrap();
    (folder, name)
}
