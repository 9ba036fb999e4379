//! Signing in: access tokens with rotating refresh tokens for the API, sessions for the pages.

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use utoipa::ToSchema;

use super::audit::note_sign_in;
use super::sign_in_limits::{Attempt, Device, Origin};
use super::{Error, Op, Outcome, Services};
use crate::adapters::digest::sha256;
use crate::adapters::{password, token};
use crate::domain::caller::Caller;
use crate::domain::ids::{FamilyId, SessionId, TokenId, UserId};
use crate::domain::refusal::{Code, Refused};
use crate::store;
use crate::store::session::{NewSession, RefreshTokenRow};
use crate::store::user::UserRow;

/// A refresh token that is not used ends after thirty days.
const REFRESH_SECONDS: i64 = 30 * 24 * 60 * 60;
/// A session of the pages ends after twelve hours: one working day.
pub const SESSION_SECONDS: i64 = 12 * 60 * 60;

/// Who signs in.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// The account's e-mail.
    #[schema(example = "travail.social@exemple.fr")]
    pub email: String,
    /// Its password.
    #[schema(example = "une longue phrase facile")]
    pub password: String,
    /// The second factor, for accounts that have one.
    pub otp: Option<String>,
}

/// What an API client works with.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Tokens {
    /// For `Authorization: Bearer`.
    pub access_token: String,
    /// `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// How long the access token is good for, in seconds.
    #[schema(example = 900)]
    pub expires_in: i64,
    /// Exchanged once for the next tokens.
    pub refresh_token: String,
}

/// A refresh token handed in.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// The token of the last answer.
    pub refresh_token: String,
}

/// Signs in with a password, for the API.
///
/// # Errors
/// `invalid_credentials`, or `too_many_sign_ins`.
pub fn tokens(services: &Services, credentials: &Credentials, origin: &Origin) -> Outcome<Tokens> {
    let verified = verify(services, credentials, origin)?;
    services.write(|op| {
        verified.open(op)?;
        let family = FamilyId(op.id());
        new_tokens(op, verified.user.id, family)
    })
}

/// Exchanges a refresh token. One that is handed in twice was stolen from somebody: its whole
/// family ends.
///
/// # Errors
/// `invalid_token`.
pub fn refresh(services: &Services, request: &Refresh) -> Outcome<Tokens> {
    let hash = sha256(request.refresh_token.as_bytes());
    let exchanged = services.write(|op| {
        let Some(found) = store::session::refresh_token(op.conn, &hash)? else { return Ok(None) };
        let user = store::user::acting(op.conn, found.user_id)?;
        let (Some(user), true) = (user, op.now < found.ends_at) else { return Ok(None) };
        if found.revoked_at.is_some() {
            return Ok(None);
        }
        if !store::session::use_refresh_token(op.conn, found.id, op.now)? {
            store::session::revoke_family(op.conn, found.family_id, op.now)?;
            return Ok(None);
        }
        new_tokens(op, user.id, found.family_id).map(Some)
    })?;
    exchanged.ok_or_else(|| {
        let sentence = "Ce jeton n'est plus valable : connectez-vous de nouveau.";
        Refused::new(Code::InvalidToken, sentence).into()
    })
}

/// Ends the sign-in a refresh token belongs to. An unknown token is not told from a known one.
///
/// # Errors
/// A failure of the database.
pub fn revoke(services: &Services, request: &Refresh) -> Outcome<()> {
    let hash = sha256(request.refresh_token.as_bytes());
    services.write(|op| {
        if let Some(found) = store::session::refresh_token(op.conn, &hash)? {
            store::session::revoke_family(op.conn, found.family_id, op.now)?;
        }
        Ok(())
    })
}

/// A session of the pages that was opened.
pub struct Opened {
    /// Its secret.
    pub secret: String,
    /// The device it was opened on, known from now on.
    pub device: Device,
    /// Whose it is.
    pub user: UserId,
}

/// Signs in with a password, for the pages.
///
/// # Errors
/// `invalid_credentials`, or `too_many_sign_ins`.
pub fn open_session(
    services: &Services,
    credentials: &Credentials,
    origin: &Origin,
) -> Outcome<Opened> {
    let verified = verify(services, credentials, origin)?;
    let secret = services.session_secret();
    services.write(|op| {
        verified.open(op)?;
        let session = NewSession {
            id: SessionId(op.id()),
            user_id: verified.user.id,
            token_hash: &sha256(secret.as_bytes()),
            created_at: op.now,
            ends_at: op.now.plus_seconds(SESSION_SECONDS),
        };
        Ok(store::session::insert_session(op.conn, &session)?)
    })?;
    let user = verified.user.id;
    Ok(Opened { secret, device: Device::of(services, user), user })
}

