//! Access tokens: JWT, HS256 pinned, the key's number in the header.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::keys::Keys;
use crate::domain::ids::UserId;
use crate::domain::time::Instant;

/// How long an access token is good for, in seconds.
pub const LIFE_SECONDS: i64 = 15 * 60;

const ISSUER: &str = "pass-numerique";

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: Uuid,
    iat: i64,
    exp: i64,
}

/// Signs a token for a person, good for [`LIFE_SECONDS`].
///
/// # Errors
/// When there is no key to sign with.
pub fn sign(
    keys: &Keys,
    user: UserId,
    now: Instant,
) -> Result<String, jsonwebtoken::errors::Error> {
    let (number, key) =
        keys.current_token_key().ok_or(jsonwebtoken::errors::ErrorKind::InvalidKeyFormat)?;
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some(number.to_string());
    let iat = now.to_utc().timestamp();
    let claims = Claims { iss: ISSUER.to_owned(), sub: user.0, iat, exp: iat + LIFE_SECONDS };
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(key))
}

/// Whose token it is, when one of our keys signed it and its time has not run out.
#[must_use]
pub fn verify(keys: &Keys, token: &str, now: Instant) -> Option<UserId> {
    let header = jsonwebtoken::decode_header(token).ok()?;
    let key = keys.token_key(header.kid?.parse().ok()?)?;
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_required_spec_claims(&["iss", "sub", "exp"]);
    // The library asks the machine's clock; ours is an argument.
    validation.validate_exp = false;
    let key = DecodingKey::from_secret(key);
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation).ok()?.claims;
    (now.to_utc().timestamp() < claims.exp).then_some(UserId(claims.sub))
}
