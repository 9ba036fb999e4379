//! A workbook as XLSX (ECMA-376), the files of Excel.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
    XlsxError,
};

use super::spreadsheet::{self, Cell, Sheet};

/// How each sort of cell looks, for a row of the body or for the total.
struct Looks {
    heading: Format,
    text: Format,
    prose: Format,
    count: Format,
    euros: Format,
    month: Format,
    moment: Format,
}

impl Looks {
    fn of(total: bool) -> Self {
        let base = if total {
            Format::new().set_bold().set_border_top(FormatBorder::Thin)
        } else {
            Format::new()
        };
        let base = base.set_align(FormatAlign::Top);
        let numbers = |code: &str| base.clone().set_num_format(code);
        Self {
            heading: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Top)
                .set_background_color(Color::RGB(0x00E6_EAF2)),
            prose: base.clone().set_text_wrap(),
            count: numbers("#,##0"),
            euros: numbers("#,##0.00\\ \"€\""),
            month: numbers("mmm\\ yyyy").set_align(FormatAlign::Left),
            moment: numbers("dd/mm/yyyy\\ hh:mm:ss").set_align(FormatAlign::Left),
            text: base,
        }
    }
}

/// Writes a workbook; the same one gives the same bytes.
///
/// # Errors
/// What the format cannot hold: more than a million rows, say.
pub fn write(workbook: &spreadsheet::Workbook) -> Result<Vec<u8>, XlsxError> {
    let mut file = Workbook::new();
    file.set_properties(&DocProperties::new().set_title(&workbook.title).set_creation_datetime(
        &ExcelDateTime::from_timestamp(workbook.made_at.and_utc().timestamp())?,
    ));
    for sheet in &workbook.sheets {
        fill(file.add_worksheet(), sheet)?;
    }
    file.save_to_buffer()
}

fn fill(page: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let too_large = |_| XlsxError::RowColumnLimitError;
    page.set_name(sheet.name)?.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    page.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
    for (column, width) in (0..).zip(&sheet.widths) {
        page.set_column_width(column, *width)?;
    }
    let (body, last) = (Looks::of(false), Looks::of(true));
    for (row, cells) in sheet.rows.iter().enumerate() {
        let looks = if sheet.is_total(row) { &last } else { &body };
        let row = u32::try_from(row).map_err(too_large)?;
        for (column, cell) in (0..).zip(cells) {
            put(page, (row, column), cell, looks)?;
        }
    }
    if let Some((rows, columns)) = sheet.sortable() {
        let bottom = u32::try_from(rows - 1).map_err(too_large)?;
        let right = u16::try_from(columns - 1).map_err(too_large)?;
        page.autofilter(0, 0, bottom, right)?;
    }
    Ok(())
}

fn put(
    page: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    looks: &Looks,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => page.write_blank(row, column, &looks.text)?,
        Cell::Text(text) => page.write_string_with_format(row, column, text, &looks.text)?,
        Cell::Prose(text) => page.write_string_with_format(row, column, text, &looks.prose)?,
        Cell::Heading(text) => page.write_string_with_format(row, column, text, &looks.heading)?,
        Cell::Count(_) | Cell::Euros(_) => {
            // The file holds the nearest binary number, as every spreadsheet does.
            let value = cell.number().and_then(|text| text.parse::<f64>().ok()).unwrap_or_default();
            let look = if matches!(cell, Cell::Count(_)) { &looks.count } else { &looks.euros };
            page.write_number_with_format(row, column, value, look)?
        }
        Cell::Month(day) => page.write_datetime_with_format(row, column, day, &looks.month)?,
        Cell::Moment(at) => page.write_datetime_with_format(row, column, at, &looks.moment)?,
    };
    Ok(())
}
