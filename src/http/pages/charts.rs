//! The arithmetic of drawings.

/// What part of the whole a value is; nothing below zero.
#[expect(clippy::cast_precision_loss, reason = "a drawing needs three digits")]
pub(super) fn share(value: i64, of: i64) -> f64 {
    if of <= 0 { 0.0 } else { value.max(0) as f64 / of as f64 }
}

/// A position as a length.
#[expect(clippy::cast_precision_loss, reason = "positions are small")]
pub(super) fn whole(position: usize) -> f64 {
    position as f64
}

/// As it is written in a drawing.
pub(super) fn hundredths(value: f64) -> String {
    format!("{value:.1}")
}
