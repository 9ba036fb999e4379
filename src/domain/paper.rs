//! What can be chosen about the paper of a pass when it is printed.

use super::refusal::{Code, Refusal};

/// The shape of the paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// An A4 letter, with a stub to cut off.
    #[default]
    Letter,
    /// A card the size of a bank card, to cut out of an A4 page.
    Card,
}

impl Layout {
    /// Every layout.
    pub const ALL: [Self; 2] = [Self::Letter, Self::Card];

    /// The name in the API and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Letter => "letter",
            Self::Card => "card",
        }
    }

    /// Reads the name back.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layout| layout.as_str() == name)
    }
}

/// A language that stands beside French on the paper, for what to do in three lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    English,
    /// Arabic, written from right to left.
    Arabic,
    /// Ukrainian.
    Ukrainian,
    /// Turkish.
    Turkish,
    /// Portuguese.
    Portuguese,
}

impl Language {
    /// Every language, in the order of the choice on screen.
    pub const ALL: [Self; 5] =
        [Self::English, Self::Arabic, Self::Ukrainian, Self::Turkish, Self::Portuguese];

    /// Its tag (BCP 47), in the API and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Arabic => "ar",
            Self::Ukrainian => "uk",
            Self::Turkish => "tr",
            Self::Portuguese => "pt",
        }
    }

    /// Reads the tag back.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.as_str() == tag)
    }

    /// Its French name, for the person who prints.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::English => "anglais",
            Self::Arabic => "arabe",
            Self::Ukrainian => "ukrainien",
            Self::Turkish => "turc",
            Self::Portuguese => "portugais",
        }
    }
}

/// How many cards an A4 sheet of a print run holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CardsPerSheet {
    /// Two columns of four.
    #[default]
    Eight,
    /// Two columns of five.
    Ten,
}

impl CardsPerSheet {
    /// How many.
    #[must_use]
    pub fn as_u8(self) -> u8 {
        match self {
            Self::Eight => 8,
            Self::Ten => 10,
        }
    }

    /// Reads the number back.
    #[must_use]
    pub fn from_u8(number: u8) -> Option<Self> {
        [Self::Eight, Self::Ten].into_iter().find(|cards| cards.as_u8() == number)
    }
}

/// How the paper is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// The shape.
    pub layout: Layout,
    /// Letters of at least 18 points, for weak sight.
    pub large_print: bool,
    /// What stands beside French.
    pub language: Option<Language>,
}

impl Style {
    /// Puts a style together from the names the outside uses; nothing said is the plain letter.
    ///
    /// # Errors
    /// [`StyleRefusal`] says what has no such paper.
    pub fn from_names(
        layout: Option<&str>,
        large_print: bool,
        language: Option<&str>,
    ) -> Result<Self, StyleRefusal> {
        let layout = layout
            .map_or(Some(Layout::Letter), Layout::from_name)
            .ok_or(StyleRefusal::UnknownLayout)?;
        let language = language
            .map(|tag| Language::from_tag(tag).ok_or(StyleRefusal::UnknownLanguage))
            .transpose()?;
        if large_print && layout == Layout::Card {
            return Err(StyleRefusal::LargeCard);
        }
        Ok(Self { layout, large_print, language })
    }
}

/// How the sheets of a print run are set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sheets {
    /// The style of each pass.
    pub style: Style,
    /// How many cards to a sheet.
    pub cards: CardsPerSheet,
}

/// What is chosen when sheets are printed; what is left out stays as it was ordered.
#[derive(Clone, Debug, Default)]
pub struct SheetChoice {
    /// `letter` or `card`.
    pub layout: Option<String>,
    /// Letters of at least 18 points.
    pub large_print: Option<bool>,
    /// The tag of the second language; empty for French alone.
    pub language: Option<String>,
    /// 8 or 10.
    pub cards_per_sheet: Option<u8>,
}

