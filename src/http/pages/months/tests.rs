use super::super::snapshot::reviewed;
use super::*;
use crate::services::accounting_months::{ClosedMonthView, MonthFigures};

fn page(closed: Vec<ClosedMonthView>, to_close: &[&str]) -> MonthsPage {
    let to_close: Vec<String> = to_close.iter().map(|month| (*month).to_owned()).collect();
    let close = to_close.last().map(|_| Form::new(PATH, "Clôturer", Vec::new()));
    let open_figures = to_close.last().map(|_| MonthFigures::default());
    MonthsPage {
        frame: Frame::open("Mois comptables"),
        done: "",
        back: Some(("/gestion".to_owned(), "Gestion".to_owned())),
        months: AccountingMonths { closed, to_close, open_figures },
        close,
        faults: Faults::default(),
    }
}

#[test]
fn months_that_are_over_wait_to_be_closed_and_closed_ones_show_their_figures() {
    reviewed("months-none", &page(Vec::new(), &[]));
    let figures = MonthFigures {
        received_cents: 1_000_000,
        committed_cents: 500_000,
        consumed_cents: 120_000,
        payable_cents: 20_000,
        cash_cents: 900_000,
        ..MonthFigures::default()
    };
    let closed = ClosedMonthView {
        month: "2026-01".to_owned(),
        closed_at: "2026-02-01T08:00:00Z".to_owned(),
        closed_by: Some("Odile".to_owned()),
        postings: 1_234,
        digest: "c0ffee".to_owned(),
        figures,
    };
    reviewed("months", &page(vec![closed], &["2026-02", "2026-03"]));
}
