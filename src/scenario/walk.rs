//! Walking the tree of a scenario: typed look-ups that record what is wrong and go on.

use std::ops::Range;

use super::keys::{KEYS, KeySpec};
use super::limits;
use super::problem::{Place, Problem, nearest};
use super::tree::{Node, Table, Value};
use crate::words;

/// So many problems get a suggestion.
const MOST_SUGGESTED: usize = 100;

/// The form of a table or list that people write otherwise at first.
fn form(path: &str) -> Option<&'static str> {
    Some(match path {
        "segments" => "[segments.premium]\nshare = 0.3",
        "events" => "[[events]]\nname = \"A rival\"\nannual_probability = 0.3",
        "correlations" => {
            "[[correlations]]\ninputs = [\"market.refusal_rate\", \"willingness.median_price\"]\nrank = -0.4"
        }
        "correlations.inputs" => "inputs = [\"market.refusal_rate\", \"willingness.median_price\"]",
        "sources" => "[sources.survey]\ntitle = \"Where the number comes from\"",
        "horizon" => "[horizon]\nmonths = 60",
        "target" => "[target]\nsubscribers = 1_000_000",
        "market" => "[market]\nrefusal_rate = 0.6",
        "willingness" => "[willingness]\nmedian_price = 10",
        "uptake" => "[uptake]\nannual_innovation = 0.1",
        "retention" => "[retention]\nmonthly_churn = 0.05",
        "price" => "[price]\nmonthly = 9.99",
        "revenue" => "[revenue]\nancillary = 0.5",
        "costs" => "[costs]\nmonthly_fixed = 1e6",
        "serving" => "[serving]\ncost_per_subscriber = 0.8",
        "finance" => "[finance]\nannual_discount_rate = 0.09",
        "shocks" => "[shocks]\nannual_volatility = 0.25",
        _ if path.ends_with("price.changes") => "changes = [{ month = 13, monthly = 17.99 }]",
        _ if path.starts_with("sources.") && path.matches('.').count() == 1 => {
            "[sources.survey]\ntitle = \"Where the number comes from\""
        }
        _ if path.starts_with("segments.") => "[segments.premium.price]\nmonthly = 17.99",
        _ => return None,
    })
}

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
        let problem = Problem::error(node.place.clone(), message, format!("expected {accepted}"));
        self.problems.push(match form(path) {
            Some(form) => problem.with_help(format!("write it as\n{form}")),
            None => problem,
        });
    }

    /// Every key of a table must be one of `known`; a misspelt one gets the nearest as a suggestion.
    pub(super) fn only_known(&mut self, table: &Table, path: &str, known: &[&str]) {
        for (name, entry) in table {
            if known.contains(&name.as_str()) {
                continue;
            }
            let place = if path.is_empty() { String::new() } else { format!(" in `{path}`") };
            // A file with a hundred mistakes has another problem than its spelling.
            let near = if self.problems.len() < MOST_SUGGESTED { nearest(name, known.iter().copied()) } else { None };
            // An input may stand outside its table.
            let is_home = |spec: &&KeySpec| path.is_empty() && spec.name.split_once('.').map(|key| key.1) == Some(name);
            let home = KEYS.iter().find(is_home);
            let near = home.map(|spec| spec.name).or(near);
            let label = match near {
                Some(near) => {
                    self.meant.push(if path.is_empty() { near.to_owned() } else { format!("{path}.{near}") });
                    format!("did you mean `{near}`?")
                }
                None => "not known here".to_owned(),
            };
            self.meant.extend(home.map(|spec| spec.name.to_owned()));
            let help = match home.and_then(|spec| spec.name.split_once('.')) {
                Some((table, key)) => format!("it belongs under its table:\n[{table}]\n{key} = …"),
                None => format!("accepted{place}: {}", known.join(", ")),
            };
            let message = format!("unknown key `{name}`{place}");
            self.problems.push(Problem::error(entry.key.clone(), message, label).with_help(help));
        }
    }

    /// Whether a table has a key that is not known, which has been told.
    pub(super) fn is_misspelt(table: &Table, known: &[&str]) -> bool {
        table.keys().any(|name| !known.contains(&name.as_str()))
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

    /// A text of at most `most` characters, without what would control a terminal.
    pub(super) fn prose(&mut self, node: &Node, path: &str, most: usize) -> Option<String> {
        let text = self.text(node, path)?;
        self.is_short(&node.place, text, path, most).then(|| words::shown(text).into_owned())
    }

    /// The same on one line.
    pub(super) fn line(&mut self, node: &Node, path: &str, most: usize) -> Option<String> {
        let text = self.text(node, path)?;
        self.is_short(&node.place, text, path, most).then(|| words::shown_line(text))
    }

    fn is_short(&mut self, place: &Place, text: &str, path: &str, most: usize) -> bool {
        let characters = text.chars().count();
        if characters > most {
            let message = format!("`{path}` has {characters} characters");
            self.error(place, message, format!("at most {most}"));
        }
        characters <= most
    }

    /// Whether a name can be one: not empty, of one line, and not too long.
    pub(super) fn is_name(&mut self, place: &Place, name: &str, what: &str) -> bool {
        let characters = name.chars().count();
        let wrong = if name.trim().is_empty() {
            "it is empty"
        } else if words::shown_line(name) != name {
            "it has spaces at an end or in a row, or characters that cannot be shown"
        } else if characters > limits::NAME {
            "it is too long"
        } else {
            return true;
        };
        let label = format!("{wrong}; accepted: up to {} characters on one line", limits::NAME);
        self.error(place, format!("{what} has no proper name"), label);
        false
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
        if list.len() > limits::VALUES {
            let message = format!("`{path}` has {} numbers", list.len());
            self.error(&node.place, message, format!("at most {}", limits::VALUES));
            return None;
        }
        let numbers: Vec<_> = list.iter().map(|item| self.number(item, path)).collect();
        numbers.into_iter().collect()
    }
}
