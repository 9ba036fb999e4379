//! What a bank answers to a payment file (pain.002).

use pass_numerique::adapters::bank_answer::{LONGEST_TEXT, answer};
use pass_numerique::domain::bank_answer::{BankReason, Verdict};

/// The longest id of ISO 20022.
const ID: usize = 35;

pub fn bank_answer(bytes: &[u8]) {
    let Ok(answer) = answer(bytes) else { return };
    answer.ids().for_each(|id| fits(id, ID));
    fits_its_columns(&answer.verdict);
    for block in &answer.blocks {
        fits_its_columns(&block.verdict);
        for transfer in &block.transfers {
            transfer.status_id.iter().for_each(|id| fits(id, ID));
            fits_its_columns(&transfer.verdict);
            if let Some((_, name)) = &transfer.payee {
                fits(name, LONGEST_TEXT);
            }
        }
    }
    let read = answer.of_run("P-2026-0001", &[]);
    assert!(!read.refuses_all() || read.whole.is_some());
}

fn fits_its_columns(verdict: &Verdict) {
    let Verdict::Refused(BankReason { code, text }) = verdict else { return };
    fits(code, ID);
    fits(text, LONGEST_TEXT);
}

/// Short enough to be shown, and without the sign that no database holds.
fn fits(text: &str, longest: usize) {
    assert!(text.chars().count() <= longest && !text.contains('\0'), "{text:?}");
}
