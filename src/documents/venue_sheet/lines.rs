//! The number of a line as a text editor shows it.

/// Counts the ends of lines itself: the `csv` crate says where its reading began, which is still
/// the line before when lines end in CRLF or when empty lines come between.
pub(super) struct LineNumbers<'a> {
    text: &'a [u8],
    counted: usize,
    line: u64,
}

impl<'a> LineNumbers<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), counted: 0, line: 1 }
    }

    /// The line on which a record begins; records come in the order of the file.
    pub(super) fn of(&mut self, record: &csv::StringRecord) -> u64 {
        let from = record.position().map_or(0, csv::Position::byte);
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let rest = self.text.get(from..).unwrap_or_default();
        let begin = from + rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = self.text.get(self.counted..begin).unwrap_or_default();
        self.line += line_ends(passed);
        self.counted = begin;
        self.line
    }
}

/// Lines end in LF, CRLF, or in CR alone, as some exports still write them.
fn line_ends(text: &[u8]) -> u64 {
    let next = text.iter().skip(1).map(Some).chain([None]);
    let ends = text.iter().zip(next).filter(|(here, next)| match here {
        b'\n' => true,
        b'\r' => *next != Some(&b'\n'),
        _ => false,
    });
    ends.map(|_| 1).sum()
}
