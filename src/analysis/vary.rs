//! What is varied, and through which values: `price.monthly=5:10:0.25`, in exact decimals.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::scenario::keys::{Key, Takes};
use crate::scenario::{Scenario, changed_month, nearest_key};

/// The most points of a sweep.
pub const MOST_POINTS: usize = 100_000;

/// The largest number in a range.
const LARGEST: u64 = 10_000_000_000_000_000;
/// Significant digits of the values of `from:to/count`.
const DIGITS: u32 = 12;

/// The values that one input takes in a sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// The input's name: `table.key`, or `segments.NAME.table.key`; several where they move together.
    pub inputs: Vec<String>,
    /// What it is.
    pub key: Key,
    /// Its values in order, each as a number and as it is written.
    pub values: Vec<AxisValue>,
}

/// One value of an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct AxisValue {
    /// As people write it: `5.25`.
    pub written: String,
    /// The number.
    pub number: f64,
}

impl AxisValue {
    fn new(exact: Decimal) -> Self {
        let written = exact.normalize().to_string();
        let number = written.parse().unwrap_or(f64::NAN);
        Self { written, number }
    }
}

impl Axis {
    /// The first of its inputs, after which columns and folders are named.
    #[must_use]
    pub fn input(&self) -> &str {
        self.inputs.first().map_or("", String::as_str)
    }
}

/// Inputs at one value, as an override of the scenario: `price.monthly=5.25`, a line each.
pub(crate) fn override_of(inputs: &[String], value: &str) -> String {
    inputs.iter().map(|input| format!("{input}={value}")).collect::<Vec<_>>().join("\n")
}

/// The key of inputs that move together, which must be the same.
pub(crate) fn key_of_all(inputs: &[String]) -> Result<Key, String> {
    let mut keys = inputs.iter().map(|input| key_of(input));
    let first = keys.next().unwrap_or_else(|| Err("there is no input".to_owned()))?;
    for (key, input) in keys.zip(&inputs[1..]) {
        if key? != first {
            return Err(format!(
                "`{input}` is another input than `{}`: what moves together must be the same",
                inputs[0]
            ));
        }
    }
    Ok(first)
}

/// The key of an input's name, whether of the scenario or of one of its segments.
pub(crate) fn key_of(input: &str) -> Result<Key, String> {
    if changed_month(input).is_some() {
        return Ok(Key::PriceMonthly);
    }
    let in_segment = input.starts_with("segments.");
    let mut parts = input.rsplitn(3, '.');
    let (last, table) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let name = format!("{table}.{last}");
    if let Some(change) = input.strip_suffix(".times")
        && changed_month(&format!("{change}.monthly")).is_some()
    {
        return Err(format!("`{input}` is no input: name the price itself, `{change}.monthly`"));
    }
    let found = Key::by_name(&name).filter(|_| in_segment == parts.next().is_some());
    found.ok_or_else(|| {
        let near = nearest_key(if in_segment { &name } else { input });
        let near = near.map(|near| {
            let whole =
                Key::all().map(Key::name).find(|key| *key == near || key.split_once('.').map(|k| k.1) == Some(near));
            format!(": did you mean `{}`?", whole.unwrap_or(near))
        });
        format!("`{input}` is no input{} (`breakeven explain` lists them)", near.unwrap_or_default())
    })
}

/// The columns in which inputs of one key stand, where values from `lowest` on in them are all that they change of a plan.
pub(super) fn columns_of(scenario: &Scenario, inputs: &[String], key: Key, lowest: f64) -> Option<Vec<usize>> {
    // Without volatility there are no shocks to draw.
    if key.spec().takes != Takes::Input || key == Key::AnnualVolatility && lowest == 0.0 {
        return None;
    }
    inputs.iter().map(|input| scenario.column_of(input).filter(|_| changed_month(input).is_none())).collect()
}

/// That an input is not given as well, by a condition that its other values would contradict.
pub(crate) fn check_not_given(scenario: &Scenario, input: &str) -> Result<(), String> {
    if scenario.is_given(input) {
        return Err(format!(
            "`{input}` is given by --given: it cannot take other values too (leave out one of the two)"
        ));
    }
    Ok(())
}

/// Whether the scenario has the segment that an input's name speaks of.
pub(crate) fn check_segment(scenario: &Scenario, input: &str) -> Result<(), String> {
    let Some(rest) = input.strip_prefix("segments.").filter(|rest| !rest.starts_with("*.")) else { return Ok(()) };
    let named = rest.replace(['"', '\''], "");
    if scenario.segments().iter().any(|segment| named.starts_with(&format!("{}.", segment.name))) {
        return Ok(());
    }
    let names: Vec<&str> = scenario.segments().iter().map(|segment| segment.name.as_str()).collect();
    let has = if names.is_empty() { "no segments".to_owned() } else { format!("the segments {}", names.join(", ")) };
    Err(format!("`{input}` is no input of `{}`, which has {has}", scenario.name()))
}

impl std::str::FromStr for Axis {
    type Err = String;

