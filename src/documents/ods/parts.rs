//! The parts of an ODS file that hold no figures.

use super::super::spreadsheet::{Sheet, Workbook};
use super::escaped;

pub(super) const MIME: &str = "application/vnd.oasis.opendocument.spreadsheet";

pub(super) const MANIFEST: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="settings.xml" manifest:media-type="text/xml"/></manifest:manifest>"#;

/// The beginning of `content.xml`, up to the widths of columns.
pub(super) const START: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.3"><office:automatic-styles>"#,
    r#"<number:number-style style:name="n-count"><number:number number:decimal-places="0" number:min-integer-digits="1" number:grouping="true"/></number:number-style>"#,
    r#"<number:currency-style style:name="n-euros"><number:number number:decimal-places="2" number:min-decimal-places="2" number:min-integer-digits="1" number:grouping="true"/><number:text> </number:text><number:currency-symbol number:language="fr" number:country="FR">€</number:currency-symbol></number:currency-style>"#,
    r#"<number:date-style style:name="n-month" number:language="fr" number:country="FR"><number:month number:style="long" number:textual="true"/><number:text> </number:text><number:year number:style="long"/></number:date-style>"#,
    r#"<number:date-style style:name="n-moment" number:language="fr" number:country="FR"><number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/><number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text><number:minutes number:style="long"/><number:text>:</number:text><number:seconds number:style="long"/></number:date-style>"#,
    r#"<style:style style:name="page" style:family="table" style:master-page-name="Default"><style:table-properties table:display="true"/></style:style>"#,
    r##"<style:style style:name="heading" style:family="table-cell"><style:table-cell-properties fo:background-color="#e6eaf2" fo:wrap-option="wrap" style:vertical-align="top"/><style:text-properties fo:font-weight="bold"/></style:style>"##,
    r#"<style:style style:name="text" style:family="table-cell"><style:table-cell-properties style:vertical-align="top"/></style:style>"#,
    r#"<style:style style:name="prose" style:family="table-cell"><style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/></style:style>"#,
    r#"<style:style style:name="count" style:family="table-cell" style:data-style-name="n-count"><style:table-cell-properties style:vertical-align="top"/></style:style>"#,
    r#"<style:style style:name="euros" style:family="table-cell" style:data-style-name="n-euros"><style:table-cell-properties style:vertical-align="top"/></style:style>"#,
    r#"<style:style style:name="month" style:family="table-cell" style:data-style-name="n-month"><style:table-cell-properties style:vertical-align="top"/><style:paragraph-properties fo:text-align="start"/></style:style>"#,
    r#"<style:style style:name="moment" style:family="table-cell" style:data-style-name="n-moment"><style:table-cell-properties style:vertical-align="top"/><style:paragraph-properties fo:text-align="start"/></style:style>"#,
    r##"<style:style style:name="total-text" style:family="table-cell"><style:table-cell-properties fo:border-top="0.5pt solid #000000"/><style:text-properties fo:font-weight="bold"/></style:style>"##,
    r##"<style:style style:name="total-count" style:family="table-cell" style:data-style-name="n-count"><style:table-cell-properties fo:border-top="0.5pt solid #000000"/><style:text-properties fo:font-weight="bold"/></style:style>"##,
    r##"<style:style style:name="total-euros" style:family="table-cell" style:data-style-name="n-euros"><style:table-cell-properties fo:border-top="0.5pt solid #000000"/><style:text-properties fo:font-weight="bold"/></style:style>"##,
);

/// The end of `content.xml`.
pub(super) const END: &str = "</office:spreadsheet></office:body></office:document-content>";

/// A4 on its side, as high as it takes and one page wide; French.
pub(super) fn styles() -> String {
    r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document-styles xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.3"><office:styles><style:default-style style:family="table-cell"><style:text-properties fo:font-size="10pt" fo:language="fr" fo:country="FR"/></style:default-style></office:styles><office:automatic-styles><style:page-layout style:name="a4"><style:page-layout-properties fo:page-width="297mm" fo:page-height="210mm" style:print-orientation="landscape" style:scale-to-X="1" style:scale-to-Y="0"/></style:page-layout></office:automatic-styles><office:master-styles><style:master-page style:name="Default" style:page-layout-name="a4"/></office:master-styles></office:document-styles>"#
        .to_owned()
}

pub(super) fn meta(workbook: &Workbook) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"><office:meta><dc:title>{}</dc:title><dc:language>fr-FR</dc:language><meta:creation-date>{}Z</meta:creation-date></office:meta></office:document-meta>"#,
        escaped(&workbook.title),
        workbook.made_at.format("%Y-%m-%dT%H:%M:%S")
    )
}

/// The first row of each sheet stays in sight.
pub(super) fn settings(sheets: &[Sheet]) -> String {
    let item = |name: &str, sort: &str, value: &str| {
        format!(
            "<config:config-item config:name=\"{name}\" config:type=\"{sort}\">{value}</config:config-item>"
        )
    };
    let frozen: String = [
        ("HorizontalSplitMode", "short", "0"),
        ("VerticalSplitMode", "short", "2"),
        ("VerticalSplitPosition", "int", "1"),
        ("ActiveSplitRange", "short", "2"),
        ("PositionTop", "int", "0"),
        ("PositionBottom", "int", "1"),
    ]
    .iter()
    .map(|(name, sort, value)| item(name, sort, value))
    .collect();
    let table = |sheet: &Sheet| {
        let name = escaped(sheet.name);
        format!(
            "<config:config-item-map-entry config:name=\"{name}\">{frozen}</config:config-item-map-entry>"
        )
    };
    let tables = sheets.iter().map(table).collect::<Vec<_>>().concat();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document-settings xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0" xmlns:ooo="http://openoffice.org/2004/office" office:version="1.3"><office:settings><config:config-item-set config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>{}<config:config-item-map-named config:name="Tables">{tables}</config:config-item-map-named></config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set></office:settings></office:document-settings>"#,
        item("ViewId", "string", "view1")
    )
}
