//! In what two scenarios differ, part by part, and a scenario with some parts of another.
//!
//! Parts that make no sense apart are one: the keys of the cost to serve where its form changes, what is counted in months where
//! the horizon changes, and all that segments touch where other segments are named.

use std::collections::BTreeSet;

use super::keys::{KEYS, Key};
use super::{Correlation, Expression, InputId, PriceChange, Scenario, Segment};
use crate::distribution::Dist;

/// What can differ by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Value(Key),
    /// Of a segment, by its place.
    SegmentValue(usize, Key),
    PriceChanges,
    SegmentPriceChanges(usize),
    Events,
    Correlations,
    Segments,
}

/// Something in which two scenarios differ.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Change {
    /// What differs: an input's name, or `events`, `correlations`, `segments`, `price.changes`.
    pub(crate) name: String,
    /// How the first scenario writes it, where it is one input.
    pub(crate) from: String,
    /// How the second does.
    pub(crate) to: String,
    pieces: Vec<Piece>,
}

/// For scenarios that differ in very many ways: parts of the file that belong together.
const FAMILIES: [(&str, &[&str]); 7] = [
    ("demand", &["market", "willingness", "uptake"]),
    ("retention", &["retention"]),
    ("price and revenue", &["price", "revenue"]),
    ("costs", &["costs", "serving"]),
    ("target, horizon and finance", &["target", "horizon", "finance"]),
    ("events and shocks", &["events", "shocks", "correlations"]),
    ("segments", &["segments"]),
];

impl Change {
    /// The table of the file in which it stands.
    fn table(&self) -> &str {
        self.name.split('.').next().unwrap_or(&self.name)
    }

    fn joined(name: &str, changes: Vec<Self>) -> Self {
        let names: Vec<String> = changes.iter().map(|change| change.name.clone()).collect();
        let pieces = changes.into_iter().flat_map(|change| change.pieces).collect();
        Self { name: name.to_owned(), from: String::new(), to: names.join(", "), pieces }
    }
}

/// At most `most` changes: as they are, or by table of the file, or by family of tables.
pub(crate) fn at_most(changes: Vec<Change>, most: usize) -> Vec<Change> {
    if changes.len() <= most {
        return changes;
    }
    let by = |changes: Vec<Change>, key: &dyn Fn(&Change) -> String| -> Vec<Change> {
        let mut groups: Vec<(String, Vec<Change>)> = Vec::new();
        for change in changes {
            let name = key(&change);
            match groups.iter_mut().find(|group| group.0 == name) {
                Some(group) => group.1.push(change),
                None => groups.push((name, vec![change])),
            }
        }
        let join = |(name, mut list): (String, Vec<Change>)| match list.pop() {
            Some(only) if list.is_empty() => only,
            last => Change::joined(&name, list.into_iter().chain(last).collect()),
        };
        groups.into_iter().map(join).collect()
    };
    let tables = by(changes.clone(), &|change| change.table().to_owned());
    if tables.len() <= most {
        return tables;
    }
    by(changes, &|change| {
        let family = FAMILIES.iter().find(|(_, tables)| tables.contains(&change.table()));
        family.map_or("the rest", |family| family.0).to_owned()
    })
}

/// In what `b` differs from `a`, in the order of the file. Both must have their investment settled.
pub(crate) fn changes(a: &Scenario, b: &Scenario) -> Vec<Change> {
    let alike = same_segments(a, b);
    let mut pieces: Vec<Piece> = Vec::new();
    for spec in KEYS {
        let (from, to) = (a.value(spec.key), b.value(spec.key));
        if from.dist != to.dist {
            pieces.push(Piece::Value(spec.key));
        }
    }
    if a.price_changes != b.price_changes {
        pieces.push(Piece::PriceChanges);
    }
    if alike {
        for (i, (from, to)) in a.segments.iter().zip(&b.segments).enumerate() {
            let named: BTreeSet<Key> = from.values.keys().chain(to.values.keys()).copied().collect();
            let id = |key: Key| InputId { segment: Some(i), key };
            // What one of them does not name it takes from its scenario, as the very same draw.
            let differs = |key: &Key| {
                let (x, y) = (&a.value_of(id(*key)).dist, &b.value_of(id(*key)).dist);
                let by_name = from.values.contains_key(key) != to.values.contains_key(key);
                x != y || by_name && !x.is_constant()
            };
            pieces.extend(named.into_iter().filter(differs).map(|key| Piece::SegmentValue(i, key)));
            let of =
                |own: &Option<Vec<PriceChange>>, all: &Vec<PriceChange>| own.clone().unwrap_or_else(|| all.clone());
            if of(&from.price_changes, &a.price_changes) != of(&to.price_changes, &b.price_changes) {
                pieces.push(Piece::SegmentPriceChanges(i));
            }
        }
    } else {
        pieces.push(Piece::Segments);
    }
    if a.events != b.events {
        pieces.push(Piece::Events);
    }
    if named(a) != named(b) {
        pieces.push(Piece::Correlations);
    }
    let touched: BTreeSet<Key> =
        a.segments.iter().chain(&b.segments).flat_map(|segment| segment.values.keys().copied()).collect();
    let form_changes = serving_form(a) != serving_form(b);
    let horizon_changes = pieces.contains(&Piece::Value(Key::Months));
    // A piece goes with the first of these that claims it.
    let claims = |piece: &Piece| -> Option<usize> {
        let key = match piece {
            Piece::Value(key) | Piece::SegmentValue(_, key) => Some(*key),
            _ => None,
        };
        let is_months = matches!(piece, Piece::PriceChanges | Piece::SegmentPriceChanges(_))
            || key.is_some_and(|key| [Key::Months, Key::FreeMonths, Key::InvestmentMonths].contains(&key));
        let in_segments = matches!(piece, Piece::Segments | Piece::Correlations | Piece::PriceChanges)
            || key.is_some_and(|key| touched.contains(&key));
        let in_serving = key == Some(Key::CostPerSubscriber) || key.is_some_and(|key| Key::TOKENS.contains(&key));
        if !alike && in_segments {
            Some(0)
        } else if horizon_changes && is_months {
            Some(1)
        } else if form_changes && in_serving {
            Some(2)
        } else {
            None
        }
    };
    let mut out: Vec<Change> = Vec::new();
    let mut claimed: [Option<usize>; 3] = [None; 3];
    for piece in pieces {
        let claim = claims(&piece);
        if let Some(place) = claim.and_then(|claim| claimed[claim]) {
            out[place].pieces.push(piece);
            continue;
        }
        if let Some(claim) = claim {
            claimed[claim] = Some(out.len());
        }
        let mut change = change_of(a, b, piece);
        if let Some(claim) = claim {
            ["segments", "horizon.months", "serving"][claim].clone_into(&mut change.name);
            if claim != 1 {
                (change.from, change.to) = (String::new(), String::new());
            }
        }
        out.push(change);
    }
    out
}

