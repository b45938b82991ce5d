//! What the page says of each input: its name, what it is, where it comes from, and how far it reaches.

use breakeven::distribution::Dist;
use breakeven::plan::Plan;
use breakeven::scenario::keys::{Key, Range, Takes, Trait};
use breakeven::scenario::{Event, InputValue, PriceChange, Scenario, called};
use breakeven::words;
use serde::Serialize;

/// The shares at which a distribution is looked at: its ends for a slider, and its middle.
const LEVELS: [f64; 5] = [0.01, 0.05, 0.5, 0.95, 0.99];

/// How many times as wide an estimate can be made, as far as it can.
const WIDER: [f64; 4] = [1.25, 1.5, 2.0, 3.0];
const NARROWER: [f64; 4] = [0.1, 0.25, 0.5, 0.75];

/// A scenario as the page shows it.
#[derive(Debug, Serialize)]
pub(crate) struct Described {
    months: usize,
    inputs: Vec<Input>,
    events: Vec<OneEvent>,
    /// Months, and prices as people write them.
    price_changes: Vec<(usize, String)>,
}

/// An input.
#[derive(Debug, Serialize)]
struct Input {
    /// `table.key`, as `--set` takes it, and as results name it.
    name: String,
    named: String,
    /// `monthly price`.
    called: String,
    unit: &'static str,
    meaning: &'static str,
    /// As the file says it.
    written: String,
    /// Quantiles at 1, 5, 50, 95 and 99%; one number where it is certain.
    quantiles: Vec<f64>,
    /// The same as people write them.
    shown: Vec<String>,
    is_whole: bool,
    /// Whether whoever runs the business sets it.
    is_chosen: bool,
    /// Whether it can be given: it is correlated with others, and may be any number inside its support.
    can_be_given: bool,
    /// The smallest and the largest that are drawn; none without end.
    support: [Option<f64>; 2],
    /// The smallest and the largest that the input takes, where there are such.
    least: Option<f64>,
    most: Option<f64>,
    /// The same estimate with less and with more doubt; none of a certain one.
    wider: Vec<Width>,
    /// How far a slider goes.
    reach: [f64; 2],
    source: Option<String>,
    url: Option<String>,
    grade: Option<&'static str>,
    note: Option<String>,
}

/// An estimate with the same median.
#[derive(Debug, PartialEq, Serialize)]
struct Width {
    /// As `--set` takes it; none of that in the scenario.
    set: Option<String>,
    /// Its 5th and its 95th percentile, as people write them.
    between: [String; 2],
}

/// An event.
#[derive(Debug, Serialize)]
struct OneEvent {
    name: String,
    annual_probability: f64,
    /// As a list of events has it.
    toml: String,
}

impl Described {
    pub(crate) fn new(scenario: &Scenario, plan: &Plan) -> Self {
        Self {
            months: scenario.months(),
            inputs: inputs(scenario, plan),
            events: scenario.events().iter().map(OneEvent::new).collect(),
            price_changes: scenario.price_changes().iter().map(change).collect(),
        }
    }
}

fn change(change: &PriceChange) -> (usize, String) {
    (change.month, change.to.written())
}

fn inputs(scenario: &Scenario, plan: &Plan) -> Vec<Input> {
    let all = scenario.ledger().into_iter();
    all.map(|(name, key, value)| {
        // An investment that follows from the target is a number like any other once it is known.
        let implied = plan.implied_investment().filter(|_| key == Key::Investment);
        Input::new(scenario, name, key, value, implied)
    })
    .collect()
}

impl Input {
    fn new(scenario: &Scenario, name: String, key: Key, value: &InputValue, implied: Option<f64>) -> Self {
        let spec = key.spec();
        let numbers = |levels: &[f64]| levels.iter().map(|level| value.dist.quantile(*level)).collect::<Vec<_>>();
        let quantiles = implied.or(value.dist.constant_value()).map_or_else(|| numbers(&LEVELS), |only| vec![only]);
        let end = |x: f64| Some(x).filter(|x| x.is_finite());
        let source = value.source.as_ref().and_then(|source| scenario.sources().get(source));
        let (low, high) = value.dist.support();
        let is_whole = spec.takes == Takes::Integer || matches!(spec.unit, "months" | "month");
        let pairs = scenario.correlations().iter();
        let names = pairs.flat_map(|pair| pair.inputs.map(|input| input.name(scenario.segments())));
        let is_correlated = names.into_iter().any(|other| other == name);
        Self {
            called: words::upper_first(&called(&name)),
            reach: reach(&quantiles, spec.unit, spec.range, is_whole),
            can_be_given: is_correlated && value.dist.is_continuous() && !value.dist.is_constant(),
            support: [end(low), end(high)],
            name: safe_name(&name),
            named: name,
            unit: spec.unit,
            meaning: spec.meaning,
            written: value.written.to_string(),
            shown: quantiles.iter().map(|x| words::amount_about(*x, spec.unit)).collect(),
            quantiles,
            is_whole,
            is_chosen: key.is(Trait::Chosen),
            wider: wider(value, spec.unit, spec.range),
            least: end(spec.range.low),
            most: end(spec.range.high),
            source: source.map(|source| source.title.clone()),
            url: source.and_then(|source| source.url.clone()),
            grade: scenario.grade_of(value).map(breakeven::scenario::Grade::letter),
            note: value.note.clone(),
        }
    }
}

