//! Segments: named parts of the market with inputs of their own, and the names of all inputs.

use std::collections::BTreeMap;

use super::check::{Checker, Parts, split};
use super::correlation::Pair;
use super::keys::{KEY_COUNT, Key, Trait};
use super::limits;
use super::problem::Problem;
use super::tree::{Node, Table, get};
use super::{Correlation, InputValue, PriceChange};

/// A part of the market. What it does not name it takes from the scenario, with the same draw.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Its name; `all` is reserved for the sum.
    pub name: String,
    /// Its share of the active users.
    pub share: f64,
    /// Whether its subscribers count toward the target.
    pub counts_toward_target: bool,
    /// The inputs that it names, drawn on their own.
    pub values: BTreeMap<Key, InputValue>,
    /// Its list prices by month, where it names them.
    pub price_changes: Option<Vec<PriceChange>>,
}

/// An input: of the scenario, or of one of its segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InputId {
    /// Index of the segment.
    pub segment: Option<usize>,
    /// What it is.
    pub key: Key,
}

impl InputId {
    /// Every input, in the order in which they are drawn: those of the scenario, then those that segments name.
    #[must_use]
    pub fn all(segments: &[Segment]) -> Vec<Self> {
        let own = segments.iter().enumerate();
        let own =
            own.flat_map(|(i, segment)| segment.values.keys().map(move |key| Self { segment: Some(i), key: *key }));
        Key::all().map(|key| Self { segment: None, key }).chain(own).collect()
    }

    /// `table.key`, or `segments.NAME.table.key`.
    #[must_use]
    pub fn name(self, segments: &[Segment]) -> String {
        match self.segment.and_then(|i| segments.get(i)) {
            Some(segment) => format!("segments.{}.{}", segment.name, self.key.name()),
            None => self.key.name().to_owned(),
        }
    }

    pub(super) fn by_name(name: &str, segments: &[Segment]) -> Option<Self> {
        if let Some(key) = Key::by_name(name) {
            return Some(Self { segment: None, key });
        }
        Self::all(segments).into_iter().skip(KEY_COUNT).find(|input| input.name(segments) == name)
    }

    pub(super) fn value<'v>(self, values: &'v [InputValue], segments: &'v [Segment]) -> &'v InputValue {
        let own = self.segment.and_then(|i| segments.get(i)?.values.get(&self.key));
        own.unwrap_or(&values[self.key as usize])
    }

    /// Where it stands among all inputs.
    pub(crate) fn column(self, segments: &[Segment]) -> usize {
        let Some(segment) = self.segment else { return self.key as usize };
        let before: usize = segments[..segment].iter().map(|s| s.values.len()).sum();
        let within = segments[segment].values.keys().take_while(|key| **key < self.key).count();
        KEY_COUNT + before + within
    }
}

impl Correlation {
    pub(crate) fn pair(&self, segments: &[Segment]) -> Pair {
        let [a, b] = self.inputs.map(|input| input.column(segments));
        (a, b, self.rank)
    }
}

/// The tables that a segment may have.
pub(super) fn tables() -> Vec<&'static str> {
    let own = Key::all().filter(|key| key.is(Trait::InSegments));
    let mut tables: Vec<_> = own.map(|key| split(key).0).collect();
    tables.dedup();
    tables
}

impl Checker<'_> {
    pub(super) fn segments(&mut self, node: &Node, parts: &mut Parts) {
        let Some(named) = self.walker.table(node, "segments") else { return };
        let months = parts.months();
        if named.len() * months > limits::SEGMENT_MONTHS {
            let message = format!("there are {} segments of {months} months", named.len());
            let label = format!(
                "at most {} segments over {months} months (segments times months: {})",
                limits::SEGMENT_MONTHS / months,
                limits::SEGMENT_MONTHS
            );
            self.walker.error(&node.place, message, label);
            return;
        }
        let mut names: Vec<_> = named.iter().collect();
        names.sort_by_key(|(_, entry)| (entry.key.file, entry.key.span.start));
        for (name, entry) in names {
            let path = format!("segments.{name}");
            if !self.walker.is_name(&entry.key, name, "a segment") {
                continue;
            }
            if name == "all" {
                self.walker.error(
                    &entry.key,
                    "a segment is called `all`",
                    "that name stands for the sum: take another",
                );
            }
            if let Some(table) = self.walker.table(&entry.node, &path) {
                let segment = self.segment(name, &path, entry, table, parts);
                parts.segments.extend(segment);
            }
        }
        self.shares_sum_to_1(node, named, parts);
    }

    fn segment(
        &mut self,
        name: &str,
        path: &str,
        entry: &super::tree::Entry,
        table: &Table,
        parts: &Parts,
    ) -> Option<Segment> {
        let mut known = vec!["share", "counts_toward_target"];
        known.extend(tables());
        self.walker.only_known(table, path, &known);
        let Some(share) = get(table, "share") else {
            self.walker.error(
                &entry.key,
                format!("`{path}` has no share"),
                "expected `share = …`, of the active users",
            );
            return None;
        };
        let number = self.walker.number(share, &format!("{path}.share"))?;
        if !(0.0..=1.0).contains(&number) {
            self.walker.error(&share.place, format!("`{path}.share` is {number}"), "accepted: 0 to 1");
        }
        let counts = get(table, "counts_toward_target");
        let counts = counts.and_then(|flag| self.walker.flag(flag, &format!("{path}.counts_toward_target")));
        let mut segment = Segment {
            name: name.to_owned(),
            share: number,
            counts_toward_target: counts.unwrap_or(true),
            values: BTreeMap::new(),
            price_changes: None,
        };
        for table_name in tables() {
            let Some(node) = get(table, table_name) else { continue };
            let Some(inputs) = self.walker.table(node, &format!("{path}.{table_name}")) else { continue };
            let read = self.inputs(table_name, &format!("{path}."), inputs, &parts.sources);
            segment.values.extend(read.into_iter().map(|(key, read)| (key, read.value)));
            if let Some(changes) = get(inputs, "changes").filter(|_| table_name == "price") {
                let path = format!("{path}.price.changes");
                segment.price_changes = Some(self.price_changes(changes, &path, parts.months()));
            }
        }
        Some(segment)
    }

    fn shares_sum_to_1(&mut self, node: &Node, named: &Table, parts: &Parts) {
        if parts.segments.len() != named.len() || named.is_empty() {
            return;
        }
        let sum: f64 = parts.segments.iter().map(|s| s.share).sum();
        if (sum - 1.0).abs() > 1e-9 {
            let shares: Vec<_> = parts.segments.iter().map(|s| format!("{} {}", s.name, s.share)).collect();
            let place = named.values().next().map_or(&node.place, |entry| &entry.key);
            let message = format!("the shares of the segments sum to {}, not 1", (sum * 1e9).round() / 1e9);
            let problem = Problem::error(place.clone(), message, shares.join(", "));
            self.walker.problems.push(problem);
        }
        if !parts.segments.iter().any(|s| s.counts_toward_target && s.share > 0.0) {
            let message = "no segment counts toward the target";
            self.walker.error(&node.place, message, "at least one needs `counts_toward_target = true` and a share");
        }
    }
}
