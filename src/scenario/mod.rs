//! Scenarios: the file as typed, the checks, and the checked [`Scenario`] that everything else reads.
//!
//! A file is parsed with the position of every key and value, walked once, and every problem of it is
//! collected. Nothing here draws, simulates or writes.

mod calendar;
mod called;
mod check;
mod copies;
mod correlation;
mod difference;
mod distribution;
mod document;
mod expression;
mod given;
pub mod keys;
pub mod library;
mod limits;
mod listed;
mod lookup;
mod overrides;
mod posterior;
mod price;
mod problem;
mod reach;
mod read;
#[cfg(feature = "cli")]
pub mod schema;
mod segment;
pub mod topics;
mod tree;
mod value;
mod walk;
mod with;

pub use calendar::YearMonth;
pub use called::called;
pub use check::parse;
pub(crate) use correlation::{Conditional, CorrelationGroup, correlation_groups};
pub(crate) use difference::{Change, at_most, changes};
use document::Document;
pub use document::{Grade, Source};
pub use expression::Expression;
use keys::{KEY_COUNT, Key};
pub(crate) use lookup::reload;
pub use lookup::{Found, LoadError, load, load_given, load_with, names, parse_given, quoted_text};
pub use posterior::{PathDraws, PosteriorSource};
pub(crate) use price::changed_month;
pub use price::{NewPrice, PriceChange};
#[cfg(feature = "cli")]
pub(crate) use problem::nearest;
pub use problem::{Place, Problem, Problems, Severity, SourceFile, Topic};
pub use read::{ReadError, read_file};
pub use segment::{InputId, Segment};

use std::sync::Arc;

use crate::distribution::Dist;

/// A checked scenario: every number is in its range, every name is known.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What it says to its readers, and where it says it.
    document: Document,
    /// The calendar month of month 1, where one is given.
    start: Option<YearMonth>,
    /// The value of every key, by key.
    values: Vec<InputValue>,
    /// Named parts of the market; none where all users are alike.
    segments: Vec<Segment>,
    /// List prices from a month on, by month.
    price_changes: Vec<PriceChange>,
    /// Things that may happen once on a path.
    events: Vec<Event>,
    /// Rank correlations between inputs.
    correlations: Vec<Correlation>,
    /// Inputs that are known to have their value (`--given`), each with its score: the normal quantile of the value's rank.
    given: Vec<(InputId, f64)>,
    /// Whether the investment is an input like any other, or what a number of subscribers would repay.
    implied_investment: Option<ImpliedBy>,
    /// The scenario whose medians settle an implied investment, where it is not this one.
    basis: Option<Box<Scenario>>,
    /// What observations have left of it, where there are some.
    posterior: Option<Arc<PathDraws>>,
    posterior_source: Option<Arc<PosteriorSource>>,
}

/// The value of one key, and where it comes from.
#[derive(Clone, Debug)]
pub struct InputValue {
    /// The distribution; a plain number is a constant one.
    pub dist: Dist,
    /// The value as the file says it.
    pub written: Expression,
    /// Whether a file says it, or it is the default.
    pub given: bool,
    /// Which of the scenario's files says it.
    pub file: usize,
    /// A key of the sources.
    pub source: Option<String>,
    /// Why this value.
    pub note: Option<String>,
}

/// How an investment that nobody published follows from the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImpliedBy {
    /// What the target would repay, flat from day one and before acquisition cost.
    Target,
    /// What the median path would repay with the audience that makes it peak at the target.
    TargetRamp,
}

/// Something that may happen once on a path.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its name, unique in the scenario.
    pub name: String,
    /// The probability that it starts within a year.
    pub annual_probability: f64,
    /// How many months it lasts; 0 is for good.
    pub duration_months: usize,
    /// Factor on everyone's chance of leaving.
    pub churn_multiplier: f64,
    /// Factor on the speed of first adoption.
    pub uptake_multiplier: f64,
    /// Factor on the possible subscribers.
    pub market_multiplier: f64,
    /// Factor on the cost to serve.
    pub serving_cost_multiplier: f64,
}

/// A Spearman rank correlation between two inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlation {
    /// The two inputs.
    pub inputs: [InputId; 2],
    /// The rank correlation asked for.
    pub rank: f64,
}

/// The key whose name is nearest to a misspelt one, by its whole name or its last part.
#[must_use]
pub fn nearest_key(name: &str) -> Option<&'static str> {
    let whole = keys::KEYS.iter().map(|spec| spec.name);
    let parts = keys::KEYS.iter().filter_map(|spec| Some(spec.name.split_once('.')?.1));
    problem::nearest(name, whole).or_else(|| problem::nearest(name, parts))
}

impl Scenario {
    /// The calendar month of month 1, where one is given.
    #[must_use]
    pub fn start(&self) -> Option<YearMonth> {
        self.start
    }

