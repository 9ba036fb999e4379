//! A form: its fields with what was typed, what is wrong, and the button.

use askama::Template;
use uuid::Uuid;

use crate::http::pages::faults::Faults;
use crate::http::pages::fields::Fields;
use crate::http::pages::wording::sentence;

/// What a field lets a person do.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Type a line; `text` or `email`, and the keyboard a phone shows.
    Line(&'static str, &'static str),
    /// Choose one: values and words.
    Choice(Vec<(String, String)>),
    /// Tick any: values and words.
    Ticks(Vec<(String, String)>),
    /// Give a file of that type.
    File(&'static str),
    /// Nothing: it is sent along.
    Hidden,
}

/// A field of a form.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it asks for.
    pub label: String,
    /// How to answer.
    pub hint: String,
    /// Whether it may stay empty.
    pub optional: bool,
    /// What was answered.
    pub values: Vec<String>,
    /// What it lets a person do.
    pub kind: Kind,
}

impl Field {
    fn new(name: &'static str, label: &str, kind: Kind) -> Self {
        Self {
            name,
            label: label.to_owned(),
            hint: String::new(),
            optional: false,
            values: Vec::new(),
            kind,
        }
    }

    /// A line of text.
    #[must_use]
    pub fn line(name: &'static str, label: &str) -> Self {
        Self::new(name, label, Kind::Line("text", ""))
    }

    /// A line of digits: an amount, a day.
    #[must_use]
    pub fn digits(name: &'static str, label: &str) -> Self {
        Self::new(name, label, Kind::Line("text", "decimal"))
    }

    /// A day.
    #[must_use]
    pub fn day(name: &'static str, label: &str) -> Self {
        let kind = Kind::Line("text", "numeric");
        Self::new(name, label, kind).hint("Par exemple 01/09/2026")
    }

    /// An e-mail address.
    #[must_use]
    pub fn email(name: &'static str, label: &str) -> Self {
        Self::new(name, label, Kind::Line("email", "email"))
    }

    /// One of several.
    #[must_use]
    pub fn choice(name: &'static str, label: &str, options: Vec<(String, String)>) -> Self {
        Self::new(name, label, Kind::Choice(options))
    }

    /// Any of several.
    #[must_use]
    pub fn ticks(name: &'static str, label: &str, options: Vec<(String, String)>) -> Self {
        Self::new(name, label, Kind::Ticks(options))
    }

    /// One box to tick, with the value `oui`.
    #[must_use]
    pub fn tick(name: &'static str, label: &str) -> Self {
        Self::ticks(name, "", vec![("oui".to_owned(), label.to_owned())]).optional()
    }

    /// A file.
    #[must_use]
    pub fn file(name: &'static str, label: &str, accept: &'static str) -> Self {
        Self::new(name, label, Kind::File(accept))
    }

    /// Something that is sent along.
    #[must_use]
    pub fn hidden(name: &'static str, value: &str) -> Self {
        Self::new(name, "", Kind::Hidden).value(value)
    }

    /// Says how to answer.
    #[must_use]
    pub fn hint(self, hint: &str) -> Self {
        Self { hint: sentence(hint), ..self }
    }

    /// It may stay empty.
    #[must_use]
    pub fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// What was answered before.
    #[must_use]
    pub fn value(self, value: &str) -> Self {
        Self { values: vec![value.to_owned()], ..self }
    }

    /// What was ticked before.
    #[must_use]
    pub fn values(self, values: Vec<String>) -> Self {
        Self { values, ..self }
    }

    fn first(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }

    fn holds(&self, value: &str) -> bool {
        self.values.iter().any(|held| held == value)
    }
}

/// A form with what protects it.
#[derive(Clone, Debug, Template)]
#[template(path = "manage/form.html")]
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// Its fields.
    pub fields: Vec<Field>,
    /// The words of its button.
    pub button: String,
    /// How its button looks: `main`, `second` or `danger`.
    pub look: &'static str,
    /// What is wrong.
    pub faults: Faults,
    /// Before every id, where a page has several forms.
    pub prefix: &'static str,
    /// Shows that the form is ours.
    pub token: String,
    /// Makes it count once.
    pub key: Uuid,
}

impl Form {
    /// A form of those fields.
    #[must_use]
    pub fn new(action: impl Into<String>, button: impl Into<String>, fields: Vec<Field>) -> Self {
        Self {
            action: action.into(),
            fields,
            button: button.into(),
            look: "main",
            faults: Faults::default(),
            prefix: "",
            token: String::new(),
            key: Uuid::nil(),
        }
    }

    /// The same form with another button.
    #[must_use]
    pub fn looks(self, look: &'static str) -> Self {
        Self { look, ..self }
    }

    /// The same form, told apart from the others of the page.
    #[must_use]
    pub fn called(self, prefix: &'static str) -> Self {
        Self { prefix, ..self }
    }

    /// The same form with what was typed.
    #[must_use]
    pub fn filled(mut self, typed: &Fields) -> Self {
        for field in &mut self.fields {
            field.values = match field.kind {
                Kind::Ticks(_) => typed.all(field.name),
                Kind::File(_) => Vec::new(),
                _ => vec![typed.text(field.name).to_owned()],
            };
        }
        self
    }

    /// What is wrong, for the top of the page: each fault leads to its field.
    #[must_use]
    pub fn summary(&self) -> Faults {
        let mut faults = self.faults.clone();
        for (name, _) in &mut faults.fields {
            *name = format!("{}{name}", self.prefix);
        }
        faults
    }

    fn has_file(&self) -> bool {
        self.fields.iter().any(|field| matches!(field.kind, Kind::File(_)))
    }

    fn id(&self, field: &Field) -> String {
        format!("{}{}", self.prefix, field.name)
    }

    fn fault(&self, field: &Field) -> Option<&str> {
        self.faults.of(field.name)
    }

    /// The ids of what describes a field.
    fn described(&self, field: &Field) -> String {
        let id = self.id(field);
        let hint = (!field.hint.is_empty()).then(|| format!("{id}-aide"));
        let fault = self.fault(field).map(|_| format!("{id}-erreur"));
        hint.into_iter().chain(fault).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests;
