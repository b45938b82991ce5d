//! What actual numbers change: a scenario before and after its first months are known.

use std::sync::Arc;

use super::at_odds::at_odds;
use super::learned::{Learned, quantiles};
use super::likelihood::{Likelihood, watch};
use super::posterior::{NoPosterior, PROMISED_EFFECTIVE, Posterior};
use super::score::Score;
use super::weights::Evidence;
use super::{AnalysisError, MOST_PATHS};
use crate::aggregate::Summary;
use crate::data::{Actuals, Observation};
use crate::engine::{self, Options, Threads, check_paths, watched};
use crate::plan::Plan;
use crate::sampler::Sampling;
use crate::scenario::{self, PathDraws, PosteriorSource, Scenario};
use crate::words;

/// Months of which numbers may be known: the noise of each is inferred too.
const MOST_MONTHS: usize = 240;
/// Paths from which the forecast of an observation is said.
const FORECAST: u64 = 65_536;

/// How observations are taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The relative error of observations that have none of their own, above 0.
    pub error: f64,
    /// The last months of observations that are not used, but scored.
    pub held_out: usize,
    /// The most paths that are weighed.
    pub max_paths: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { error: 0.1, held_out: 0, max_paths: super::DEFAULT_MAX_PATHS }
    }
}

/// A scenario that is to be conditioned on actual numbers.
///
/// ```
/// use breakeven::{analysis::{Conditioning, Settings}, data::Actuals, engine::Options, sampler::Sampling, scenario};
///
/// // Everyone joins in the one month there is and pays $2; that there are 1,000 ± 100 of them is thought. Then revenue is seen to
/// // be $2,300 ± $200, which says 1,150 ± 100. Both say equally much: there are 1,075 of them, ± 100 / √2.
/// let text = "[horizon]\nmonths = 1\n[target]\nsubscribers = 1\n[market]\nrefusal_rate = 0\n\
///     active_users = { normal = { mean = 1000, sd = 100, min = 200, max = 1800 } }\n\
///     [willingness]\nmedian_price = 1e9\nsteepness = 50\n[uptake]\nannual_innovation = 12\nannual_imitation = 0\n\
///     [retention]\nmonthly_churn = 0\n[price]\nmonthly = 2\n";
/// let file = |path: &str, text: &str| scenario::SourceFile { path: path.into(), text: text.into() };
/// let case = scenario::parse("case", file("case.toml", text)).unwrap();
/// let actuals = Actuals::parse(file("seen.csv", "month,series,value,sd\n1,revenue,2300,200\n"), &case).unwrap();
/// let conditioning = Conditioning::new(&case, actuals, Settings::default(), Sampling::of_paths(16_384))?;
/// let found = conditioning.run(&Options::default())?;
/// let (mean, sd) = found.learned[0].after.unwrap();
/// assert!((mean.value - 1075.0).abs() < 2.0 && (sd - 70.7).abs() < 2.0);
/// # Ok::<(), breakeven::analysis::AnalysisError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Conditioning {
    scenario: Scenario,
    plan: Plan,
    actuals: Actuals,
    settings: Settings,
    sampling: Sampling,
}

/// An observation beside what was forecast.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The observation.
    pub observation: Observation,
    /// Whether it was held out.
    pub held_out: bool,
    /// The prior's quantiles at 5, 50 and 95% of the simulated number, without the observation's own error.
    pub prior: [f64; 3],
    /// The posterior's.
    pub posterior: [f64; 3],
}

/// A scenario after its actual numbers.
#[derive(Clone, Debug)]
pub struct Conditioned {
    /// The scenario with the draws of the posterior.
    pub scenario: Scenario,
    /// Its plan.
    pub plan: Plan,
    /// What was expected before.
    pub before: Summary,
    /// What is expected now.
    pub after: Summary,
    /// Every observation.
    pub seen: Vec<Seen>,
    /// Every uncertain input and event.
    pub learned: Vec<Learned>,
    /// How the months that were held out were forecast from those that were used.
    pub score: Option<Score>,
    /// The evidence for the scenario.
    pub evidence: Evidence,
    /// How many independent paths the weighed ones are worth.
    pub effective: f64,
    /// Paths that were weighed.
    pub weighed: u64,
    /// Whether they had to be tried from elsewhere than the prior.
    pub adapted: bool,
}

impl Conditioned {
    /// Whether it is worth as many independent paths as it should be.
    #[must_use]
    pub fn is_precise(&self) -> bool {
        self.effective >= PROMISED_EFFECTIVE
    }
}

