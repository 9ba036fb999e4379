//! What a form sent: its fields by name, and a file when it has one.

use std::pin::Pin;

use actix_multipart::{Multipart, MultipartError};
use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, Query};
use chrono::NaiveDate;
use uuid::Uuid;

use crate::domain::refusal::{Code, Refused};
use crate::http::body::{self, PacedBody};
use crate::http::deadline;
use crate::http::problem::Problem;

/// The hidden field that shows that a form is ours.
pub const TOKEN: &str = "jeton";

/// The hidden field that makes a form count once.
pub const KEY: &str = "cle";

/// The fields that hold a file: a photo of a pass, a sheet of venues, a logo.
const FILES: [&str; 3] = ["photo", "fichier", "logo"];

/// The most a form without a file may weigh.
const LARGEST_FORM: usize = 64 * 1024;

/// The most fields a form with a file may have, and the most a person fills in.
const MOST_PARTS: usize = 100;

/// The most a file may weigh.
pub const LARGEST_FILE: usize = 10 * 1024 * 1024;

/// No database holds a NUL in a text, and nobody means one.
fn without_nul((name, text): (String, String)) -> (String, String) {
    (name, text.replace('\0', ""))
}

/// The fields of a form or of an address, in the order they came.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    pairs: Vec<(String, String)>,
    /// The file, when one was given.
    pub file: Option<Vec<u8>>,
}

impl Fields {
    /// The fields of an address.
    #[must_use]
    pub fn of_address(request: &HttpRequest) -> Self {
        Self::read(request.query_string())
    }

    fn read(text: &str) -> Self {
        let pairs = Query::<Vec<(String, String)>>::from_query(text);
        let pairs = pairs.map(Query::into_inner).unwrap_or_default();
        Self { pairs: pairs.into_iter().map(without_nul).collect(), file: None }
    }

    /// The fields of a body.
    ///
    /// # Errors
    /// `body_too_large`, or `malformed_request`.
    pub async fn of_body(request: &HttpRequest, payload: &mut Payload) -> Result<Self, Problem> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
            return Self::of_parts(request, payload).await;
        }
        Self::of_open_body(payload).await
    }

    /// The fields of a body that has no file, whoever sent it.
    ///
    /// # Errors
    /// `body_too_large`, or `malformed_request`.
    pub async fn of_open_body(payload: &mut Payload) -> Result<Self, Problem> {
        let bytes = body::read(payload, LARGEST_FORM).await?;
        Ok(std::str::from_utf8(&bytes).map(Self::read).map_err(|_| unreadable())?)
    }

    async fn of_parts(request: &HttpRequest, payload: &mut Payload) -> Result<Self, Problem> {
        let mut parts = Multipart::new(request.headers(), PacedBody::new(payload.take()));
        let mut fields = Self::default();
        let mut count = 0;
        while let Some(part) = next(&mut parts).await {
            let mut part = part.map_err(|error| broken(&error))?;
            count += 1;
            if count > MOST_PARTS {
                return Err(too_large().into());
            }
            let name = part.name().unwrap_or_default().to_owned();
            let file = FILES.contains(&name.as_str());
            let most = if file { LARGEST_FILE } else { LARGEST_FORM };
            let read = part.bytes(most).await.map_err(|_| too_large())?;
            let bytes: Bytes = read.map_err(|error| broken(&error))?;
            if file && fields.file.is_some() && !bytes.is_empty() {
                return Err(one_file().into());
            }
            match String::from_utf8(bytes.to_vec()) {
                Ok(text) if !file => fields.pairs.push(without_nul((name, text))),
                _ if file && !bytes.is_empty() => fields.file = Some(bytes.to_vec()),
                _ => {}
            }
        }
        deadline::restart();
        Ok(fields)
    }

    /// The field of that name without the spaces around it; empty when it did not come.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.pairs.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value.trim())
    }

    /// The field of that name exactly as it came: a password.
    #[must_use]
    pub fn exact(&self, name: &str) -> &str {
        self.pairs.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }

    /// The field of that name, unless it is empty.
    #[must_use]
    pub fn some(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Every value of that name.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        let found = self.pairs.iter().filter(|(key, value)| key == name && !value.is_empty());
        found.map(|(_, value)| value.clone()).collect()
    }

    /// The id in the field of that name.
    #[must_use]
    pub fn id(&self, name: &str) -> Option<Uuid> {
        self.text(name).parse().ok()
    }

    /// What a key is bound to: everything but what protects the form.
    #[must_use]
    pub fn bound(&self) -> Vec<u8> {
        let mut bound = Vec::new();
        for (name, value) in self.pairs.iter().filter(|(name, _)| name != TOKEN && name != KEY) {
            for text in [name, value] {
                bound.extend_from_slice(&text.len().to_be_bytes());
                bound.extend_from_slice(text.as_bytes());
            }
        }
        bound.extend_from_slice(self.file.as_deref().unwrap_or_default());
        bound
    }
}

/// A day as people write it: `17/05/1961`, `17.5.1961`, `17051961` or `1961-05-17`.
#[must_use]
pub fn day(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> =
        text.split(|sign: char| !sign.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let (year, month, day) = match parts.as_slice() {
        [all] if all.len() == 8 => (all.get(4..)?, all.get(2..4)?, all.get(..2)?),
        [year, month, day] if year.len() == 4 => (*year, *month, *day),
        [day, month, year] if year.len() == 4 => (*year, *month, *day),
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

async fn next(parts: &mut Multipart) -> Option<Result<actix_multipart::Field, MultipartError>> {
    use futures_core::Stream;
    std::future::poll_fn(|context| Pin::new(&mut *parts).poll_next(context)).await
}

fn broken(error: &MultipartError) -> Refused {
    match error {
        MultipartError::Payload(error) => body::broken(error),
        _ => unreadable(),
    }
}

fn one_file() -> Refused {
    Refused::new(Code::MalformedRequest, "Envoyez un seul fichier à la fois.")
}

fn unreadable() -> Refused {
    Refused::new(
        Code::MalformedRequest,
        "Cet envoi est illisible : revenez en arrière et recommencez.",
    )
}

fn too_large() -> Refused {
    Refused::new(
        Code::BodyTooLarge,
        "Cet envoi est trop volumineux : envoyez un fichier de 10 Mo au plus.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birth_date_is_read_however_it_is_written() {
        let expected = NaiveDate::from_ymd_opt(1961, 5, 7);
        for text in ["07/05/1961", "7 5 1961", "7.5.1961", "07051961", "1961-05-07"] {
            assert_eq!(day(text), expected, "{text}");
        }
        for wrong in ["", "31/02/1961", "7/5/61", "mai 1961"] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
    }
}
