//! Overrides of the command line: `market.refusal_rate=40%`, `retention.monthly_churn=x1.2`, `segments.*.price.monthly=5`; and what a
//! scenario with overrides is called, since it is another than the one of that name.

use super::keys::Key;
use super::tree::{Node, Table, Value};
use super::{Expression, InputId, InputValue, Scenario, Segment, SourceFile};
use crate::words;

/// What an override is called in messages.
pub(super) const SET: &str = "--set";
/// What a condition is called in messages.
pub(super) const GIVEN: &str = "--given";
/// So many overrides are named in a title.
const MOST_NAMED: usize = 3;

/// The parts of an override: the inputs before the sign, and the value after it.
pub(super) fn parts(set: &str) -> Option<(Vec<String>, &str)> {
    let (inputs, value) = set.split_once('=')?;
    Some((inputs.split(',').map(|input| input.trim().to_owned()).collect(), value.trim()))
}

/// A value as TOML has it: a percentage is a share, a price loses its sign, and `x1.2` is a factor on what the scenario says.
pub(super) fn as_toml(value: &str) -> String {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'_'));
    let signed = |text: &str| digits(text.strip_prefix('-').unwrap_or(text));
    if let Some(number) = value.strip_suffix('%').map(str::trim).filter(|number| signed(number)) {
        return format!("{number}e-2");
    }
    if let Some(number) = value.strip_prefix('$').filter(|number| digits(number)) {
        return number.to_owned();
    }
    match factor(value) {
        Some(_) => format!("\"{value}\""),
        None => value.to_owned(),
    }
}

/// `1.2` of `x1.2`.
pub(super) fn factor(value: &str) -> Option<f64> {
    let number = value.strip_prefix(['x', 'X', '×'])?.trim();
    number.parse().ok().filter(|factor: &f64| factor.is_finite() && *factor >= 0.0)
}

/// A value of an input times a factor, at the place that says so; none where it is neither number nor distribution.
pub(super) fn scaled(below: &Node, factor: f64, at: &Node) -> Option<Node> {
    let mut node = below.clone();
    let times = |value: &mut Value| match value {
        Value::Integer(x) | Value::Float(x) => {
            *value = Value::Float(*x * factor);
            true
        }
        _ => false,
    };
    let scales = match &mut node.value {
        Value::Table(table) => {
            // The source spoke of what was there before.
            table.remove("source");
            table.remove("note");
            table.iter_mut().all(|(kind, entry)| match &mut entry.node.value {
                Value::Table(parameters) => scale_parameters(kind, parameters, factor),
                value => kind == "value" && times(value),
            })
        }
        value => times(value),
    };
    node.place = at.place.clone();
    scales.then_some(node)
}

/// Parameters of distributions that are not in the unit of the input.
const OTHER_UNITS: [&str; 6] = ["shape", "sigma", "alpha", "beta", "n", "weights"];

/// Scales the parameters of a distribution that are in its unit.
fn scale_parameters(kind: &str, parameters: &mut Table, factor: f64) -> bool {
    // A beta distribution is one from 0 to 1 unless its ends are given.
    if kind == "beta" {
        for (end, default) in [("min", 0.0), ("max", 1.0)] {
            if !parameters.contains_key(end)
                && let Some(any) = parameters.values().next().cloned()
            {
                let node = Node { value: Value::Float(default), ..any.node.clone() };
                parameters.insert(end.to_owned(), super::tree::Entry { node, ..any });
            }
        }
    }
    let of_beta_mean = |name: &str| kind == "beta" && name == "mean";
    parameters.iter_mut().all(|(name, entry)| {
        if OTHER_UNITS.contains(&name.as_str()) || of_beta_mean(name) {
            return true;
        }
        match &mut entry.node.value {
            Value::Integer(x) | Value::Float(x) => {
                entry.node.value = Value::Float(*x * factor);
                true
            }
            Value::List(list) => list.iter_mut().all(|item| match item.value {
                Value::Integer(x) | Value::Float(x) => {
                    item.value = Value::Float(x * factor);
                    true
                }
                _ => false,
            }),
            _ => false,
        }
    })
}

/// The name of a scenario with overrides: `baseline@market.refusal_rate=0.5`.
pub(super) fn named(name: &str, sets: &[String], givens: &[String]) -> String {
    if sets.is_empty() && givens.is_empty() {
        return name.to_owned();
    }
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '=' | ',' | '%' | '*');
    let plain = |set: &String| -> String { set.chars().filter(|c| plain(*c)).collect() };
    let said: Vec<String> =
        sets.iter().map(plain).chain(givens.iter().map(|given| format!("given-{}", plain(given)))).collect();
    format!("{name}@{}", said.join("+"))
}

