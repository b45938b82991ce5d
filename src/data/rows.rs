//! Rows of a CSV file with the place of every field, so that a problem can be pointed at. Commas or, as spreadsheets write where the
//! comma is decimal, semicolons; quotes; a byte order mark; lines that begin with `#` are remarks.

use std::ops::Range;
use std::path::Path;

use crate::bounded;
use crate::scenario::{Place, Problem, Problems, ReadError, SourceFile};

/// Far above any file of monthly numbers.
const LARGEST: u64 = 1 << 22;

/// A field: its text and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) text: String,
    pub(super) span: Range<usize>,
}

/// A file with its columns by name.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) header: Vec<Field>,
    pub(super) lines: Vec<Vec<Field>>,
    pub(super) problems: Vec<Problem>,
}

/// Reads a file of data.
pub(super) fn read(path: &Path) -> Result<SourceFile, ReadError> {
    let shown = path.display().to_string();
    let bytes = bounded::read(path, LARGEST).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => ReadError::Missing(shown.clone()),
        _ => ReadError::Io(shown.clone(), error),
    })?;
    ReadError::text(shown, bytes)
}

pub(super) fn error(span: Range<usize>, message: impl Into<String>, label: impl Into<String>) -> Problem {
    Problem::error(Place { file: 0, span }, message, label)
}

/// All that is wrong with a file, in its order.
pub(super) fn problems(file: &SourceFile, mut list: Vec<Problem>) -> Problems {
    list.sort_by_key(|problem| problem.place.as_ref().map_or(usize::MAX, |place| place.span.start));
    Problems { files: vec![file.clone()], main: 0, list }
}

impl Rows {
    /// The rows of a file whose header names `columns`, of which the first `needed` must be there.
    pub(super) fn of(file: &SourceFile, columns: &[&str], needed: usize) -> Self {
        let mut out = Self { header: Vec::new(), lines: Vec::new(), problems: Vec::new() };
        let mut start = if file.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut delimiter = ',';
        for line in file.text[start..].split_inclusive('\n') {
            let (at, content) = (start, line.trim_end_matches(['\n', '\r']));
            start += line.len();
            if content.trim().is_empty() || content.trim_start().starts_with('#') {
                continue;
            }
            if out.header.is_empty() {
                if content.contains(';') && !content.contains(',') {
                    delimiter = ';';
                }
                out.header = fields(content, at, delimiter);
                continue;
            }
            let row = fields(content, at, delimiter);
            if row.len() == out.header.len() {
                out.lines.push(row);
                continue;
            }
            let message = format!("this line has {} fields, the header {}", row.len(), out.header.len());
            let label = if delimiter == ',' && row.len() > out.header.len() {
                "write numbers without a comma: 1200000.5"
            } else {
                "expected one for each column"
            };
            out.problems.push(error(at..at + content.len(), message, label));
        }
        out.check_header(file, columns, needed);
        out
    }

    fn check_header(&mut self, file: &SourceFile, columns: &[&str], needed: usize) {
        let listed = || columns.join(", ");
        if self.header.is_empty() {
            let help = format!("its first line names the columns: {}", listed());
            self.problems.push(Problem::missing("the file is empty", help));
            return;
        }
        for (i, field) in self.header.iter().enumerate() {
            if !columns.contains(&field.text.as_str()) {
                let message = format!("`{}` is no column of such a file", field.text);
                self.problems.push(error(field.span.clone(), message, format!("expected {}", listed())));
            } else if self.header[..i].iter().any(|other| other.text == field.text) {
                let message = format!("the column `{}` stands twice", field.text);
                self.problems.push(error(field.span.clone(), message, "take one of them out"));
            }
        }
        for column in &columns[..needed] {
            if self.place(column).is_none() {
                let first = self.header.first().map_or(0, |field| field.span.start);
                let last = self.header.last().map_or(0, |field| field.span.end);
                let message = format!("there is no column `{column}`");
                self.problems.push(error(first..last, message, format!("expected {}", listed())));
            }
        }
        if self.lines.is_empty() && self.problems.is_empty() {
            let help = format!("write a line of {} for each number", listed());
            self.problems.push(Problem::missing(format!("{} has no numbers", file.path), help));
        }
    }

    /// Where the column of that name stands.
    pub(super) fn place(&self, column: &str) -> Option<usize> {
        self.header.iter().position(|field| field.text == column)
    }

    /// A number as people write it: plain, or with `_` between the digits.
    pub(super) fn number(&mut self, field: &Field, what: &str) -> Option<f64> {
        let plain = field.text.replace('_', "");
        if let Some(x) = plain.parse().ok().filter(|x: &f64| x.is_finite()) {
            return Some(x);
        }
        let (message, label) = if field.text.is_empty() {
            (format!("the {what} is missing"), "expected a number; leave the line out where nothing was observed")
        } else if field.text.contains(',') {
            (
                format!("`{}` is no number", field.text),
                "write a decimal point, and nothing between thousands: 1200000.5",
            )
        } else {
            (format!("`{}` is no number", field.text), "expected a number such as 1200000, without units")
        };
        self.problems.push(error(field.span.clone(), message, label));
        None
    }
}

/// The fields of a line that begins at byte `start` of its file.
fn fields(line: &str, start: usize, delimiter: char) -> Vec<Field> {
    let mut out = Vec::new();
    let (mut from, mut quoted) = (0, false);
    let mut push = |span: Range<usize>| {
        let raw = &line[span.clone()];
        let text = raw.trim();
        let lead = raw.len() - raw.trim_start().len();
        let at = start + span.start + lead;
        let plain = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let text = plain.map_or_else(|| text.to_owned(), |text| text.replace("\"\"", "\""));
        out.push(Field { text, span: at..at + raw.trim().len() });
    };
    for (i, c) in line.char_indices() {
        if c == '"' {
            quoted = !quoted;
        } else if c == delimiter && !quoted {
            push(from..i);
            from = i + c.len_utf8();
        }
    }
    push(from..line.len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_know_where_they_stand() {
        let found = fields("a, \"b,\"\"c\" ,", 10, ',');
        let texts: Vec<&str> = found.iter().map(|field| field.text.as_str()).collect();
        assert_eq!(texts, ["a", "b,\"c", ""]);
        assert_eq!(found[1].span, 13..20);
        assert_eq!(fields("1;2,5", 0, ';')[1].text, "2,5");
    }
}
