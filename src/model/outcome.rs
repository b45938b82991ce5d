//! What is kept of a path: the outcomes, and the discounted sums that they come from.

use super::{Inputs, SegmentSetup, Setup};
use crate::lanes::Lanes;
use crate::scenario::keys::Key;

/// Decides months and probabilities by more than rounding.
const SLACK: f64 = 1e-9;

/// An outcome of a path, in the order of `summary.csv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Net present value: Σ D_t CF_t, $.
    Npv,
    /// First month in which cumulative cash is at or above zero again; infinite where it never is.
    PaybackMonth,
    /// The same for discounted cash.
    DiscountedPaybackMonth,
    /// First month whose variable cash covers the fixed cost.
    OperatingBreakEvenMonth,
    /// First month with as many paying subscribers as the target.
    TargetMonth,
    /// Most paying subscribers in any month.
    PeakSubscribers,
    /// Paying subscribers in the last month.
    FinalSubscribers,
    /// Who would pay the price in the last month.
    PossibleSubscribers,
    /// Everyone who ever subscribed for the first time.
    EverSubscribed,
    /// Paying subscribers as a share of active users in the last month.
    FinalShare,
    /// Most money ever sunk, $.
    PeakFunding,
    /// The sum to recoup, $.
    Investment,
    /// The sum that the path could have repaid, $.
    AffordableInvestment,
    /// Subscribers, flat from day one, that would break even; may be infinite.
    BreakEvenSubscribers,
    /// Peak with which the path would have an NPV of zero; may be infinite.
    RequiredPeakSubscribers,
    /// What a subscriber who joins at launch brings, $.
    Ltv,
    /// That over the acquisition cost; may be infinite.
    LtvCac,
    /// Dollars per subscriber and month at the end.
    ContributionMargin,
    /// Internal rate of return, 1/year: at which NPV over the horizon is zero. Infinite where the path has none, or several.
    Irr,
    /// Multiple on invested capital: Σ_{t≥1} (V_t − F) / I, not discounted; infinite where nothing is invested.
    Moic,
}

impl Outcome {
    /// Its name in the tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        OUTCOMES[self as usize].name
    }

    /// The unit of its numbers.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        OUTCOMES[self as usize].unit
    }
}

impl AsRef<str> for Outcome {
    fn as_ref(&self) -> &str {
        self.name()
    }
}

/// What kind of number an outcome is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OutcomeKind {
    /// Always a finite number.
    Finite,
    /// A number that may be infinite.
    MayBeInfinite,
    /// A month up to the horizon, or infinite where it is never reached.
    Month,
    /// A number that some paths do not have, and is infinite there: what is said of it is said of the others.
    OnSome,
}

impl OutcomeSpec {
    /// Why nobody can ask for its mean over all paths.
    pub(crate) fn has_no_mean(&self) -> String {
        match self.kind {
            OutcomeKind::OnSome => {
                format!("some paths may have no `{}`, so it has no mean over all of them", self.name)
            }
            _ => format!("`{}` has no mean where a path never gets there", self.name),
        }
    }
}

impl OutcomeKind {
    /// Whether infinity stands for no number.
    pub(crate) fn may_be_missing(self) -> bool {
        matches!(self, Self::Month | Self::OnSome)
    }
}

/// Name, unit and kind of an outcome.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OutcomeSpec {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) kind: OutcomeKind,
}

const fn spec(name: &'static str, unit: &'static str, kind: OutcomeKind) -> OutcomeSpec {
    OutcomeSpec { name, unit, kind }
}

/// How many outcomes a path has.
pub(crate) const OUTCOME_COUNT: usize = OUTCOMES.len();

/// Every outcome, in the order of [`Outcome`].
pub(crate) const OUTCOMES: &[OutcomeSpec] = {
    use OutcomeKind::{Finite, MayBeInfinite, Month, OnSome};
    &[
        spec("npv", "$", Finite),
        spec("payback_month", "month", Month),
        spec("discounted_payback_month", "month", Month),
        spec("operating_break_even_month", "month", Month),
        spec("target_month", "month", Month),
        spec("peak_subscribers", "persons", Finite),
        spec("final_subscribers", "persons", Finite),
        spec("possible_subscribers", "persons", Finite),
        spec("ever_subscribed", "persons", Finite),
        spec("final_share", "share", Finite),
        spec("peak_funding", "$", Finite),
        spec("investment", "$", Finite),
        spec("affordable_investment", "$", Finite),
        spec("break_even_subscribers", "persons", MayBeInfinite),
        spec("required_peak_subscribers", "persons", MayBeInfinite),
        spec("ltv", "$", Finite),
        spec("ltv_cac", "1", MayBeInfinite),
        spec("contribution_margin", "$/subscriber/month", Finite),
        spec("irr", "1/year", OnSome),
        spec("moic", "1", OnSome),
    ]
};

