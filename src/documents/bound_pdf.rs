//! TEMPORARY.
use std::io::{self, Write};
/// x
pub struct Title {
    /// x
    pub title: String,
    /// x
    pub language: String,
    /// x
    pub author: String,
    /// x
    pub creator: String,
}
/// x
pub struct BoundPdf<W>(W);
impl<W: Write> BoundPdf<W> {
    /// x
    pub fn new(out: W, _title: Title) -> io::Result<Self> {
        Ok(Self(out))
    }
    /// x
    pub fn add(&mut self, _title: &str, part: &[u8]) -> io::Result<()> {
        self.0.write_all(part)
    }
    /// x
    pub fn finish(self) -> io::Result<W> {
        Ok(self.0)
    }
}
