//! Settings: flags, then the environment (`PASSNUM_…`), then one TOML file.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use serde::Deserialize;

use crate::store::connection::DatabaseUrl;

/// The settings of one process, complete and checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the service listens.
    pub listen: String,
    /// Keys and the embedded database.
    pub data_dir: PathBuf,
    /// The database.
    pub database_url: DatabaseUrl,
    /// The address people reach the service at, without a slash at the end.
    pub public_url: String,
    /// Connections to the database.
    pub connections: u32,
    /// Where people write who cannot use a page.
    pub contact_email: Option<String>,
    /// Where metrics and readiness are answered, when not where people are.
    pub machine_listen: Option<String>,
    /// The proxies whose word counts for where a request came from.
    pub proxies: Vec<IpNet>,
    /// So many requests a second may come from one address without a valid sign-in; 0: any number.
    pub requests_per_second: u32,
}

/// The proxies that are believed when none are named: those on this machine.
const LOCAL_PROXIES: [&str; 2] = ["127.0.0.0/8", "::1/128"];

/// What was said on the command line or in the environment; the file says the rest.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Where to listen.
    pub listen: Option<String>,
    /// Keys and the embedded database.
    pub data_dir: Option<PathBuf>,
    /// The database's URL.
    pub database_url: Option<String>,
    /// A file that holds the database's URL, for secrets.
    pub database_url_file: Option<PathBuf>,
    /// The address people reach the service at.
    pub public_url: Option<String>,
    /// Connections to the database.
    pub connections: Option<u32>,
    /// Where people write who cannot use a page.
    pub contact_email: Option<String>,
    /// Where metrics and readiness are answered.
    pub machine_listen: Option<String>,
    /// The proxies whose word counts.
    pub proxies: Option<Vec<String>>,
    /// Requests a second from one address without a valid sign-in.
    pub requests_per_second: Option<u32>,
    /// The TOML file.
    pub config: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigFile {
    listen: Option<String>,
    data_dir: Option<PathBuf>,
    database_url: Option<String>,
    database_url_file: Option<PathBuf>,
    public_url: Option<String>,
    connections: Option<u32>,
    contact_email: Option<String>,
    machine_listen: Option<String>,
    proxies: Option<Vec<String>>,
    requests_per_second: Option<u32>,
}

