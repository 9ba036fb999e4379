//! Signing in: access tokens with rotating refresh tokens for the API, sessions for the pages.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::audit::note_sign_in;
use super::{Error, Op, Outcome, Services};
use crate::adapters::digest::sha256;
use crate::adapters::{password, token};
use crate::domain::caller::Caller;
use crate::domain::ids::{FamilyId, SessionId, TokenId, UserId};
use crate::domain::refusal::{Code, Fact, Refused};
use crate::store;
use crate::store::session::{NewSession, RefreshTokenRow};
use crate::store::user::UserRow;

/// So many wrong passwords …
const FAILURES: i32 = 10;
/// … in so many seconds, and the account waits.
const FAILURE_SECONDS: i64 = 10 * 60;
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
pub fn tokens(services: &Services, credentials: &Credentials) -> Outcome<Tokens> {
    let user = verify(services, credentials)?;
    services.write(|op| {
        let family = FamilyId(op.id());
        let tokens = new_tokens(op, user.id, family)?;
        note_sign_in(op, user.id, user.organisation_id, false)?;
        Ok(tokens)
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
        let user = store::user::by_id(op.conn, found.user_id)?.filter(|user| user.active);
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

/// Signs in with a password, for the pages. Answers the session's secret.
///
/// # Errors
/// `invalid_credentials`, or `too_many_sign_ins`.
pub fn open_session(services: &Services, credentials: &Credentials) -> Outcome<String> {
    let user = verify(services, credentials)?;
    let secret = services.secret();
    services.write(|op| {
        let session = NewSession {
            id: SessionId(op.id()),
            user_id: user.id,
            token_hash: &sha256(secret.as_bytes()),
            created_at: op.now,
            ends_at: op.now.plus_seconds(SESSION_SECONDS),
        };
        store::session::insert_session(op.conn, &session)?;
        note_sign_in(op, user.id, user.organisation_id, false)
    })?;
    Ok(secret)
}

/// Closes a session of the pages.
///
/// # Errors
/// A failure of the database.
pub fn close_session(services: &Services, secret: &str) -> Outcome<()> {
    let hash = sha256(secret.as_bytes());
    services.write(|op| Ok(store::session::delete_session(op.conn, &hash)?))
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

/// What the caller's own account says.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Me {
    /// The account.
    pub id: Uuid,
    /// Its e-mail.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// One of the five roles.
    #[schema(example = "social_worker")]
    pub role: String,
    /// Whether the person invites colleagues.
    pub manager: bool,
    /// The organisation the person works for.
    pub organisation_id: Uuid,
    /// Its name.
    pub organisation_name: String,
}

/// The caller's own account.
///
/// # Errors
/// A failure of the database.
pub fn me(services: &Services, caller: &Caller) -> Outcome<Me> {
    services.read(|op| {
        let user = store::user::by_id(op.conn, caller.user)?.ok_or_else(Refused::not_found)?;
        let organisation = store::organisation::by_id(op.conn, user.organisation_id)?
            .ok_or_else(Refused::not_found)?;
        Ok(Me {
            id: user.id.0,
            email: user.email,
            name: user.name,
            role: user.role,
            manager: user.manager,
            organisation_id: organisation.id.0,
            organisation_name: organisation.name,
        })
    })
}

fn active_caller(op: &mut Op<'_>, user: UserId) -> Outcome<Option<Caller>> {
    let row = store::user::by_id(op.conn, user)?.filter(|row| row.active);
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

/// Verifies a password outside any transaction: Argon2 takes tens of milliseconds on purpose.
fn verify(services: &Services, credentials: &Credentials) -> Outcome<UserRow> {
    let email = credentials.email.trim().to_lowercase();
    let user = services.read(|op| {
        let user = store::user::by_email(op.conn, &email)?;
        user.as_ref().map_or(Ok(()), |user| stop_trying(op, user))?;
        Ok(user)
    })?;
    let known = user.as_ref().filter(|user| user.active);
    let hash = known.and_then(|user| user.password_hash.as_deref());
    let short = credentials.password.len() <= password::LONGEST;
    let right = short && password::verify(&credentials.password, hash);
    match user {
        Some(user) if right => {
            if user.failed_sign_ins > 0 {
                note(services, user.id, false)?;
            }
            Ok(user)
        }
        unknown => {
            if let Some(user) = unknown {
                note(services, user.id, true)?;
            }
            let sentence = "L'adresse ou le mot de passe est incorrect : vérifiez-les.";
            Err(Refused::new(Code::InvalidCredentials, sentence).into())
        }
    }
}

fn stop_trying(op: &Op<'_>, user: &UserRow) -> Outcome<()> {
    let ends = user.failed_since.map(|since| since.plus_seconds(FAILURE_SECONDS));
    let Some(ends) = ends.filter(|ends| *ends > op.now) else { return Ok(()) };
    if user.failed_sign_ins < FAILURES {
        return Ok(());
    }
    let wait = (ends.micros() - op.now.micros()).div_euclid(1_000_000).max(1);
    let sentence = "Trop de mots de passe incorrects : attendez dix minutes avant de réessayer.";
    let mut refused = Refused::new(Code::TooManySignIns, sentence);
    refused.facts.push(("retry_after".to_owned(), Fact::Number(wait)));
    Err(refused.into())
}

fn note(services: &Services, user: UserId, failed: bool) -> Outcome<()> {
    services.write(|op| {
        let Some(mut row) = store::user::by_id(op.conn, user)? else { return Ok(()) };
        let running =
            row.failed_since.is_some_and(|since| since.plus_seconds(FAILURE_SECONDS) > op.now);
        match (failed, running) {
            (false, _) => (row.failed_sign_ins, row.failed_since) = (0, None),
            (true, true) => row.failed_sign_ins += 1,
            (true, false) => (row.failed_sign_ins, row.failed_since) = (1, Some(op.now)),
        }
        store::user::update(op.conn, &row)?;
        if failed { note_sign_in(op, user, row.organisation_id, true) } else { Ok(()) }
    })
}
