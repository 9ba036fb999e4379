//! Where an export is written and read: a folder of files, or one ZIP file of the same files.
//!
//! Everything is for its owner alone (0700, 0600), and nothing counts before it is finished: a
//! ZIP file appears whole or not at all, a folder's manifest is written last.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::digest::hex;

/// The file that says what the others hold; the last to be written.
pub const MANIFEST: &str = "manifest.json";

enum Target {
    Folder(PathBuf),
    Zip { zip: Box<ZipWriter<BufWriter<File>>>, draft: PathBuf, path: PathBuf },
}

/// An archive that is being written.
pub struct ArchiveWriter(Target);

impl ArchiveWriter {
    /// Begins a folder; it may be there when it is empty.
    ///
    /// # Errors
    /// A folder that holds something, or a failure of the file system.
    pub fn folder(path: &Path) -> io::Result<Self> {
        if path.exists() && fs::read_dir(path)?.next().is_some() {
            return Err(there_already(path));
        }
        DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        Ok(Self(Target::Folder(path.to_owned())))
    }

    /// Begins one ZIP file.
    ///
    /// # Errors
    /// A file that is there already, or a failure of the file system.
    pub fn zip(path: &Path) -> io::Result<Self> {
        if path.exists() {
            return Err(there_already(path));
        }
        let mut draft = path.as_os_str().to_owned();
        draft.push(".part");
        let draft = PathBuf::from(draft);
        let zip = Box::new(ZipWriter::new(BufWriter::new(private(&draft)?)));
        Ok(Self(Target::Zip { zip, draft, path: path.to_owned() }))
    }

    /// Writes one file through `content` and answers its SHA-256 in hexadecimal.
    ///
    /// # Errors
    /// A failure of the file system, or what `content` answers.
    pub fn file<E: From<io::Error>>(
        &mut self,
        name: &str,
        content: impl FnOnce(&mut dyn Write) -> Result<(), E>,
    ) -> Result<String, E> {
        match &mut self.0 {
            Target::Folder(folder) => {
                let file = BufWriter::new(private(&folder.join(name))?);
                let mut hashed = Hashed::new(file);
                content(&mut hashed)?;
                hashed.inner.flush()?;
                hashed.inner.get_ref().sync_all()?;
                Ok(hashed.digest())
            }
            Target::Zip { zip, .. } => {
                let options = SimpleFileOptions::default().large_file(true).unix_permissions(0o600);
                zip.start_file(name, options).map_err(io::Error::from)?;
                let mut hashed = Hashed::new(&mut **zip);
                content(&mut hashed)?;
                Ok(hashed.digest())
            }
        }
    }

    /// Ends the archive with its manifest.
    ///
    /// # Errors
    /// A failure of the file system.
    pub fn finish(mut self, manifest: &[u8]) -> io::Result<()> {
        self.file(MANIFEST, |file| file.write_all(manifest))?;
        match self.0 {
            Target::Folder(_) => Ok(()),
            Target::Zip { zip, draft, path } => {
                let mut file = zip.finish().map_err(io::Error::from)?;
                file.flush()?;
                file.get_ref().sync_all()?;
                fs::rename(draft, path)
            }
        }
    }
}

fn there_already(path: &Path) -> io::Error {
    let reason = format!("{} is there already; nothing is written over", path.display());
    io::Error::new(io::ErrorKind::AlreadyExists, reason)
}

fn private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

/// What passes through on its way to a file or from one, hashed.
struct Hashed<T> {
    inner: T,
    hash: Sha256,
}

impl<T> Hashed<T> {
    fn new(inner: T) -> Self {
        Self { inner, hash: Sha256::new() }
    }

    fn digest(self) -> String {
        hex(&self.hash.finalize())
    }
}

impl<T: Write> Write for Hashed<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

enum Source {
    Folder(PathBuf),
    Zip(Box<ZipArchive<BufReader<File>>>),
}

/// An archive that is being read.
pub struct ArchiveReader(Source);

impl ArchiveReader {
    /// Opens a folder or a ZIP file.
    ///
    /// # Errors
    /// A failure of the file system, or a file that is no ZIP file.
    pub fn open(path: &Path) -> io::Result<Self> {
        if path.is_dir() {
            return Ok(Self(Source::Folder(path.to_owned())));
        }
        let zip = ZipArchive::new(BufReader::new(File::open(path)?)).map_err(io::Error::from)?;
        Ok(Self(Source::Zip(Box::new(zip))))
    }

    /// Opens one of its files.
    ///
    /// # Errors
    /// A failure of the file system, or no such file.
    pub fn file(&mut self, name: &str) -> io::Result<BufReader<Box<dyn Read + '_>>> {
        let file: Box<dyn Read + '_> = match &mut self.0 {
            Source::Folder(folder) => Box::new(File::open(folder.join(name))?),
            Source::Zip(zip) => Box::new(zip.by_name(name).map_err(io::Error::from)?),
        };
        Ok(BufReader::with_capacity(1 << 16, file))
    }

    /// The SHA-256 of one of its files, in hexadecimal.
    ///
    /// # Errors
    /// A failure of the file system, or no such file.
    pub fn digest(&mut self, name: &str) -> io::Result<String> {
        let mut hashed = Hashed::new(io::sink());
        io::copy(&mut self.file(name)?, &mut hashed)?;
        Ok(hashed.digest())
    }
}
