//! Reading what clients send, and saying exactly what is wrong with it.

use actix_web::http::header::HeaderValue;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::problem::Problem;
use crate::domain::refusal::{Code, FieldError, Refused};

/// A body without a content type is taken for JSON; one of another type is not.
///
/// # Errors
/// `unsupported_media_type`.
pub fn must_be_json(content_type: Option<&HeaderValue>) -> Result<(), Problem> {
    let Some(value) = content_type else { return Ok(()) };
    let kind = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let json = kind.eq_ignore_ascii_case("application/json")
        || (kind.starts_with("application/") && kind.ends_with("+json"));
    if json {
        return Ok(());
    }
    let sentence = "Cette adresse attend du JSON : Content-Type: application/json.";
    Err(Refused::new(Code::UnsupportedMediaType, sentence).into())
}

/// Reads a JSON body; also answers it in one canonical writing, so that the same request written
/// twice is the same request.
///
/// # Errors
/// `malformed_json`, `unknown_field`, or `invalid_body` naming the value.
pub fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<(T, Vec<u8>), Problem> {
    let whole = parsed(bytes)?;
    if let Some(pointer) = nul(&whole) {
        let detail = "Ce texte contient un signe interdit.".to_owned();
        return Err(
            Refused::invalid(vec![FieldError { pointer, code: "malformed", detail }]).into()
        );
    }
    typed(bytes, whole)
}

/// Reads a JSON body whose items are looked at one by one where they are decided: bytes that no text
/// has are replaced by the sign that stands for them, and spoil the item they stand in alone.
///
/// # Errors
/// As [`json`], but no text, number or depth of an item is one.
pub fn json_of_any_text<T: DeserializeOwned>(bytes: &[u8]) -> Result<(T, Vec<u8>), Problem> {
    let text: String = String::from_utf8_lossy(bytes).chars().map(shown).collect();
    let mut reader = serde_json::Deserializer::from_str(&text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| explain(&error))?;
    reader.end().map_err(|error| malformed(&error))?;
    Ok((value, text.into_bytes()))
}

/// A control sign may only stand between the parts of JSON, as white space.
fn shown(sign: char) -> char {
    match sign {
        '\t' | '\n' | '\r' => ' ',
        sign if sign.is_ascii_control() => char::REPLACEMENT_CHARACTER,
        sign => sign,
    }
}

fn parsed(bytes: &[u8]) -> Result<serde_json::Value, Refused> {
    serde_json::from_slice(bytes).map_err(|error| malformed(&error))
}

fn malformed(error: &serde_json::Error) -> Refused {
    let sentence = format!(
        "Le contenu n'est pas du JSON : vérifiez la ligne {}, colonne {}.",
        error.line(),
        error.column()
    );
    Refused::new(Code::MalformedJson, sentence)
}

fn typed<T: DeserializeOwned>(
    bytes: &[u8],
    mut whole: serde_json::Value,
) -> Result<(T, Vec<u8>), Problem> {
    whole.sort_all_objects();
    let canonical = whole.to_string().into_bytes();
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| explain(&error))?;
    Ok((value, canonical))
}

/// Where the first text with a NUL is: a sign that nobody types and that not every database holds.
fn nul(value: &serde_json::Value) -> Option<String> {
    use serde_json::Value;
    match value {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| nul(item).map(|rest| format!("/{index}{rest}"))),
        Value::Object(fields) => fields
            .iter()
            .find_map(|(name, field)| nul(field).map(|rest| format!("/{}{rest}", escaped(name)))),
        _ => None,
    }
}

/// A name as a JSON pointer writes it (RFC 6901).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Reads the parameters of an address.
///
/// # Errors
/// `invalid_query` naming the parameter.
pub fn query<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    if text.contains("%00") {
        let sentence = "Un paramètre de l'adresse contient un signe interdit : retirez-le.";
        return Err(Refused::new(Code::InvalidQuery, sentence).into());
    }
    actix_web::web::Query::<T>::from_query(text).map(|query| query.0).map_err(|error| {
        let message = error.to_string();
        let unknown = unknown_field(&message);
        let sentence = match &unknown {
            Some(field) => format!("Le paramètre « {field} » n'existe pas ici : retirez-le."),
            None => "Un paramètre de l'adresse est incorrect : vérifiez son écriture.".to_owned(),
        };
        Refused::new(Code::InvalidQuery, sentence).into()
    })
}

fn explain(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let message = error.inner().to_string();
    if error.inner().classify() != Category::Data {
        let sentence = "Le contenu n'est pas du JSON : vérifiez-le.";
        return Refused::new(Code::MalformedJson, sentence).into();
    }
    let mut pointer: String = error
        .path()
        .iter()
        .map(|segment| match segment {
            serde_path_to_error::Segment::Seq { index } => format!("/{index}"),
            serde_path_to_error::Segment::Map { key } => {
                format!("/{}", escaped(key))
            }
            _ => String::new(),
        })
        .collect();
    if let Some(field) = unknown_field(&message) {
        let detail = format!("Le champ « {field} » n'existe pas ici : retirez-le.");
        let pointer = if pointer.ends_with(&format!("/{field}")) {
            pointer
        } else {
            format!("{pointer}/{field}")
        };
        let fields = vec![FieldError { pointer, code: "unknown_field", detail: detail.clone() }];
        return Refused { fields, ..Refused::new(Code::UnknownField, detail) }.into();
    }
    let missing = quoted(&message, "missing field `");
    let (code, detail) = match &missing {
        Some(field) => {
            pointer = format!("{pointer}/{field}");
            ("missing", format!("Le champ « {field} » est obligatoire."))
        }
        None if message.starts_with("invalid value") => {
            ("out_of_range", "Cette valeur est hors des limites permises.".to_owned())
        }
        None => ("wrong_type", "Cette valeur n'est pas de la forme attendue.".to_owned()),
    };
    Refused::invalid(vec![FieldError { pointer, code, detail }]).into()
}

fn unknown_field(message: &str) -> Option<String> {
    quoted(message, "unknown field `")
}

fn quoted(message: &str, before: &str) -> Option<String> {
    let (_, rest) = message.split_once(before)?;
    rest.split_once('`').map(|(name, _)| name.to_owned())
}
