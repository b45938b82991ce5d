//! Scenarios: the file as typed, the checks, and the checked [`Scenario`] that everything else reads.
//!
//! A file is parsed with the position of every key and value, walked once, and every problem of it is
//! collected. Nothing here draws, simulates or writes.

mod check;
mod copies;
mod correlation;
mod difference;
mod distribution;
pub mod explain;
mod given;
pub mod keys;
pub mod library;
mod limits;
mod listed;
mod lookup;
mod overrides;
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

use std::collections::BTreeMap;

pub use check::parse;
pub(crate) use correlation::{Conditional, CorrelationGroup, correlation_groups};
pub(crate) use difference::{Change, at_most, changes};
use keys::{KEY_COUNT, Key};
pub(crate) use lookup::reload;
pub use lookup::{Found, LoadError, load, load_given, load_with, names, quoted_text};
pub(crate) use price::changed_month;
pub use price::{NewPrice, PriceChange};
pub use problem::{Place, Problem, Problems, Severity, SourceFile, Topic};
pub use read::{ReadError, read_file};
pub use segment::{InputId, Segment};

use crate::distribution::Dist;

/// A checked scenario: every number is in its range, every name is known.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The file's stem.
    name: String,
    /// One line for charts and lists.
    title: String,
    /// What the scenario is meant to answer.
    question: String,
    /// Longer text.
    description: String,
    /// The calendar month of month 1, where one is given.
    start: Option<YearMonth>,
    /// List prices from a month on, by month.
    price_changes: Vec<PriceChange>,
    /// Whether the investment is an input like any other, or what a number of subscribers would repay.
    implied_investment: Option<ImpliedBy>,
    /// Things that may happen once on a path.
    events: Vec<Event>,
    /// Rank correlations between inputs.
    correlations: Vec<Correlation>,
    /// Inputs that are known to have their value (`--given`), each with its score: the normal quantile of the value's rank.
    given: Vec<(InputId, f64)>,
    /// Where the inputs come from, by key.
    sources: BTreeMap<String, Source>,
    /// What is not wrong, but should be known.
    warnings: Vec<Problem>,
    /// Named parts of the market; none where all users are alike.
    segments: Vec<Segment>,
    /// The files that it was read from: those that it extends first, then itself, then each `--set`.
    files: Vec<SourceFile>,
    /// Which of the files is the scenario itself.
    main: usize,
    investment_place: Option<Place>,
    /// The scenario whose medians settle an implied investment, where it is not this one.
    basis: Option<Box<Scenario>>,
    values: Vec<InputValue>,
}

/// The value of one key, and where it comes from.
#[derive(Clone, Debug)]
pub struct InputValue {
    /// The distribution; a plain number is a constant one.
    pub dist: Dist,
    /// The value as the file says it.
    pub written: String,
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

/// Where a number comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What it is.
    pub title: String,
    /// Who published it.
    pub publisher: Option<String>,
    /// When: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub date: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// How far to trust it.
    pub grade: Option<Grade>,
    pub(crate) place: Place,
}

/// How far a source is to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Official or primary.
    A,
    /// Reputable press or analyst.
    B,
    /// Secondary.
    C,
    /// An assumption of the scenario's author.
    X,
}

impl Grade {
    fn by_letter(letter: &str) -> Option<Self> {
        [Self::A, Self::B, Self::C, Self::X].into_iter().find(|grade| grade.letter() == letter)
    }

    /// The letter of the file.
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::X => "X",
        }
    }
}

/// A calendar month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearMonth {
    year: u16,
    /// 1 to 12.
    month: u8,
}

impl YearMonth {
    /// Parses `YYYY-MM`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        if year.len() != 4 || month.len() != 2 || !text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            return None;
        }
        let (year, month) = (year.parse().ok()?, month.parse().ok()?);
        ((1..=12).contains(&month) && year > 0).then_some(Self { year, month })
    }

    /// The calendar month of month `t`: month 1 is this one, month 0 the one before.
    ///
    /// ```
    /// use breakeven::scenario::YearMonth;
    /// let start = YearMonth::parse("2025-03").unwrap();
    /// assert_eq!(start.of_month(0), "2025-02");
    /// assert_eq!(start.of_month(11), "2026-01");
    /// ```
    #[must_use]
    pub fn of_month(self, t: usize) -> String {
        let count = usize::from(self.year) * 12 + usize::from(self.month) - 1 + t - usize::from(t > 0);
        let count = if t == 0 { count - 1 } else { count };
        format!("{:04}-{:02}", count / 12, count % 12 + 1)
    }
}

