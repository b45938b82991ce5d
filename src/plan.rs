//! From a checked scenario to a plan that is ready to run: draws, model set-up, and the investment settled.

use std::sync::Arc;

use crate::distribution::Dist;
use crate::lanes::Lanes;
use crate::model::{self, Forget, Inputs, SegmentSetup, Setup, Workspace, simulate};
use crate::sampler::{DrawPlan, Drawn, Sampler, ShockStream};
use crate::scenario::keys::{KEYS, Key};
use crate::scenario::{InputId, PathDraws, Problem, Problems, Scenario, correlation_groups};
use crate::words;

/// Something that is drawn by itself on every path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Factor {
    /// An input that depends on no other.
    Input(String),
    /// Inputs that are correlated with each other.
    Group(Vec<String>),
    /// The start of an event, as `events.NAME`.
    Event(String),
    /// The monthly shocks, taken together.
    Shocks,
}

impl Factor {
    /// What the shocks are called.
    pub const SHOCKS: &str = "shocks";

    /// The names of what is drawn: inputs, `events.NAME`, `shocks`.
    #[must_use]
    pub fn names(self) -> Vec<String> {
        match self {
            Self::Input(name) | Self::Event(name) => vec![name],
            Self::Group(names) => names,
            Self::Shocks => vec![Self::SHOCKS.to_owned()],
        }
    }
}

/// A scenario ready to run with one seed.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) setup: Setup,
    pub(crate) draws: DrawPlan,
    pub(crate) shocks: Arc<ShockStream>,
    pub(crate) sampler: Sampler,
    pub(crate) seed: u64,
    /// The implied investment, where it is implied.
    implied_investment: Option<f64>,
    /// What is known of the draws beforehand.
    posterior: Option<Arc<PathDraws>>,
}

impl Plan {
    /// Prepares `scenario`: tabulates its distributions and settles an implied investment.
    /// All random numbers follow from `seed`, spread over the inputs' ranges by `sampler`.
    ///
    /// # Errors
    /// Where at the medians no investment can be recouped, so that none is implied; where correlations contradict each other.
    pub fn new(scenario: &Scenario, sampler: Sampler, seed: u64) -> Result<Self, Problems> {
        let implied_investment = implied_investment(scenario)?;
        Self::prepared(scenario, implied_investment, sampler, seed, &[])
    }

    /// A plan for another scenario with the luck of this one: an input has the same numbers behind its draws on path i. What is
    /// alike is shared, tables of distributions above all.
    ///
    /// # Errors
    /// As [`Plan::new`].
    pub fn beside(&self, scenario: &Scenario) -> Result<Self, Problems> {
        let implied_investment = implied_investment(scenario)?;
        Self::prepared(scenario, implied_investment, self.sampler, self.seed, &[self])
    }

    /// A plan with an implied investment that is settled already, and the errors of [`Plan::new`]; `near` are plans to share with, of the same sampler and seed.
    pub(crate) fn prepared(
        scenario: &Scenario,
        implied_investment: Option<f64>,
        sampler: Sampler,
        seed: u64,
        near: &[&Self],
    ) -> Result<Self, Problems> {
        let setup = setup_of(scenario);
        let implied = implied_investment.map(Dist::constant);
        let ids = InputId::all(scenario.segments());
        let names: Vec<String> = ids.iter().map(|id| id.name(scenario.segments())).collect();
        let inputs = ids.iter().zip(&names).map(|(id, name)| {
            let dist = match &implied {
                Some(investment) if id.key == Key::Investment => investment,
                _ => &scenario.value_of(*id).dist,
            };
            Drawn { name, dist, innermost: id.key.spec().range.innermost() }
        });
        let pairs: Vec<_> = scenario.correlations().iter().map(|c| c.pair(scenario.segments())).collect();
        let groups = correlation_groups(&pairs).map_err(|_| scenario.contradicting_correlations())?;
        let given: Vec<_> =
            scenario.given().iter().map(|(id, score)| (id.column(scenario.segments()), *score)).collect();
        let groups =
            groups.into_iter().map(|group| group.given(&given)).filter(|group| !group.members.is_empty()).collect();
        let events = scenario.events().iter().map(|event| (event.name.as_str(), event.annual_probability));
        let quiet = scenario.value(Key::AnnualVolatility).dist.constant_value() == Some(0.0);
        let alike = |plan: &&&Self| {
            let same_known = plan.posterior.as_ref().map(Arc::as_ptr) == scenario.posterior().map(Arc::as_ptr);
            plan.setup.months == setup.months && plan.shocks.is_quiet() == quiet && same_known
        };
        let new_shocks = || {
            let fresh = if quiet { ShockStream::Quiet } else { ShockStream::new(sampler, seed, setup.months) };
            scenario.posterior().into_iter().fold(Arc::new(fresh), ShockStream::with_known)
        };
        let shocks = near.iter().find(alike).map_or_else(new_shocks, |plan| Arc::clone(&plan.shocks));
        let near_draws: Vec<&DrawPlan> = near.iter().map(|plan| &plan.draws).collect();
        let draws = DrawPlan::new(sampler, seed, inputs, groups, events, &near_draws);
        let draws = scenario.posterior().into_iter().fold(draws, DrawPlan::with_known);
        let posterior = scenario.posterior().cloned();
        Ok(Self { setup, draws, shocks, sampler, seed, implied_investment, posterior })
    }

