//! Walking a parsed TOML table with positions: typed look-ups that record what is wrong and go on.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Problem, nearest};

/// A value with its position.
pub(super) type Located<'i> = Spanned<DeValue<'i>>;

/// Collects problems while the file is walked.
#[derive(Debug, Default)]
pub(super) struct Walker {
    pub(super) problems: Vec<Problem>,
    /// What misspelt keys were probably meant to be, as `table.key` or `table`.
    meant: Vec<String>,
}

/// What a TOML value is, in words.
pub(super) fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

impl Walker {
    pub(super) fn error(&mut self, span: Range<usize>, message: impl Into<String>, label: impl Into<String>) {
        self.problems.push(Problem::error(span, message, label));
    }

    fn expected(&mut self, value: &Located<'_>, path: &str, accepted: &str) {
        let message = format!("`{path}` is {}", kind_of(value.get_ref()));
        self.error(value.span(), message, format!("expected {accepted}"));
    }

    /// Every key of a table must be one of `known`; a misspelt one gets the nearest as a suggestion.
    pub(super) fn only_known(&mut self, table: &DeTable<'_>, path: &str, known: &[&str]) {
        for key in table.keys() {
            let name = key.get_ref().as_ref();
            if known.contains(&name) {
                continue;
            }
            let place = if path.is_empty() { String::new() } else { format!(" in `{path}`") };
            let label = match nearest(name, known.iter().copied()) {
                Some(near) => {
                    self.meant.push(if path.is_empty() { near.to_owned() } else { format!("{path}.{near}") });
                    format!("did you mean `{near}`?")
                }
                None => "not known here".to_owned(),
            };
            let help = format!("accepted{place}: {}", known.join(", "));
            self.problems
                .push(Problem::error(key.span(), format!("unknown key `{name}`{place}"), label).with_help(help));
        }
    }

    /// Whether a misspelt key or table was probably meant to be this key, so that it is not also missing.
    pub(super) fn was_meant(&self, key: &str) -> bool {
        self.meant.iter().any(|meant| key == meant || key.split('.').next() == Some(meant))
    }

    /// A finite number.
    pub(super) fn number(&mut self, value: &Located<'_>, path: &str) -> Option<f64> {
        let parsed = match value.get_ref() {
            DeValue::Integer(integer) => {
                let digits = integer.as_str();
                if integer.radix() == 10 {
                    digits.parse().ok()
                } else {
                    i64::from_str_radix(digits, integer.radix()).ok().map(|n| n as f64)
                }
            }
            DeValue::Float(float) => float.as_str().parse().ok(),
            _ => {
                self.expected(value, path, "a number");
                return None;
            }
        };
        match parsed {
            Some(number) if f64::is_finite(number) => Some(number),
            _ => {
                self.error(value.span(), format!("`{path}` is not a finite number"), "expected a finite number");
                None
            }
        }
    }

    /// A whole number inside `accepted`.
    pub(super) fn integer(&mut self, value: &Located<'_>, path: &str, accepted: Range<usize>) -> Option<usize> {
        let number = self.number(value, path)?;
        let words = format!("a whole number from {} to {}", accepted.start, accepted.end - 1);
        if number.fract() != 0.0 || !matches!(value.get_ref(), DeValue::Integer(_)) {
            self.error(value.span(), format!("`{path}` is not a whole number"), format!("expected {words}"));
            return None;
        }
        if number < accepted.start as f64 || number >= accepted.end as f64 {
            self.error(value.span(), format!("`{path}` is {number}"), format!("expected {words}"));
            return None;
        }
        Some(number as usize)
    }

    pub(super) fn text<'v>(&mut self, value: &'v Located<'_>, path: &str) -> Option<&'v str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.expected(value, path, "a text in quotes");
        }
        text
    }

    pub(super) fn table<'v, 'i>(&mut self, value: &'v Located<'i>, path: &str) -> Option<&'v DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.expected(value, path, "a table");
        }
        table
    }

    pub(super) fn list<'v, 'i>(&mut self, value: &'v Located<'i>, path: &str) -> Option<&'v [Located<'i>]> {
        if let Some(list) = value.get_ref().as_array() {
            Some(list)
        } else {
            self.expected(value, path, "a list in [ ]");
            None
        }
    }

    /// A list of finite numbers; every bad one is told.
    pub(super) fn numbers(&mut self, value: &Located<'_>, path: &str) -> Option<Vec<f64>> {
        let list = self.list(value, path)?;
        let numbers: Vec<_> = list.iter().map(|item| self.number(item, path)).collect();
        numbers.into_iter().collect()
    }
}