/// The same estimate with less and with more doubt, as far as that is another one; alone as it is where there is nothing like it.
fn wider(value: &InputValue, unit: &str, range: Range) -> Vec<Width> {
    let said = |dist: &Dist| [0.05, 0.95].map(|p| words::amount_about(dist.quantile(p), unit));
    let as_it_is = || Width { set: None, between: said(&value.dist) };
    if value.dist.is_constant() {
        return Vec::new();
    }
    let other = |factor: f64| {
        let dist = value.dist.widened(factor, (range.low, range.high)).filter(|dist| range.holds(dist))?;
        Some(Width { set: Some(dist.written()?), between: said(&dist) })
    };
    let all = NARROWER.into_iter().filter_map(other).chain([as_it_is()]).chain(WIDER.into_iter().filter_map(other));
    let mut out: Vec<Width> = Vec::new();
    for width in all {
        // What reads the same is the same; the scenario's own stays.
        let is_same = out.last().is_some_and(|last| last.between == width.between);
        if is_same && width.set.is_none() {
            out.pop();
        }
        if !is_same || width.set.is_none() {
            out.push(width);
        }
    }
    out
}

/// A slider goes as far as the distribution deems possible and half as far again, from a quarter to twice a plain number, and always to what
/// the input takes; not onto an end that it does not take.
fn reach(quantiles: &[f64], unit: &str, range: Range, is_whole: bool) -> [f64; 2] {
    /// Steps of a slider.
    const STEPS: f64 = 200.0;
    let (first, last) = (quantiles[0], quantiles[quantiles.len() - 1]);
    let rate = unit == "share" || unit.starts_with("1/");
    let (mut low, mut high) = match quantiles {
        [only] if *only == 0.0 && rate => (0.0, 0.2),
        [only] if *only == 0.0 && is_whole => (0.0, 24.0),
        [only] if *only == 0.0 => (0.0, 10.0),
        [only] if is_whole => (1.0_f64.min(*only), 2.0 * only.max(12.0)),
        [only] => (f64::min(0.25 * only, 2.0 * only), f64::max(0.25 * only, 2.0 * only)),
        _ => (first - 0.5 * (last - first), last + 0.5 * (last - first)),
    };
    if low < 0.0 && first >= 0.0 {
        low = 0.0;
    }
    (low, high) = (low.max(range.low), high.min(range.high));
    let step = if is_whole { 1.0 } else { (high - low) / STEPS };
    if range.low_open && low <= range.low {
        low = range.low + step;
    }
    if range.high_open && high >= range.high {
        high = range.high - step;
    }
    if is_whole { [low.ceil(), high.floor()] } else { [low, high] }
}

/// An input's name as `--set` and TOML take it: the name of a segment in quotes, where it has other than plain letters.
pub(crate) fn safe_name(name: &str) -> String {
    let segment = name.strip_prefix("segments.").and_then(|rest| {
        let (before, key) = rest.rsplit_once('.')?;
        let (segment, table) = before.rsplit_once('.')?;
        Some((segment, table, key))
    });
    let is_plain = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    match segment {
        Some((segment, table, key)) if !is_plain(segment) => {
            format!("segments.{}.{table}.{key}", breakeven::scenario::quoted_text(segment))
        }
        _ => name.to_owned(),
    }
}

impl OneEvent {
    fn new(event: &Event) -> Self {
        let quoted = breakeven::scenario::quoted_text(&event.name);
        let toml = format!(
            "{{ name = {quoted}, annual_probability = {}, duration_months = {}, churn_multiplier = {}, uptake_multiplier = {}, market_multiplier = {}, \
             serving_cost_multiplier = {} }}",
            event.annual_probability,
            event.duration_months,
            event.churn_multiplier,
            event.uptake_multiplier,
            event.market_multiplier,
            event.serving_cost_multiplier
        );
        Self { name: event.name.clone(), annual_probability: event.annual_probability, toml }
    }
}
