//! What a bank answers to a payment file, and what that says of a run.

use super::payee_check::PayeeCheck;

/// What stands for a refusal that names nothing.
const WITHOUT_ID: &str = "(sans identifiant)";

/// A bank's answer to a payment file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankAnswer {
    /// The number of the run it is about.
    pub run: String,
    /// What it says of the whole file.
    pub verdict: Verdict,
    /// Whether it counts refused transfers.
    pub counts_refusals: bool,
    /// What it says of the blocks of the file. Ours have one, named as the run.
    pub blocks: Vec<BlockAnswer>,
}

/// What a bank says of one block of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockAnswer {
    /// The block; none when the bank does not say.
    pub id: Option<String>,
    /// What it says of the whole block.
    pub verdict: Verdict,
    /// Whether it counts refused transfers.
    pub counts_refusals: bool,
    /// What it says of single transfers.
    pub transfers: Vec<TransferAnswer>,
}

/// What a bank says of one transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferAnswer {
    /// The number of the statement it pays; none when the bank does not say.
    pub statement: Option<String>,
    /// The bank's own id of what it says.
    pub status_id: Option<String>,
    /// What it says of the money.
    pub verdict: Verdict,
    /// Whether the holder's name is the one the creditor's bank knows, and that name.
    pub payee: Option<(PayeeCheck, String)>,
}

/// What a status says of money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing, or nothing yet.
    Silent,
    /// It is or will be paid.
    Accepted,
    /// A part was refused.
    InPart,
    /// Refused or cancelled: it was not paid.
    Refused(BankReason),
}

/// Why a bank refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BankReason {
    /// The code of ISO 20022, `AC04`; empty when it gave none.
    pub code: String,
    /// Its words; empty when it said none.
    pub text: String,
}

impl BankReason {
    /// Why, in French, for the codes that happen; the bank's words for the others.
    #[must_use]
    pub fn sentence(&self) -> String {
        let known = match self.code.as_str() {
            "AC01" => "Numéro de compte incorrect.",
            "AC04" => "Compte clos.",
            "AC06" => "Compte bloqué.",
            "AG01" => "Virement interdit sur ce compte.",
            "AM04" => "Provision insuffisante.",
            "AM05" => "Fichier déjà envoyé.",
            "BE01" | "BE04" => "Nom ou adresse du bénéficiaire incorrect.",
            "MD07" => "Titulaire décédé.",
            "MS02" | "MS03" => "Motif non précisé par la banque.",
            "RC01" => "BIC incorrect.",
            _ => "",
        };
        [known, self.text.trim()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// The file is not a bank's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnAnswer;

/// What an answer says of the payments of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunAnswer<'a> {
    /// Why the bank refused the whole file, when it did.
    pub whole: Option<&'a BankReason>,
    /// What it says of single payments, by their statements.
    placed: Vec<(&'a str, &'a TransferAnswer)>,
    /// What it names, or refuses without a name, and the run does not pay: for a person to look at.
    pub unknown: Vec<String>,
}

impl BankAnswer {
    /// Every id in it.
    pub fn ids(&self) -> impl Iterator<Item = &String> {
        let transfers = self.blocks.iter().flat_map(|block| &block.transfers);
        let named = transfers.filter_map(|transfer| transfer.statement.as_ref());
        let blocks = self.blocks.iter().filter_map(|block| block.id.as_ref());
        [&self.run].into_iter().chain(blocks).chain(named)
    }

    /// What it says of the run of that number, which pays those statements. Nothing is refused that
    /// another block or another payment was refused for: it would be paid twice. And no refusal is
    /// passed over: what cannot be placed is unknown.
    #[must_use]
    pub fn of_run<'a>(&'a self, run: &str, statements: &'a [String]) -> RunAnswer<'a> {
        let mut read =
            RunAnswer { whole: self.verdict.refused(), placed: Vec::new(), unknown: Vec::new() };
        for block in &self.blocks {
            let ours = block.id.as_ref().map(|id| same(id, run));
            match &block.verdict {
                Verdict::Refused(reason) if ours == Some(true) => read.whole = Some(reason),
                Verdict::Refused(_) => read.unknown(block.id.as_deref().unwrap_or(WITHOUT_ID)),
                _ => {}
            }
            for transfer in &block.transfers {
                let known = transfer
                    .statement
                    .as_ref()
                    .filter(|_| ours != Some(false))
                    .and_then(|id| statements.iter().find(|statement| same(statement, id)));
                match (known, &transfer.statement, &transfer.status_id) {
                    (Some(statement), _, _) => read.placed.push((statement, transfer)),
                    (None, Some(id), _) => read.unknown(id),
                    (None, None, id) if transfer.verdict.refused().is_some() => {
                        read.unknown(id.as_deref().unwrap_or(WITHOUT_ID));
                    }
                    (None, None, _) => {}
                }
            }
        }
        let refused = read.placed.iter().any(|(_, transfer)| transfer.verdict.refused().is_some());
        if self.refuses() && read.whole.is_none() && !refused && read.unknown.is_empty() {
            read.unknown(WITHOUT_ID);
        }
        read
    }

    fn refuses(&self) -> bool {
        let refuses = |verdict: &Verdict, counts: bool| {
            counts || matches!(verdict, Verdict::Refused(_) | Verdict::InPart)
        };
        let mut blocks = self.blocks.iter();
        refuses(&self.verdict, self.counts_refusals)
            || blocks.any(|block| refuses(&block.verdict, block.counts_refusals))
    }
}

impl<'a> RunAnswer<'a> {
    /// What it says of the payment of a statement, if it does.
    pub fn of_payment(&self, statement: &str) -> impl Iterator<Item = &'a TransferAnswer> {
        self.placed
            .iter()
            .filter(move |(named, _)| *named == statement)
            .map(|(_, transfer)| *transfer)
    }

    /// Why the payment of a statement was refused; none when it was not. What the bank says of a
    /// payment is truer than what it says of the file.
    #[must_use]
    pub fn refusal(&self, statement: &str) -> Option<&'a BankReason> {
        let accepted =
            self.of_payment(statement).any(|transfer| transfer.verdict == Verdict::Accepted);
        let refused = self.of_payment(statement).find_map(|transfer| transfer.verdict.refused());
        refused.or(self.whole.filter(|_| !accepted))
    }

    /// Whether nothing of the run was paid.
    #[must_use]
    pub fn refuses_all(&self) -> bool {
        let accepted =
            self.placed.iter().any(|(_, transfer)| transfer.verdict == Verdict::Accepted);
        self.whole.is_some() && !accepted
    }

    fn unknown(&mut self, id: &str) {
        if !self.unknown.iter().any(|known| known == id) {
            self.unknown.push(id.to_owned());
        }
    }
}

impl Verdict {
    fn refused(&self) -> Option<&BankReason> {
        if let Self::Refused(reason) = self { Some(reason) } else { None }
    }
}

fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}
