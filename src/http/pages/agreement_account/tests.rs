use super::super::snapshot::reviewed;
use super::*;
use crate::services::agreement_account::ConditionResult;

fn account(condition: Option<ConditionView>, result: Option<ConditionResult>) -> AgreementAccount {
    AgreementAccount {
        agreement_id: Uuid::from_u128(1),
        programme_id: Uuid::from_u128(2),
        programme_name: "Charente 2026".to_owned(),
        funder_id: Uuid::from_u128(3),
        funder_name: "État".to_owned(),
        tier: 1,
        share_bp: 5_000,
        envelope_cents: 10_000_000,
        received_cents: 5_000_000,
        committed_cents: 3_000_000,
        consumed_cents: 1_200_000,
        released_cents: 10_000,
        paid_cents: 1_000_000,
        refunded_cents: 0,
        available_cents: 7_000_000,
        committed_balance_cents: 1_790_000,
        payable_cents: 200_000,
        cash_cents: 4_000_000,
        passes_handed_over: 600,
        workshops_redeemed: 2_400,
        condition,
        result,
        as_of: "2026-11-30T09:00:00Z".to_owned(),
    }
}

fn page(operator: bool, account: AgreementAccount) -> AccountPage {
    let id = account.agreement_id;
    AccountPage {
        frame: Frame::open("Compte rendu : État"),
        done: "",
        operator,
        said: sentences(&account),
        used: used_form(id),
        grant: grant_form(id),
        none: Form::new(path(id), "Retirer la condition", Vec::new()),
        account,
        faults: Faults::default(),
    }
}

#[test]
fn the_operator_sets_a_condition_and_the_funder_reads_whether_it_is_met() {
    reviewed("agreement-account", &page(true, account(None, None)));
    let condition = ConditionView::UsedShare {
        rate_bp: 5_000,
        publics: vec!["job_seeker".to_owned()],
        least_bp: 5_000,
    };
    let result = ConditionResult::UsedShare {
        used_cents: 1_200_000,
        claim_cents: 600_000,
        passes: 600,
        passes_to_publics: 250,
        missing_passes: 50,
        met: false,
    };
    let conditional = page(false, account(Some(condition), Some(result)));
    reviewed("agreement-account-of-the-funder", &conditional);
}