impl Conditioning {
    /// Checks what is asked.
    ///
    /// # Errors
    /// Where the scenario makes no plan, no observation is left to use, the error is not above 0, or there are too many months or
    /// paths.
    pub fn new(
        scenario: &Scenario,
        actuals: Actuals,
        settings: Settings,
        sampling: Sampling,
    ) -> Result<Self, AnalysisError> {
        check_paths(sampling.paths)?;
        check_paths(settings.max_paths)?;
        let asked = |message: String| Err(AnalysisError::Asked(message));
        if sampling.paths.max(settings.max_paths) > MOST_PATHS {
            return asked(format!("at most {} paths can be weighed", words::count(MOST_PATHS)));
        }
        if !(settings.error > 0.0 && settings.error <= 10.0) {
            return asked(format!(
                "an error of {}: expected a number above 0 and up to 10, such as 0.1",
                settings.error
            ));
        }
        let (used, _) = actuals.split(settings.held_out);
        let Some(last) = used.last() else {
            return asked("no month is left to learn from: hold out fewer".to_owned());
        };
        if last.month > MOST_MONTHS {
            return asked(format!("month {}: at most {MOST_MONTHS} months can be known", last.month));
        }
        let plan = Plan::new(scenario, sampling.sampler, sampling.seed)?;
        Ok(Self { scenario: scenario.clone(), plan, actuals, settings, sampling })
    }

    /// That from which a posterior was learned, as it is with these paths.
    ///
    /// # Errors
    /// As [`Conditioning::new`], and where a file is wrong.
    pub fn again(source: &PosteriorSource, sampling: Sampling) -> Result<Self, AnalysisError> {
        let scenario = scenario::reload(&source.name, source.files.clone(), source.main)?;
        let actuals = Actuals::parse(source.actuals.clone(), &scenario)?;
        let settings = Settings { error: source.error, held_out: source.held_out, max_paths: source.max_paths };
        Self::new(&scenario, actuals, settings, sampling)
    }

    /// `scenario` with the posterior, named after the results in which it was learned: those of `source`.
    ///
    /// # Errors
    /// As [`Conditioning::posterior`].
    pub fn given_to(
        &self,
        scenario: &Scenario,
        source: &Arc<PosteriorSource>,
        options: &Options<'_>,
    ) -> Result<Scenario, AnalysisError> {
        let learned = self.posterior(options)?;
        let draws = learned.known_draws();
        Ok(draws
            .map_or_else(|| scenario.clone(), |draws| scenario.with_posterior(draws).given_results(Arc::clone(source))))
    }

    /// The scenario as it was.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Its plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The actual numbers.
    #[must_use]
    pub fn actuals(&self) -> &Actuals {
        &self.actuals
    }

    /// Paths of the posterior that are asked for.
    #[must_use]
    pub fn paths(&self) -> u64 {
        self.sampling.paths
    }

