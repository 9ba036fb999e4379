//! The file a bank executes: SEPA credit transfers, pain.001.001.09 or .03.
//!
//! No postal address stands in it: since November 2026 banks refuse unstructured ones, and none
//! is needed to pay.

use sepa::pain001::{
    CreditTransferEntry, CreditTransferGroup, CreditTransferSchema, Pain001Builder,
};
use sepa::{CharsetPolicy, IsoDate, IsoDateTime, Transliteration, validate_bic, validate_iban};

use super::bank;
use crate::domain::money::Cents;
use crate::domain::payment_run::{BankAccount, PainVersion, PaymentRun};

/// One transfer of a file.
#[derive(Clone, Debug)]
pub struct Transfer {
    /// Where to.
    pub creditor: BankAccount,
    /// How much.
    pub amount: Cents,
    /// The number of the statement it pays: the end-to-end id.
    pub statement: String,
    /// What the organisation reads on its own bank statement.
    pub words: String,
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// The file of a run. The same run gives the same bytes.
///
/// # Errors
/// What no bank would take.
pub fn file(
    run: &PaymentRun,
    debtor: &BankAccount,
    transfers: &[Transfer],
    version: PainVersion,
) -> Result<Vec<u8>, Failed> {
    let day: IsoDate = IsoDate::parse(&run.execution_day.to_string())?;
    let group = CreditTransferGroup::new(holder(debtor)?, &validate_iban(&debtor.iban)?, day)
        .debtor_bic(validate_bic(&debtor.bic)?);
    let mut entries = Vec::with_capacity(transfers.len());
    for transfer in transfers {
        entries.push(entry(transfer)?);
    }
    let made = run.created_at.to_utc().format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let schema = match version {
        PainVersion::V03 => CreditTransferSchema::IsoV3,
        PainVersion::V09 => CreditTransferSchema::IsoV9,
    };
    let message = Pain001Builder::new(holder(debtor)?, run.reference())
        .created_at(IsoDateTime::parse(&made)?)
        .schema(schema)
        .charset(CharsetPolicy::Transliterate(Transliteration::Epc))
        .add_group(group.add_entries(entries));
    Ok(message.build()?.into_bytes())
}

fn entry(transfer: &Transfer) -> Result<CreditTransferEntry, Failed> {
    let creditor = &transfer.creditor;
    let entry = CreditTransferEntry::new(
        holder(creditor)?,
        validate_iban(&creditor.iban)?,
        transfer.amount.0,
        transfer.statement.clone(),
    );
    let entry = entry.with_bic(validate_bic(&creditor.bic)?);
    Ok(entry.with_description(bank::letters(&transfer.words)))
}

fn holder(account: &BankAccount) -> Result<String, Failed> {
    bank::holder(&account.holder).ok_or_else(|| "a holder without a letter".into())
}
