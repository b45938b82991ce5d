//! From a checked scenario to a plan that is ready to run: draws, model set-up, and the investment settled.

use crate::distribution::Dist;
use crate::lanes::Lanes;
use crate::model::{self, Inputs, Record, SERIES_COUNT, SegmentSetup, Setup, Shocks, Workspace, simulate};
use crate::sampler::{DrawPlan, Drawn, Sampler, ShockStream};
use crate::scenario::keys::{KEY_COUNT, Key};
use crate::scenario::{Problem, Problems, Scenario, correlation_groups};
use crate::words;

/// A scenario ready to run with one seed.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) setup: Setup,
    pub(crate) draws: DrawPlan,
    pub(crate) shocks: ShockStream,
    pub(crate) sampler: Sampler,
    pub(crate) seed: u64,
    /// The implied investment, where it is implied.
    implied_investment: Option<f64>,
}

impl Plan {
    /// Prepares `scenario`: tabulates its distributions and settles an implied investment.
    ///
    /// # Errors
    /// Where at the medians no investment can be recouped, so that none is implied.
    pub fn new(scenario: &Scenario, seed: u64) -> Result<Self, Problems> {
        let setup = setup_of(scenario);
        let implied_investment = implied_investment(scenario, &setup)?;
        let implied = implied_investment.map(Dist::constant);
        let inputs = Key::all().map(|key| {
            let value = scenario.value(key);
            let dist = match &implied {
                Some(investment) if key == Key::Investment => investment,
                _ => &value.dist,
            };
            Drawn { name: key.name(), dist, innermost: key.spec().range.innermost() }
        });
        let pairs: Vec<_> =
            scenario.correlations.iter().map(|c| (c.inputs[0] as usize, c.inputs[1] as usize, c.rank)).collect();
        // The checks have made sure that the correlations can exist.
        let groups = correlation_groups(&pairs).unwrap_or_default();
        let events = scenario.events.iter().map(|event| (event.name.as_str(), event.annual_probability));
        let sampler = Sampler::Random;
        Ok(Self {
            draws: DrawPlan::new(sampler, seed, inputs, groups, events),
            setup,
            shocks: ShockStream::new(seed),
            sampler,
            seed,
            implied_investment,
        })
    }

    /// The investment that the scenario implies, in dollars, where it is implied.
    #[must_use]
    pub fn implied_investment(&self) -> Option<f64> {
        self.implied_investment
    }
}

fn setup_of(scenario: &Scenario) -> Setup {
    let columns: [usize; KEY_COUNT] = std::array::from_fn(|i| i);
    Setup {
        months: scenario.months(),
        target: scenario.target(),
        investment_months: scenario.integer(Key::InvestmentMonths),
        events: scenario.events.clone(),
        noisy: scenario.value(Key::AnnualVolatility).dist.constant_value() != Some(0.0),
        segments: vec![SegmentSetup {
            share: 1.0,
            counts_toward_target: true,
            price_changes: scenario.price_changes.clone(),
            free_months: scenario.integer(Key::FreeMonths),
            efficiency_ramp_months: scenario.integer(Key::EfficiencyRampMonths),
            serves_by_tokens: scenario.serves_by_tokens(),
            columns,
        }],
    }
}

/// Nothing is kept of the months.
struct Forget;

impl Record for Forget {
    #[inline(always)]
    fn month(&mut self, _: usize, _: &[Lanes; SERIES_COUNT]) {}
}

/// The investment that the target would repay on the median path: every input at its median, no shocks, no events.
fn implied_investment(scenario: &Scenario, setup: &Setup) -> Result<Option<f64>, Problems> {
    let Some(by) = scenario.implied_investment else { return Ok(None) };
    let medians: Vec<Lanes> = Key::all()
        .map(|key| {
            let dist = &scenario.value(key).dist;
            Lanes::splat(if key == Key::Investment { 0.0 } else { dist.quantile(0.5) })
        })
        .collect();
    let quiet = Setup { events: Vec::new(), noisy: false, ..setup.clone() };
    let inputs = Inputs { columns: &medians, event_starts: &[] };
    let mut shocks = Shocks::new([0; crate::lanes::LANES]);
    let (_, sums) = simulate(&quiet, &inputs, &mut shocks, &mut Workspace::default(), &mut Forget);
    let investment = model::implied_investment(by, setup.target, &sums);
    if investment > 0.0 && investment <= 1e15 {
        return Ok(Some(investment));
    }
    let message = format!(
        "no investment is implied: with every input at its median, {} subscribers would repay {}",
        words::people(setup.target),
        words::dollars(investment)
    );
    let problem = Problem::error(scenario.investment_span.clone(), message, "nothing above zero can be recouped here")
        .with_help("raise the price, lower the costs, or write the investment as a number");
    Err(Problems { file: scenario.file.clone(), list: vec![problem] })
}