/// Closes a session of the pages.
///
/// # Errors
/// A failure of the database.
pub fn close_session(services: &Services, secret: &str) -> Outcome<()> {
    let hash = sha256(secret.as_bytes());
    services.write(|op| Ok(store::session::delete_session(op.conn, &hash)?))
}

/// What stands for a token or a session where it must not stand itself.
#[must_use]
pub fn digest_of(credential: &str) -> Vec<u8> {
    sha256(credential.as_bytes())
}

/// Whose access token it is, by its signature and time alone.
#[must_use]
pub fn user_of_token(services: &Services, token: &str) -> Option<UserId> {
    token::verify(&services.keys, token, services.clock.now())
}

/// Who an access token belongs to, as the account stands now.
///
/// # Errors
/// A failure of the database; `None` when the token is good for nobody.
pub fn caller_of_token(services: &Services, token: &str) -> Outcome<Option<Caller>> {
    match token::verify(&services.keys, token, services.clock.now()) {
        Some(user) => services.read(|op| active_caller(op, user)),
        None => Ok(None),
    }
}

/// Whether a session's secret was made here, by its mark alone. Those of before have none.
#[must_use]
pub fn is_marked(services: &Services, session: &str) -> bool {
    let parts = session.split_once('.');
    parts.is_some_and(|(secret, mark)| {
        let made = services.keys.session_mark(secret);
        bool::from(made.as_bytes().ct_eq(mark.as_bytes()))
    })
}

/// Who a session belongs to, as the account stands now.
///
/// # Errors
/// A failure of the database; `None` when the session has ended.
pub fn caller_of_session(services: &Services, secret: &str) -> Outcome<Option<Caller>> {
    let hash = sha256(secret.as_bytes());
    services.read(|op| match store::session::session_user(op.conn, &hash, op.now)? {
        Some(user) => active_caller(op, user),
        None => Ok(None),
    })
}

fn active_caller(op: &mut Op<'_>, user: UserId) -> Outcome<Option<Caller>> {
    let row = store::user::acting(op.conn, user)?;
    Ok(row.map(|row| row.caller()).transpose()?)
}

fn new_tokens(op: &mut Op<'_>, user: UserId, family: FamilyId) -> Outcome<Tokens> {
    let secret = op.services.secret();
    let row = RefreshTokenRow {
        id: TokenId(op.id()),
        family_id: family,
        user_id: user,
        token_hash: sha256(secret.as_bytes()),
        created_at: op.now,
        ends_at: op.now.plus_seconds(REFRESH_SECONDS),
        used_at: None,
        revoked_at: None,
    };
    store::session::insert_refresh_token(op.conn, &row)?;
    Ok(Tokens {
        access_token: token::sign(&op.services.keys, user, op.now).map_err(Error::failure)?,
        token_type: "Bearer",
        expires_in: token::LIFE_SECONDS,
        refresh_token: secret,
    })
}

/// Who has just given the right password.
struct Verified<'a> {
    user: UserRow,
    attempt: Attempt,
    origin: &'a Origin,
}

impl Verified<'_> {
    /// In the transaction that opens something: the account is still active, and its password still
    /// the one that was given.
    fn open(&self, op: &mut Op<'_>) -> Outcome<()> {
        store::user::lock(op.conn, self.user.id)?;
        let now = store::user::acting(op.conn, self.user.id)?;
        let same = now.is_some_and(|now| now.password_hash == self.user.password_hash);
        if !same {
            return Err(wrong().into());
        }
        self.attempt.succeeded(op)?;
        note_sign_in(op, Some(&self.user), self.origin, false)
    }
}

/// Verifies a password outside any transaction: Argon2 takes tens of milliseconds on purpose. What is
/// done for an e-mail without an account is the same.
fn verify<'a>(
    services: &Services,
    credentials: &Credentials,
    origin: &'a Origin,
) -> Outcome<Verified<'a>> {
    let email = credentials.email.trim().to_lowercase();
    let (user, acts) = services.read(|op| {
        let user = store::user::by_email(op.conn, &email)?;
        let acting = user.as_ref().map(|user| store::user::acting(op.conn, user.id)).transpose()?;
        Ok((user, acting.flatten().is_some()))
    })?;
    let owner = user.as_ref().map(|user| user.id);
    let attempt = Attempt::count(services, &email, owner, origin)?;
    let hash = user.as_ref().filter(|_| acts).and_then(|user| user.password_hash.as_deref());
    match (password::verify(&credentials.password, hash), user) {
        (true, Some(user)) => Ok(Verified { user, attempt, origin }),
        (_, user) => {
            services.write(|op| note_sign_in(op, user.as_ref(), origin, true))?;
            Err(wrong().into())
        }
    }
}

fn wrong() -> Refused {
    let sentence = "L'adresse ou le mot de passe est incorrect : vérifiez-les.";
    Refused::new(Code::InvalidCredentials, sentence)
}
