//! The filter inside a list of live passes.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use xorf::{BinaryFuse16, DmaSerializable};

use crate::domain::code::Code;
use crate::domain::live_list::ListKey;

/// What stands for a code in a list: the first eight bytes, big-endian, of the HMAC-SHA-256 of
/// its sixteen symbols under the list's key. The scanner page computes the same.
#[must_use]
pub fn entry(key: &ListKey, code: &Code) -> u64 {
    // HMAC pads a key with zeros to the hash's block of 64 bytes; done here, nothing can fail.
    let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
    block.iter_mut().zip(key).for_each(|(padded, byte)| *padded = *byte);
    let mut mac = Hmac::<Sha256>::new(&block);
    mac.update(code.as_str().as_bytes());
    let bytes: [u8; 32] = mac.finalize().into_bytes().into();
    u64::from_be_bytes(bytes.first_chunk().copied().unwrap_or_default())
}

/// There is no filter for these entries; another key gives others.
#[derive(Debug)]
pub struct NoFilter;

impl std::fmt::Display for NoFilter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no filter could be made of the entries")
    }
}

impl std::error::Error for NoFilter {}

/// The filter of `entries` as bytes, see [`crate::domain::live_list::LiveList::filter`].
///
/// # Errors
/// [`NoFilter`], which no list of distinct entries has met.
pub fn filter(mut entries: Vec<u64>) -> Result<Vec<u8>, NoFilter> {
    entries.sort_unstable();
    entries.dedup();
    let filter = BinaryFuse16::try_from(entries).map_err(|_| NoFilter)?;
    let mut bytes = vec![0; BinaryFuse16::DESCRIPTOR_LEN];
    filter.dma_copy_descriptor_to(&mut bytes);
    bytes.extend(filter.fingerprints.iter().flat_map(|print| print.to_le_bytes()));
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use xorf::{Filter, FilterRef};

    use super::*;

    #[test]
    fn every_entry_is_found_and_hardly_any_other_whatever_the_size() {
        for size in [0_u64, 1, 2, 3, 5, 17, 100, 5_000] {
            let spread = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let bytes = filter((1..=size).map(spread).collect()).unwrap();
            let (descriptor, prints) = bytes.split_at(BinaryFuse16::DESCRIPTOR_LEN);
            let read = xorf::BinaryFuse16Ref::from_dma(descriptor, prints);
            assert!((1..=size).all(|number| read.contains(&spread(number))), "{size}");
            let strangers = (1_000_000..1_020_000).filter(|n| read.contains(&spread(*n))).count();
            assert!(strangers < 10, "{strangers} of {size}");
        }
    }
}
