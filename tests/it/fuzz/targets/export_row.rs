//! A line of an export, on its way back into a table.

use pass_numerique::services::exported_row::{line_of, texts_of};
use pass_numerique::store::every_table::every_table;

/// The first byte chooses the table.
pub fn export_row(bytes: &[u8]) {
    let Some((choice, line)) = bytes.split_first() else { return };
    let Ok(line) = std::str::from_utf8(line) else { return };
    let tables = every_table();
    let table = &tables[usize::from(*choice) % tables.len()];
    let Ok(texts) = texts_of(table, line) else { return };
    assert_eq!(texts.len(), table.columns.len());
    let written = line_of(table, &serde_json::to_string(&texts).unwrap()).unwrap();
    assert_eq!(texts_of(table, &written).as_ref(), Ok(&texts), "{written}");
}
