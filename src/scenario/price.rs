//! Scheduled changes of the list price: to a price, or to so many times the price at launch.

use std::collections::BTreeSet;

use super::Scenario;
use super::check::Checker;
use super::tree::{Node, Table, Value, get};
use super::walk::Walker;

/// A change of the list price.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PriceChange {
    /// The month from which it holds, 1 … T.
    pub month: usize,
    /// What it changes the price to.
    pub to: NewPrice,
}

/// A price that takes the place of the price at launch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NewPrice {
    /// Dollars a month.
    Monthly(f64),
    /// So many times the price at launch (`price.monthly`), not the price before.
    Times(f64),
}

/// The month of the price change that an input's name speaks of: `price.changes.13.monthly`, of the scenario or a segment.
pub(crate) fn changed_month(input: &str) -> Option<usize> {
    let (before, rest) = input.rsplit_once("price.changes.")?;
    let named = before.is_empty() || before.starts_with("segments.") && before.ends_with('.');
    rest.strip_suffix(".monthly")?.parse().ok().filter(|_| named)
}

impl Scenario {
    /// What the price change of that name changes the price to, where one is scheduled.
    pub(crate) fn price_change(&self, input: &str) -> Option<NewPrice> {
        let month = changed_month(input)?;
        let plain = input.replace(['"', '\''], "");
        let changes = match plain.strip_prefix("segments.") {
            None => &self.price_changes,
            Some(rest) => {
                let own = self.segments.iter().find(|segment| rest.starts_with(&format!("{}.price.", segment.name)))?;
                own.price_changes.as_ref().unwrap_or(&self.price_changes)
            }
        };
        changes.iter().find(|change| change.month == month).map(|change| change.to)
    }
}

impl NewPrice {
    /// As it is written: `17.99`, `×1.2`.
    #[must_use]
    pub fn written(self) -> String {
        match self {
            Self::Monthly(price) => price.to_string(),
            Self::Times(factor) => format!("×{factor}"),
        }
    }
}

impl Checker<'_> {
    /// `[{ month = 13, monthly = 17.99 }]`, or by month: `{ 13 = { monthly = 17.99 } }`, which is what `--set` makes of
    /// `price.changes.13.monthly=17.99`.
    pub(super) fn price_changes(&mut self, node: &Node, path: &str, months: usize) -> Vec<PriceChange> {
        let by_month;
        let list = if let Value::Table(table) = &node.value {
            by_month = by_months(table);
            &by_month
        } else {
            let Some(list) = self.walker.list(node, path) else { return Vec::new() };
            list
        };
        let mut changes = Vec::new();
        let mut seen = BTreeSet::new();
        for item in list {
            let Some(table) = self.walker.table(item, path) else { continue };
            self.walker.only_known(table, path, &["month", "monthly", "times"]);
            let to = match (get(table, "monthly"), get(table, "times")) {
                (Some(price), None) => self.new_price(price, path, "monthly").map(NewPrice::Monthly),
                (None, Some(factor)) => self.new_price(factor, path, "times").map(NewPrice::Times),
                (both, _) => {
                    if both.is_some() || !Walker::is_misspelt(table, &["month", "monthly", "times"]) {
                        let what = if both.is_some() { "has two prices" } else { "lacks a key" };
                        let label = "expected { month = 13, monthly = 17.99 } or { month = 13, times = 1.2 }";
                        self.walker.error(&item.place, format!("a price change {what}"), label);
                    }
                    None
                }
            };
            let Some(month) = get(table, "month") else {
                if to.is_some() {
                    self.walker.error(&item.place, "a price change has no month", "expected month = 13, for example");
                }
                continue;
            };
            let number = self.walker.integer(month, &format!("{path}.month"), 1..months + 1);
            let (Some(number), Some(to)) = (number, to) else { continue };
            if seen.insert(number) {
                changes.push(PriceChange { month: number, to });
            } else {
                let message = format!("two price changes in month {number}");
                self.walker.error(&month.place, message, "each month once");
            }
        }
        changes.sort_by_key(|change| change.month);
        changes
    }

    fn new_price(&mut self, node: &Node, path: &str, key: &str) -> Option<f64> {
        let number = self.walker.number(node, &format!("{path}.{key}"))?;
        let (fits, accepted) = if key == "times" {
            (number > 0.0 && number <= 1e6, "above 0, at most 1e6")
        } else {
            ((0.0..=1e15).contains(&number), "0 to 1e15")
        };
        if !fits {
            self.walker.error(&node.place, format!("`{path}.{key}` is {number}"), format!("accepted: {accepted}"));
        }
        fits.then_some(number)
    }
}

/// Changes by month as a list.
fn by_months(table: &Table) -> Vec<Node> {
    let mut list: Vec<Node> = Vec::new();
    for (month, entry) in table {
        let mut node = entry.node.clone();
        if let Value::Table(fields) = &mut node.value {
            let number = month.parse().map_or_else(|_| Value::Text(month.clone()), Value::Integer);
            let month = Node { place: entry.key.clone(), value: number };
            fields.insert("month".to_owned(), super::tree::Entry { key: entry.key.clone(), node: month });
        }
        list.push(node);
    }
    list
}

/// Lays changes by month over a list of changes: what is said of a month takes the place of that month's change.
pub(super) fn lay_over_changes(below: &mut Vec<Node>, above: &Table) {
    for node in by_months(above) {
        let month_of = |node: &Node| match get(node.as_table()?, "month")?.value {
            Value::Integer(month) => Some(month),
            _ => None,
        };
        match below.iter_mut().find(|other| month_of(other).is_some() && month_of(other) == month_of(&node)) {
            Some(other) => *other = node,
            None => below.push(node),
        }
    }
}
