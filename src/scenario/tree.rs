//! A scenario as a tree of values that know their place: which file, which bytes. Layers merge into one tree.
//!
//! A scenario may start from another one and be overridden on the command line: each of these is a layer, with a text of
//! its own, so that a message points into the right file or at the `--set`.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::Place;

/// A table's entries by name.
pub(super) type Table = BTreeMap<String, Entry>;

/// A key and its value.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Where the key stands.
    pub(super) key: Place,
    pub(super) node: Node,
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) value: Value,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    Integer(f64),
    Float(f64),
    Flag(bool),
    Date,
    List(Vec<Node>),
    Table(Table),
}

impl Node {
    /// What it is, in words.
    pub(super) fn kind(&self) -> &'static str {
        match self.value {
            Value::Text(_) => "a text",
            Value::Integer(_) | Value::Float(_) => "a number",
            Value::Flag(_) => "true or false",
            Value::Date => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }

    pub(super) fn as_table(&self) -> Option<&Table> {
        if let Value::Table(table) = &self.value { Some(table) } else { None }
    }
}

/// The value of `key` in a table.
pub(super) fn get<'t>(table: &'t Table, key: &str) -> Option<&'t Node> {
    table.get(key).map(|entry| &entry.node)
}

/// The tree of a parsed file.
pub(super) fn table_of(file: usize, table: &DeTable<'_>) -> Table {
    let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let name: &std::borrow::Cow<'_, str> = key.get_ref();
        let place = Place { file, span: key.span() };
        (name.to_string(), Entry { key: place, node: node_of(file, value.span(), value.get_ref()) })
    };
    table.iter().map(entry).collect()
}

fn node_of(file: usize, span: Range<usize>, value: &DeValue<'_>) -> Node {
    let value = match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(integer) if integer.radix() == 10 => {
            Value::Integer(integer.as_str().parse().unwrap_or(f64::NAN))
        }
        DeValue::Integer(integer) => {
            Value::Integer(i64::from_str_radix(integer.as_str(), integer.radix()).map_or(f64::NAN, |n| n as f64))
        }
        DeValue::Float(float) => Value::Float(float.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Datetime(_) => Value::Date,
        DeValue::Array(list) => {
            Value::List(list.iter().map(|item| node_of(file, item.span(), item.get_ref())).collect())
        }
        DeValue::Table(table) => Value::Table(table_of(file, table)),
    };
    Node { place: Place { file, span }, value }
}

/// How many levels of tables merge key by key below an entry of the top level, before a value is replaced whole.
fn levels(name: &str) -> usize {
    match name {
        "sources" => 2,
        "segments" => 3,
        _ => 1,
    }
}

/// Lays `upper` over `lower`: what it says wins, input by input.
pub(super) fn lay_over(lower: &mut Table, upper: &Table) {
    for (name, entry) in upper {
        merge_entry(lower, name, entry, levels(name));
    }
}

fn merge_entry(lower: &mut Table, name: &str, entry: &Entry, levels: usize) {
    let both = lower.get_mut(name).map(|e| &mut e.node.value);
    if let (Some(Value::Table(below)), Value::Table(above)) = (both, &entry.node.value)
        && levels > 0
    {
        if name == "serving" {
            drop_other_form(below, above);
        }
        for (name, entry) in above {
            merge_entry(below, name, entry, levels - 1);
        }
    } else if let (Some(Entry { node: Node { value: Value::List(below), .. }, .. }), Value::Table(above)) =
        (lower.get_mut(name), &entry.node.value)
        && name == "changes"
    {
        super::price::lay_over_changes(below, above);
    } else if let (Some(below), Value::Text(text)) = (get(lower, name).cloned(), &entry.node.value)
        && let Some(factor) = super::overrides::factor(text)
        && let Some(node) = super::overrides::scaled(&below, factor, &entry.node)
    {
        lower.insert(name.to_owned(), Entry { key: entry.key.clone(), node });
    } else {
        lower.insert(name.to_owned(), entry.clone());
    }
}

/// Naming one form of the cost to serve drops an inherited other form.
fn drop_other_form(below: &mut Table, above: &Table) {
    const BY_TOKENS: [&str; 3] = ["requests_per_day", "tokens_per_request", "usd_per_million_tokens"];
    const FLAT: &str = "cost_per_subscriber";
    if above.contains_key(FLAT) {
        for key in BY_TOKENS {
            below.remove(key);
        }
    }
    if BY_TOKENS.iter().any(|key| above.contains_key(*key)) {
        below.remove(FLAT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(file: usize, text: &str) -> Table {
        table_of(file, DeTable::parse(text).unwrap().get_ref())
    }

    #[test]
    fn the_upper_layer_wins_input_by_input() {
        let mut merged = tree(
            0,
            "[market]\nactive_users = { uniform = { min = 1, max = 2 } }\nrefusal_rate = 0.5\n[serving]\nrequests_per_day = 3\n\
             [segments.a]\nshare = 1\n[segments.a.price]\nmonthly = 5\nfree_months = 2",
        );
        let upper = tree(
            1,
            "[market]\nactive_users = { value = 7, note = \"n\" }\n[serving]\ncost_per_subscriber = 1\n\
             [segments.a.price]\nmonthly = 6",
        );
        lay_over(&mut merged, &upper);
        let market = get(&merged, "market").unwrap().as_table().unwrap();
        let users = get(market, "active_users").unwrap();
        assert_eq!(users.place.file, 1);
        assert!(!users.as_table().unwrap().contains_key("uniform"), "an input's value is replaced whole");
        assert_eq!(get(market, "refusal_rate").unwrap().place.file, 0);
        let serving = get(&merged, "serving").unwrap().as_table().unwrap();
        assert!(!serving.contains_key("requests_per_day"));
        let segment = get(get(&merged, "segments").unwrap().as_table().unwrap(), "a").unwrap().as_table().unwrap();
        let price = get(segment, "price").unwrap().as_table().unwrap();
        assert!(price.contains_key("free_months") && segment.contains_key("share"));
        assert_eq!(get(price, "monthly").unwrap().place.file, 1);
    }
}
