//! Importing venues from a file of the national schema: all or nothing unless asked otherwise, and
//! nothing at all when only asked what would happen.

use super::idempotency::{Key, Once, once};
use super::import_line::{Lines, import_line};
use super::imported::{Imported, Rejected};
use super::{Outcome, Services};
use crate::domain::refusal::{Code, FieldError, Refused};
use crate::domain::venue::{Sheet, SheetError};

/// How a file is imported.
#[derive(Clone, Copy, Debug, Default)]
pub struct Way {
    /// Import the lines that are right and name the others.
    pub partial: bool,
    /// Only say what would be done.
    pub dry_run: bool,
}

/// Imports venues; the organisation of each is found by its SIRET or RNA number and added when it
/// is new, and a venue without a number belongs to an organisation of its own name.
///
/// # Errors
/// `sheet_rejected` with every wrong value when a line is wrong and `partial` is not asked.
pub fn import_venues(
    services: &Services,
    sheet: &Sheet,
    way: Way,
    key: Option<&Key>,
) -> Outcome<Once<Imported>> {
    if way.dry_run {
        let value = services.read(|op| {
            let mut lines = Lines::new(op, begun(sheet, true));
            for (line, read) in &sheet.lines {
                import_line(&mut lines, *line, read)?;
            }
            Ok(lines.imported)
        })?;
        return Ok(Once { value, replayed: false });
    }
    once(services, key, |op| {
        let mut lines = Lines::new(op, begun(sheet, false));
        for (line, read) in &sheet.lines {
            import_line(&mut lines, *line, read)?;
        }
        let imported = lines.imported;
        if imported.rejected.is_empty() || way.partial {
            return Ok(imported);
        }
        Err(all_rejected(&imported).into())
    })
}

fn begun(sheet: &Sheet, dry_run: bool) -> Imported {
    let told = |said: &SheetError| Rejected {
        line: said.line,
        column: said.column.to_owned(),
        code: said.code.to_owned(),
        detail: said.detail.clone(),
    };
    Imported {
        dry_run,
        rejected: sheet.wrong.iter().map(told).collect(),
        notes: sheet.notes.iter().map(told).collect(),
        more_rejected: sheet.more_wrong,
        ..Imported::default()
    }
}

fn all_rejected(imported: &Imported) -> Refused {
    let fields = imported.rejected.iter().map(|wrong| FieldError {
        pointer: format!("/{}/{}", wrong.line, wrong.column),
        code: "rejected",
        detail: wrong.detail.clone(),
    });
    let sentence = match (imported.rejected.len(), imported.more_rejected) {
        (1, 0) => "1 valeur du fichier est à corriger : rien n'a été importé.".to_owned(),
        (named, 0) => format!("{named} valeurs du fichier sont à corriger : rien n'a été importé."),
        (named, 1) => format!(
            "Plus de {named} valeurs du fichier sont à corriger, 1 ligne n'est pas détaillée : \
             corrigez celles-ci et recommencez. Rien n'a été importé."
        ),
        (named, more) => format!(
            "Plus de {named} valeurs du fichier sont à corriger, {more} lignes ne sont pas \
             détaillées : corrigez celles-ci et recommencez. Rien n'a été importé."
        ),
    };
    Refused { fields: fields.collect(), ..Refused::new(Code::SheetRejected, sentence) }
}
