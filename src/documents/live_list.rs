//! A list of live passes as a file: what the scanner page reads.

use crate::domain::live_list::LiveList;

/// `PNL1`, how many passes (4 bytes), when it was made in milliseconds since 1970 (8), the key
/// (32), then the filter; numbers are little-endian.
#[must_use]
pub fn write(list: &LiveList) -> Vec<u8> {
    let mut bytes = b"PNL1".to_vec();
    bytes.extend(list.passes.to_le_bytes());
    bytes.extend(list.made_at.millis().to_le_bytes());
    bytes.extend(list.key);
    bytes.extend(&list.filter);
    bytes
}