/// The key whose name is nearest to a misspelt one, by its whole name or its last part.
#[must_use]
pub fn nearest_key(name: &str) -> Option<&'static str> {
    let whole = keys::KEYS.iter().map(|spec| spec.name);
    let parts = keys::KEYS.iter().filter_map(|spec| Some(spec.name.split_once('.')?.1));
    problem::nearest(name, whole).or_else(|| problem::nearest(name, parts))
}

impl Scenario {
    /// The file's stem.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// One line for charts and lists.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What the scenario is meant to answer.
    #[must_use]
    pub fn question(&self) -> &str {
        &self.question
    }

    /// Longer text.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

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

    /// Where the inputs come from, by key.
    #[must_use]
    pub fn sources(&self) -> &BTreeMap<String, Source> {
        &self.sources
    }

    /// What is not wrong, but should be known.
    #[must_use]
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// Named parts of the market; none where all users are alike.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The files that it was read from: those that it extends first, then itself, then each `--set`.
    #[must_use]
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// Which of the files is the scenario itself.
    #[must_use]
    pub fn main(&self) -> usize {
        self.main
    }

    /// Inputs that are known to have their value, each with its score.
    pub(crate) fn given(&self) -> &[(InputId, f64)] {
        &self.given
    }

    /// The scenario whose medians settle an implied investment: this one, or the one that says so.
    pub(crate) fn basis(&self) -> &Self {
        self.basis.as_deref().unwrap_or(self)
    }

    /// Where an implied investment is asked for.
    pub(crate) fn investment_place(&self) -> Option<&Place> {
        self.investment_place.as_ref()
    }
}

impl Scenario {
    /// This scenario with some overrides laid over it, such as `price.monthly=5`; messages call them `said_by`.
    ///
    /// # Errors
    /// Where it is wrong with them.
    pub(crate) fn overlaid(&self, said_by: &str, overrides: &[String]) -> Result<Self, Problems> {
        let mut files = self.files.clone();
        files.extend(overrides.iter().map(|text| SourceFile { path: said_by.to_owned(), text: text.clone() }));
        reload(&self.name, files, self.main)
    }

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

    /// The path of the scenario's own file.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.files[self.main].path
    }

    /// The stem of one of its files, or `--set`.
    #[must_use]
    pub fn file_stem(&self, file: usize) -> String {
        let path = self.files.get(file).map_or("", |file| &file.path);
        std::path::Path::new(path).file_stem().and_then(std::ffi::OsStr::to_str).unwrap_or(path).to_owned()
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

    /// What a careful reader would hold against the scenario: warnings, and sources of its own file without date or grade, or
    /// that no input uses.
    #[must_use]
    pub fn strict_problems(&self) -> Vec<Problem> {
        let as_error = |warning: &Problem| Problem { severity: Severity::Error, ..warning.clone() };
        let mut out: Vec<Problem> = self.warnings.iter().map(as_error).collect();
        let used: Vec<&str> = self.ledger().iter().filter_map(|(_, _, value)| value.source.as_deref()).collect();
        for (name, source) in self.sources.iter().filter(|(_, source)| source.place.file == self.main) {
            let mut tell = |what: &str, label: &str| {
                let message = format!("`sources.{name}` {what}");
                out.push(Problem::error(source.place.clone(), message, label));
            };
            if source.date.is_none() {
                tell("has no date", "expected `date = \"…\"`");
            }
            if source.grade.is_none() {
                tell("has no grade", "expected `grade = \"A\"`, \"B\", \"C\" or \"X\"");
            }
            if !used.contains(&name.as_str()) {
                tell("is used by no input", "take it out, or name it where it belongs");
            }
        }
        out
    }

    /// The inputs that the files say, but for the horizon: those that should have a source.
    #[must_use]
    pub fn given_inputs(&self) -> Vec<&InputValue> {
        let said = |(_, key, value): &(String, Key, &InputValue)| value.given && *key != Key::Months;
        self.ledger().into_iter().filter(said).map(|entry| entry.2).collect()
    }

    /// How many of these inputs are said by a scenario that this one extends.
    #[must_use]
    pub fn inherited_inputs(&self) -> usize {
        self.given_inputs().iter().filter(|value| value.file < self.main).count()
    }

    /// The grade of the source of a value, if it has one.
    #[must_use]
    pub fn grade_of(&self, value: &InputValue) -> Option<Grade> {
        self.sources.get(value.source.as_ref()?)?.grade
    }

    pub(crate) fn empty_values(main: usize) -> Vec<InputValue> {
        let values: Vec<_> = keys::KEYS
            .iter()
            .map(|spec| {
                let default = spec.default.unwrap_or(0.0);
                InputValue {
                    dist: Dist::constant(default),
                    written: default.to_string(),
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
