//! The key files that a database was made with: each by its name and a value that only the right
//! file gives.

use std::fmt;

/// What is remembered of one key file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyCheck {
    /// The name of the file without its ending, `code-1`.
    pub name: String,
    /// The value.
    pub value: Vec<u8>,
}

/// Why the key files are not those of the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyFault {
    /// The file is gone.
    Missing(String),
    /// The file is another one.
    Another(String),
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(
                f,
                "keys/{name}.key is missing, and this database was made with it: bring it back \
                 from a backup, or say `keys forget {name}` when it is lost for good"
            ),
            Self::Another(name) => write!(
                f,
                "keys/{name}.key is not the file this database was made with: put the right one back"
            ),
        }
    }
}

impl std::error::Error for KeyFault {}

/// The first file that is not as the database knows it. A token key that a later one took over from
/// may go: nothing it signed lives as long.
#[must_use]
pub fn first_fault(known: &[KeyCheck], held: &[KeyCheck]) -> Option<KeyFault> {
    known.iter().find_map(|known| {
        let name = known.name.clone();
        match held.iter().find(|held| held.name == known.name) {
            Some(held) if held.value == known.value => None,
            Some(_) => Some(KeyFault::Another(name)),
            None if taken_over(&known.name, held) => None,
            None => Some(KeyFault::Missing(name)),
        }
    })
}

fn taken_over(name: &str, held: &[KeyCheck]) -> bool {
    let number = |name: &str| name.strip_prefix("token-")?.parse::<i32>().ok();
    number(name).is_some_and(|gone| held.iter().any(|one| number(&one.name) > Some(gone)))
}

/// The files the database has not heard of.
#[must_use]
pub fn unknown<'a>(known: &[KeyCheck], held: &'a [KeyCheck]) -> Vec<&'a KeyCheck> {
    held.iter().filter(|held| known.iter().all(|known| known.name != held.name)).collect()
}

/// Whether an installation can go on without that file once it is lost for good: what was made with
/// it stays unreadable, and everything else works.
#[must_use]
pub fn may_be_forgotten(name: &str) -> bool {
    ["code-", "seal-", "token-"].iter().any(|kind| name.starts_with(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(names: &[(&str, u8)]) -> Vec<KeyCheck> {
        let key =
            |(name, value): &(&str, u8)| KeyCheck { name: (*name).to_owned(), value: vec![*value] };
        names.iter().map(key).collect()
    }

    #[test]
    fn a_changed_or_missing_key_is_named_and_a_new_one_is_welcome() {
        let known = keys(&[("code-1", 1), ("lookup", 2), ("token-1", 3)]);
        assert_eq!(first_fault(&known, &known), None);
        let other = keys(&[("code-1", 9), ("lookup", 2), ("token-1", 3)]);
        assert_eq!(first_fault(&known, &other), Some(KeyFault::Another("code-1".to_owned())));
        let gone = keys(&[("code-2", 1), ("lookup", 2), ("token-1", 3)]);
        assert_eq!(first_fault(&known, &gone), Some(KeyFault::Missing("code-1".to_owned())));
        let rotated = keys(&[("code-1", 1), ("code-2", 4), ("lookup", 2), ("token-2", 5)]);
        assert_eq!(first_fault(&known, &rotated), None);
        let new: Vec<&str> =
            unknown(&known, &rotated).iter().map(|key| key.name.as_str()).collect();
        assert_eq!(new, ["code-2", "token-2"]);
        assert!(may_be_forgotten("seal-1") && !may_be_forgotten("lookup"));
    }
}
