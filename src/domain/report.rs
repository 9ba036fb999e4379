//! The consumption report: rows of counters that add up to their totals.

pub use super::counters::{
    COUNTINGS, Counters, Counting, DEFINITIONS, Definition, Measure, Sums, counting,
};
pub use super::report_group::{Group, hold_money};
use super::time::Instant;

/// Which month a redemption counts in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// The month the journal booked it in.
    #[default]
    AccountingMonth,
    /// The month of the workshop's day.
    WorkshopDay,
}

/// Of a hundred workshops granted, how many were redeemed; `None` when none was granted.
#[must_use]
pub fn use_rate(counters: &Counters) -> Option<i64> {
    let granted = counters.workshops_granted;
    (granted > 0).then(|| (counters.workshops_redeemed * 100 + granted / 2) / granted)
}

/// The balances that stand beside the totals, at the end of the period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balances {
    /// What may still be committed.
    pub available_cents: i64,
    /// Promised to passes and not yet used.
    pub committed_balance_cents: i64,
    /// Owed to venues' organisations.
    pub payable_cents: i64,
}

impl Balances {
    /// The values in the order of [`BALANCE_DEFINITIONS`].
    #[must_use]
    pub fn values(&self) -> [i64; 3] {
        [self.available_cents, self.committed_balance_cents, self.payable_cents]
    }

    /// Adds another row.
    pub fn add(&mut self, other: &Self) {
        self.available_cents += other.available_cents;
        self.committed_balance_cents += other.committed_balance_cents;
        self.payable_cents += other.payable_cents;
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The definitions of the balances.
pub const BALANCE_DEFINITIONS: &[Definition] = &[
    Definition {
        name: "available_cents",
        heading: "Disponible",
        text: "Ce qui peut encore être engagé, à la fin de la période.",
        money: true,
    },
    Definition {
        name: "committed_balance_cents",
        heading: "Restant engagé",
        text: "Engagé pour des pass en cours et pas encore utilisé, à la fin de la période.",
        money: true,
    },
    Definition {
        name: "payable_cents",
        heading: "Dû aux lieux",
        text: "Ateliers validés et pas encore payés aux organismes des lieux, à la fin de la période.",
        money: true,
    },
];

/// Of a hundred workshops granted in the period, how many were redeemed in it: a column like any
/// other, empty where none was granted.
pub const USE_RATE: Definition = Definition {
    name: "use_rate_percent",
    heading: "Taux d'usage (%)",
    text: "Ateliers validés pour 100 ateliers accordés, pendant la période. Il peut dépasser 100 quand des pass remis avant la période y sont utilisés.",
    money: false,
};

/// The passes of programmes, whoever pays for them, at the moment of the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stock {
    /// Made: handed over or in stock.
    pub passes_printed: i64,
    /// Printed and not handed over.
    pub passes_in_stock: i64,
}

impl Stock {
    /// The passes of which so many were ever handed over and so many are in stock. What was printed
    /// is never counted apart from these two, so that the three cannot contradict each other.
    #[must_use]
    pub fn of(handed_over: i64, in_stock: i64) -> Self {
        Self { passes_printed: handed_over + in_stock, passes_in_stock: in_stock }
    }

    /// The values in the order of [`STOCK_DEFINITIONS`].
    #[must_use]
    pub fn values(&self) -> [i64; 2] {
        [self.passes_printed, self.passes_in_stock]
    }

    /// Adds another programme's.
    pub fn add(&mut self, other: &Self) {
        self.passes_printed += other.passes_printed;
        self.passes_in_stock += other.passes_in_stock;
    }
}

/// The definitions of the passes made and in stock.
pub const STOCK_DEFINITIONS: &[Definition] = &[
    Definition {
        name: "passes_printed",
        heading: "Pass imprimés",
        text: "Pass remis depuis le début du dispositif et pass en stock, quel que soit le financeur, à la fin de la période, ou aujourd'hui si elle n'est pas finie. Un pass remplacé n'est compté qu'une fois ; un pass annulé avant sa remise n'est pas compté.",
        money: false,
    },
    Definition {
        name: "passes_in_stock",
        heading: "Pass en stock",
        text: "Pass imprimés et pas encore remis, quel que soit le financeur, à la fin de la période, ou aujourd'hui si elle n'est pas finie. Un pass annulé n'est plus en stock.",
        money: false,
    },
];

/// Every definition that a report may show, in the order of its columns.
pub fn definitions() -> impl Iterator<Item = &'static Definition> {
    let counted = DEFINITIONS.iter().chain(BALANCE_DEFINITIONS);
    counted.chain([&USE_RATE]).chain(STOCK_DEFINITIONS)
}

