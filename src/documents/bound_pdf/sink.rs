//! The bytes of the bound file, in the order in which they leave, and where each object lies.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::{Object, Stream, StringFormat, Writer, dictionary};
use sha2::{Digest, Sha256};

use super::BindError;

/// The most objects that a PDF may have for every reader to open it.
const MOST_OBJECTS: u32 = 8_388_607;
/// Small objects are packed by the hundred: a reader that wants one unpacks them all.
const PACK: usize = 100;
const PACK_BYTES: usize = 64 * 1024;
/// A line of the cross-reference: kind, place, index.
const ROW: usize = 8;

/// Objects with numbers in a row, and where they lie.
struct Run {
    first: u32,
    count: u32,
    place: Place,
}

enum Place {
    At(u64),
    In { pack: u32, index: u16 },
}

pub(super) struct Sink<W> {
    out: W,
    at: u64,
    /// Of all that was written: it identifies the file.
    seal: Sha256,
    next: u32,
    runs: Vec<Run>,
}

impl<W: Write> Sink<W> {
    pub fn new(out: W) -> Result<Self, BindError> {
        let mut sink = Self { out, at: 0, seal: Sha256::new(), next: 1, runs: Vec::new() };
        sink.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")?;
        Ok(sink)
    }

    /// A number for one more object.
    pub fn number(&mut self) -> Result<u32, BindError> {
        if self.next > MOST_OBJECTS {
            return Err(BindError::Full);
        }
        self.next += 1;
        Ok(self.next - 1)
    }

    /// Writes an object for itself.
    pub fn plain(&mut self, number: u32, object: &Object) -> Result<(), BindError> {
        self.runs.push(Run { first: number, count: 1, place: Place::At(self.at) });
        let mut bytes = format!("{number} 0 obj\n").into_bytes();
        Writer::write_object(&mut bytes, object)?;
        bytes.extend_from_slice(b"\nendobj\n");
        Ok(self.write(&bytes)?)
    }

    /// Writes objects that are no streams, many together.
    pub fn packed(
        &mut self,
        objects: impl IntoIterator<Item = (u32, Object)>,
    ) -> Result<(), BindError> {
        let (mut numbers, mut places, mut bodies) = (Vec::new(), Vec::new(), Vec::new());
        for (number, object) in objects {
            places.extend_from_slice(format!("{number} {} ", bodies.len()).as_bytes());
            Writer::write_object(&mut bodies, &object)?;
            bodies.push(b' ');
            numbers.push(number);
            if numbers.len() == PACK || bodies.len() > PACK_BYTES {
                self.pack(&numbers, &places, &bodies)?;
                numbers.clear();
                places.clear();
                bodies.clear();
            }
        }
        if numbers.is_empty() { Ok(()) } else { self.pack(&numbers, &places, &bodies) }
    }

    fn pack(&mut self, numbers: &[u32], places: &[u8], bodies: &[u8]) -> Result<(), BindError> {
        let pack = self.number()?;
        for (index, number) in (0..).zip(numbers) {
            match self.runs.last_mut() {
                Some(Run { first, count, place: Place::In { pack: last, .. } })
                    if *last == pack && *first + *count == *number =>
                {
                    *count += 1;
                }
                _ => {
                    let place = Place::In { pack, index };
                    self.runs.push(Run { first: *number, count: 1, place });
                }
            }
        }
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(places)?;
        encoder.write_all(bodies)?;
        let about = dictionary! {
            "Type" => "ObjStm",
            "N" => length(numbers.len()),
            "First" => length(places.len()),
            "Filter" => "FlateDecode",
        };
        self.plain(pack, &Object::Stream(Stream::new(about, encoder.finish()?)))
    }

    /// Writes where everything lies, and gives the writer back.
    pub fn close(mut self, root: u32, info: u32) -> Result<W, BindError> {
        let start = self.at;
        let number = self.number()?;
        self.runs.push(Run { first: number, count: 1, place: Place::At(start) });
        self.runs.sort_unstable_by_key(|run| run.first);
        let seal = std::mem::take(&mut self.seal).finalize();
        let id: Vec<u8> = seal.iter().take(16).copied().collect();
        let id = Object::String(id, StringFormat::Hexadecimal);
        let about = dictionary! {
            "Type" => "XRef",
            "Size" => self.next,
            "W" => vec![1.into(), 5.into(), 2.into()],
            "Root" => (root, 0),
            "Info" => (info, 0),
            "ID" => vec![id.clone(), id],
            "Filter" => "FlateDecode",
            "DecodeParms" => dictionary! { "Predictor" => 12, "Columns" => length(ROW) },
        };
        let rows = self.rows()?;
        self.plain(number, &Object::Stream(Stream::new(about, rows)))?;
        self.write(format!("startxref\n{start}\n%%EOF\n").as_bytes())?;
        self.out.flush()?;
        Ok(self.out)
    }

    /// The cross-reference, each line written as its difference from the one above.
    fn rows(&self) -> io::Result<Vec<u8>> {
        let mut table =
            Table { encoder: ZlibEncoder::new(Vec::new(), Compression::fast()), above: [0; ROW] };
        table.row(0, 0, u16::MAX)?;
        let mut next = 1;
        for run in &self.runs {
            for _ in next..run.first {
                table.row(0, 0, 0)?;
            }
            for step in 0..run.count {
                match run.place {
                    Place::At(offset) => table.row(1, offset, 0)?,
                    Place::In { pack, index } => {
                        let index = u16::try_from(step).unwrap_or(u16::MAX).saturating_add(index);
                        table.row(2, u64::from(pack), index)?;
                    }
                }
            }
            next = run.first + run.count;
        }
        table.encoder.finish()
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.seal.update(bytes);
        self.at = self.at.saturating_add(bytes.len().try_into().unwrap_or(u64::MAX));
        Ok(())
    }
}

/// A number of things in memory as a PDF says it.
pub(super) fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

struct Table {
    encoder: ZlibEncoder<Vec<u8>>,
    above: [u8; ROW],
}

impl Table {
    fn row(&mut self, kind: u8, place: u64, index: u16) -> io::Result<()> {
        let place = place.to_be_bytes().into_iter().skip(3);
        let fields = std::iter::once(kind).chain(place).chain(index.to_be_bytes());
        let mut line = [2; ROW + 1];
        for ((byte, new), above) in line.iter_mut().skip(1).zip(fields).zip(&mut self.above) {
            *byte = new.wrapping_sub(*above);
            *above = new;
        }
        self.encoder.write_all(&line)
    }
}