/// What overrides make of a title: `…, with refusal rate 50%`.
pub(super) fn titled(title: &str, files: &[SourceFile], values: &[InputValue], segments: &[Segment]) -> String {
    let of = |path: &str| -> Vec<usize> { (0..files.len()).filter(|i| files[*i].path == path).collect() };
    let (sets, givens) = (of(SET), of(GIVEN));
    if sets.is_empty() && givens.is_empty() {
        return title.to_owned();
    }
    let listed = |layers: &[usize]| {
        let acting: Vec<usize> = (0..layers.len()).filter(|i| !superseded(files, layers, *i)).collect();
        let said = |i: &usize| said(&files[layers[*i]].text, layers[*i], values, segments);
        let mut named: Vec<String> = acting.iter().take(MOST_NAMED).map(said).collect();
        if acting.len() > MOST_NAMED {
            named.push(format!("{} more changes", acting.len() - MOST_NAMED));
        }
        words::list(&named)
    };
    let mut title: String = title.chars().take(super::limits::LINE).collect();
    for (files, word) in [(&sets, "with"), (&givens, "given")] {
        if !files.is_empty() {
            title = format!("{title}, {word} {}", listed(files));
        }
    }
    title
}

/// The inputs of an override that is written out, a line each.
fn inputs_of(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| Some(line.split_once('=')?.0.trim())).collect()
}

/// Whether later overrides of the same inputs take the place of override `i`; a factor acts on what is below it.
fn superseded(files: &[SourceFile], layers: &[usize], i: usize) -> bool {
    let own = inputs_of(&files[layers[i]].text);
    let replaced = |input: &&str| {
        layers[i + 1..].iter().map(|layer| files[*layer].text.as_str()).any(|text| {
            let value = text.lines().next().and_then(parts).map_or("", |parts| parts.1);
            factor(value.trim_matches('"')).is_none() && inputs_of(text).contains(input)
        })
    };
    !own.is_empty() && own.iter().all(replaced)
}

/// What one override changes: `refusal rate 50%`, `monthly price ×0.9 in prime and alone`.
fn said(text: &str, file: usize, values: &[InputValue], segments: &[Segment]) -> String {
    let is_own = |id: &InputId| {
        let value = id.value(values, segments);
        value.given && value.file == file
    };
    let own: Vec<InputId> = InputId::all(segments).into_iter().filter(is_own).collect();
    let [id, others @ ..] = own.as_slice() else {
        // A factor that follows has taken its place.
        let number = text.split_once('=').and_then(|(input, value)| {
            let id = InputId::by_name(input.trim(), segments)?;
            Some((id, value.trim().parse().ok()?))
        });
        return number.map_or_else(
            || text.replace('\n', ", "),
            |(id, x)| format!("{} {}", super::called::called(&id.name(segments)), words::amount(x, id.key.spec().unit)),
        );
    };
    let several = !others.is_empty() && others.iter().all(|other| other.key == id.key);
    let name = super::called::called(&if several { id.key.name().to_owned() } else { id.name(segments) });
    let named: Vec<String> = own.iter().filter_map(|id| Some(segments[id.segment?].name.clone())).collect();
    let place = match named.len() {
        _ if !several => String::new(),
        all if all < own.len() => " everywhere".to_owned(),
        _ => format!(" in {}", words::list(&named)),
    };
    let factor = text.lines().next().and_then(parts).and_then(|(_, value)| factor(value.trim_matches('"')));
    let value = id.value(values, segments);
    let implied = id.key == Key::Investment && matches!(value.written, Expression::Implied(_));
    let value = match (factor, value.dist.constant_value().filter(|_| !implied)) {
        (Some(factor), _) => format!("×{factor}"),
        (None, Some(x)) => words::amount(x, id.key.spec().unit),
        (None, None) => value.written.to_string(),
    };
    format!("{name} {value}{place}")
}

impl Scenario {
    /// Whether a value was set on the command line.
    #[must_use]
    pub fn is_set(&self, value: &InputValue) -> bool {
        value.given && value.file > self.document.main
    }

    /// The overrides of the command line, or (`given`) its conditions.
    #[must_use]
    pub fn laid_over(&self, given: bool) -> Vec<String> {
        let of = self.document.files[self.document.main + 1..].iter().filter(|file| (file.path == GIVEN) == given);
        of.map(|file| file.text.clone()).collect()
    }

    /// Who says a value: a key of the sources, or the command line.
    #[must_use]
    pub fn said_by<'v>(&self, value: &'v InputValue) -> Option<&'v str> {
        match &value.source {
            Some(source) => Some(source),
            None if self.is_set(value) && self.document.files[value.file].path == GIVEN => {
                Some("given on the command line")
            }
            None => self.is_set(value).then_some("set on the command line"),
        }
    }
}