/// The outcomes of sixteen paths; a month that is never reached is infinite.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcomes(pub(crate) [Lanes; OUTCOME_COUNT]);

impl Outcomes {
    #[inline(always)]
    pub(crate) fn get(&self, outcome: Outcome) -> Lanes {
        self.0[outcome as usize]
    }
}

/// Discounted sums over a path, for the outcomes and for an implied investment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PathSums {
    /// Σ_{t<kI} D_t / kI.
    pub(crate) investment_weight: Lanes,
    /// F Σ_{t≥1} D_t.
    pub(crate) fixed: Lanes,
    /// Σ_{t≥1} D_t u_t, averaged over the segments that count.
    pub(crate) margin: Lanes,
    /// Σ_{t≥1} D_t V_t of the segments that count.
    pub(crate) counting_cash: Lanes,
    /// … and of the others.
    pub(crate) other_cash: Lanes,
    /// max P_t.
    pub(crate) peak: Lanes,
}

/// One month of a path, all segments together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Month {
    pub(super) paying: Lanes,
    pub(super) first_adoptions: Lanes,
    pub(super) possible: Lanes,
    /// A_t.
    pub(super) active: Lanes,
    pub(super) counting_cash: Lanes,
    pub(super) other_cash: Lanes,
    /// Averages over the segments that count.
    pub(super) margin: Lanes,
    pub(super) ltv: Lanes,
}

impl Month {
    pub(super) const NOTHING: Self = Self {
        paying: Lanes::ZERO,
        first_adoptions: Lanes::ZERO,
        possible: Lanes::ZERO,
        active: Lanes::ZERO,
        counting_cash: Lanes::ZERO,
        other_cash: Lanes::ZERO,
        margin: Lanes::ZERO,
        ltv: Lanes::ZERO,
    };
}

/// max(0, numerator) / denominator, infinite where the denominator is not positive.
#[inline(always)]
fn over(numerator: Lanes, denominator: Lanes) -> Lanes {
    let works = Lanes::ZERO.lt(denominator);
    works.select(numerator.or_zero() / works.select(denominator, Lanes::ONE), Lanes::splat(f64::INFINITY))
}

/// Follows a path's money and people, and settles its outcomes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tracker {
    target: Lanes,
    investment_months: usize,
    investment: Lanes,
    fixed: Lanes,
    acquisition: Lanes,
    monthly_discount: Lanes,
    /// D_t.
    discount: Lanes,
    total_discount: Lanes,
    sums: PathSums,
    ltv: Lanes,
    /// Σ D·CF so far.
    discounted: Lanes,
    /// cum_t.
    pub(super) cumulative: Lanes,
    /// CF_t.
    pub(super) cash_flow: Lanes,
    lowest: Lanes,
    allowed_shortfall: Lanes,
    ever: Lanes,
    payback: Lanes,
    discounted_payback: Lanes,
    operating: Lanes,
    reached: Lanes,
}

impl Tracker {
    /// Month 0: the first instalment of the investment. `acquisition` is the average C of those who count.
    #[inline(always)]
    pub(super) fn new(setup: &Setup, inputs: &Inputs<'_>, acquisition: Lanes) -> Self {
        let common: &SegmentSetup = &setup.segments[0];
        let get = |key| common.input(inputs, key);
        let investment = get(Key::Investment);
        let instalment = investment / setup.investment_months as f64;
        let never = Lanes::splat(f64::INFINITY);
        Self {
            target: Lanes::splat(setup.target * (1.0 - SLACK)),
            investment_months: setup.investment_months,
            investment,
            fixed: get(Key::MonthlyFixed),
            acquisition,
            monthly_discount: (1.0 + get(Key::AnnualDiscountRate)).pow(Lanes::splat(-1.0 / 12.0)),
            discount: Lanes::ONE,
            total_discount: Lanes::ZERO,
            sums: PathSums {
                investment_weight: Lanes::splat(1.0 / setup.investment_months as f64),
                fixed: Lanes::ZERO,
                margin: Lanes::ZERO,
                counting_cash: Lanes::ZERO,
                other_cash: Lanes::ZERO,
                peak: Lanes::ZERO,
            },
            ltv: Lanes::ZERO,
            discounted: -instalment,
            cumulative: -instalment,
            cash_flow: -instalment,
            lowest: -instalment,
            allowed_shortfall: -SLACK * investment.max(Lanes::ONE),
            ever: Lanes::ZERO,
            payback: never,
            discounted_payback: never,
            operating: never,
            reached: never,
        }
    }

