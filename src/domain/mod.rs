//! The words, money, rules and states of the scheme: pure, with no input or output.

pub mod agreement;
pub mod alert;
pub mod caller;
pub mod code;
pub mod funding_plan;
pub mod holder;
pub mod ids;
pub mod label;
pub mod ledger;
pub mod mask;
pub mod money;
pub mod organisation;
pub mod pass;
pub mod place;
pub mod programme;
pub mod redemption;
pub mod refusal;
pub mod report;
pub mod reversal;
pub mod split;
pub mod territory;
pub mod theme;
pub mod time;
pub mod venue;
