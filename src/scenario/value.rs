//! The value of one key: a bare number, or a table with a number or a distribution, a source and a note.

use std::ops::Range;

use toml::de::DeValue;

use super::distribution::{self, DISTRIBUTIONS};
use super::keys::{Key, Takes};
use super::problem::Problem;
use super::walk::{Located, Walker};
use super::{ImpliedBy, InputValue};
use crate::distribution::Dist;

/// The largest sum of money that is not a slip.
const LARGEST_MONEY: f64 = 1e15;

/// What a key's value turned out to be.
pub(super) struct Read {
    pub(super) value: InputValue,
    pub(super) implied: Option<ImpliedBy>,
    pub(super) source_span: Option<Range<usize>>,
}

/// Reads the value of `key`, called `path` in messages. Problems are recorded; None where there were some.
pub(super) fn read(walker: &mut Walker, text: &str, key: Key, path: &str, value: &Located<'_>) -> Option<Read> {
    let mut out = Read {
        value: InputValue { dist: Dist::constant(0.0), written: String::new(), given: true, source: None, note: None },
        implied: None,
        source_span: None,
    };
    let Some(table) = value.get_ref().as_table() else {
        if !matches!(value.get_ref(), DeValue::Integer(_) | DeValue::Float(_)) {
            let message = format!("`{path}` is {}", super::walk::kind_of(value.get_ref()));
            walker.error(value.span(), message, format!("expected {}", accepted(key)));
            return None;
        }
        return plain(walker, text, key, path, value, out);
    };
    if let Some(source) = table.get("source") {
        out.value.source = walker.text(source, &format!("{path}.source")).map(str::to_owned);
        out.source_span = Some(source.span());
    }
    if let Some(note) = table.get("note") {
        out.value.note = walker.text(note, &format!("{path}.note")).map(str::to_owned);
    }
    let mut known = vec!["value"];
    if key.spec().takes == Takes::Input {
        known.extend(DISTRIBUTIONS);
    }
    if key == Key::Investment {
        known.push("implied_by");
    }
    let forms: Vec<_> = table.iter().filter(|(name, _)| known.contains(&name.get_ref().as_ref())).collect();
    let mut all = known.clone();
    all.extend(["source", "note"]);
    let before = walker.problems.len();
    for (name, _) in table {
        let name_text = name.get_ref().as_ref();
        if DISTRIBUTIONS.contains(&name_text) && !known.contains(&name_text) {
            let message = format!("`{path}` takes no distribution");
            walker.error(name.span(), message, format!("expected {}", accepted(key)));
            return None;
        }
    }
    walker.only_known(table, path, &all);
    let (name, form) = match forms[..] {
        [(name, form)] => (name, form),
        [] => {
            if walker.problems.len() == before {
                walker.error(value.span(), format!("`{path}` has no value"), format!("expected {}", accepted(key)));
            }
            return None;
        }
        [_, (second, _), ..] => {
            let message = format!("`{path}` has two values");
            walker.error(second.span(), message, "expected exactly one of `value` or a distribution");
            return None;
        }
    };
    match name.get_ref().as_ref() {
        "value" => plain(walker, text, key, path, form, out),
        "implied_by" => {
            let by = walker.text(form, "costs.investment.implied_by")?;
            out.implied = Some(match by {
                "target" => ImpliedBy::Target,
                "target_ramp" => ImpliedBy::TargetRamp,
                _ => {
                    let message = format!("`implied_by` is \"{by}\"");
                    walker.error(form.span(), message, "expected \"target\" or \"target_ramp\"");
                    return None;
                }
            });
            out.value.written = format!("implied by {}", by.replace('_', " "));
            Some(out)
        }
        kind => {
            out.value.dist = distribution::read(walker, kind, form, path)?;
            out.value.written = written(text, kind, form);
            check_support(walker, key, path, form, &out.value.dist).then_some(out)
        }
    }
}

fn accepted(key: Key) -> String {
    let spec = key.spec();
    match spec.takes {
        Takes::Input => format!("a number or a distribution, such as {{ pert = {{ … }} }} ({})", spec.range),
        Takes::Number => format!("a number ({})", spec.range),
        Takes::Integer => format!("a whole number ({})", spec.range),
    }
}

fn plain(walker: &mut Walker, text: &str, key: Key, path: &str, value: &Located<'_>, mut out: Read) -> Option<Read> {
    let spec = key.spec();
    let number = if spec.takes == Takes::Integer {
        let high = if spec.range.high.is_finite() { spec.range.high as usize } else { 1_000_000 };
        walker.integer(value, path, spec.range.low as usize..high + 1)? as f64
    } else {
        walker.number(value, path)?
    };
    if !spec.range.contains(number) {
        walker.error(value.span(), format!("`{path}` is {number}"), format!("accepted: {}", spec.range));
        return None;
    }
    if !check_size(walker, key, path, value.span(), number) {
        return None;
    }
    text[value.span()].clone_into(&mut out.value.written);
    out.value.dist = Dist::constant(number);
    Some(out)
}

fn check_size(walker: &mut Walker, key: Key, path: &str, span: Range<usize>, number: f64) -> bool {
    let unit = key.spec().unit;
    let limited = unit.starts_with('$') || unit == "persons";
    if limited && number.abs() > LARGEST_MONEY {
        let what = if unit == "persons" { "persons, not millions" } else { "dollars" };
        walker.error(span, format!("`{path}` is {number:e}"), format!("at most 1e15 in size (the unit is {what})"));
        return false;
    }
    true
}

/// The support must lie in the key's range; the message names both.
fn check_support(walker: &mut Walker, key: Key, path: &str, form: &Located<'_>, dist: &Dist) -> bool {
    let range = key.spec().range;
    let (low, high) = dist.support();
    // A quantile that only rounds onto an open end is kept inside when it is drawn.
    let rounds = |x: f64, end: f64| x == end && dist.constant_value().is_none() && dist.quantile(0.5) != end;
    let low_fits = range.contains(low) || range.low_open && rounds(low, range.low);
    let high_fits = range.contains(high) || range.high_open && rounds(high, range.high);
    if low_fits && high_fits {
        return check_size(walker, key, path, form.span(), if -low > high { low } else { high });
    }
    let message = format!("`{path}` can be drawn outside its range");
    let label = format!("draws lie between {low:.6} and {high:.6}; accepted: {range}");
    walker.problems.push(Problem::error(form.span(), message, label).with_help(
        "take a distribution with limits (pert, beta, triangular), or give `min` and `max` where it has them",
    ));
    false
}

/// The distribution as the file says it: `pert(min=0.45, mode=0.68, max=0.95)`.
fn written(text: &str, kind: &str, form: &Located<'_>) -> String {
    let Some(table) = form.get_ref().as_table() else { return kind.to_owned() };
    let mut parameters: Vec<_> = table.iter().map(|(k, v)| (k.span().start, k.get_ref(), v.span())).collect();
    parameters.sort_by_key(|p| p.0);
    let parameters: Vec<_> = parameters.into_iter().map(|(_, k, v)| format!("{k}={}", &text[v])).collect();
    format!("{kind}({})", parameters.join(", "))
}
