//! A scenario with another distribution for one of its inputs, without a text: what a program changes again and again.

use super::keys::Takes;
use super::overrides::SET;
use super::reach::acts_nowhere;
use super::value::LARGEST;
use super::{Expression, InputValue, Problem, Problems, Scenario, nearest_key};
use crate::distribution::Dist;
use crate::words;

impl Scenario {
    /// This scenario with another distribution for one input: `table.key`, or `segments.NAME.table.key` where the segment has its
    /// own. A constant one drops the input's correlations, as `--set` does.
    ///
    /// ```
    /// use breakeven::{Outcome, Run, distribution::Dist, scenario};
    ///
    /// let baseline = scenario::load("baseline").unwrap();
    /// let cheap = baseline.with("price.monthly", Dist::constant(5.0)).unwrap();
    /// let refused = baseline.with("market.refusal_rate", Dist::uniform(0.5, 1.5).unwrap()).unwrap_err();
    /// assert_eq!(refused.message, "`market.refusal_rate` can be drawn outside its range");
    /// let npv = |scenario| Run::new(scenario).paths(2048).run().unwrap().outcome(Outcome::Npv).unwrap().mean.unwrap().value;
    /// assert!(npv(&cheap) < npv(&baseline));
    /// ```
    ///
    /// # Errors
    /// Where there is no such input, it takes no distribution, no segment takes it from the scenario, or it can be drawn outside
    /// its range.
    #[cfg_attr(
        target_pointer_width = "64",
        expect(clippy::result_large_err, reason = "a problem is made once and shown")
    )]
    pub fn with(&self, input: &str, dist: Dist) -> Result<Self, Problem> {
        let wrong = |message: String, help: String| Problem::missing(message, help);
        let Some(id) = self.input_id(input) else {
            let help = nearest_key(input).map_or_else(
                || "`breakeven explain` lists the inputs".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(wrong(format!("`{input}` is no input of this scenario"), help));
        };
        let spec = id.key.spec();
        if spec.takes != Takes::Input {
            let help = "write it in the file, or lay it over with `--set`".to_owned();
            return Err(wrong(format!("`{input}` takes no distribution"), help));
        }
        if let Some(instead) = self.acting_instead(input) {
            return Err(wrong(acts_nowhere(input, &instead), "name one of these".to_owned()));
        }
        let (low, high) = dist.support();
        let limited = spec.unit.starts_with('$') || spec.unit == "persons";
        if !spec.range.holds(&dist)
            || limited && low.abs().max(high.abs()) > LARGEST && low.abs().max(high.abs()).is_finite()
        {
            let help = format!("draws lie between {low:.6} and {high:.6}; accepted: {}", spec.range);
            return Err(wrong(format!("`{input}` can be drawn outside its range"), help));
        }
        let mut out = self.clone();
        // An implied investment follows from what was said before: the money is sunk.
        if out.implied_investment.is_some() && out.basis.is_none() {
            out.basis = Some(Box::new(self.clone()));
        }
        let constant = dist.constant_value();
        let value = InputValue {
            written: constant.map_or_else(
                || Expression::Drawn(format!("{low:.6} to {high:.6}")),
                |x| Expression::Number(words::number_text(x)),
            ),
            dist,
            given: true,
            file: out.document.files.len(),
            source: None,
            note: None,
        };
        match id.segment {
            Some(i) => drop(out.segments[i].values.insert(id.key, value)),
            None => out.values[id.key as usize] = value,
        }
        if id.key == super::keys::Key::Investment {
            (out.implied_investment, out.basis) = (None, None);
        }
        out.given.retain(|(known, _)| *known != id);
        if constant.is_some() {
            let before = out.correlations.len();
            out.correlations.retain(|correlation| !correlation.inputs.contains(&id));
            if out.correlations.len() < before {
                let text = format!("`{input}` has become a number: its correlations are dropped");
                out.document.warnings.push(Problem { topic: super::Topic::Set, ..Problem::remark(text) });
            }
        }
        // What it was read from says so too: a number can be laid over again, a distribution is named alone.
        let text = constant.map_or_else(
            || format!("# `{input}` was given another distribution by a program"),
            |x| format!("{input}={}", words::number_text(x)),
        );
        out.document.files.push(super::SourceFile { path: SET.to_owned(), text });
        Ok(out)
    }

    /// The error of correlations that no set of inputs can have.
    pub(crate) fn contradicting_correlations(&self) -> Problems {
        let message = "the rank correlations contradict each other: no set of inputs can have them all";
        let list = vec![Problem::missing(message, "make them weaker, or take some of them out")];
        Problems { files: self.document.files.clone(), main: self.document.main, list }
    }
}
