//! Used slots of a pass as a bit mask: bit k−1 is set while slot k is used.

/// The used slots of a pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlotMask(pub u16);

impl SlotMask {
    /// How many workshops are used.
    #[must_use]
    pub fn used(self) -> u8 {
        u8::try_from(self.0.count_ones()).unwrap_or(u8::MAX)
    }

    /// Takes the lowest free slot of a pass of `units`; `None` when all are used.
    #[must_use]
    pub fn take(self, units: u8) -> Option<(Self, u8)> {
        let slot = u8::try_from(self.0.trailing_ones()).ok()? + 1;
        (slot <= units).then(|| (Self(self.0 | (self.0 + 1)), slot))
    }

    /// With slot `slot` used as well.
    #[must_use]
    pub fn with(self, slot: u8) -> Self {
        Self(self.0 | Self::bit(slot))
    }

    /// Gives slot `slot` back.
    #[must_use]
    pub fn give_back(self, slot: u8) -> Self {
        Self(self.0 & !Self::bit(slot))
    }

    /// Whether slot `slot` is used.
    #[must_use]
    pub fn holds(self, slot: u8) -> bool {
        self.0 & Self::bit(slot) != 0
    }

    /// The free slots of a pass of `units`, lowest first.
    pub fn free(self, units: u8) -> impl Iterator<Item = u8> {
        (1..=units).filter(move |slot| !self.holds(*slot))
    }

    fn bit(slot: u8) -> u16 {
        1u16.checked_shl(u32::from(slot.saturating_sub(1))).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::SlotMask;

    #[test]
    fn the_lowest_free_slot_is_taken_and_an_undo_frees_it() {
        let (mask, first) = SlotMask::default().take(3).unwrap();
        let (mask, second) = mask.take(3).unwrap();
        let (mask, third) = mask.take(3).unwrap();
        assert_eq!((first, second, third), (1, 2, 3));
        assert_eq!(mask.take(3), None);
        assert_eq!(mask.give_back(2).take(3), Some((mask, 2)));
        assert_eq!(mask.give_back(2).free(3).collect::<Vec<_>>(), [2]);
    }
}
