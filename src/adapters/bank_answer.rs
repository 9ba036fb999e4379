//! What a bank answers to a payment file: pain.002, versions .03 and .10.

use sepa::pain002::{PaymentInfoStatus, TransactionStatus, VerificationOutcome, parse_pain002};
use sepa::{PaymentStatus, ReasonCode};

use super::xml_text::{self, Read};
use crate::domain::bank_answer::{
    BankAnswer, BankReason, BlockAnswer, NotAnAnswer, TransferAnswer, Verdict,
};
use crate::domain::payee_check::PayeeCheck;

/// The longest id of ISO 20022, and the longest code of a reason.
const LONGEST_ID: usize = 35;

/// What is kept of a bank's own words.
pub const LONGEST_TEXT: usize = 500;

/// What a bank writes where it has no id.
const NO_ID: &str = "NOTPROVIDED";

/// Reads a bank's answer, in the encoding that it declares.
///
/// # Errors
/// [`NotAnAnswer`] for anything else, ids that are longer than the standard's included.
pub fn answer(bytes: &[u8]) -> Result<BankAnswer, NotAnAnswer> {
    let Read { text, status_ids } = xml_text::read(bytes).ok_or(NotAnAnswer)?;
    let read = parse_pain002(&text).map_err(|_| NotAnAnswer)?;
    let mut status_ids = status_ids.into_iter();
    let blocks = read.payment_info_statuses.iter();
    let answer = BankAnswer {
        run: read.original_msg_id.trim().to_owned(),
        verdict: verdict(
            read.group_status.as_ref(),
            reason(&read.group_reason_codes, &read.group_additional_info),
        ),
        counts_refusals: counts_refusals(&read.group_status_counts),
        blocks: blocks.map(|block| block_answer(block, &mut status_ids)).collect(),
    };
    if answer.ids().all(|id| id.chars().count() <= LONGEST_ID) {
        Ok(answer)
    } else {
        Err(NotAnAnswer)
    }
}

fn block_answer(
    block: &PaymentInfoStatus,
    status_ids: &mut impl Iterator<Item = Option<String>>,
) -> BlockAnswer {
    let told = block.transactions.iter();
    BlockAnswer {
        id: id(block.original_payment_info_id.as_deref()),
        verdict: verdict(
            block.status.as_ref(),
            reason(&block.reason_codes, &block.additional_info),
        ),
        counts_refusals: counts_refusals(&block.status_counts),
        transfers: told
            .map(|told| transfer(told, status_ids.next().flatten().as_deref()))
            .collect(),
    }
}

fn transfer(told: &TransactionStatus, status_id: Option<&str>) -> TransferAnswer {
    let check = told.status.as_ref().and_then(PaymentStatus::verification);
    let statement = id(told.original_end_to_end_id.as_deref());
    TransferAnswer {
        statement: statement.or_else(|| id(told.original_instruction_id.as_deref())),
        status_id: id(status_id).map(|id| cut(&id, LONGEST_ID)),
        verdict: verdict(told.status.as_ref(), reason(&told.reason_codes, &told.additional_info)),
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
    }
}

/// An id; none when the bank says that it has none.
fn id(told: Option<&str>) -> Option<String> {
    let told = told?.trim();
    (!told.is_empty() && !told.eq_ignore_ascii_case(NO_ID)).then(|| told.to_owned())
}

/// What a status says of money; a cancelled payment was not made either.
fn verdict(status: Option<&PaymentStatus>, reason: BankReason) -> Verdict {
    let cancelled = |status: &PaymentStatus| status.as_code().eq_ignore_ascii_case("CANC");
    match status {
        Some(status) if status.is_rejected() || cancelled(status) => Verdict::Refused(reason),
        Some(status) if status.is_accepted() => Verdict::Accepted,
        Some(PaymentStatus::Part) => Verdict::InPart,
        _ => Verdict::Silent,
    }
}

fn counts_refusals(counts: &[sepa::pain002::StatusCount]) -> bool {
    counts.iter().any(|count| {
        let verdict = verdict(count.status.as_ref(), BankReason::default());
        matches!(verdict, Verdict::Refused(_)) && count.count != Some(0)
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
