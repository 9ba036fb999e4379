//! A workbook as ODS (`OpenDocument` 1.3), the files of `LibreOffice`. Only what our sheets need:
//! typed cells, a heading that stays in sight, widths, filters.

mod parts;

use std::io;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use self::parts::{END, MANIFEST, MIME, START, meta, settings, styles};
use super::spreadsheet::{Cell, Sheet, Workbook};

/// Writes a workbook; the same one gives the same bytes.
///
/// # Errors
/// Only what writing to memory can fail of.
pub fn write(workbook: &Workbook) -> io::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(io::Cursor::new(Vec::new()));
    // The standard wants the type first and not compressed, so that programs know the file by it.
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let files = [
        ("mimetype", stored, MIME.to_owned()),
        ("META-INF/manifest.xml", packed, MANIFEST.to_owned()),
        ("meta.xml", packed, meta(workbook)),
        ("settings.xml", packed, settings(&workbook.sheets)),
        ("styles.xml", packed, styles()),
        ("content.xml", packed, content(workbook)),
    ];
    for (name, options, text) in files {
        zip.start_file(name, options)?;
        io::Write::write_all(&mut zip, text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Text as XML holds it: signs escaped, characters that XML forbids left out.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if sign.is_control() => safe.push(' '),
            _ => safe.push(sign),
        }
    }
    safe
}

fn content(workbook: &Workbook) -> String {
    let mut xml = vec![START.to_owned()];
    let mut widths: Vec<u16> = workbook.sheets.iter().flat_map(|s| &s.widths).copied().collect();
    widths.sort_unstable();
    widths.dedup();
    // A digit of ten points is about two millimetres wide.
    xml.extend(widths.into_iter().map(|width| {
        format!(
            "<style:style style:name=\"w{width}\" style:family=\"table-column\">\
             <style:table-column-properties style:column-width=\"{}mm\"/></style:style>",
            width * 2 + 2
        )
    }));
    xml.push("</office:automatic-styles><office:body><office:spreadsheet>".to_owned());
    xml.extend(workbook.sheets.iter().map(table));
    xml.push("<table:database-ranges>".to_owned());
    xml.extend(workbook.sheets.iter().filter_map(range));
    xml.push("</table:database-ranges>".to_owned());
    xml.push(END.to_owned());
    xml.concat()
}

/// What can be sorted and filtered.
fn range(sheet: &Sheet) -> Option<String> {
    let (rows, columns) = sheet.sortable()?;
    let (name, last) = (escaped(sheet.name), letters(columns));
    Some(format!(
        "<table:database-range table:name=\"{name}\" \
         table:target-range-address=\"'{name}'.A1:'{name}'.{last}{rows}\" \
         table:display-filter-buttons=\"true\"/>"
    ))
}

/// The letters of a column, counted from one: 27 is `AA`.
fn letters(column: usize) -> String {
    let mut left = column;
    let mut name = Vec::new();
    while left > 0 {
        let digit = u8::try_from((left - 1) % 26).unwrap_or_default();
        name.insert(0, char::from(b'A' + digit));
        left = (left - 1) / 26;
    }
    name.into_iter().collect()
}

fn table(sheet: &Sheet) -> String {
    let name = escaped(sheet.name);
    let mut xml = vec![format!("<table:table table:name=\"{name}\" table:style-name=\"page\">")];
    let column = |width| format!("<table:table-column table:style-name=\"w{width}\"/>");
    xml.extend(sheet.widths.iter().map(column));
    for (row, cells) in sheet.rows.iter().enumerate() {
        let look = if sheet.is_total(row) { "total-" } else { "" };
        let cells: Vec<String> = cells.iter().map(|cell| written(cell, look)).collect();
        let row_of_cells = format!("<table:table-row>{}</table:table-row>", cells.concat());
        xml.push(if row == 0 {
            format!("<table:table-header-rows>{row_of_cells}</table:table-header-rows>")
        } else {
            row_of_cells
        });
    }
    xml.push("</table:table>".to_owned());
    xml.concat()
}

/// A cell: its look, its value for machines, and what is shown until a program formats it.
fn written(cell: &Cell, look: &str) -> String {
    let text = |style: &'static str, text: &String| (style, "string", String::new(), text.clone());
    let (style, sort, value, shown) = match cell {
        Cell::Empty => return format!("<table:table-cell table:style-name=\"{look}text\"/>"),
        Cell::Text(words) => text("text", words),
        Cell::Prose(words) => text("prose", words),
        Cell::Heading(words) => text("heading", words),
        Cell::Count(count) => {
            ("count", "float", format!(" office:value=\"{count}\""), count.to_string())
        }
        Cell::Euros(amount) => {
            let number = cell.number().unwrap_or_default();
            let value = format!(" office:currency=\"EUR\" office:value=\"{number}\"");
            ("euros", "currency", value, amount.to_string())
        }
        Cell::Month(day) => {
            let value = format!(" office:date-value=\"{day}\"");
            ("month", "date", value, day.format("%m/%Y").to_string())
        }
        Cell::Moment(at) => {
            let value = format!(" office:date-value=\"{}\"", at.format("%Y-%m-%dT%H:%M:%S"));
            ("moment", "date", value, at.format("%d/%m/%Y %H:%M:%S").to_string())
        }
    };
    let look = if matches!(style, "text" | "count" | "euros") { look } else { "" };
    format!(
        "<table:table-cell table:style-name=\"{look}{style}\" office:value-type=\"{sort}\"{value}>\
         <text:p>{}</text:p></table:table-cell>",
        escaped(&shown)
    )
}
