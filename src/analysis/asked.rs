//! What is asked about knowing more: inputs together, studies and what they cost, as people write them.

use super::study::{LARGEST_STUDY, Study};
use super::vary::{key_of, plain_number};
use crate::words;

/// What is asked beyond the value of everything and of each input.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Questions {
    /// Inputs to be known together.
    pub know: Vec<Vec<String>>,
    /// Studies of an input.
    pub studies: Vec<StudyOf>,
    /// What a study costs.
    pub cost: Option<Cost>,
}

/// A study of an input, of a size.
#[derive(Clone, Debug, PartialEq)]
pub struct StudyOf {
    /// The input.
    pub input: String,
    /// How it is studied.
    pub study: Study,
    /// People who are asked, or measurements.
    pub n: u64,
}

impl std::str::FromStr for StudyOf {
    type Err = String;

    /// `KEY:n=1000` asks a thousand people a yes-or-no question; `KEY:sd=0.01` measures once with a normal error,
    /// `KEY:sd=0.1:n=25` twenty-five times.
    ///
    /// ```
    /// use breakeven::analysis::{Study, StudyOf};
    /// let survey: StudyOf = "market.refusal_rate:n=1000".parse()?;
    /// assert_eq!((survey.input.as_str(), survey.study, survey.n), ("market.refusal_rate", Study::Survey, 1000));
    /// assert!("market.refusal_rate:n=0".parse::<StudyOf>().is_err());
    /// # Ok::<(), String>(())
    /// ```
    fn from_str(text: &str) -> Result<Self, String> {
        const FORMS: &str = "expected KEY:n=PEOPLE, such as market.refusal_rate:n=1000, or KEY:sd=ERROR, such as retention.monthly_churn:sd=0.01";
        let (mut rest, mut n, mut sd) = (text.trim(), None, None);
        while let Some((before, part)) = rest.rsplit_once(':') {
            let (name, value) =
                part.split_once('=').ok_or_else(|| format!("`{part}` is no part of a study: {FORMS}"))?;
            let slot = match name.trim() {
                "n" => &mut n,
                "sd" => &mut sd,
                other => return Err(format!("`{other}` is no part of a study: {FORMS}")),
            };
            if slot.replace(plain_number(value)?).is_some() {
                return Err(format!("`{}` stands twice in `{text}`", name.trim()));
            }
            rest = before;
        }
        if rest.is_empty() || (n.is_none() && sd.is_none()) {
            return Err(format!("`{text}` is no study: {FORMS}"));
        }
        // That an event cannot be studied is said where its scenario is known.
        if !rest.starts_with("events.") {
            key_of(rest)?;
        }
        let study = match sd {
            None => Study::Survey,
            Some(sd) if sd > 0.0 => Study::Measurement { sd },
            Some(sd) => return Err(format!("sd={sd}: a measurement without an error is no study; it must be above 0")),
        };
        let n = n.unwrap_or(1.0);
        if !(n >= 1.0 && n <= LARGEST_STUDY as f64 && n.fract() == 0.0) {
            let n = words::number_text(n);
            return Err(format!(
                "n={n} is no size of a study: accepted is a whole number from 1 to {}",
                words::count(LARGEST_STUDY)
            ));
        }
        Ok(Self { input: rest.to_owned(), study, n: n as u64 })
    }
}

/// What a study costs: something fixed, and something for each of `n`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// In dollars.
    pub fixed: f64,
    /// In dollars for each person or measurement.
    pub per: f64,
}

impl Cost {
    /// Of a study of size `n`, in dollars.
    #[must_use]
    pub fn of(&self, n: u64) -> f64 {
        self.fixed + self.per * n as f64
    }
}

impl std::str::FromStr for Cost {
    type Err = String;

    /// `FIXED,PER`: `20000,12`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (fixed, per) = text.split_once(',').ok_or("expected FIXED,PER in dollars, such as 20000,12")?;
        let amount = |text: &str| match plain_number(text)? {
            x if x < 0.0 => Err(format!("{}: a cost is not below 0", text.trim())),
            x => Ok(x),
        };
        Ok(Self { fixed: amount(fixed)?, per: amount(per)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn studies_and_costs_are_read_as_people_write_them() {
        let study: StudyOf = "segments.prime.market.refusal_rate:sd=0.02:n=25".parse().unwrap();
        assert_eq!((study.study, study.n), (Study::Measurement { sd: 0.02 }, 25));
        for (wrong, said) in [
            ("market.refusal_rate", "is no study"),
            ("market.refusal_rate:n=1e12", "from 1 to 1,000,000,000"),
            ("market.refusal_rate:n=0", "from 1 to"),
            ("market.refusal_rate:n=2.5", "whole number"),
            ("market.refusal_rate:sd=0", "above 0"),
            ("market.refusal_rate:n=ten", "`ten` is no number"),
            ("market.refusal_rate:m=5", "`m` is no part"),
            ("market.refusal_rates:n=5", "did you mean"),
            ("market.refusal_rate:n=5:n=6", "stands twice"),
        ] {
            let error = wrong.parse::<StudyOf>().unwrap_err();
            assert!(error.contains(said), "{wrong}: {error}");
        }
        assert_eq!("20_000,$12".parse::<Cost>(), Ok(Cost { fixed: 20_000.0, per: 12.0 }));
        assert!("20000".parse::<Cost>().unwrap_err().contains("FIXED,PER"));
        assert!("-1,2".parse::<Cost>().unwrap_err().contains("not below 0"));
    }

    #[test]
    fn a_study_may_cost_nothing_and_not_less() {
        assert_eq!("0, 12".parse::<Cost>().map(|cost| cost.of(10)), Ok(120.0));
        assert_eq!("20000,0".parse::<Cost>().map(|cost| cost.of(10)), Ok(20_000.0));
        assert_eq!("1,-2".parse::<Cost>().map_err(|error| error.contains("-2: a cost is not below 0")), Err(true));
    }
}
