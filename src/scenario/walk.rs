//! Walking the tree of a scenario: typed look-ups that record what is wrong and go on.

use std::ops::Range;

use super::problem::{Place, Problem, nearest};
use super::tree::{Node, Table, Value};

/// Collects problems while the tree is walked.
#[derive(Debug, Default)]
pub(super) struct Walker {
    pub(super) problems: Vec<Problem>,
    /// What misspelt keys were probably meant to be, as `table.key` or `table`.
    meant: Vec<String>,
}

impl Walker {
    pub(super) fn error(&mut self, place: &Place, message: impl Into<String>, label: impl Into<String>) {
        self.problems.push(Problem::error(place.clone(), message, label));
    }

    fn expected(&mut self, node: &Node, path: &str, accepted: &str) {
        let message = format!("`{path}` is {}", node.kind());
        self.error(&node.place, message, format!("expected {accepted}"));
    }

    /// Every key of a table must be one of `known`; a misspelt one gets the nearest as a suggestion.
    pub(super) fn only_known(&mut self, table: &Table, path: &str, known: &[&str]) {
        for (name, entry) in table {
            if known.contains(&name.as_str()) {
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
            let message = format!("unknown key `{name}`{place}");
            self.problems.push(Problem::error(entry.key.clone(), message, label).with_help(help));
        }
    }

    /// Whether a misspelt key or table was probably meant to be this key, so that it is not also missing.
    pub(super) fn was_meant(&self, key: &str) -> bool {
        self.meant.iter().any(|meant| key == meant || key.split('.').next() == Some(meant))
    }

    /// A finite number.
    pub(super) fn number(&mut self, node: &Node, path: &str) -> Option<f64> {
        match node.value {
            Value::Integer(x) | Value::Float(x) if x.is_finite() => Some(x),
            Value::Integer(_) | Value::Float(_) => {
                self.error(&node.place, format!("`{path}` is not a finite number"), "expected a finite number");
                None
            }
            _ => {
                self.expected(node, path, "a number");
                None
            }
        }
    }

    /// A whole number inside `accepted`.
    pub(super) fn integer(&mut self, node: &Node, path: &str, accepted: Range<usize>) -> Option<usize> {
        let number = self.number(node, path)?;
        let words = format!("a whole number from {} to {}", accepted.start, accepted.end - 1);
        if !matches!(node.value, Value::Integer(_)) {
            self.error(&node.place, format!("`{path}` is not a whole number"), format!("expected {words}"));
            return None;
        }
        if number < accepted.start as f64 || number >= accepted.end as f64 {
            self.error(&node.place, format!("`{path}` is {number}"), format!("expected {words}"));
            return None;
        }
        Some(number as usize)
    }

    pub(super) fn text<'n>(&mut self, node: &'n Node, path: &str) -> Option<&'n str> {
        if let Value::Text(text) = &node.value {
            return Some(text);
        }
        self.expected(node, path, "a text in quotes");
        None
    }

    pub(super) fn flag(&mut self, node: &Node, path: &str) -> Option<bool> {
        if let Value::Flag(flag) = node.value {
            return Some(flag);
        }
        self.expected(node, path, "true or false");
        None
    }

    pub(super) fn table<'n>(&mut self, node: &'n Node, path: &str) -> Option<&'n Table> {
        let table = node.as_table();
        if table.is_none() {
            self.expected(node, path, "a table");
        }
        table
    }

    pub(super) fn list<'n>(&mut self, node: &'n Node, path: &str) -> Option<&'n [Node]> {
        if let Value::List(list) = &node.value {
            return Some(list);
        }
        self.expected(node, path, "a list in [ ]");
        None
    }

    /// A list of finite numbers; every bad one is told.
    pub(super) fn numbers(&mut self, node: &Node, path: &str) -> Option<Vec<f64>> {
        let list = self.list(node, path)?;
        let numbers: Vec<_> = list.iter().map(|item| self.number(item, path)).collect();
        numbers.into_iter().collect()
    }
}
