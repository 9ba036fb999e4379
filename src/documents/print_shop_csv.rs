//! The file of a print run for a print shop that has a layout of its own.

use chrono::NaiveDate;

use super::DocumentError;
use super::formula::blunted;

/// One pass of the file.
#[derive(Clone, Debug)]
pub struct PrintShopLine {
    /// The number of its box.
    pub box_number: u32,
    /// The number for the stub.
    pub serial: String,
    /// The code in groups.
    pub code: String,
    /// What the QR is to hold.
    pub qr: String,
    /// How many workshops.
    pub units: u8,
    /// The last day to use it.
    pub last_day: NaiveDate,
}

/// The lines as CSV that opens in a French spreadsheet: UTF-8 with BOM, semicolons.
///
/// # Errors
/// [`DocumentError::Typesetting`] when the writer fails.
pub fn csv(lines: &[PrintShopLine]) -> Result<Vec<u8>, DocumentError> {
    let failed = |error: csv::Error| DocumentError::Typesetting(error.to_string());
    let mut writer =
        csv::WriterBuilder::new().delimiter(b';').from_writer(b"\xef\xbb\xbf".to_vec());
    writer
        .write_record([
            "carton",
            "numero_de_serie",
            "code",
            "contenu_qr",
            "ateliers",
            "dernier_jour",
        ])
        .map_err(failed)?;
    for line in lines {
        let record = [
            line.box_number.to_string(),
            line.serial.clone(),
            line.code.clone(),
            line.qr.clone(),
            line.units.to_string(),
            line.last_day.to_string(),
        ];
        writer.write_record(record.map(|cell| blunted(&cell).into_owned())).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| DocumentError::Typesetting(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_what_a_print_shop_needs() {
        let line = PrintShopLine {
            box_number: 3,
            serial: "7K3M-9QXT-2BVC".to_owned(),
            code: "ABCD-EFGH-JKMN-PQRS".to_owned(),
            qr: "HTTPS://PASS.EXEMPLE.FR/P/ABCDEFGHJKMNPQRS".to_owned(),
            units: 10,
            last_day: NaiveDate::from_ymd_opt(2026, 12, 31).unwrap(),
        };
        let text = String::from_utf8(csv(&[line]).unwrap()).unwrap();
        assert!(text.starts_with('\u{feff}'));
        assert!(text.contains("3;7K3M-9QXT-2BVC;ABCD-EFGH-JKMN-PQRS;HTTPS://PASS"), "{text}");
    }
}
