//! The equations of one path, month by month, written over sixteen paths at once.
//!
//! Pure: inputs and shocks in, a monthly series and outcomes out. Nothing here knows where a number was drawn
//! or what becomes of it. One family of equations per file; [`path`] is the month loop that ties them together.

mod cash;
mod demand;
mod outcome;
mod path;
mod rate;
mod retention;
mod shock;
mod subscriber;
mod uptake;

use crate::lanes::Lanes;
use crate::scenario::keys::{KEY_COUNT, Key};
use crate::scenario::{Event, ImpliedBy, PriceChange};

pub use outcome::Outcome;
pub(crate) use outcome::{OUTCOME_COUNT, OUTCOMES, OutcomeKind, OutcomeSpec, Outcomes};
pub(crate) use path::{Workspace, add_rate, simulate};
pub(crate) use shock::{event_start, noise};
pub(crate) use subscriber::{COMPONENTS, subscriber};

/// The equations, as the documentation and reports show them.
#[cfg(any(feature = "cli", feature = "report"))]
pub(crate) const EQUATIONS: &str = include_str!("equations.txt");

/// Everything about a scenario that is the same on every path.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    /// T.
    pub(crate) months: usize,
    /// G.
    pub(crate) target: f64,
    /// kI.
    pub(crate) investment_months: usize,
    pub(crate) events: Vec<Event>,
    /// How many segments are recorded one by one: all of them, or none where the scenario names none.
    pub(crate) named_segments: usize,
    pub(crate) segments: Vec<SegmentSetup>,
}

/// Everything about a segment that is the same on every path.
#[derive(Clone, Debug)]
pub(crate) struct SegmentSetup {
    /// Share of the active users.
    pub(crate) share: f64,
    pub(crate) counts_toward_target: bool,
    /// List price from a month on, in order.
    pub(crate) price_changes: Vec<PriceChange>,
    /// f.
    pub(crate) free_months: usize,
    /// kh.
    pub(crate) efficiency_ramp_months: usize,
    /// Whether v0 comes from requests, tokens and their price.
    pub(crate) serves_by_tokens: bool,
    /// For each key the column of drawn inputs that this segment reads.
    pub(crate) columns: [usize; KEY_COUNT],
}

/// The inputs of sixteen paths.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inputs<'a> {
    /// One column per drawn input.
    pub(crate) columns: &'a [Lanes],
    /// Month in which each event starts; infinite where it never does.
    pub(crate) event_starts: &'a [Lanes],
    /// A standard normal number for each month from 0 on; empty where there is no noise.
    pub(crate) shocks: &'a [Lanes],
    /// ε_t for each month from 0 on, where several cases have the same; empty where each works it out by itself.
    pub(crate) noise: &'a [Lanes],
}

impl SegmentSetup {
    #[inline(always)]
    fn input(&self, inputs: &Inputs<'_>, key: Key) -> Lanes {
        inputs.columns[self.columns[key as usize]]
    }
}

/// Receives the monthly series of sixteen paths.
pub(crate) trait Record {
    /// Month `t` of every series, in the order of [`SERIES`].
    fn month(&mut self, t: usize, series: &[Lanes; SERIES_COUNT]);

    /// Month `t` ≥ 1 of a named segment. `discount` is D_t.
    fn segment(&mut self, t: usize, segment: usize, month: &SegmentMonth, discount: Lanes);
}

/// A month of one segment on sixteen paths.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SegmentMonth {
    /// In the order of [`SEGMENT_SERIES`].
    pub(crate) series: [Lanes; SEGMENT_SERIES_COUNT],
    /// u_t.
    pub(crate) margin: Lanes,
    /// r_{t−1} (p_t (1 − e)·[t > f] + a − v_t − s): what a subscriber who joined at launch brings, not discounted.
    pub(crate) earned: Lanes,
}

/// Nothing is kept of the months.
pub(crate) struct Forget;

impl Record for Forget {
    #[inline(always)]
    fn month(&mut self, _: usize, _: &[Lanes; SERIES_COUNT]) {}

    #[inline(always)]
    fn segment(&mut self, _: usize, _: usize, _: &SegmentMonth, _: Lanes) {}
}

/// A monthly series: its name and unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Series {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
}

/// How many monthly series there are.
pub(crate) const SERIES_COUNT: usize = 8;

/// The monthly series, in the order of `monthly.csv`.
pub(crate) const SERIES: [Series; SERIES_COUNT] = [
    Series { name: "subscribers", unit: "persons" },
    Series { name: "paying", unit: "persons" },
    Series { name: "additions", unit: "persons/month" },
    Series { name: "leavers", unit: "persons/month" },
    Series { name: "revenue", unit: "$/month" },
    Series { name: "serving_cost", unit: "$/month" },
    Series { name: "cash_flow", unit: "$/month" },
    Series { name: "cumulative_cash", unit: "$" },
];

/// How many monthly series a named segment has.
pub(crate) const SEGMENT_SERIES_COUNT: usize = 7;

/// The monthly series of a named segment: the first six are those of [`SERIES`].
pub(crate) const SEGMENT_SERIES: [Series; SEGMENT_SERIES_COUNT] = [
    SERIES[0],
    SERIES[1],
    SERIES[2],
    SERIES[3],
    SERIES[4],
    SERIES[5],
    Series { name: "contribution", unit: "$/month" },
];

/// Where the two series with a full fan stand in [`SERIES`].
pub(crate) const PAYING: usize = 1;
pub(crate) const CUMULATIVE_CASH: usize = 7;

/// The investment that a number of subscribers would repay on one path without shocks and events.
///
/// `Target`: I = (G · Σ D_t u_t − F Σ D_t + theirs) / (Σ_{t<kI} D_t / kI), flat from day one.
/// `TargetRamp`: with Σ D_t V_t · G / peak in place of G · Σ D_t u_t. The path must have no investment.
pub(crate) fn implied_investment(by: ImpliedBy, target: f64, sums: &outcome::PathSums) -> f64 {
    let earned = match by {
        ImpliedBy::Target => target * sums.margin.0[0],
        ImpliedBy::TargetRamp => target / sums.peak.0[0] * sums.counting_cash.0[0],
    };
    (earned + sums.other_cash.0[0] - sums.fixed.0[0]) / sums.investment_weight.0[0]
}

#[cfg(any(test, feature = "internals"))]
mod oracle;
#[cfg(any(test, feature = "internals"))]
#[cfg_attr(not(feature = "internals"), allow(unused_imports))]
pub(crate) use oracle::scalar;
#[cfg(test)]
mod tests;