/// A key of a row: its value for machines, its label for people.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// What people read.
    pub label: String,
    /// What machines read; `None` where the journal says nothing, such as the theme of a receipt.
    pub value: Option<String>,
}

/// One row of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its keys, in the order of the groups.
    pub keys: Vec<Key>,
    /// Its counters.
    pub counters: Counters,
    /// Its balances at the end of the last month, where every group holds money.
    pub balances: Option<Balances>,
    /// Its passes at the end of the period, in a report by programme.
    pub stock: Option<Stock>,
}

/// What a report was asked, beside its months and groups, and when it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Whose money; everybody's when `None`.
    pub funder: Option<Key>,
    /// Of which programme; of all when `None`.
    pub programme: Option<Key>,
    /// Which month a redemption counts in.
    pub by: By,
    /// The instant that was asked for; what the journal held then and nothing later counts.
    pub as_of: Option<Instant>,
    /// When the report was made.
    pub made_at: Instant,
}

impl Question {
    /// Nothing in particular, asked at `made_at`.
    #[must_use]
    pub fn of_all(made_at: Instant) -> Self {
        Self { funder: None, programme: None, by: By::default(), as_of: None, made_at }
    }

    /// The instant the figures are of. Asked again as of it, they are the same.
    #[must_use]
    pub fn moment(&self) -> Instant {
        self.as_of.unwrap_or(self.made_at)
    }
}

/// A consumption report: rows that add up to the totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// First month.
    pub from: super::time::Month,
    /// Last month.
    pub to: super::time::Month,
    /// What was asked.
    pub question: Question,
    /// What the rows are grouped by.
    pub groups: Vec<Group>,
    /// The rows, in the order of their keys.
    pub rows: Vec<Row>,
    /// The sum over the rows.
    pub totals: Counters,
    /// The balances at the end of the last month.
    pub balances: Balances,
    /// The passes of its programmes at the end of the period, in a report by programme.
    pub stock: Option<Stock>,
}

impl Report {
    /// Whether each row has balances.
    #[must_use]
    pub fn shows_balances(&self) -> bool {
        hold_money(&self.groups)
    }

    /// The parameters that ask for it again, as of the same moment, grouped as the asker likes.
    #[must_use]
    pub fn parameters(&self) -> String {
        let asked = &self.question;
        let id = |name: &str, key: &Option<Key>| {
            let value = key.as_ref().and_then(|key| key.value.as_deref());
            value.map(|id| format!("{name}={id}"))
        };
        let parts = [
            Some(format!("from={}", self.from)),
            Some(format!("to={}", self.to)),
            id("funder_id", &asked.funder),
            id("programme_id", &asked.programme),
            (asked.by == By::WorkshopDay).then(|| "by=workshop_day".to_owned()),
            Some(format!("as_of={}", asked.moment())),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("&")
    }

    /// Whether each row has passes made and in stock.
    #[must_use]
    pub fn shows_stock(&self) -> bool {
        self.groups == [Group::Programme] && self.stock.is_some()
    }

    /// The columns of a table of it: its counters, its balances where each row has some, and what
    /// follows from them.
    #[must_use]
    pub fn columns(&self) -> Vec<&'static Definition> {
        let balances = if self.shows_balances() { BALANCE_DEFINITIONS } else { &[] };
        let stock = if self.shows_stock() { STOCK_DEFINITIONS } else { &[] };
        DEFINITIONS.iter().chain(balances).chain([&USE_RATE]).chain(stock).collect()
    }

    /// The values of a row under its columns; nothing where there is none.
    #[must_use]
    pub fn values(&self, row: &Row) -> Vec<Option<i64>> {
        self.beside(&row.counters, &row.balances.unwrap_or_default(), row.stock)
    }

    /// The values of the totals under the same columns.
    #[must_use]
    pub fn total_values(&self) -> Vec<Option<i64>> {
        self.beside(&self.totals, &self.balances, self.stock)
    }

    fn beside(
        &self,
        counters: &Counters,
        balances: &Balances,
        stock: Option<Stock>,
    ) -> Vec<Option<i64>> {
        let mut values: Vec<Option<i64>> = counters.values().into_iter().map(Some).collect();
        if self.shows_balances() {
            values.extend(balances.values().map(Some));
        }
        values.push(use_rate(counters));
        if self.shows_stock() {
            let stock = stock.map(|stock| stock.values());
            values.extend([stock.map(|[printed, _]| printed), stock.map(|[_, left]| left)]);
        }
        values
    }
}
