//! The audit journal: which access leaves an entry, and the words for it.
//!
//! Redeeming and handing over leave one only when they are refused as unknown or forbidden, or when
//! a handover tells that somebody holds a pass: the redemption and the pass themselves say who, where
//! and when, and are the busiest things there are. Nor does reading what names no pass and no
//! person: most reports, months, programmes, one's own account.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::caller::Right;

/// The entry of a person who signed in.
pub const SIGN_IN: &str = "sign_in";
/// The entry of a wrong password for an account that exists.
pub const SIGN_IN_REFUSED: &str = "sign_in_refused";
/// The entry of a person who signed out, or ended a sign-in.
pub const SIGN_OUT: &str = "sign_out";
/// The entry of a refresh token that was exchanged.
pub const REFRESH: &str = "refresh";
/// The entry of a password that was set by a link.
pub const PASSWORD_SET: &str = "password_set";
/// The entry of a command on the server itself.
pub const COMMAND: &str = "command";

/// The word of an access under that right; `None` when it leaves no entry.
#[must_use]
pub fn act(right: Right, writes: bool) -> Option<&'static str> {
    let reads = matches!(
        right,
        Right::FindPerson
            | Right::ReadPasses
            | Right::ManagePasses
            | Right::PrintPasses
            | Right::OrderStock
            | Right::ManageUsers
            | Right::SettleScans
            | Right::JudgeScans
            | Right::GiveBankDetails
            | Right::ManagePayments
            | Right::ReadPayments
            | Right::ReadStatements
            | Right::ReadLedger
            | Right::ReadAudit
    );
    (!has_own_record(right) && (writes || reads)).then(|| word(right))
}

fn has_own_record(right: Right) -> bool {
    matches!(right, Right::Redeem | Right::HandOver | Right::ReadSelf)
}

/// The word of an access that was refused, where one that is granted leaves none: who tries codes
/// or doors is seen. A refusal of the rules, such as a second workshop on one day, is no such thing.
#[must_use]
pub fn refused_act(right: Right, status: u16) -> Option<&'static str> {
    (has_own_record(right) && matches!(status, 403 | 404 | 429)).then(|| word(right))
}

/// Refusals of one account within so many seconds are one entry beside the first.
pub const GATHERED_SECONDS: i64 = 60;

/// So many readings that leave an entry may one account ask for in a minute.
pub const MOST_READINGS: u32 = 1_200;

/// An address is kept so many days beside its entry.
pub const ADDRESS_DAYS: i64 = 30;

/// What is kept of a client's address: the network it comes from, not the house.
#[must_use]
pub fn cut(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(four) => {
            let [one, two, three, _] = four.octets();
            format!("{}/24", Ipv4Addr::new(one, two, three, 0))
        }
        IpAddr::V6(six) => {
            let [one, two, three, ..] = six.segments();
            format!("{}/48", Ipv6Addr::new(one, two, three, 0, 0, 0, 0, 0))
        }
    }
}

/// Whether a request that was answered so may share its entry: nobody learned anything by it. That
/// a person holds no pass is an answer too.
#[must_use]
pub fn may_be_gathered(right: Right, status: u16) -> bool {
    right != Right::FindPerson && matches!(status, 403 | 404 | 429)
}

macro_rules! words {
    ($($right:ident $word:literal $label:literal;)+) => {
        fn word(right: Right) -> &'static str {
            match right { $(Right::$right => $word,)+ }
        }

        /// Every word an entry may hold, with what people read.
        pub const ACTS: &[(&str, &str)] = &[
            (SIGN_IN, "Connexion"),
            (SIGN_IN_REFUSED, "Mot de passe refusé"),
            (SIGN_OUT, "Déconnexion"),
            (REFRESH, "Jeton renouvelé"),
            (PASSWORD_SET, "Mot de passe choisi par un lien"),
            (COMMAND, "Commande sur le serveur"),
            $(($word, $label),)+
        ];
    };
}

words! {
    ReadSelf "read_self" "Son propre compte";
    ManageOrganisations "manage_organisations" "Organismes changés";
    ReadOrganisations "read_organisations" "Organismes lus";
    ManageUsers "manage_users" "Comptes lus ou changés";
    ManageProgrammes "manage_programmes" "Dispositifs changés";
    ReadProgrammes "read_programmes" "Dispositifs lus";
    ManageAgreements "manage_agreements" "Conventions changées";
    ReadAgreements "read_agreements" "Conventions lues";
    ManageVenues "manage_venues" "Lieux changés";
    DescribeVenues "describe_venues" "Fiche de lieu changée";
    HandOver "hand_over" "Pass remis";
    FindPerson "find_person" "Personne recherchée";
    ReadPasses "read_passes" "Pass lus";
    ManagePasses "manage_passes" "Pass changés";
    PrintPasses "print_passes" "Pass imprimés";
    OrderStock "order_stock" "Tirages et leurs codes";
    KeepStock "keep_stock" "Stock compté ou reçu";
    ReadStock "read_stock" "Stock lu";
    SetLetterhead "set_letterhead" "En-tête changé";
    Redeem "redeem" "Ateliers validés";
    SettleScans "settle_scans" "Scans refusés lus ou réglés";
    JudgeScans "judge_scans" "Validations en attente lues ou jugées";
    PlanWorkshops "plan_workshops" "Ateliers programmés";
    ReadReports "read_reports" "Rapports lus";
    ReadLedger "read_ledger" "Écritures lues";
    ReadAudit "read_audit" "Journal des accès lu";
    ReadAlerts "read_alerts" "Alertes lues";
    CloseMonths "close_months" "Mois clos, relevés validés";
    ReadAccounting "read_accounting" "Mois lus";
    ReadStatements "read_statements" "Relevés lus";
    ReadFundingCalls "read_funding_calls" "Appels de fonds lus";
    GiveBankDetails "give_bank_details" "Coordonnées bancaires";
    ManagePayments "manage_payments" "Paiements";
    ReadPayments "read_payments" "Paiements lus";
    AgreeToClosing "agree_to_closing" "État contradictoire approuvé";
    PublishOpenData "publish_open_data" "Données ouvertes publiées";
}

/// The words people read for an act; the act itself when it is not known.
#[must_use]
pub fn label(act: &str) -> &str {
    ACTS.iter().find(|(word, _)| *word == act).map_or(act, |(_, label)| label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_cut_to_its_network() {
        let cut = |text: &str| cut(text.parse().unwrap());
        assert_eq!(cut("203.0.113.77"), "203.0.113.0/24");
        assert_eq!(cut("2001:db8:1234:5678:9abc::1"), "2001:db8:1234::/48");
        assert_eq!(cut("::ffff:203.0.113.77"), "203.0.113.0/24", "the same in other clothes");
    }
}
