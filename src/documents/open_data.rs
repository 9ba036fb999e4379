//! The files of a vintage of open data: UTF-8, commas, RFC 4180, as the national schemas want.

use super::formula::blunted;
use crate::domain::subvention;

/// The name and the description of each column of the table of consumption.
pub const COLUMNS: [&str; 8] = [
    "code_departement",
    "nom_departement",
    "mois",
    "code_theme",
    "nom_theme",
    "ateliers",
    "personnes",
    "statut",
];

/// What stands for all départements, months or themes.
pub const ALL: &str = "TOUS";

/// Table Schema of the table of consumption.
pub const SCHEMA: &[u8] = include_bytes!("open_data/schema.json");

/// A row of the table of consumption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumptionLine {
    /// Code and name of the venue's département; none for all.
    pub departement: Option<(String, String)>,
    /// The month; none for all.
    pub month: Option<String>,
    /// Code and name of the theme; none for all.
    pub theme: Option<(String, String)>,
    /// The workshops; none when they are hidden.
    pub workshops: Option<i64>,
    /// The people; none on totals and where the workshops are hidden.
    pub people: Option<usize>,
}

/// The table of consumption.
///
/// # Errors
/// A failure of the writer, which writes to memory.
pub fn consumption(lines: &[ConsumptionLine]) -> Result<Vec<u8>, csv::Error> {
    let record = |line: &ConsumptionLine| {
        let all = || (ALL.to_owned(), ALL.to_owned());
        let (departement, departement_name) = line.departement.clone().unwrap_or_else(all);
        let (theme, theme_name) = line.theme.clone().unwrap_or_else(all);
        [
            departement,
            departement_name,
            line.month.clone().unwrap_or_else(|| ALL.to_owned()),
            theme,
            theme_name,
            line.workshops.map_or_else(String::new, |count| count.to_string()),
            line.people.map_or_else(String::new, |count| count.to_string()),
            if line.workshops.is_some() { "publie" } else { "secret" }.to_owned(),
        ]
    };
    write(&COLUMNS, lines.iter().map(record))
}

/// The grants, in the columns of SCDL « Subventions » 2.1.1.
///
/// # Errors
/// A failure of the writer, which writes to memory.
pub fn subventions(rows: &[[String; 16]]) -> Result<Vec<u8>, csv::Error> {
    write(&subvention::COLUMNS, rows.iter().cloned())
}

fn write<const N: usize>(
    columns: &[&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> Result<Vec<u8>, csv::Error> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(columns)?;
    for row in rows {
        writer.write_record(row.map(|cell| blunted(&cell).into_owned()))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_number_leaves_its_row_and_no_figure() {
        let line = ConsumptionLine {
            departement: Some(("16".to_owned(), "Charente".to_owned())),
            month: None,
            theme: None,
            workshops: None,
            people: None,
        };
        let written = String::from_utf8(consumption(&[line]).unwrap()).unwrap();
        let (_, row) = written.split_once("\r\n").unwrap();
        assert_eq!(row, "16,Charente,TOUS,TOUS,TOUS,,,secret\r\n");
    }

    #[test]
    fn the_schema_names_the_columns_in_order() {
        let schema: serde_json::Value = serde_json::from_slice(SCHEMA).unwrap();
        let fields = schema["fields"].as_array().unwrap();
        let names: Vec<&str> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
        assert_eq!(names, COLUMNS);
    }
}
