//! What the house owes: known exceptions to its rules. The list may only shrink.

use std::collections::BTreeMap;

/// The rules that a test holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    Table,
    Layers,
    FileLength,
    FunctionLength,
    Names,
    Unfinished,
    Engines,
    SwallowedErrors,
    DeadFiles,
    Migrations,
}

/// One exception: the rule, the file (for a function `file::function`), and how much is owed: the
/// length that is too long, or how often the rule is broken there.
type Debt = (Rule, &'static str, usize);

/// Take entries away and lower their numbers; never add one.
const DEBTS: &[Debt] = &[];

/// A rule that is broken.
#[derive(Clone, Debug)]
pub struct Fault {
    rule: Rule,
    /// What a debt would name.
    place: String,
    /// What the reader is told: the place, with its line where there is one.
    shown: String,
    size: usize,
    advice: String,
}

impl Fault {
    pub fn new(rule: Rule, place: &str, advice: String) -> Self {
        Self::at(rule, place, place, advice)
    }

    pub fn at(rule: Rule, place: &str, shown: &str, advice: String) -> Self {
        let (place, shown) = (place.to_owned(), shown.to_owned());
        Self { rule, place, shown, size: 1, advice }
    }

    /// A fault that has a length.
    pub fn sized(self, size: usize) -> Self {
        Self { size, ..self }
    }
}

/// Fails with everything that breaks `rule` beyond the debts, and with debts that are paid.
pub fn hold(rule: Rule, faults: &[Fault]) {
    let complaints = complaints(rule, faults, DEBTS);
    assert!(
        complaints.is_empty(),
        "the house rule {rule:?} is broken {} times:\n\n{}\n",
        complaints.len(),
        complaints.join("\n")
    );
}

fn complaints(rule: Rule, faults: &[Fault], debts: &[Debt]) -> Vec<String> {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for fault in faults {
        *sizes.entry(&fault.place).or_default() += fault.size;
    }
    let owed = |place: &str| {
        debts.iter().find(|(of, at, _)| *of == rule && *at == place).map_or(0, |debt| debt.2)
    };
    let beyond = |fault: &&Fault| sizes.get(fault.place.as_str()) > Some(&owed(&fault.place));
    let mut found: Vec<String> = faults
        .iter()
        .inspect(|fault| assert_eq!(fault.rule, rule, "a test holds one rule"))
        .filter(beyond)
        .map(|fault| format!("  {}: {}", fault.shown, fault.advice))
        .collect();
    for (_, place, size) in debts.iter().filter(|(of, _, _)| *of == rule) {
        let now = sizes.get(place).copied().unwrap_or(0);
        if now < *size {
            let advice =
                if now == 0 { "take the entry away".into() } else { format!("write {now}") };
            found.push(format!(
                "  {place}: DEBTS in tests/house/debts.rs owes {size}, now {now}: {advice}"
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Debt, Fault, Rule, complaints};

    const OWED: &[Debt] = &[(Rule::FileLength, "src/a.rs", 320)];

    fn long(size: usize) -> Fault {
        Fault::new(Rule::FileLength, "src/a.rs", "too long".to_owned()).sized(size)
    }

    #[test]
    fn a_debt_excuses_exactly_what_it_says() {
        assert!(complaints(Rule::FileLength, &[long(320)], OWED).is_empty());
        assert_eq!(complaints(Rule::FileLength, &[long(321)], OWED), ["  src/a.rs: too long"]);
        assert_eq!(complaints(Rule::FileLength, &[long(320)], &[]).len(), 1);
    }

    #[test]
    fn a_debt_that_is_paid_must_go() {
        let paid = complaints(Rule::FileLength, &[], OWED);
        assert!(paid.concat().ends_with("take the entry away"), "{paid:?}");
        let smaller = complaints(Rule::FileLength, &[long(310)], OWED);
        assert!(smaller.concat().ends_with("write 310"), "{smaller:?}");
    }
}
