//! How many passes a print run makes, and the boxes they are packed in.

/// The most passes one print run makes: two hundred boxes of a hundred.
pub const MOST_PASSES: u32 = 20_000;

/// How many passes a box holds when nobody says: what a print shop packs.
pub const BOX_SIZE: u16 = 100;

/// The most passes a box holds; a PDF is set box by box, so this bounds its memory.
pub const LARGEST_BOX: u16 = 250;

/// The boxes a run is packed in: full ones, then what is left.
#[must_use]
pub fn sizes_of_boxes(count: u32, box_size: u16) -> Vec<u32> {
    let size = u32::from(box_size.max(1));
    let full = count / size;
    let rest = count % size;
    let fulls = std::iter::repeat_n(size, usize::try_from(full).unwrap_or(usize::MAX));
    fulls.chain((rest > 0).then_some(rest)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_packed_without_a_pass_too_many() {
        assert_eq!(sizes_of_boxes(250, 100), [100, 100, 50]);
        assert_eq!(sizes_of_boxes(100, 100), [100]);
        assert_eq!(sizes_of_boxes(1, 100), [1]);
    }
}
