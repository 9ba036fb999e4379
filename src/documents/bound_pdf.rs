//! TEMPORARY.
use std::io::{self, Write};
/// x
pub struct BoundPdf<W>(W);
impl<W: Write> BoundPdf<W> {
    /// x
    pub fn new(out: W, _title: &str) -> io::Result<Self> {
        Ok(Self(out))
    }
    /// x
    pub fn add(&mut self, part: &[u8], _title: &str) -> io::Result<()> {
        self.0.write_all(part)
    }
    /// x
    pub fn finish(self) -> io::Result<W> {
        Ok(self.0)
    }
}