    /// `KEY=FROM:TO:STEP`, `KEY=FROM:TO/COUNT` or `KEY=A,B,C`.
    ///
    /// ```
    /// use breakeven::analysis::Axis;
    /// let axis: Axis = "price.monthly=5:10:0.1".parse()?;
    /// assert_eq!(axis.values.len(), 51);
    /// assert_eq!(axis.values[3].number, 5.3, "not 5.300000000000001");
    /// let three: Axis = "market.refusal_rate=0.5:0.7/3".parse()?;
    /// assert_eq!(three.values[1].written, "0.6");
    /// assert!("price.monthly=5:10:-1".parse::<Axis>().is_err());
    /// # Ok::<(), String>(())
    /// ```
    fn from_str(text: &str) -> Result<Self, String> {
        let (input, range) = text
            .split_once('=')
            .ok_or("expected KEY=VALUES, such as price.monthly=5:10:0.25 or price.monthly=5,7.5,10")?;
        let inputs: Vec<String> = input.split(',').map(|input| input.trim().to_owned()).collect();
        let key = key_of_all(&inputs)?;
        let values: Vec<AxisValue> = numbers(range.trim())?.into_iter().map(AxisValue::new).collect();
        for (i, value) in values.iter().enumerate() {
            if key.spec().takes == Takes::Integer && value.number.fract() != 0.0 {
                let message = format!("`{}` takes whole numbers; value {} is {}", inputs[0], i + 1, value.written);
                return Err(message);
            }
        }
        let mut sorted: Vec<&AxisValue> = values.iter().collect();
        sorted.sort_by(|a, b| a.number.total_cmp(&b.number));
        if let Some(twice) = sorted.windows(2).find(|pair| pair[0].number == pair[1].number) {
            return Err(format!("{} stands twice in `{range}`: each value once", twice[0].written));
        }
        Ok(Self { inputs, key, values })
    }
}

fn numbers(range: &str) -> Result<Vec<Decimal>, String> {
    const FORMS: &str = "expected FROM:TO:STEP, FROM:TO/COUNT or a list A,B,C";
    if range.is_empty() {
        return Err(format!("there are no values: {FORMS}"));
    }
    let parts: Vec<&str> = range.split(':').collect();
    match parts[..] {
        [list] if list.split(',').count() > MOST_POINTS => {
            Err(format!("more than {} values: take fewer", crate::words::count(MOST_POINTS as u64)))
        }
        [list] => list.split(',').map(number).collect(),
        [from, to] => match to.split_once('/') {
            Some((to, count)) => counted(number(from)?, number(to)?, count.trim()),
            None => Err(format!("`{range}` has no step: {FORMS}, such as {range}:0.25 or {range}/11")),
        },
        [from, to, step] => stepped(number(from)?, number(to)?, number(step)?),
        _ => Err(format!("`{range}` has too many colons: {FORMS}")),
    }
}

/// A number as people write it: `7.50`, `14_000_000`, `1e9`, `$5`, `68%`.
fn number(text: &str) -> Result<Decimal, String> {
    let plain = text.trim().replace('_', "");
    let bare = plain.strip_prefix('$').unwrap_or(&plain);
    let (bare, percent) = bare.strip_suffix('%').map_or((bare, false), |bare| (bare, true));
    let parsed = if bare.contains(['e', 'E']) { Decimal::from_scientific(bare).ok() } else { bare.parse().ok() };
    let number = parsed.ok_or_else(|| {
        if plain.is_empty() { "a value is missing".to_owned() } else { format!("`{}` is no number", text.trim()) }
    })?;
    let number = if percent { number / Decimal::ONE_HUNDRED } else { number };
    // No input goes that far, and arithmetic in decimals stays exact.
    if number.abs() > Decimal::from(LARGEST) {
        return Err(format!("`{}` is beyond any input", text.trim()));
    }
    Ok(number)
}

/// A number of an argument, as people write it.
pub(super) fn plain_number(text: &str) -> Result<f64, String> {
    Ok(AxisValue::new(number(text)?).number)
}

/// A name however its parts are quoted.
pub(super) fn unquoted(input: &str) -> String {
    input.replace(['"', '\''], "")
}

/// Two ends of a range, as people write them: `1:100`, `$5:$30`, `10%:50%`.
///
/// # Errors
/// Where they are no two numbers.
pub fn ends(text: &str) -> Result<(f64, f64), String> {
    let ends = text.split_once(':').and_then(|(low, high)| Some((number(low).ok()?, number(high).ok()?)));
    let (low, high) = ends.ok_or("expected LOW:HIGH, such as 1:100")?;
    Ok((AxisValue::new(low).number, AxisValue::new(high).number))
}

fn stepped(from: Decimal, to: Decimal, step: Decimal) -> Result<Vec<Decimal>, String> {
    if step.is_zero() {
        return Err(format!("the step is 0: expected a number such as {}", sensible_step(from, to)));
    }
    if from != to && (to > from) != step.is_sign_positive() {
        let sign = if to > from { "above" } else { "below" };
        return Err(format!("a step of {step} does not lead from {from} to {to}: it must be {sign} 0"));
    }
    let steps =
        to.checked_sub(from).and_then(|width| width.checked_div(step)).and_then(|steps| steps.floor().to_usize());
    match steps {
        Some(steps) if steps < MOST_POINTS => Ok((0..=steps).map(|i| from + step * Decimal::from(i)).collect()),
        _ => {
            let count = steps.map_or_else(|| "too many".to_owned(), |steps| crate::words::count(steps as u64 + 1));
            let most = crate::words::count(MOST_POINTS as u64);
            Err(format!("{count} values: at most {most}, take a larger step"))
        }
    }
}