    /// How they are taken.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.settings
    }

    /// The scenario with the draws of the posterior.
    ///
    /// # Errors
    /// Where observations and scenario are at odds, it is interrupted, or threads cannot be started.
    pub fn posterior(&self, options: &Options<'_>) -> Result<Scenario, AnalysisError> {
        let threads = Threads::new(options)?;
        Ok(self.scenario.with_posterior(self.draws(self.found(&threads)?.draws)))
    }

    /// Draws that say what they follow from.
    fn draws(&self, draws: Arc<PathDraws>) -> Arc<PathDraws> {
        let texts = self.scenario.files().iter().map(|file| file.text.as_str());
        let texts: Vec<&str> = texts.chain([self.actuals.file().text.as_str()]).collect();
        let origin = format!("{:?} {:?} {}", self.settings, self.sampling, texts.join("\n"));
        let mut draws = Arc::unwrap_or_clone(draws);
        draws.origin = origin;
        Arc::new(draws)
    }

    /// The last month that is learned from.
    #[must_use]
    pub fn last_month(&self) -> usize {
        self.used().last().map_or(0, |seen| seen.month)
    }

    fn used(&self) -> &[Observation] {
        self.actuals.split(self.settings.held_out).0
    }

    fn found(&self, threads: &Threads<'_>) -> Result<Posterior, AnalysisError> {
        let likelihood = Likelihood::new(self.used(), self.settings.error);
        let limits = (self.sampling.paths, self.settings.max_paths);
        let (found, forecast) = Posterior::find(&self.plan, &likelihood, limits, threads);
        found.map_err(|error| match error {
            NoPosterior::Run(error) => AnalysisError::Run(error),
            NoPosterior::TooLarge => {
                AnalysisError::Asked("so many paths and inputs do not fit into memory: take fewer --paths".to_owned())
            }
            NoPosterior::AtOdds { effective, weighed } => {
                AnalysisError::AtOdds(at_odds(self.used(), self.settings.error, &forecast, effective, weighed))
            }
        })
    }

    /// Simulates before and after, and says what was learned.
    ///
    /// # Errors
    /// As [`Conditioning::posterior`], and where money overflows.
    pub fn run(&self, options: &Options<'_>) -> Result<Conditioned, AnalysisError> {
        let threads = Threads::new(options)?;
        let Posterior { draws, evidence, effective, weighed, adapted } = self.found(&threads)?;
        let draws = self.draws(draws);
        let scenario = self.scenario.with_posterior(Arc::clone(&draws));
        let plan = self.plan.beside(&scenario)?;
        let before = engine::run(&self.plan, self.sampling.paths, options)?;
        let after = engine::run(&plan, draws.paths() as u64, options)?;
        let all = watch(self.actuals.observations());
        let prior = watched(&self.plan, &all, self.sampling.paths.min(FORECAST), &threads)?;
        let posterior = watched(&plan, &all, (draws.paths() as u64).min(FORECAST), &threads)?;
        let (used, held_out) = self.actuals.split(self.settings.held_out);
        let score = (!held_out.is_empty())
            .then(|| Score::of(held_out, &posterior[used.len()..], self.settings.error, self.sampling.seed));
        let seen = self.actuals.observations().iter().enumerate().map(|(i, observation)| Seen {
            observation: observation.clone(),
            held_out: i >= used.len(),
            prior: quantiles(&prior[i]),
            posterior: quantiles(&posterior[i]),
        });
        let seen = seen.collect();
        let inputs = self.plan.draws.varied().map(|(column, name)| {
            let unit = self.scenario.unit_of_column(column);
            Learned::of_input(name, unit, |p| self.plan.draws.quantile(column, p), draws.drawn(name).unwrap_or(&[]))
        });
        let (last, months) = (self.last_month(), self.scenario.months());
        let events = self.scenario.events().iter().map(|event| {
            let name = format!("events.{}", event.name);
            let starts = draws.drawn(&name).unwrap_or(&[]);
            Learned::of_event(name, event.annual_probability, starts, last, months)
        });
        let learned = inputs.chain(events).collect();
        Ok(Conditioned { scenario, plan, before, after, seen, learned, score, evidence, effective, weighed, adapted })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::Question;
    use crate::scenario::SourceFile;

    /// Everyone of A0 joins in the one month there is and pays $2: revenue = 2 A0.
    fn one_period() -> Scenario {
        let text = "[horizon]\nmonths = 1\n[target]\nsubscribers = 1\n[market]\nrefusal_rate = 0\n\
            active_users = { normal = { mean = 1000, sd = 100, min = 200, max = 1800 } }\n\
            [willingness]\nmedian_price = 1e9\nsteepness = 50\n[uptake]\nannual_innovation = 12\nannual_imitation = 0\n\
            [retention]\nmonthly_churn = 0\n[price]\nmonthly = 2\n\
            [costs]\nmonthly_fixed = { normal = { mean = 1800, sd = 300, min = 0, max = 4000 } }\n\
            [[correlations]]\ninputs = [\"market.active_users\", \"costs.monthly_fixed\"]\nrank = 0.5\n";
        scenario::parse("one", SourceFile { path: "one.toml".to_owned(), text: text.to_owned() }).unwrap()
    }

    fn actuals(scenario: &Scenario, text: &str) -> Actuals {
        Actuals::parse(SourceFile { path: "actuals.csv".to_owned(), text: text.to_owned() }, scenario).unwrap()
    }

    fn found(scenario: &Scenario, text: &str, settings: Settings, paths: u64, seed: u64) -> Conditioned {
        let sampling = Sampling { seed, ..Sampling::of_paths(paths) };
        let conditioning = Conditioning::new(scenario, actuals(scenario, text), settings, sampling).unwrap();
        conditioning.run(&Options::default()).unwrap()
    }

    /// Exact: precision 1/s² + m²/τ²; evidence N(y; a·m, s²m² + τ²); the fixed cost moves by its Pearson correlation.
    #[test]
    fn one_normal_observation_gives_the_conjugate_posterior() {
        let scenario = one_period();
        // The second lies six standard deviations of the prior out, and needs another proposal.
        for (y, tau, adapted) in [(2300.0, 150.0, false), (3100.0, 20.0, true)] {
            let text = format!("month,series,value,sd\n1,revenue,{y},{tau}\n");
            let found = found(&scenario, &text, Settings::default(), 16_384, 1);
            assert_eq!(found.adapted, adapted);
            let (s, m) = (100.0_f64, 2.0_f64);
            let variance = 1.0 / (1.0 / (s * s) + m * m / (tau * tau));
            let mean = 1000.0 + variance * m * (y - 2000.0) / (tau * tau);
            let learned = |name: &str| found.learned.iter().find(|learned| learned.name == name).unwrap();
            let users = learned("market.active_users");
            let (estimate, sd) = users.after.unwrap();
            assert!((estimate.value - mean).abs() < 4.0 * estimate.se.unwrap(), "{estimate:?} for {mean}");
            assert!(
                (sd / variance.sqrt() - 1.0).abs() < 4.0 / (2.0 * found.effective).sqrt(),
                "{sd}, {}",
                variance.sqrt()
            );
            let spread = s * s * m * m + tau * tau;
            let expected = -0.5 * (y - 2000.0).powi(2) / spread - 0.5 * (std::f64::consts::TAU * spread).ln();
            let Evidence { log, se } = found.evidence;
            assert!((log - expected).abs() < 4.0 * se && se < 0.05, "{log} ± {se} for {expected}");
            let rho = 2.0 * (std::f64::consts::PI * 0.5 / 6.0).sin();
            let fixed = 1800.0 + rho * 300.0 / s * (mean - 1000.0);
            let (estimate, _) = learned("costs.monthly_fixed").after.unwrap();
            assert!((estimate.value - fixed).abs() < 4.0 * estimate.se.unwrap(), "{estimate:?} for {fixed}");
            // NPV is revenue less the fixed cost.
            let npv = found.after.outcome(crate::model::Outcome::Npv).unwrap().mean.unwrap();
            assert!((npv.value - (2.0 * mean - fixed)).abs() < 4.0 * npv.se.unwrap(), "{npv:?}");
        }
    }

    #[test]
    fn a_year_of_exact_numbers_is_found_or_refused_and_threads_leave_no_trace() {
        let scenario = scenario::load("baseline").unwrap();
        // Made by the scenario itself: one path of it.
        let plan = Plan::new(&scenario, Sampling::default().sampler, 77).unwrap();
        let lines = |of: &dyn Fn(usize) -> f64| {
            (2..=13).map(|t| format!("{t},paying,{}", of(t))).collect::<Vec<_>>().join("\n")
        };
        let text = lines(&|_| 1.0);
        let all = watch(actuals(&scenario, &format!("month,series,value\n{text}")).observations());
        let options = Options::default();
        let path = watched(&plan, &all, 64, &Threads::new(&options).unwrap()).unwrap();
        let rows = lines(&|t| path[t - 2][5]);
        let text = format!("month,series,value\n{rows}");
        let settings = Settings { error: 0.02, held_out: 2, ..Settings::default() };
        let first = found(&scenario, &text, settings, 8192, 1);
        assert!(first.adapted && first.is_precise(), "{}", first.effective);
        let paid = first.after.probability(Question::TargetReached).unwrap();
        assert_eq!(first.seen.iter().filter(|seen| seen.held_out).count(), 2);
        assert!(first.score.unwrap().as_far.unwrap() > 0.001);
        // Observations pull the forecast to themselves.
        let last = &first.seen[9];
        assert!(last.posterior[0] < last.observation.value && last.observation.value < last.posterior[2]);
        assert!(last.posterior[2] - last.posterior[0] < 0.3 * (last.prior[2] - last.prior[0]));
        let conditioning = Conditioning::new(&scenario, actuals(&scenario, &text), settings, Sampling::of_paths(8192));
        let again = conditioning.unwrap().run(&Options { threads: Some(1), ..options }).unwrap();
        assert_eq!(again.after.probability(Question::TargetReached).unwrap(), paid);
        assert_eq!((again.effective, again.evidence), (first.effective, first.evidence));
    }

    #[test]
    fn what_no_future_reaches_is_refused_with_its_line() {
        let scenario = scenario::load("baseline").unwrap();
        let text = "month,series,value\n2,paying,300000\n3,paying,90000000\n";
        let settings = Settings { error: 0.01, ..Settings::default() };
        let conditioning =
            Conditioning::new(&scenario, actuals(&scenario, text), settings, Sampling::of_paths(4096)).unwrap();
        let error = conditioning.run(&Options::default()).unwrap_err().to_string();
        assert!(error.contains("line 3: paying of month 3 was 90"), "{error}");
    }
}