/// Why the settings cannot be used.
#[derive(Debug)]
pub enum SettingsError {
    /// A file cannot be read.
    Unreadable(PathBuf, std::io::Error),
    /// The TOML file is wrong.
    Toml(PathBuf, String),
    /// The database's URL is wrong.
    Database(String),
    /// The public address is wrong.
    PublicUrl(String),
    /// The contact address is no e-mail address.
    ContactEmail(String),
    /// A proxy is no address or network.
    Proxy(String),
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(path, source) => write!(f, "cannot read {}: {source}", path.display()),
            Self::Toml(path, reason) => write!(f, "{}: {reason}", path.display()),
            Self::Database(reason)
            | Self::PublicUrl(reason)
            | Self::ContactEmail(reason)
            | Self::Proxy(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for SettingsError {}

/// The longest address that leaves the QR at version 3, level Q: 47 alphanumeric signs, of which
/// `/P/` and the code take 19.
const LONGEST_PUBLIC_URL: usize = 47 - 3 - 16;

impl Settings {
    /// Puts the settings together: what was given, then the file, then the defaults.
    ///
    /// # Errors
    /// [`SettingsError`] says which setting and why.
    pub fn from_given(given: &Given) -> Result<Self, SettingsError> {
        let file = given.config.as_deref().map_or(Ok(ConfigFile::default()), read_file)?;
        let pick = |given: &Option<String>, file: Option<String>| given.clone().or(file);
        let listen =
            pick(&given.listen, file.listen).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
        let data_dir = given
            .data_dir
            .clone()
            .or(file.data_dir)
            .unwrap_or_else(|| PathBuf::from("pass-numerique-data"));
        let secret_file = given.database_url_file.clone().or(file.database_url_file);
        let url = match (pick(&given.database_url, file.database_url), secret_file) {
            (Some(url), _) => url,
            (None, Some(path)) => read(&path)?.trim().to_owned(),
            (None, None) => format!("sqlite:{}", data_dir.join("pass-numerique.sqlite").display()),
        };
        let database_url: DatabaseUrl =
            url.parse().map_err(|error| SettingsError::Database(format!("{error}")))?;
        let public_url = pick(&given.public_url, file.public_url)
            .unwrap_or_else(|| format!("http://{listen}"))
            .trim_end_matches('/')
            .to_owned();
        check_public_url(&public_url)?;
        let connections = given.connections.or(file.connections).unwrap_or(8).clamp(1, 200);
        let contact_email = pick(&given.contact_email, file.contact_email);
        contact_email.as_deref().map_or(Ok(()), check_email)?;
        let machine_listen = pick(&given.machine_listen, file.machine_listen);
        let proxies = networks(given.proxies.clone().or(file.proxies))?;
        let requests_per_second =
            given.requests_per_second.or(file.requests_per_second).unwrap_or(200);
        Ok(Self {
            listen,
            data_dir,
            database_url,
            public_url,
            connections,
            contact_email,
            machine_listen,
            proxies,
            requests_per_second,
        })
    }
}

fn read(path: &Path) -> Result<String, SettingsError> {
    std::fs::read_to_string(path)
        .map_err(|source| SettingsError::Unreadable(path.to_owned(), source))
}

fn read_file(path: &Path) -> Result<ConfigFile, SettingsError> {
    toml::from_str(&read(path)?)
        .map_err(|error| SettingsError::Toml(path.to_owned(), error.to_string()))
}

/// Addresses and networks, `10.0.0.2` or `10.0.0.0/8`.
fn networks(named: Option<Vec<String>>) -> Result<Vec<IpNet>, SettingsError> {
    let named = named.unwrap_or_else(|| LOCAL_PROXIES.map(str::to_owned).to_vec());
    let parsed = named.iter().map(|text| {
        let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        let reason = || format!("proxy {text:?} is neither an address nor a network");
        network.map_err(|_| SettingsError::Proxy(reason()))
    });
    parsed.collect()
}

/// An address that a link on a page can open.
fn check_email(address: &str) -> Result<(), SettingsError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_+@".contains(c);
    let parts: Vec<&str> = address.split('@').collect();
    let named = matches!(parts.as_slice(), [name, host] if !name.is_empty() && host.contains('.'));
    if named && address.chars().all(plain) {
        return Ok(());
    }
    let reason = format!("contact e-mail {address:?} is not an address like contact@exemple.fr");
    Err(SettingsError::ContactEmail(reason))
}

/// The QR on paper must stay small enough for a poor printer and an old phone.
fn check_public_url(url: &str) -> Result<(), SettingsError> {
    let refuse = |reason: String| Err(SettingsError::PublicUrl(reason));
    let Some((scheme @ ("http" | "https"), host)) = url.split_once("://") else {
        return refuse(format!("public URL {url:?} must begin with https:// or http://"));
    };
    let alphanumeric = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '$' | '%' | '*' | '+' | '-' | '.' | '/' | ':')
    };
    if host.is_empty() || !host.chars().all(alphanumeric) {
        return refuse(format!("public URL {url:?} has a sign that a small QR cannot hold"));
    }
    if host.contains('/') {
        return refuse(format!("public URL {url:?} must have no path: the QR holds HOST/P/CODE"));
    }
    if url.len() > LONGEST_PUBLIC_URL {
        return refuse(format!(
            "public URL {url:?} is too long for a QR that a poor printer and an old phone can \
             manage: after {scheme}:// at most {} signs, it has {}",
            LONGEST_PUBLIC_URL - scheme.len() - 3,
            host.len()
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_too_long_for_a_small_qr_is_refused_with_the_reason() {
        let given = |url: &str| Given { public_url: Some(url.to_owned()), ..Given::default() };
        assert!(Settings::from_given(&given("https://pass.exemple.fr")).is_ok());
        let long = Settings::from_given(&given("https://pass-numerique.departement-charente.fr"));
        assert!(long.unwrap_err().to_string().contains("too long for a QR"));
        assert!(Settings::from_given(&given("ftp://x.fr")).is_err());
        let wrong = Given { database_url: Some("mysql://x".to_owned()), ..Given::default() };
        assert!(Settings::from_given(&wrong).unwrap_err().to_string().contains("mysql"));
    }

    #[test]
    fn a_contact_that_is_no_address_is_refused() {
        let given =
            |email: &str| Given { contact_email: Some(email.to_owned()), ..Given::default() };
        let kept = Settings::from_given(&given("acces@pass.exemple.fr")).unwrap();
        assert_eq!(kept.contact_email.as_deref(), Some("acces@pass.exemple.fr"));
        for wrong in ["", "acces", "@exemple.fr", "a b@exemple.fr", "a@exemple.fr?subject=x"] {
            let refused = Settings::from_given(&given(wrong)).unwrap_err().to_string();
            assert!(refused.contains("contact@exemple.fr"), "{refused}");
        }
    }
}
