//! The value of one key: a bare number, or a table with a number or a distribution, a source and a note.

use super::distribution::{self, DISTRIBUTIONS};
use super::keys::{Key, Takes};
use super::limits;
use super::problem::{Place, Problem, SourceFile};
use super::tree::{Entry, Node, Value, get};
use super::walk::Walker;
use super::{Expression, ImpliedBy, InputValue};
use crate::distribution::Dist;
use crate::words::number_text;

/// The largest sum of money, or number of people, that is not a slip.
pub(super) const LARGEST: f64 = 1e15;

/// What a key's value turned out to be.
pub(super) struct Read {
    pub(super) value: InputValue,
    pub(super) implied: Option<ImpliedBy>,
    pub(super) source_place: Option<Place>,
}

/// Reads values of keys, with the texts that they were written in.
pub(super) struct Reader<'a> {
    pub(super) walker: &'a mut Walker,
    pub(super) files: &'a [SourceFile],
    pub(super) key: Key,
    /// What the key is called in messages.
    pub(super) path: &'a str,
}

impl Reader<'_> {
    /// Reads a value. Problems are recorded; None where there were some.
    pub(super) fn read(&mut self, node: &Node) -> Option<Read> {
        let mut out = Read {
            value: InputValue {
                dist: Dist::constant(0.0),
                written: Expression::Number(String::new()),
                given: true,
                file: node.place.file,
                source: None,
                note: None,
            },
            implied: None,
            source_place: None,
        };
        let Value::Table(table) = &node.value else {
            if !matches!(node.value, Value::Integer(_) | Value::Float(_)) {
                let message = format!("`{}` is {}", self.path, node.kind());
                self.walker.error(&node.place, message, format!("expected {}", self.accepted()));
                return None;
            }
            return self.plain(node, out);
        };
        if let Some(source) = get(table, "source") {
            out.value.source = self.walker.text(source, &format!("{}.source", self.path)).map(str::to_owned);
            out.source_place = Some(source.place.clone());
        }
        if let Some(note) = get(table, "note") {
            out.value.note = self.walker.prose(note, &format!("{}.note", self.path), limits::PROSE);
        }
        let (name, form) = self.only_form(node, table)?;
        match name {
            "value" => self.plain(form, out),
            "implied_by" => {
                let by = self.walker.text(form, "costs.investment.implied_by")?;
                let Some(known) =
                    [ImpliedBy::Target, ImpliedBy::TargetRamp].into_iter().find(|known| known.name() == by)
                else {
                    let message = format!("`implied_by` is \"{by}\"");
                    self.walker.error(&form.place, message, "expected \"target\" or \"target_ramp\"");
                    return None;
                };
                out.implied = Some(known);
                out.value.written = Expression::Implied(known);
                Some(out)
            }
            kind => {
                out.value.dist = distribution::read(self.walker, kind, form, self.path)?;
                out.value.written = self.written(kind, form);
                self.check_support(form, &out.value.dist).then_some(out)
            }
        }
    }

    /// The one entry of a value's table that says the value.
    fn only_form<'n>(&mut self, node: &'n Node, table: &'n super::tree::Table) -> Option<(&'n str, &'n Node)> {
        let mut known = vec!["value"];
        if self.key.spec().takes == Takes::Input {
            known.extend(DISTRIBUTIONS);
        }
        if self.key == Key::Investment {
            known.push("implied_by");
        }
        if let Some((_, entry)) =
            table.iter().find(|(name, _)| DISTRIBUTIONS.contains(&name.as_str()) && !known.contains(&name.as_str()))
        {
            let message = format!("`{}` takes no distribution", self.path);
            self.walker.error(&entry.key, message, format!("expected {}", self.accepted()));
            return None;
        }
        let mut all = known.clone();
        all.extend(["source", "note"]);
        let before = self.walker.problems.len();
        self.walker.only_known(table, self.path, &all);
        let mut forms: Vec<_> = table.iter().filter(|(name, _)| known.contains(&name.as_str())).collect();
        forms.sort_by_key(|(_, entry)| entry.key.span.start);
        match forms[..] {
            [(name, entry)] => Some((name, &entry.node)),
            [] => {
                if self.walker.problems.len() == before {
                    let message = format!("`{}` has no value", self.path);
                    self.walker.error(&node.place, message, format!("expected {}", self.accepted()));
                }
                None
            }
            [_, (_, second), ..] => {
                let message = format!("`{}` has two values", self.path);
                self.walker.error(&second.key, message, "expected exactly one of `value` or a distribution");
                None
            }
        }
    }

    fn accepted(&self) -> String {
        let spec = self.key.spec();
        match spec.takes {
            Takes::Input => format!("a number or a distribution, such as {{ pert = {{ … }} }} ({})", spec.range),
            Takes::Number => format!("a number ({})", spec.range),
            Takes::Integer => format!("a whole number ({})", spec.range),
        }
    }

    fn plain(&mut self, node: &Node, mut out: Read) -> Option<Read> {
        let spec = self.key.spec();
        let number = if spec.takes == Takes::Integer {
            let high = if spec.range.high.is_finite() { spec.range.high as usize } else { 1_000_000 };
            self.walker.integer(node, self.path, spec.range.low as usize..high + 1)? as f64
        } else {
            self.walker.number(node, self.path)?
        };
        if !spec.range.contains(number) {
            let message = format!("`{}` is {number}", self.path);
            self.walker.error(&node.place, message, format!("accepted: {}", spec.range));
            return None;
        }
        if !self.check_size(&node.place, number) {
            return None;
        }
        out.value.written = Expression::Number(self.number_of(node));
        out.value.dist = Dist::constant(number);
        Some(out)
    }

    /// A number or a list of numbers as the file writes it; in its own words where an override has scaled it.
    fn number_of(&self, node: &Node) -> String {
        let written = self.text_of(&node.place);
        match &node.value {
            Value::Integer(x) | Value::Float(x) if written.replace('_', "").parse() != Ok(*x) => number_text(*x),
            Value::List(list) if list.iter().any(|item| self.number_of(item) != self.text_of(&item.place)) => {
                let items: Vec<String> = list.iter().map(|item| self.number_of(item)).collect();
                format!("[{}]", items.join(", "))
            }
            _ => written.to_owned(),
        }
    }

    fn text_of(&self, place: &Place) -> &str {
        self.files.get(place.file).and_then(|file| file.text.get(place.span.clone())).unwrap_or("")
    }

    fn check_size(&mut self, place: &Place, number: f64) -> bool {
        let unit = self.key.spec().unit;
        let limited = unit.starts_with('$') || unit == "persons";
        if limited && number.abs() > LARGEST {
            let what = if unit == "persons" { "persons, not millions" } else { "dollars" };
            let label = format!("at most 1e15 in size (the unit is {what})");
            self.walker.error(place, format!("`{}` is {number:e}", self.path), label);
            return false;
        }
        true
    }

    /// The support must lie in the key's range; the message names both.
    fn check_support(&mut self, form: &Node, dist: &Dist) -> bool {
        let range = self.key.spec().range;
        let (low, high) = dist.support();
        if range.holds(dist) {
            return self.check_size(&form.place, if -low > high { low } else { high });
        }
        let message = format!("`{}` can be drawn outside its range", self.path);
        let label = format!("draws lie between {low:.6} and {high:.6}; accepted: {range}");
        let help =
            "take a distribution with limits (pert, beta, triangular), or give `min` and `max` where it has them";
        self.walker.problems.push(Problem::error(form.place.clone(), message, label).with_help(help));
        false
    }

    /// The distribution with its parameters as the file has them.
    fn written(&self, kind: &str, form: &Node) -> Expression {
        let mut entries: Vec<_> = form.as_table().into_iter().flatten().collect();
        entries.sort_by_key(|(_, entry)| entry.key.span.start);
        let parameter = |(name, entry): (&String, &Entry)| (name.clone(), self.number_of(&entry.node));
        Expression::Distribution { kind: kind.to_owned(), parameters: entries.into_iter().map(parameter).collect() }
    }
}
