//! `breakeven voi`: what it would be worth to know more before a decision.

use std::sync::atomic::AtomicBool;

use clap::Args;

use super::results::{self, OutputArguments};
use super::simulation::SimulationArguments;
use super::{CliError, Runs, progress};
use crate::analysis::{Axis, Choices, Cost, Instead, Questions, StudyOf, Voi};
use crate::engine::Options;
use crate::results::Results;
use crate::scenario::Scenario;

/// Arguments of `voi`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven voi baseline --choose price.monthly=5:20:1
  breakeven voi baseline --choose price.monthly=5:20:1 --study market.refusal_rate:n=1000 --study-cost 20000,12
  breakeven voi music-like --choose price.monthly=5,10,15 --know market.refusal_rate,retention.monthly_churn
  breakeven voi my-case.toml --or-nothing           go, or leave it?
  breakeven voi bottom-of-band --choose-scenario top-of-band

Says which option is best and what it would be worth to know more before choosing: everything,
each input alone, inputs together, the result of a study. Worth is how much higher mean NPV would
be. A survey asks n people a yes-or-no question about a share; a measurement has a normal error.
Every option is tried on the same simulated futures, and scenarios should differ in what one
decides. `breakeven help questions` explains the idea. Tables and charts go to
OUT/SCENARIO/voi-KEYS/.")]
pub(super) struct VoiArguments {
    /// A scenario: a name (see `breakeven scenarios`) or the path of a .toml file
    #[arg(value_name = "SCENARIO")]
    scenario: String,
    #[command(flatten)]
    decision: DecisionArguments,
    /// Inputs to be known together, separated by commas; each input alone is always looked at; may be given several times
    #[arg(long, value_name = "KEY,KEY")]
    know: Vec<String>,
    /// A study: KEY:n=PEOPLE asks a yes-or-no question about a share, KEY:sd=ERROR measures; may be given several times
    #[arg(long, value_name = "KEY:n=N|KEY:sd=X")]
    study: Vec<StudyOf>,
    /// What a study costs in dollars: something fixed, and something for each person or measurement
    #[arg(long, value_name = "FIXED,PER", requires = "study")]
    study_cost: Option<Cost>,
    #[command(flatten)]
    simulation: SimulationArguments,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

/// Between what is chosen.
#[derive(Debug, Args)]
pub(super) struct DecisionArguments {
    /// An input that one may set, and its values: KEY=FROM:TO:STEP, KEY=FROM:TO/COUNT or KEY=A,B,C; once or twice
    #[arg(long, value_name = "KEY=VALUES")]
    pub(super) choose: Vec<Axis>,
    /// Choose between the scenario and these, separated by commas
    #[arg(long, value_name = "A,B", value_delimiter = ',', conflicts_with = "choose")]
    choose_scenario: Vec<String>,
    /// Add the option of not going ahead: it spends nothing and earns nothing
    #[arg(long)]
    or_nothing: bool,
    /// Add the option of stopping now: it earns nothing, and the investment (of the first option) is spent all the same
    #[arg(long, conflicts_with = "or_nothing")]
    or_stop: bool,
}

impl DecisionArguments {
    fn choices(
        &self,
        scenario: &Scenario,
        simulation: &SimulationArguments,
        cancel: &AtomicBool,
    ) -> Result<Choices, CliError> {
        if !self.choose.is_empty() {
            return Ok(Choices::Values(self.choose.clone()));
        }
        let mut others = Vec::new();
        for name in &self.choose_scenario {
            let other = simulation.load(name, cancel)?;
            // The scenario itself is among them anyhow.
            if other.name() != scenario.name() || other.files() != scenario.files() {
                others.push(other);
            }
        }
        Ok(if others.is_empty() { Choices::AsItIs } else { Choices::Scenarios(others) })
    }

    fn instead(&self) -> Option<Instead> {
        match (self.or_nothing, self.or_stop) {
            (true, _) => Some(Instead::Nothing),
            (_, true) => Some(Instead::Stop),
            _ => None,
        }
    }

    /// `voi-price.monthly-or-nothing`, `voi-music-like-price-war`.
    fn folder(&self) -> String {
        let inputs = self.choose.iter().map(|axis| axis.inputs.join("+"));
        let parts: Vec<String> = inputs.chain(self.choose_scenario.iter().cloned()).collect();
        let instead = self.instead().map(|instead| format!("or-{}", instead.name()));
        let parts: Vec<String> = std::iter::once("voi".to_owned()).chain(parts).chain(instead).collect();
        parts.join("-")
    }

    /// Checks the decision.
    pub(super) fn voi(
        &self,
        scenario: &Scenario,
        questions: Questions,
        simulation: &SimulationArguments,
        cancel: &AtomicBool,
    ) -> Result<Voi, CliError> {
        let choices = self.choices(scenario, simulation, cancel)?;
        Ok(Voi::new(scenario, choices, self.instead(), questions, simulation.sampling())?)
    }
}

impl Runs for VoiArguments {
    /// Looks at the decision, writes what was found, and says it.
    fn run(&self) -> Result<(), CliError> {
        let options = self.simulation.options(self.output.session.cancel())?;
        let scenario = self.simulation.load(&self.scenario, self.output.session.cancel())?;
        let know = self.know.iter().map(|names| listed(names)).collect();
        let questions = Questions { know, studies: self.study.clone(), cost: self.study_cost };
        let voi = self.decision.voi(&scenario, questions, &self.simulation, self.output.session.cancel())?;
        let place = self.output.place(&scenario, Some(&self.decision.folder()))?;
        let worth = progress::shown(scenario.name(), self.output.quiet, |progress| {
            voi.run(&Options { progress: Some(progress), ..options })
        })?;
        let delivered = results::deliver(Results::of_voi(&voi, &worth), place, &self.output, &options)?;
        for scenario in voi.scenarios() {
            self.output.warn_of(scenario);
        }
        self.output.warn_of_dropped(&scenario, voi.warnings());
        delivered.say(&self.output)?;
        results::print_json(&[delivered], &self.output)
    }

    fn output(&mut self) -> Option<&mut OutputArguments> {
        Some(&mut self.output)
    }
}

/// Names separated by commas outside of quotes: `market.refusal_rate,events."cheap, as with X"`.
fn listed(names: &str) -> Vec<String> {
    let mut in_quotes = false;
    let split = |c: char| {
        in_quotes ^= c == '"';
        c == ',' && !in_quotes
    };
    names.split(split).map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_comma_in_quotes_is_part_of_a_name() {
        assert_eq!(super::listed("a.b, events.\"cheap, as X\",c.d"), ["a.b", "events.\"cheap, as X\"", "c.d"]);
    }
}
