//! How precise a run has to be before it may stop.

use super::question::QUESTIONS;
use super::{Aggregate, Estimate, Frame, Proportion};
use crate::model::{OUTCOMES, OutcomeKind};

/// Half the width of a 95% interval that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// As it was written.
    pub written: String,
    /// The event or the outcome.
    pub name: &'static str,
    of: Of,
    width: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Of {
    /// The probability of the event at that place, at most so wide.
    Probability(usize),
    /// The mean of the outcome at that place, in its own unit.
    Mean(usize),
    /// … in parts of the outcome's standard deviation.
    MeanInSd(usize),
}

/// How near a goal a run has come.
#[derive(Clone, Debug, PartialEq)]
pub struct Precision {
    /// The goal.
    pub goal: Goal,
    /// Half the width of the 95% interval, in the unit of the goal.
    pub half_width: f64,
}

impl Precision {
    /// Whether the goal is reached.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.half_width <= self.goal.width
    }

    /// Whether the goal would be reached with such a half-width.
    pub(crate) fn holds(&self, half_width: f64) -> bool {
        half_width <= self.goal.width
    }

    /// The half-width as the goal was written: a percentage where it was one.
    #[must_use]
    pub fn written(&self) -> String {
        let (scale, sign) = if self.goal.written.ends_with('%') { (100.0, "%") } else { (1.0, "") };
        let number = self.half_width * scale;
        // Two digits, or as many as it takes to stand on the same side of the goal as the number itself.
        let rounded = |digits: usize| format!("{number:.digits$e}").parse().unwrap_or(number);
        let tells = |text: f64| (text <= self.goal.width * scale) == self.is_met();
        let shown = (1..16).map(rounded).find(|text| tells(*text)).unwrap_or(number);
        format!("{shown}{sign}")
    }
}

impl std::str::FromStr for Goal {
    type Err = String;

    /// `payback=0.002` or `payback=0.2%`, a probability; `npv=1%`, of the outcome's own standard deviation; `npv=5e6`, in its
    /// unit.
    ///
    /// ```
    /// use breakeven::aggregate::Goal;
    /// assert!("payback=0.002".parse::<Goal>().is_ok());
    /// assert!("npv=1%".parse::<Goal>().is_ok());
    /// assert!("npv=0".parse::<Goal>().is_err());
    /// ```
    fn from_str(text: &str) -> Result<Self, String> {
        let (name, width) = text.split_once('=').ok_or("expected NAME=WIDTH, such as payback=0.002 or npv=1%")?;
        let percent = width.trim_end().strip_suffix('%');
        let number = percent.unwrap_or(width).trim().parse().ok().filter(|x: &f64| *x > 0.0 && x.is_finite());
        let number =
            number.ok_or_else(|| format!("`{width}` is no width: expected a number above 0, or a percentage"))?;
        let number = if percent.is_some() { number / 100.0 } else { number };
        let name = name.trim();
        let goal = |name, of| Self { written: width.trim().to_owned(), name, of, width: number };
        if let Some(i) = QUESTIONS.iter().position(|question| question.1 == name) {
            if number >= 0.5 {
                return Err(format!(
                    "`{}` is no width for a probability: any is known to within 50% without simulating; expected a \
                     number such as 0.002, or 0.2%",
                    width.trim()
                ));
            }
            return Ok(goal(QUESTIONS[i].1, Of::Probability(i)));
        }
        match OUTCOMES.iter().position(|outcome| outcome.name == name) {
            Some(i) if OUTCOMES[i].kind != OutcomeKind::Finite => {
                Err(format!("{}: ask for a probability, such as payback=0.002", OUTCOMES[i].has_no_mean()))
            }
            Some(i) => {
                let of = if percent.is_some() { Of::MeanInSd(i) } else { Of::Mean(i) };
                Ok(goal(OUTCOMES[i].name, of))
            }
            None => {
                let events: Vec<_> = QUESTIONS.iter().map(|question| question.1).collect();
                let finite = OUTCOMES.iter().filter(|outcome| outcome.kind == OutcomeKind::Finite);
                let outcomes: Vec<_> = finite.map(|outcome| outcome.name).collect();
                Err(crate::words::no_such_figure(name, &events, &outcomes))
            }
        }
    }
}

impl Aggregate {
    /// How near a goal the paths so far have come.
    pub(crate) fn precision(&self, frame: &Frame, goal: &Goal) -> Precision {
        let mean = |i: usize| {
            let totals = &self.outcomes[i];
            let sd = totals.sd(self.paths);
            let mean = Estimate::of_mean(&totals.sums, frame.pivot(i), self.paths, || sd);
            (mean.interval.map_or(f64::INFINITY, |(low, high)| 0.5 * (high - low)), sd)
        };
        let half_width = match goal.of {
            Of::Probability(i) => Proportion::of("", &self.answers[i], self.paths).half_width(),
            Of::Mean(i) => mean(i).0,
            // Where all paths are alike any precision is reached.
            Of::MeanInSd(i) => match mean(i) {
                (half, Some(sd)) if sd > 0.0 => half / sd,
                (half, _) => {
                    if half > 0.0 {
                        f64::INFINITY
                    } else {
                        0.0
                    }
                }
            },
        };
        Precision { goal: goal.clone(), half_width }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_missed_does_not_read_as_met() {
        let goal: Goal = "payback=0.002".parse().unwrap();
        let written = |half_width| Precision { goal: goal.clone(), half_width }.written();
        assert_eq!(written(0.002_04), "0.00204");
        assert_eq!(written(0.001_96), "0.002");
        assert_eq!(written(0.012_34), "0.012");
        let percent: Goal = "npv=1%".parse().unwrap();
        assert_eq!(Precision { goal: percent, half_width: 0.0123 }.written(), "1.2%");
    }

    #[test]
    fn a_goal_is_met_by_an_interval_that_is_as_narrow() {
        let goal: Goal = "payback=0.002".parse().unwrap();
        let precision = |half_width| Precision { goal: goal.clone(), half_width };
        assert!(precision(0.002).is_met() && precision(0.001).is_met() && !precision(0.0021).is_met());
        assert!(precision(1.0).holds(0.002) && !precision(0.0).holds(0.0021));
    }
}
