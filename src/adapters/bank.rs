//! What banks write: account numbers and bank codes, checked, and their answers to a payment
//! file.

use sepa::pain002::{Pain002Document, TransactionStatus, VerificationOutcome, parse_pain002};
use sepa::{PaymentStatus, ReasonCode, validate_bic, validate_iban};

use crate::domain::payee_check::PayeeCheck;
use crate::domain::payment_run::{BankAnswer, BankReason, NotAnAnswer, TransferAnswer};

/// The longest id of ISO 20022, and the longest code of a reason.
const LONGEST_ID: usize = 35;

/// What is kept of a bank's own words.
pub const LONGEST_TEXT: usize = 500;

/// An IBAN in its electronic form, of a country that SEPA transfers reach; none when it is wrong.
///
/// Country, length, form and check digits are those of ISO 13616; in France the key of the RIB fits.
#[must_use]
pub fn iban(typed: &str) -> Option<String> {
    let read = validate_iban(&plain(typed)).ok()?;
    let iban = read.as_str();
    let french = iban.starts_with("FR") || iban.starts_with("MC");
    let fits = !french || iban.get(4..).is_some_and(rib_key_fits);
    (read.is_sepa() && fits).then(|| iban.to_owned())
}

/// A French account number (RIB) ends in a key of its own, which the check digits of the IBAN do not
/// see: bank, counter, account and key, letters as digits, are a multiple of 97.
fn rib_key_fits(rib: &str) -> bool {
    let digit = |sign: u8| match sign {
        b'0'..=b'9' => Some(sign - b'0'),
        b'A'..=b'I' => Some(sign - b'A' + 1),
        b'J'..=b'R' => Some(sign - b'J' + 1),
        b'S'..=b'Z' => Some(sign - b'S' + 2),
        _ => None,
    };
    let rest = rib
        .bytes()
        .try_fold(0_u32, |rest, sign| digit(sign).map(|digit| (rest * 10 + u32::from(digit)) % 97));
    rest == Some(0)
}

/// A BIC (ISO 9362) in capitals; none when it is wrong.
#[must_use]
pub fn bic(typed: &str) -> Option<String> {
    Some(validate_bic(&plain(typed)).ok()?.as_str().to_owned())
}

fn plain(typed: &str) -> String {
    typed.chars().filter(|sign| !sign.is_whitespace()).collect::<String>().to_uppercase()
}

/// Reads a bank's answer to a payment file (pain.002, versions .03 and .10).
///
/// # Errors
/// [`NotAnAnswer`] for anything else, ids that are longer than the standard's included.
pub fn answer(bytes: &[u8]) -> Result<BankAnswer, NotAnAnswer> {
    let text = std::str::from_utf8(bytes).map_err(|_| NotAnAnswer)?;
    let text = text.trim_start_matches('\u{feff}');
    let read = parse_pain002(text).map_err(|_| NotAnAnswer)?;
    let transfers = read.payment_info_statuses.iter().flat_map(|block| &block.transactions);
    let answer = BankAnswer {
        run: read.original_msg_id.trim().to_owned(),
        whole: whole(&read),
        transfers: transfers.filter_map(transfer).collect(),
    };
    let statements = answer.transfers.iter().map(|transfer| &transfer.statement);
    let fits = |id: &String| id.chars().count() <= LONGEST_ID;
    if [&answer.run].into_iter().chain(statements).all(fits) {
        Ok(answer)
    } else {
        Err(NotAnAnswer)
    }
}

/// The reason when the bank refused the whole file: of its one block, or of the message.
fn whole(read: &Pain002Document) -> Option<BankReason> {
    let refused =
        |status: &Option<PaymentStatus>| status.as_ref().is_some_and(PaymentStatus::is_rejected);
    if refused(&read.group_status) {
        return Some(reason(&read.group_reason_codes, &read.group_additional_info));
    }
    let block = read.payment_info_statuses.iter().find(|block| refused(&block.status))?;
    Some(reason(&block.reason_codes, &block.additional_info))
}

fn transfer(told: &TransactionStatus) -> Option<TransferAnswer> {
    let statement = told.original_end_to_end_id.clone()?;
    let check = told.status.as_ref().and_then(PaymentStatus::verification);
    Some(TransferAnswer {
        statement,
        rejected: told.is_rejected().then(|| reason(&told.reason_codes, &told.additional_info)),
        payee: check.map(|check| {
            let check = match check {
                VerificationOutcome::Match => PayeeCheck::Match,
                VerificationOutcome::CloseMatch => PayeeCheck::CloseMatch,
                VerificationOutcome::NoMatch => PayeeCheck::NoMatch,
                VerificationOutcome::NotApplicable => PayeeCheck::Impossible,
            };
            let named = told.original_creditor_name.clone();
            (check, cut(&named.unwrap_or_else(|| told.additional_info.join(" ")), LONGEST_TEXT))
        }),
    })
}

fn reason(codes: &[ReasonCode], told: &[String]) -> BankReason {
    BankReason {
        code: codes.first().map(|code| cut(code.as_code(), LONGEST_ID)).unwrap_or_default(),
        text: cut(&told.join(" "), LONGEST_TEXT),
    }
}

fn cut(text: &str, longest: usize) -> String {
    text.chars().take(longest).collect()
}

#[cfg(test)]
mod tests {
    use super::{bic, iban};

    #[test]
    fn an_iban_is_read_as_people_type_it_and_checked() {
        let read = "FR7630006000011234567890189";
        assert_eq!(iban("fr76 3000 6000 0112 3456 7890 189").as_deref(), Some(read));
        let wrong = [
            "",
            "FR7630006000011234567890188",
            "FR76300060000112345678901",
            "XX00",
            "EG380019000500000000263180002",
            // The check digits of the IBAN fit, the key of the RIB does not.
            "FR7330006000011234567890100",
        ];
        for wrong in wrong {
            assert_eq!(iban(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_bic_has_eight_or_eleven_signs() {
        assert_eq!(bic("bnpa frpp").as_deref(), Some("BNPAFRPP"));
        for fine in ["CRLYFRPP123", "PSSTFRPPBOR"] {
            assert_eq!(bic(fine).as_deref(), Some(fine));
        }
        for wrong in ["", "BNPAFRP", "BNPAFRPPX", "BNPAFRPP-XX", "BNPA99PP"] {
            assert_eq!(bic(wrong), None, "{wrong}");
        }
    }
}
