//! What is solved for: an input between two values, and the level that is to be reached.

use super::AnalysisError;
use super::vary::{check_not_given, check_segment, key_of_all, override_of};
use crate::aggregate::CaseSummary;
use crate::model::{OUTCOMES, OutcomeKind};
use crate::scenario::keys::{Key, Takes};
use crate::scenario::{NewPrice, Scenario};
use crate::words::number_text;

/// A level to reach: `payback=0.5`, `npv=0`.
#[derive(Clone, Debug, PartialEq)]
pub struct Until {
    /// An outcome, of which the mean counts, or an event, of which the probability does.
    pub name: &'static str,
    /// Whether it is a probability.
    pub is_probability: bool,
    /// The level: a probability, or in the outcome's unit.
    pub level: f64,
}

impl std::str::FromStr for Until {
    type Err = String;

    /// `payback=0.5`, `payback=50%` or `npv=0`.
    ///
    /// ```
    /// use breakeven::analysis::Until;
    /// let likely: Until = "payback=50%".parse()?;
    /// assert_eq!((likely.name, likely.level), ("payback", 0.5));
    /// assert!("payback=1.5".parse::<Until>().is_err());
    /// # Ok::<(), String>(())
    /// ```
    fn from_str(text: &str) -> Result<Self, String> {
        let (name, level) = text.split_once('=').ok_or("expected NAME=LEVEL, such as payback=0.5 or npv=0")?;
        let (name, level) = (name.trim(), level.trim());
        let percent = level.strip_suffix('%');
        let number = percent.unwrap_or(level).trim().replace('_', "").parse().ok().filter(|x: &f64| x.is_finite());
        let number: f64 = number.ok_or_else(|| format!("`{level}` is no level: expected a number"))?;
        let number = if percent.is_some() { number / 100.0 } else { number };
        if let Some(event) = CaseSummary::questions().find(|event| *event == name) {
            if !(0.0..=1.0).contains(&number) || number == 0.0 {
                let hint =
                    if (1.0..=100.0).contains(&number) { format!(": did you mean {number}%?") } else { String::new() };
                return Err(format!("a probability of {level} cannot be reached; expected above 0 and up to 1{hint}"));
            }
            return Ok(Self { name: event, is_probability: true, level: number });
        }
        match OUTCOMES.iter().find(|outcome| outcome.name == name) {
            Some(_) if percent.is_some() => {
                Err(format!("`{level}` of an outcome means nothing: give the level in its unit, such as npv=0"))
            }
            Some(outcome) if outcome.kind == OutcomeKind::Finite => {
                Ok(Self { name: outcome.name, is_probability: false, level: number })
            }
            Some(outcome) => Err(format!("{}: ask for a probability, such as payback=0.5", outcome.has_no_mean())),
            None => {
                let events: Vec<_> = CaseSummary::questions().collect();
                let finite = OUTCOMES.iter().filter(|outcome| outcome.kind == OutcomeKind::Finite);
                let outcomes: Vec<_> = finite.map(|outcome| outcome.name).collect();
                Err(crate::words::no_such_figure(name, &events, &outcomes))
            }
        }
    }
}

/// An input to solve for, and between which values.
#[derive(Clone, Debug, PartialEq)]
pub struct Bracket {
    /// The input's name; several where they move together.
    pub inputs: Vec<String>,
    /// What it is.
    pub key: Key,
    /// The lowest value to try.
    pub low: f64,
    /// The highest.
    pub high: f64,
    /// A warning where `segments.*` does not reach everyone.
    pub(super) leaves_out: Option<String>,
}

impl Bracket {
    /// An input of `scenario` between two values; where these are not given, the whole range of a share, or from 0 (or the lowest
    /// value that the input accepts) to ten times the median that the scenario gives it.
    ///
    /// # Errors
    /// Where it is no input, or the values are no bracket.
    pub fn new(scenario: &Scenario, input: &str, between: Option<(f64, f64)>) -> Result<Self, AnalysisError> {
        let inputs: Vec<String> = input.split(',').map(|input| input.trim().to_owned()).collect();
        let key = key_of_all(&inputs).map_err(AnalysisError::Asked)?;
        for input in &inputs {
            check_segment(scenario, input).map_err(AnalysisError::Asked)?;
            check_not_given(scenario, input).map_err(AnalysisError::Asked)?;
        }
        let leaves_out = scenario.leaves_out(&inputs);
        let inputs = scenario.written_out(&inputs).map_err(AnalysisError::Asked)?;
        let input = inputs[0].as_str();
        let range = key.spec().range;
        let default = || {
            // What a segment does not name it takes from the scenario.
            let value = scenario.input(input).or_else(|| scenario.input(key.name()));
            let most = match scenario.price_change(input) {
                Some(NewPrice::Monthly(price)) => price * 10.0,
                _ => value.map_or(0.0, |value| value.dist.quantile(0.5).abs() * 10.0),
            };
            let most = match key {
                Key::FreeMonths | Key::InvestmentMonths => scenario.months() as f64,
                _ if range.high.is_finite() => range.innermost().1,
                _ => most,
            };
            let low = match range.low {
                low if !low.is_finite() => -most,
                _ if range.low_open => most * 1e-3,
                low => low,
            };
            let message =
                format!("`{input}` has no value to start from in `{}`: give --between LOW:HIGH", scenario.name());
            if most > 0.0 { Ok((low, most)) } else { Err(AnalysisError::Asked(message)) }
        };
        let (low, high) = between.map_or_else(default, Ok)?;
        let asked = |message: String| Err(AnalysisError::Asked(message));
        if !(low < high) {
            return asked(format!("--between {low}:{high} holds nothing: the first value must be below the second"));
        }
        if key.spec().takes == Takes::Integer && (low.fract() != 0.0 || high.fract() != 0.0) {
            return asked(format!("`{input}` takes whole numbers, not {low} to {high}"));
        }
        Ok(Self { inputs: inputs.clone(), key, low, high, leaves_out })
    }

    /// The first of the inputs, after which columns and folders are named.
    #[must_use]
    pub fn input(&self) -> &str {
        self.inputs.first().map_or("", String::as_str)
    }

    /// The scenario with this input at `x`.
    pub(super) fn at(&self, scenario: &Scenario, x: f64) -> Result<Scenario, AnalysisError> {
        let text = override_of(&self.inputs, &number_text(x));
        let at = || format!("at {} = {}", self.input(), number_text(x));
        scenario.overlaid("--for", &[text]).map_err(|problems| AnalysisError::WrongAt { at: at(), problems })
    }

    /// Whether values beyond the bracket are possible.
    #[must_use]
    pub fn can_be_wider(&self) -> bool {
        let (least, most) = self.key.spec().range.innermost();
        self.low > least || self.high < most
    }

    pub(super) fn is_whole(&self) -> bool {
        self.key.spec().takes == Takes::Integer
    }

    /// Values across the bracket, both ends among them.
    pub(super) fn grid(&self, parts: usize) -> Vec<f64> {
        let at =
            |i: usize| if i == parts { self.high } else { self.low + (self.high - self.low) * i as f64 / parts as f64 };
        let mut grid: Vec<f64> = (0..=parts).map(at).collect();
        if self.is_whole() {
            for x in &mut grid {
                *x = x.round();
            }
            grid.dedup();
        }
        grid
    }
}