fn change_of(a: &Scenario, b: &Scenario, piece: Piece) -> Change {
    let id = |segment: Option<usize>, key: Key| InputId { segment, key };
    let (name, from, to) = match &piece {
        Piece::Value(key) => {
            let input = id(None, *key);
            (input.name(&a.segments), a.value_of(input).written.to_string(), b.value_of(input).written.to_string())
        }
        Piece::SegmentValue(segment, key) => {
            let input = id(Some(*segment), *key);
            (input.name(&a.segments), a.value_of(input).written.to_string(), b.value_of(input).written.to_string())
        }
        Piece::PriceChanges => ("price.changes".to_owned(), String::new(), String::new()),
        Piece::SegmentPriceChanges(i) => {
            (format!("segments.{}.price.changes", a.segments[*i].name), String::new(), String::new())
        }
        Piece::Events => ("events".to_owned(), String::new(), String::new()),
        Piece::Correlations => ("correlations".to_owned(), String::new(), String::new()),
        Piece::Segments => ("segments".to_owned(), String::new(), String::new()),
    };
    Change { name, from, to, pieces: vec![piece] }
}

/// Whether both have the same segments, whatever values they name.
fn same_segments(a: &Scenario, b: &Scenario) -> bool {
    let shape = |segment: &Segment| (segment.name.clone(), segment.share.to_bits(), segment.counts_toward_target);
    a.segments.iter().map(shape).eq(b.segments.iter().map(shape))
}

fn serving_form(scenario: &Scenario) -> Vec<bool> {
    let segments = (0..scenario.segments.len()).map(|i| scenario.serves_by_tokens(Some(i)));
    std::iter::once(scenario.serves_by_tokens(None)).chain(segments).collect()
}

/// Correlations by the names of their inputs.
fn named(scenario: &Scenario) -> Vec<([String; 2], u64)> {
    let name = |correlation: &Correlation| {
        let mut names = correlation.inputs.map(|input| input.name(&scenario.segments));
        names.sort();
        (names, correlation.rank.to_bits())
    };
    let mut out: Vec<_> = scenario.correlations.iter().map(name).collect();
    out.sort();
    out
}

impl Scenario {
    /// With an implied investment as a plain number.
    pub(crate) fn settled(&self, implied: Option<f64>) -> Self {
        let mut out = self.clone();
        if let Some(investment) = implied {
            let value = &mut out.values[Key::Investment as usize];
            value.dist = Dist::constant(investment);
            value.written = Expression::Settled(format!("{investment:.0}"));
            out.implied_investment = None;
            out.basis = None;
        }
        out
    }

    /// This scenario with what some changes make of it on the way to `other`. Both must have their investment settled.
    pub(crate) fn with_changes_to(&self, other: &Self, changes: &[&Change]) -> Self {
        let mut out = self.clone();
        for piece in changes.iter().flat_map(|change| &change.pieces) {
            match piece {
                Piece::Value(key) => out.values[*key as usize] = other.values[*key as usize].clone(),
                Piece::SegmentValue(i, key) => match other.segments[*i].values.get(key) {
                    Some(value) => drop(out.segments[*i].values.insert(*key, value.clone())),
                    None => drop(out.segments[*i].values.remove(key)),
                },
                Piece::PriceChanges => out.price_changes.clone_from(&other.price_changes),
                Piece::SegmentPriceChanges(i) => {
                    out.segments[*i].price_changes.clone_from(&other.segments[*i].price_changes);
                }
                Piece::Events => out.events.clone_from(&other.events),
                Piece::Correlations => out.correlations.clone_from(&other.correlations),
                Piece::Segments => {
                    out.segments.clone_from(&other.segments);
                    // They name their inputs by the segments' places; where they differ otherwise, that is part of this change.
                    out.correlations.clone_from(&other.correlations);
                }
            }
        }
        // What has become a plain number is correlated with nothing.
        let there = |input: &InputId| input.segment.is_none_or(|i| out.segments[i].values.contains_key(&input.key));
        let given = |input: &InputId| out.given.iter().any(|(id, _)| id == input);
        let drawn = |input: &InputId| {
            there(input) && (given(input) || !input.value(&out.values, &out.segments).dist.is_constant())
        };
        out.correlations.retain(|correlation| correlation.inputs.iter().all(drawn));
        out
    }
}