    /// D_t of the month that comes next.
    #[inline(always)]
    pub(super) fn next_discount(&self) -> Lanes {
        self.discount * self.monthly_discount
    }

    /// Month t ≥ 1.
    #[inline(always)]
    pub(super) fn month(&mut self, t: usize, month: &Month) {
        self.discount = self.next_discount();
        self.total_discount += self.discount;
        let operating = (month.counting_cash + month.other_cash) - self.fixed;
        self.cash_flow = operating;
        if t < self.investment_months {
            let months = self.investment_months as f64;
            self.cash_flow = self.cash_flow - self.investment / months;
            self.sums.investment_weight += self.discount / months;
        }
        self.cumulative += self.cash_flow;
        self.discounted += self.discount * self.cash_flow;
        self.lowest = self.lowest.min(self.cumulative);
        self.sums.margin += self.discount * month.margin;
        self.sums.counting_cash += self.discount * month.counting_cash;
        self.sums.other_cash += self.discount * month.other_cash;
        self.sums.peak = self.sums.peak.max(month.paying);
        self.ltv += self.discount * month.ltv;
        self.ever += month.first_adoptions;

        let now = Lanes::splat(t as f64);
        let first = |yes: crate::lanes::Mask, month: Lanes| yes.select(month.min(now), month);
        if t + 1 >= self.investment_months {
            self.payback = first(self.cumulative.ge(self.allowed_shortfall), self.payback);
            self.discounted_payback = first(self.discounted.ge(self.allowed_shortfall), self.discounted_payback);
        }
        let allowed_loss = -SLACK * self.fixed.max(-self.fixed).max(Lanes::ONE);
        self.operating = first(operating.ge(allowed_loss), self.operating);
        self.reached = first(month.paying.ge(self.target), self.reached);
    }

    /// The outcomes after the last month but for the rate of return.
    #[inline(always)]
    pub(super) fn settle(&self, last: &Month) -> (Outcomes, PathSums) {
        let mut sums = self.sums;
        sums.fixed = self.fixed * self.total_discount;
        let infinite = Lanes::splat(f64::INFINITY);
        // What has to come from the subscribers who count: Σ D_t I_t + F Σ D_t less what the others bring.
        let to_recoup = self.investment * sums.investment_weight + sums.fixed - sums.other_cash;
        let operating = (sums.counting_cash + sums.other_cash) - sums.fixed;
        let no_acquisition = self.acquisition.is(0.0);
        let ratio = self.ltv / no_acquisition.select(Lanes::ONE, self.acquisition);
        let free = Lanes::ZERO.lt(self.ltv).select(infinite, Lanes::ZERO);
        let mut out = [Lanes::ZERO; OUTCOME_COUNT];
        let mut set = |outcome: Outcome, value: Lanes| out[outcome as usize] = value;
        set(Outcome::Npv, self.discounted);
        set(Outcome::PaybackMonth, self.payback);
        set(Outcome::DiscountedPaybackMonth, self.discounted_payback);
        set(Outcome::OperatingBreakEvenMonth, self.operating);
        set(Outcome::TargetMonth, self.reached);
        set(Outcome::PeakSubscribers, sums.peak);
        set(Outcome::FinalSubscribers, last.paying);
        set(Outcome::PossibleSubscribers, last.possible);
        set(Outcome::EverSubscribed, self.ever);
        let nobody = last.active.is(0.0);
        set(Outcome::FinalShare, last.paying / nobody.select(Lanes::ONE, last.active));
        set(Outcome::PeakFunding, (-self.lowest).or_zero());
        set(Outcome::Investment, self.investment);
        set(Outcome::AffordableInvestment, operating / sums.investment_weight);
        set(Outcome::BreakEvenSubscribers, over(to_recoup, sums.margin));
        set(Outcome::RequiredPeakSubscribers, over(sums.peak * to_recoup.or_zero(), sums.counting_cash));
        set(Outcome::Ltv, self.ltv);
        set(Outcome::LtvCac, no_acquisition.select(free, ratio));
        set(Outcome::ContributionMargin, last.margin);
        set(Outcome::Irr, infinite);
        let returned = self.cumulative + self.investment;
        set(Outcome::Moic, Lanes::ZERO.lt(self.investment).select(returned / self.investment, infinite));
        (Outcomes(out), sums)
    }

    /// Month t's list of money series: cash flow and cumulative cash.
    #[inline(always)]
    pub(super) fn cash_series(&self) -> [Lanes; 2] {
        [self.cash_flow, self.cumulative]
    }
}
