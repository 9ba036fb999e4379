//! `stock print` and `stock codes`.
//!
//! A box that is set is a file that stays: a run that was cut off is taken up again with `--run`
//! and the same `--out`, and only what is missing is set.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;

use super::arguments::{NewRun, PrintStock, StockCodes, StockCommand};
use super::progress::bar;
use super::{Stop, private_file};
use crate::app::in_order::in_order;
use crate::app::{App, Settings, papers};
use crate::documents::bound_pdf::BoundPdf;
use crate::domain::caller::Caller;
use crate::domain::ids::PrintRunId;
use crate::domain::paper::Sheets;
use crate::services::idempotency::Key;
use crate::services::print_run::{self, NewPrintRun};
use crate::services::read_stock::PrintRunView;
use crate::services::stock_papers::{self, Printout};
use crate::services::{Error, read_stock, terminal};

/// Prints stock, or takes its codes.
///
/// # Errors
/// A refusal, a wrong command line, or a failure.
pub fn stock(settings: &Settings, command: &StockCommand) -> Result<(), Stop> {
    let app = App::build(settings)?;
    app.prepare()?;
    match command {
        StockCommand::Print(print) => self::print(&app, print),
        StockCommand::Codes(codes) => take_codes(&app, codes),
    }
}

fn print(app: &App, print: &PrintStock) -> Result<(), Stop> {
    let caller = terminal::operator(&app.services, print.by.as_deref())?;
    let run = match (&print.run, print.new.request()?) {
        (Some(run), None) => PrintRunId(*run),
        (None, Some(request)) => {
            let ordered = print_run::order(&app.services, &caller, &request, None)?;
            PrintRunId(ordered.value.id)
        }
        _ => return Err(Stop::Usage("give --run, or what to print: see --help".to_owned())),
    };
    print_run::fill(&app.services, run, &mut |_| ())?;
    let view = read_stock::by_id(&app.services, &caller, run)?;
    println!("tirage {} ({})", view.number, view.id);
    let single = print.out.extension().is_some_and(|ending| ending == "pdf");
    let folder = if single { print.out.with_extension("pdf.cartons") } else { print.out.clone() };
    fs::create_dir_all(&folder)?;
    let ready = stock_papers::start(&app.services, &caller, run, &Printout::default())?;
    let progress = bar(u64::try_from(ready.boxes.len()).unwrap_or(u64::MAX), "cartons");
    let mut whole = single.then(|| WholeRun::begin(&print.out, &view)).transpose()?;
    in_order(
        &ready.boxes,
        |number| set_box(app, run, number, ready.sheets, &folder),
        |number, path| {
            step(&progress, number);
            whole.as_mut().map_or(Ok(()), |whole| whole.add(number, &path))
        },
    )?;
    progress.finish_and_clear();
    if let Some(whole) = whole {
        whole.finish(&print.out)?;
        fs::remove_dir_all(&folder)?;
        println!("{}", print.out.display());
    } else {
        println!("{} cartons, {}", ready.boxes.len(), folder.display());
    }
    Ok(())
}

/// One box as a file, unless it is there already: a file appears whole or not at all.
fn set_box(
    app: &App,
    run: PrintRunId,
    number: u32,
    sheets: Sheets,
    folder: &Path,
) -> Result<PathBuf, Stop> {
    let path = folder.join(format!("carton-{number:04}.pdf"));
    if path.exists() {
        return Ok(path);
    }
    let paper = stock_papers::box_paper(&app.services, run, number, sheets)?;
    let pdf = papers::stock_box(&paper, app.contact_email.as_deref())?;
    let draft = path.with_extension("pdf.part");
    private_file::write(&draft, &pdf)?;
    fs::rename(&draft, &path)?;
    Ok(path)
}

/// All boxes in one file, which appears whole or not at all.
struct WholeRun {
    bound: BoundPdf<BufWriter<fs::File>>,
    draft: PathBuf,
}

impl WholeRun {
    fn begin(out: &Path, view: &PrintRunView) -> Result<Self, Stop> {
        let draft = out.with_extension("pdf.part");
        let file = BufWriter::new(private_file::create(&draft)?);
        Ok(Self { bound: papers::bind(file, view.number, &view.prescriber_name)?, draft })
    }

    fn add(&mut self, number: u32, path: &Path) -> Result<(), Stop> {
        self.bound.add(&papers::bookmark(number), &fs::read(path)?).map_err(Error::failure)?;
        Ok(())
    }

    fn finish(self, out: &Path) -> Result<(), Stop> {
        self.bound.finish().map_err(Error::failure)?.flush()?;
        Ok(fs::rename(&self.draft, out)?)
    }
}

fn step(progress: &ProgressBar, number: u32) {
    progress.inc(1);
    if progress.is_hidden() {
        println!("carton {number}");
    }
}

fn take_codes(app: &App, codes: &StockCodes) -> Result<(), Stop> {
    let caller: Caller = terminal::operator(&app.services, codes.by.as_deref())?;
    let key = Key {
        organisation: caller.organisation,
        key: app.services.random.id(app.services.clock.now()),
        request_hash: Vec::new(),
        personal: false,
    };
    // Opened before the codes are taken: they are handed out once.
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&codes.out)?;
    let passes = match stock_papers::take_codes(&app.services, &caller, PrintRunId(codes.run), &key)
    {
        Ok(passes) => passes,
        Err(error) => {
            drop(file);
            fs::remove_file(&codes.out)?;
            return Err(error.into());
        }
    };
    file.write_all(&papers::codes(&passes)?)?;
    file.sync_all()?;
    println!("{} codes, {}", passes.len(), codes.out.display());
    Ok(())
}

impl NewRun {
    /// What is asked for a new run; none when nothing was said of one.
    fn request(&self) -> Result<Option<NewPrintRun>, Stop> {
        let missing =
            || Stop::Usage("--programme, --prescriber, --units and --count go together".to_owned());
        match (self.programme, self.prescriber, self.units, self.count) {
            (None, None, None, None) if self.says_how() => Err(Stop::Usage(
                "--run prints as the run was ordered; the page and the API print it otherwise"
                    .to_owned(),
            )),
            (None, None, None, None) => Ok(None),
            (Some(programme_id), Some(prescriber_id), Some(units), Some(count)) => {
                Ok(Some(NewPrintRun {
                    programme_id,
                    prescriber_id,
                    units,
                    count,
                    box_size: self.box_size,
                    layout: self.layout.clone(),
                    cards_per_sheet: self.cards_per_sheet,
                    large_print: self.large_print,
                    language: self.language.clone(),
                    commune: self.commune.clone(),
                }))
            }
            _ => Err(missing()),
        }
    }

    fn says_how(&self) -> bool {
        self.layout.is_some()
            || self.language.is_some()
            || self.cards_per_sheet.is_some()
            || self.large_print
            || self.box_size.is_some()
            || self.commune.is_some()
    }
}