fn counted(from: Decimal, to: Decimal, count: &str) -> Result<Vec<Decimal>, String> {
    let wrong = || format!("`{count}` is no number of values: expected a whole number from 2 to {MOST_POINTS}");
    let count: usize = count.replace('_', "").parse().map_err(|_| wrong())?;
    if !(2..=MOST_POINTS).contains(&count) {
        return Err(wrong());
    }
    if from == to {
        return Err(format!("{count} values from {from} to {to} would all be alike: give two different ends"));
    }
    let at = |i: usize| {
        let part = (to - from) * Decimal::from(i) / Decimal::from(count - 1);
        let exact = from + part;
        exact.round_sf(DIGITS).unwrap_or(exact)
    };
    Ok((0..count).map(at).collect())
}

/// A tenth of the way, for an error message.
fn sensible_step(from: Decimal, to: Decimal) -> Decimal {
    let tenth = (to - from) / Decimal::TEN;
    let step = tenth.round_sf(1).unwrap_or(tenth).normalize();
    if step.is_zero() { Decimal::ONE } else { step }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Result<String, String> {
        let axis: Axis = text.parse()?;
        Ok(axis.values.iter().map(|value| value.written.as_str()).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn values_are_exact_and_both_ends_belong_to_the_range() {
        assert_eq!(written("price.monthly=5:6:0.25").unwrap(), "5 5.25 5.5 5.75 6");
        assert_eq!(written("price.monthly=6:5:-0.5").unwrap(), "6 5.5 5");
        assert_eq!(written("price.monthly=5:6:0.3").unwrap(), "5 5.3 5.6 5.9");
        assert_eq!(written("price.monthly=5:5:1").unwrap(), "5");
        assert_eq!(written("price.monthly=0:1/4").unwrap(), "0 0.333333333333 0.666666666667 1");
        assert_eq!(written("price.monthly=4.99, 7.50,19.99").unwrap(), "4.99 7.5 19.99");
        assert_eq!(written("market.active_users=60e6:80_000_000:1e7").unwrap(), "60000000 70000000 80000000");
        assert_eq!(written("segments.prime.price.monthly=0").unwrap(), "0");
        assert_eq!(written("market.refusal_rate=10%:30%:10%").unwrap(), "0.1 0.2 0.3");
        assert_eq!(written("price.monthly=$5,$7.50").unwrap(), "5 7.5");
        assert_eq!(ends("-1e6:$30").unwrap(), (-1e6, 30.0));
        assert!(ends("5-30").is_err());
        let tenths: Axis = "price.monthly=5:10:0.1".parse().unwrap();
        assert!(tenths.values.iter().enumerate().all(|(i, value)| value.number == (50 + i) as f64 / 10.0));
    }

    #[test]
    fn what_is_wrong_is_told_with_what_would_be_right() {
        let error = |text: &str| written(text).unwrap_err();
        assert_eq!(error("price.monthly=5:10:0"), "the step is 0: expected a number such as 0.5");
        assert_eq!(error("price.monthly=5:10:-1"), "a step of -1 does not lead from 5 to 10: it must be above 0");
        assert_eq!(error("price.monthly=10:5:1"), "a step of 1 does not lead from 10 to 5: it must be below 0");
        assert_eq!(error("price.monthly=0:1:0.000001"), "1,000,001 values: at most 100,000, take a larger step");
        assert!(error("price.monthly=").starts_with("there are no values: expected FROM:TO:STEP"));
        assert!(error("price.monthly=5:10").contains("has no step"));
        assert_eq!(error("price.monthly=5,,6"), "a value is missing");
        assert_eq!(error("price.monthly=5,six"), "`six` is no number");
        assert_eq!(error("price.monthly=5,6,5.0"), "5 stands twice in `5,6,5.0`: each value once");
        assert_eq!(
            error("price.monthy=5"),
            "`price.monthy` is no input: did you mean `price.monthly`? (`breakeven explain` lists them)"
        );
        assert_eq!(error("price.free_months=1.5"), "`price.free_months` takes whole numbers; value 1 is 1.5");
        assert!(error("segments.prime.share=0.5").contains("is no input"));
        assert!(error("title=1").contains("is no input"));
        assert!(error("price.monthly").starts_with("expected KEY=VALUES"));
        assert!(error("price.monthly=1e999").contains("is no number"));
        assert_eq!(error("costs.investment=-7e28:7e28:0"), "`-7e28` is beyond any input");
        assert!(error("price.monthly=5:10/1").contains("from 2 to 100000"));
        assert!(error("price.monthly=5:5/3").contains("would all be alike"));
    }
}
