//! What a bank answers to a payment file (pain.002).

use pass_numerique::adapters::bank;
use pass_numerique::domain::payment_run::BankReason;

/// The longest id of ISO 20022.
const ID: usize = 35;

pub fn bank_answer(bytes: &[u8]) {
    let Ok(answer) = bank::answer(bytes) else { return };
    fits(&answer.run, ID);
    answer.whole.iter().for_each(fits_its_columns);
    for transfer in &answer.transfers {
        fits(&transfer.statement, ID);
        transfer.rejected.iter().for_each(fits_its_columns);
        if let Some((_, name)) = &transfer.payee {
            fits(name, bank::LONGEST_TEXT);
        }
    }
}

fn fits_its_columns(reason: &BankReason) {
    fits(&reason.code, ID);
    fits(&reason.text, bank::LONGEST_TEXT);
}

/// Short enough to be shown, and without the sign that no database holds.
fn fits(text: &str, longest: usize) {
    assert!(text.chars().count() <= longest && !text.contains('\0'), "{text:?}");
}