    /// List prices from a month on, by month.
    #[must_use]
    pub fn price_changes(&self) -> &[PriceChange] {
        &self.price_changes
    }

    /// Whether the investment is an input like any other, or what a number of subscribers would repay.
    #[must_use]
    pub fn implied_investment(&self) -> Option<ImpliedBy> {
        self.implied_investment
    }

    /// Things that may happen once on a path.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Rank correlations between inputs.
    #[must_use]
    pub fn correlations(&self) -> &[Correlation] {
        &self.correlations
    }

    /// Named parts of the market; none where all users are alike.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Inputs that are known to have their value, each with its score.
    pub(crate) fn given(&self) -> &[(InputId, f64)] {
        &self.given
    }

    /// The scenario whose medians settle an implied investment: this one, or the one that says so.
    pub(crate) fn basis(&self) -> &Self {
        self.basis.as_deref().unwrap_or(self)
    }
}

impl Scenario {
    /// The value of a key.
    #[must_use]
    pub fn value(&self, key: Key) -> &InputValue {
        &self.values[key as usize]
    }

    /// A key that takes no distribution, as a number.
    #[must_use]
    pub fn number(&self, key: Key) -> f64 {
        self.value(key).dist.constant_value().unwrap_or_else(|| self.value(key).dist.quantile(0.5))
    }

    /// A key that takes a whole number.
    #[must_use]
    pub fn integer(&self, key: Key) -> usize {
        self.number(key) as usize
    }

    /// Months simulated.
    #[must_use]
    pub fn months(&self) -> usize {
        self.integer(Key::Months)
    }

    /// The number of paying subscribers to reach.
    #[must_use]
    pub fn target(&self) -> f64 {
        self.number(Key::Target)
    }

    /// Whether the cost to serve is given per request and token, for all or for one segment.
    #[must_use]
    pub fn serves_by_tokens(&self, segment: Option<usize>) -> bool {
        let own = segment.map(|i| &self.segments[i].values);
        let names = |key: Key| own.is_some_and(|values| values.contains_key(&key));
        if names(Key::CostPerSubscriber) {
            return false;
        }
        Key::TOKENS.into_iter().any(|key| names(key) || self.value(key).given)
    }

    /// The value of any input.
    #[must_use]
    pub fn value_of(&self, input: InputId) -> &InputValue {
        input.value(&self.values, &self.segments)
    }

    fn input_id(&self, name: &str) -> Option<InputId> {
        InputId::by_name(&name.replace(['"', '\''], ""), &self.segments)
    }

    /// Where the input of that name stands among all that are drawn.
    pub(crate) fn column_of(&self, name: &str) -> Option<usize> {
        Some(self.input_id(name)?.column(&self.segments))
    }

    /// The unit of the input in a column of all that are drawn.
    pub(crate) fn unit_of_column(&self, column: usize) -> &'static str {
        InputId::all(&self.segments).get(column).map_or("", |id| id.key.spec().unit)
    }

    /// The value of the input of that name, where it does not follow from the target.
    #[must_use]
    pub fn input(&self, name: &str) -> Option<&InputValue> {
        let id = self.input_id(name)?;
        Some(self.value_of(id)).filter(|_| id.key != Key::Investment || self.implied_investment.is_none())
    }

    /// The inputs that matter to this scenario, with their names: the form of the cost to serve that is not used is left
    /// out, and so is what no segment takes from the scenario.
    #[must_use]
    pub fn ledger(&self) -> Vec<(String, Key, &InputValue)> {
        let by_tokens = self.serves_by_tokens(None);
        let unused = |key: Key| match key {
            Key::CostPerSubscriber => by_tokens,
            Key::RequestsPerDay | Key::TokensPerRequest | Key::UsdPerMillionTokens => !by_tokens,
            _ => false,
        };
        let of_all = |key: Key| !self.segments.is_empty() && self.segments.iter().all(|s| s.values.contains_key(&key));
        InputId::all(&self.segments)
            .into_iter()
            .filter(|input| input.segment.is_some() || !(unused(input.key) || of_all(input.key)))
            .map(|input| (input.name(&self.segments), input.key, self.value_of(input)))
            .collect()
    }

    pub(crate) fn empty_values(main: usize) -> Vec<InputValue> {
        let values: Vec<_> = keys::KEYS
            .iter()
            .map(|spec| {
                let default = spec.default.unwrap_or(0.0);
                InputValue {
                    dist: Dist::constant(default),
                    written: Expression::Number(default.to_string()),
                    given: false,
                    file: main,
                    source: None,
                    note: None,
                }
            })
            .collect();
        debug_assert_eq!(values.len(), KEY_COUNT);
        values
    }
}