    /// How many of so many paths can be simulated: no more than there are known draws of.
    pub(crate) fn paths_of(&self, paths: u64) -> u64 {
        self.posterior.as_ref().map_or(paths, |draws| paths.min(draws.paths() as u64))
    }

    /// What is uncertain, in factors that are independent of each other: groups of correlated inputs, inputs by themselves, events,
    /// and the shocks where there are some.
    #[must_use]
    pub fn factors(&self) -> Vec<Factor> {
        let varied: Vec<(usize, &str)> = self.draws.varied().collect();
        let named = |column: &usize| varied.iter().find(|(i, _)| i == column).map(|(_, name)| (*name).to_owned());
        let groups = self.draws.groups().iter().map(|group| group.members.iter().filter_map(named).collect());
        let alone = varied.iter().filter(|(i, _)| self.draws.groups().iter().all(|group| !group.members.contains(i)));
        let events = self.draws.event_names().map(|name| Factor::Event(name.to_owned()));
        let shocks = (!self.shocks.is_quiet()).then_some(Factor::Shocks);
        let inputs = alone.map(|(_, name)| Factor::Input((*name).to_owned()));
        groups.map(Factor::Group).chain(inputs).chain(events).chain(shocks).collect()
    }

    /// The investment that the scenario implies, in dollars, where it is implied.
    #[must_use]
    pub fn implied_investment(&self) -> Option<f64> {
        self.implied_investment
    }
}

fn setup_of(scenario: &Scenario) -> Setup {
    // Where no segments are named there is one, of everyone.
    let segments = if scenario.segments().is_empty() {
        vec![segment_of(scenario, None)]
    } else {
        (0..scenario.segments().len()).map(|i| segment_of(scenario, Some(i))).collect()
    };
    Setup {
        months: scenario.months(),
        target: scenario.target(),
        investment_months: scenario.integer(Key::InvestmentMonths),
        events: scenario.events().to_vec(),
        named_segments: scenario.segments().len(),
        segments,
    }
}

fn segment_of(scenario: &Scenario, index: Option<usize>) -> SegmentSetup {
    let segment = index.map(|i| &scenario.segments()[i]);
    let own = |key: Key| segment.and_then(|s| s.values.get(&key));
    let columns = std::array::from_fn(|i| {
        let key = KEYS[i].key;
        let id = InputId { segment: index.filter(|_| own(key).is_some()), key };
        id.column(scenario.segments())
    });
    let whole = |key: Key| {
        let value = own(key).unwrap_or_else(|| scenario.value(key));
        value.dist.constant_value().unwrap_or(0.0) as usize
    };
    SegmentSetup {
        share: segment.map_or(1.0, |s| s.share),
        counts_toward_target: segment.is_none_or(|s| s.counts_toward_target),
        price_changes: segment
            .and_then(|s| s.price_changes.clone())
            .unwrap_or_else(|| scenario.price_changes().to_vec()),
        free_months: whole(Key::FreeMonths),
        efficiency_ramp_months: whole(Key::EfficiencyRampMonths),
        serves_by_tokens: scenario.serves_by_tokens(index),
        columns,
    }
}

/// The investment that the target would repay on the median path: every input at its median, no shocks, no events.
///
/// It follows from the scenario that says `implied_by`, before anything was laid over it.
fn implied_investment(scenario: &Scenario) -> Result<Option<f64>, Problems> {
    let Some(by) = scenario.implied_investment() else { return Ok(None) };
    let basis = scenario.basis();
    let setup = setup_of(basis);
    let median = |id: InputId| if id.key == Key::Investment { 0.0 } else { basis.value_of(id).dist.quantile(0.5) };
    let medians: Vec<Lanes> = InputId::all(basis.segments()).into_iter().map(|id| Lanes::splat(median(id))).collect();
    let target = setup.target;
    let quiet = Setup { events: Vec::new(), ..setup };
    let inputs = Inputs { columns: &medians, event_starts: &[], shocks: &[], noise: &[] };
    let (_, sums) = simulate(&quiet, &inputs, &mut Workspace::default(), &mut Forget);
    let investment = model::implied_investment(by, target, &sums);
    if investment > 0.0 && investment <= 1e15 {
        return Ok(Some(investment));
    }
    let message = if investment.is_finite() {
        let (people, sum) = (words::people(target), words::dollars(investment));
        format!("no investment is implied: with every input at its median, {people} subscribers would repay {sum}")
    } else {
        "no investment is implied: with every input at its median, nobody ever pays".to_owned()
    };
    let help = "raise the price, lower the costs, or write the investment as a number";
    let problem = match basis.investment_place() {
        Some(place) => {
            Problem::error(place.clone(), message, "expected a sum above zero and up to 1e15").with_help(help)
        }
        None => Problem::missing(message, help),
    };
    Err(Problems { files: basis.files().to_vec(), main: basis.main(), list: vec![problem] })
}