impl SheetChoice {
    /// The sheets that are printed of those that were ordered. Large print that was ordered is
    /// given up for cards that are asked for, for cards have none.
    ///
    /// # Errors
    /// [`StyleRefusal`] says what has no such paper.
    pub fn of(&self, ordered: Sheets) -> Result<Sheets, StyleRefusal> {
        let was = ordered.style;
        let layout = self.layout.as_deref().unwrap_or(was.layout.as_str());
        let kept = was.large_print && layout == Layout::Letter.as_str();
        let language = match self.language.as_deref() {
            None => was.language.map(Language::as_str),
            Some("") => None,
            Some(tag) => Some(tag),
        };
        let style = Style::from_names(Some(layout), self.large_print.unwrap_or(kept), language)?;
        let cards = self.cards_per_sheet.map_or(Some(ordered.cards), CardsPerSheet::from_u8);
        Ok(Sheets { style, cards: cards.ok_or(StyleRefusal::CardsPerSheet)? })
    }
}

/// Why no paper is set that way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StyleRefusal {
    /// Neither letter nor card.
    UnknownLayout,
    /// A language we have no lines in.
    UnknownLanguage,
    /// Large letters do not fit a card.
    LargeCard,
    /// Neither 8 nor 10 cards to a sheet.
    CardsPerSheet,
}

impl StyleRefusal {
    /// Which value of a request is wrong.
    #[must_use]
    pub fn pointer(self) -> &'static str {
        match self {
            Self::UnknownLayout => "/layout",
            Self::UnknownLanguage => "/language",
            Self::LargeCard => "/large_print",
            Self::CardsPerSheet => "/cards_per_sheet",
        }
    }
}

impl Refusal for StyleRefusal {
    fn code(&self) -> Code {
        Code::InvalidQuery
    }

    fn sentence(&self) -> String {
        match self {
            Self::UnknownLayout => "Le format est une lettre (« letter ») ou une carte (« card »).",
            Self::UnknownLanguage => {
                "Cette langue n'est pas proposée : choisissez en, ar, uk, tr ou pt."
            }
            Self::LargeCard => {
                "Les gros caractères ne tiennent pas sur une carte : choisissez la lettre."
            }
            Self::CardsPerSheet => "Une feuille compte 8 ou 10 cartes.",
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_is_read_from_its_names_and_refuses_what_cannot_be_printed() {
        assert_eq!(Style::from_names(None, false, None), Ok(Style::default()));
        let arabic = Style::from_names(Some("card"), false, Some("ar")).unwrap();
        assert_eq!((arabic.layout, arabic.language), (Layout::Card, Some(Language::Arabic)));
        assert_eq!(Style::from_names(Some("card"), true, None), Err(StyleRefusal::LargeCard));
        assert_eq!(Style::from_names(Some("a5"), false, None), Err(StyleRefusal::UnknownLayout));
        assert_eq!(Style::from_names(None, false, Some("xx")), Err(StyleRefusal::UnknownLanguage));
    }

    #[test]
    fn sheets_are_printed_as_ordered_but_for_what_is_chosen() {
        let style =
            Style { layout: Layout::Letter, large_print: true, language: Some(Language::Turkish) };
        let ordered = Sheets { style, cards: CardsPerSheet::Ten };
        assert_eq!(SheetChoice::default().of(ordered), Ok(ordered));
        let cards = SheetChoice { layout: Some("card".to_owned()), ..SheetChoice::default() };
        let printed = cards.of(ordered).unwrap();
        assert!(!printed.style.large_print && printed.style.language == Some(Language::Turkish));
        let french = SheetChoice { language: Some(String::new()), ..SheetChoice::default() };
        assert_eq!(french.of(ordered).unwrap().style.language, None);
        let nine = SheetChoice { cards_per_sheet: Some(9), ..SheetChoice::default() };
        assert_eq!(nine.of(ordered), Err(StyleRefusal::CardsPerSheet));
    }
}
