//! The table of every key that a scenario may write: symbol, unit, range, default, meaning.
//!
//! It is the only place that knows them: the checks, the ledger and the model all index it by [`Key`].

use crate::distribution::Dist;

/// A key of the scenario file, in the order of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is described in KEYS, which is what users see")]
pub enum Key {
    Months,
    Target,
    ActiveUsers,
    AnnualGrowth,
    RefusalRate,
    FollowThrough,
    MedianPrice,
    Steepness,
    AnnualInnovation,
    AnnualImitation,
    MonthlyChurn,
    ChurnSpread,
    WinBack,
    MonthlyReturn,
    PriceResponse,
    PriceMonthly,
    FreeMonths,
    TrialConversion,
    FeeRate,
    Ancillary,
    Investment,
    InvestmentMonths,
    MonthlyFixed,
    Support,
    Acquisition,
    CostPerSubscriber,
    RequestsPerDay,
    TokensPerRequest,
    UsdPerMillionTokens,
    AnnualDecline,
    EfficiencyGain,
    EfficiencyRampMonths,
    AnnualDiscountRate,
    AnnualVolatility,
    Persistence,
}

/// What a key's value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A number or a distribution.
    Input,
    /// A number.
    Number,
    /// A whole number.
    Integer,
}

/// The numbers that a key accepts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The lower end.
    pub low: f64,
    /// Whether the lower end itself is refused.
    pub low_open: bool,
    /// The upper end.
    pub high: f64,
    /// Whether the upper end itself is refused.
    pub high_open: bool,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct KeySpec {
    /// Which key it is.
    pub key: Key,
    /// `table.key` as written in the file.
    pub name: &'static str,
    /// What it is called in a sentence: `monthly price`.
    pub words: &'static str,
    /// The symbol in the equations.
    pub symbol: &'static str,
    /// The unit of the value.
    pub unit: &'static str,
    /// Number, whole number or distribution.
    pub takes: Takes,
    /// The accepted range.
    pub range: Range,
    /// The value where none is written; none where one is required.
    pub default: Option<f64>,
    /// What else there is to know of it.
    pub traits: &'static [Trait],
    /// What it means.
    pub meaning: &'static str,
    /// The equation that reads it, in the symbols of the model, and what it does there.
    pub equation: &'static str,
}

/// What a key is beside its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trait {
    /// Whoever runs the business sets it; of the others there is no best choice.
    Chosen,
    /// Less of it is better for whoever earns the money.
    LessIsBetter,
    /// A segment may have its own.
    InSegments,
}

/// How many keys there are.
pub const KEY_COUNT: usize = KEYS.len();

impl Key {
    /// The row of this key.
    #[must_use]
    pub fn spec(self) -> &'static KeySpec {
        &KEYS[self as usize]
    }

    /// `table.key` as written in the file.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.spec().name
    }

    /// The key of that name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        KEYS.iter().find(|spec| spec.name == name).map(|spec| spec.key)
    }

    /// The parts of the cost to serve where it is given per request and token.
    pub const TOKENS: [Self; 3] = [Self::RequestsPerDay, Self::TokensPerRequest, Self::UsdPerMillionTokens];

    /// Whether it has a trait.
    #[must_use]
    pub fn is(self, wanted: Trait) -> bool {
        self.spec().traits.contains(&wanted)
    }

    /// All keys in the order of the ledger.
    pub fn all() -> impl Iterator<Item = Self> {
        KEYS.iter().map(|spec| spec.key)
    }
}

impl Range {
    /// Whether a number lies inside.
    #[must_use]
    pub fn contains(&self, x: f64) -> bool {
        let above = if self.low_open { x > self.low } else { x >= self.low };
        let below = if self.high_open { x < self.high } else { x <= self.high };
        above && below
    }

    /// Whether every draw of a distribution is inside. A quantile that only rounds onto an open end is kept inside when it is drawn.
    #[must_use]
    pub fn holds(&self, dist: &Dist) -> bool {
        let (low, high) = dist.support();
        let rounds = |x: f64, end: f64| x == end && end.is_finite() && dist.is_continuous();
        (self.contains(low) || self.low_open && rounds(low, self.low))
            && (self.contains(high) || self.high_open && rounds(high, self.high))
    }

    /// The nearest numbers that are still inside, for draws that round onto an open end.
    pub(crate) fn innermost(&self) -> (f64, f64) {
        let low = if self.low_open { self.low.next_up().max(f64::MIN_POSITIVE + self.low) } else { self.low };
        (low, if self.high_open { self.high.next_down() } else { self.high })
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at_least = if self.low_open { "above" } else { "at least" };
        match (self.low.is_finite(), self.high.is_finite()) {
            (false, _) => write!(f, "any number"),
            (true, false) => write!(f, "{at_least} {}", self.low),
            (true, true) if !self.low_open && !self.high_open => write!(f, "{} to {}", self.low, self.high),
            (true, true) => {
                let at_most = if self.high_open { "below" } else { "at most" };
                write!(f, "{at_least} {}, {at_most} {}", self.low, self.high)
            }
        }
    }
}

const fn range(low: f64, low_open: bool, high: f64, high_open: bool) -> Range {
    Range { low, low_open, high, high_open }
}
const ANY: Range = range(f64::NEG_INFINITY, true, f64::INFINITY, true);
const SHARE: Range = range(0.0, false, 1.0, false);
const SHARE_BELOW_1: Range = range(0.0, false, 1.0, true);
const NOT_NEGATIVE: Range = range(0.0, false, f64::INFINITY, true);
const POSITIVE: Range = range(0.0, true, f64::INFINITY, true);
const ABOVE_MINUS_1: Range = range(-1.0, true, f64::INFINITY, true);
const MONTHS: Range = range(1.0, false, 600.0, false);

macro_rules! keys {
    ($($key:ident $name:literal $words:literal $symbol:literal $unit:literal $takes:ident $range:expr, $default:expr, [$($trait:ident)*]
        $meaning:literal $equation:literal;)*) => {
        /// Every key, in the order of [`Key`].
        pub const KEYS: &[KeySpec] = &[$(KeySpec {
            key: Key::$key, name: $name, words: $words, symbol: $symbol, unit: $unit, takes: Takes::$takes,
            range: $range, default: $default, traits: &[$(Trait::$trait),*], meaning: $meaning, equation: $equation,
        }),*];
    };
}

keys! {
    Months "horizon.months" "horizon" "T" "months" Integer MONTHS, None, []
        "length of every path; nothing after it is counted"
        "t = 1 … T; every sum runs to T, and nothing after it counts";
    Target "target.subscribers" "target" "G" "persons" Number POSITIVE, None, []
        "the number of paying subscribers to reach"
        "target_month: first t with P_t ≥ G; break_even and required_peak are compared with G";
    ActiveUsers "market.active_users" "active users" "A0" "persons" Input NOT_NEGATIVE, None, []
        "people who use the free product at launch, one per billing account"
        "M_t = A0 (1 + g)^(t/12) (1 − R) W(p_t) c: every count of people is proportional to it";
    AnnualGrowth "market.annual_growth" "annual growth" "g" "1/year" Input ABOVE_MINUS_1, Some(0.0), [InSegments]
        "growth of active users"
        "M_t = A0 (1 + g)^(t/12) (1 − R) W(p_t) c";
    RefusalRate "market.refusal_rate" "refusal rate" "R" "share" Input SHARE, None, [LessIsBetter InSegments]
        "active users who would not pay at any price"
        "M_t = A0 (1 + g)^(t/12) (1 − R) W(p_t) c: takes them out of the market at any price";
    FollowThrough "market.follow_through" "follow through" "c" "share" Input SHARE, Some(1.0), [InSegments]
        "of those who say they would pay this price, the share who truly would"
        "M_t = A0 (1 + g)^(t/12) (1 − R) W(p_t) c: hypothetical bias only, never an observed share of payers";
    MedianPrice "willingness.median_price" "median willingness to pay" "m" "$/month" Input POSITIVE, None, [InSegments]
        "of those left after the refusals, half would pay this price"
        "W(x) = 1 / (1 + (x/m)^k): the share of the willing who accept the price x";
    Steepness "willingness.steepness" "steepness" "k" "1" Input range(0.0, true, 50.0, false), None, [InSegments]
        "how sharply demand falls around the median price"
        "W(x) = 1 / (1 + (x/m)^k): the price elasticity of demand is −k (1 − W)";
    AnnualInnovation "uptake.annual_innovation" "annual innovation" "pB" "1/year" Input NOT_NEGATIVE, None, [InSegments]
        "Bass coefficient of innovation: first adoption without example"
        "H_t = pB/12 + (qB/12) (1 − U_t / M_t): the monthly hazard of first adoption";
    AnnualImitation "uptake.annual_imitation" "annual imitation" "qB" "1/year" Input NOT_NEGATIVE, None, [InSegments]
        "Bass coefficient of imitation: first adoption by example"
        "H_t = pB/12 + (qB/12) (1 − U_t / M_t): grows with all who ever subscribed";
    MonthlyChurn "retention.monthly_churn" "monthly churn" "μ" "1/month" Input SHARE, None, [LessIsBetter InSegments]
        "mean probability that a new subscriber leaves in a month of their first"
        "g_j = g_{j−1} ((1−μ)(1−φ) + (j−1)φ) / ((1−φ) + (j−1)φ): survival to age j; g_1 = 1 − μ";
    ChurnSpread "retention.churn_spread" "churn spread" "φ" "1" Input SHARE_BELOW_1, Some(0.0), [InSegments]
        "how much subscribers differ in churn; 0: all alike"
        "g_j = g_{j−1} ((1−μ)(1−φ) + (j−1)φ) / ((1−φ) + (j−1)φ): those who stay are the loyal ones";
    WinBack "retention.win_back" "win back" "ρ" "share" Input SHARE, Some(0.0), [InSegments]
        "of those who churn, the share who may come back"
        "B_t = d_t B_{t−1} − Y_t + ρ X_t, L_t = d_t L_{t−1} + (1 − ρ) X_t: lapsed, or lost for good";
    MonthlyReturn "retention.monthly_return" "monthly return" "ω" "1/month" Input SHARE, Some(0.0), [InSegments]
        "of those who may come back, the share who do in a month"
        "Y_t = ω d_t B_{t−1}: the lapsed who return, as gross additions like any others";
    PriceResponse "retention.price_response" "price response" "η" "share" Input SHARE, Some(1.0), [InSegments]
        "how much of the demand curve's loss at a price rise hits those who already subscribe"
        "w_t = 1 − η (1 − d_t), d_t = min(1, W(p_t) / W(p_{t−1})): survivors of a price rise";
    PriceMonthly "price.monthly" "monthly price" "p" "$/month" Input NOT_NEGATIVE, None, [Chosen InSegments]
        "list price"
        "revenue p_t P_t, and demand W(p_t); `price.changes` replaces it from a month on";
    FreeMonths "price.free_months" "free months" "f" "months" Integer range(0.0, false, 600.0, false), Some(0.0), [Chosen LessIsBetter InSegments]
        "months that a new subscriber does not pay"
        "Q_t = Σ_{j<f} of cohorts of age j: on trial, not paying; P_t = S_t − Q_t";
    TrialConversion "price.trial_conversion" "trial conversion" "κ" "share" Input SHARE, Some(1.0), [InSegments]
        "of those still there when the free months end, the share who start to pay"
        "r_j = κ g_j from age f on: those whose trial fails have churned";
    FeeRate "price.fee_rate" "fee rate" "e" "share" Input SHARE, Some(0.0), [LessIsBetter InSegments]
        "payment processing and store fees, as a share of revenue"
        "V_t = p_t (1 − e) P_t + …";
    Ancillary "revenue.ancillary" "ancillary margin" "a" "$/subscriber/month" Input ANY, Some(0.0), [InSegments]
        "other margin per subscriber"
        "V_t = … + (a − v_t − s) S_t − …: of all subscribers, on trial or not";
    Investment "costs.investment" "investment" "I" "$" Input NOT_NEGATIVE, Some(0.0), [Chosen LessIsBetter]
        "the sum to recoup, paid evenly over the investment months"
        "I_t = I / kI for t < kI: paid, whatever happens";
    InvestmentMonths "costs.investment_months" "investment months" "kI" "months" Integer MONTHS, Some(1.0), [Chosen]
        "months over which the investment is paid, from launch on"
        "I_t = I / kI for t < kI; payback counts from month max(1, kI − 1) on";
    MonthlyFixed "costs.monthly_fixed" "monthly fixed cost" "F" "$/month" Input ANY, Some(0.0), [Chosen LessIsBetter]
        "running cost that does not depend on subscribers"
        "CF_t = V_t − F − I_t";
    Support "costs.support" "support cost" "s" "$/subscriber/month" Input ANY, Some(0.0), [Chosen LessIsBetter]
        "support and other variable cost"
        "V_t = … + (a − v_t − s) S_t − …: of all subscribers, on trial or not";
    Acquisition "costs.acquisition" "acquisition cost" "C" "$/new subscriber" Input NOT_NEGATIVE, Some(0.0), [Chosen LessIsBetter]
        "marketing cost per gross addition"
        "V_t = … − C N_t: for every gross addition, returners too";
    CostPerSubscriber "serving.cost_per_subscriber" "cost to serve" "v0" "$/subscriber/month" Input NOT_NEGATIVE, Some(0.0), [LessIsBetter InSegments]
        "cost to serve a subscriber for a month, at launch"
        "v_t = v0 (1 − δ)^(t/12) (1 − h · min(1, t/kh)): of all subscribers, on trial or not";
    RequestsPerDay "serving.requests_per_day" "requests per day" "v0" "1/day" Input NOT_NEGATIVE, Some(0.0), [LessIsBetter InSegments]
        "requests per subscriber and day"
        "v0 = requests · (365.25 / 12) · tokens · price / 10^6; v_t = v0 (1 − δ)^(t/12) (1 − h · min(1, t/kh))";
    TokensPerRequest "serving.tokens_per_request" "tokens per request" "v0" "tokens" Input NOT_NEGATIVE, Some(0.0), [LessIsBetter InSegments]
        "tokens in and out per request"
        "v0 = requests · (365.25 / 12) · tokens · price / 10^6; v_t = v0 (1 − δ)^(t/12) (1 − h · min(1, t/kh))";
    UsdPerMillionTokens "serving.usd_per_million_tokens" "cost per million tokens" "v0" "$/million tokens" Input NOT_NEGATIVE, Some(0.0), [LessIsBetter InSegments]
        "price of a million tokens at launch"
        "v0 = requests · (365.25 / 12) · tokens · price / 10^6; v_t = v0 (1 − δ)^(t/12) (1 − h · min(1, t/kh))";
    AnnualDecline "serving.annual_decline" "yearly fall of the cost to serve" "δ" "1/year" Input SHARE, Some(0.0), [InSegments]
        "yearly fall of the cost to serve"
        "v_t = v0 (1 − δ)^(t/12) (1 − h · min(1, t/kh)); kh = 0: the saving is there from the start";
    EfficiencyGain "serving.efficiency_gain" "efficiency gain" "h" "share" Input SHARE, Some(0.0), [InSegments]
        "one-off saving on the cost to serve, phased in over the ramp"
        "v_t = v0 (1 − δ)^(t/12) (1 − h · min(1, t/kh)); kh = 0: the saving is there from the start";
    EfficiencyRampMonths "serving.efficiency_ramp_months" "efficiency ramp months" "kh" "months" Integer NOT_NEGATIVE, Some(0.0), [InSegments]
        "months until the one-off saving is complete"
        "v_t = v0 (1 − δ)^(t/12) (1 − h · min(1, t/kh)); kh = 0: the saving is there from the start";
    AnnualDiscountRate "finance.annual_discount_rate" "annual discount rate" "r" "1/year" Input ABOVE_MINUS_1, Some(0.0), [LessIsBetter]
        "what a year's wait costs"
        "D_t = (1 + r)^(−t/12): NPV, discounted payback, affordable investment, LTV";
    AnnualVolatility "shocks.annual_volatility" "annual volatility" "σ" "1/√year" Input NOT_NEGATIVE, Some(0.0), []
        "month-to-month noise of first adoptions"
        "ε_t = exp(σ_m x_t − σ_m²/2), σ_m = σ/√12: multiplies the hazard of first adoption";
    Persistence "shocks.persistence" "persistence" "θ" "1" Input SHARE_BELOW_1, Some(0.0), []
        "how much of a month's noise carries over to the next"
        "x_t = θ x_{t−1} + √(1 − θ²) z_t";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_the_keys() {
        for (i, spec) in KEYS.iter().enumerate() {
            assert_eq!(spec.key as usize, i, "{}", spec.name);
            assert_eq!(Key::by_name(spec.name), Some(spec.key));
        }
    }

    #[test]
    fn ranges_read_like_sentences() {
        assert_eq!(SHARE.to_string(), "0 to 1");
        assert_eq!(ABOVE_MINUS_1.to_string(), "above -1");
        assert_eq!(Key::Steepness.spec().range.to_string(), "above 0, at most 50");
        assert_eq!(Key::Persistence.spec().range.to_string(), "at least 0, below 1");
        assert!(SHARE_BELOW_1.contains(SHARE_BELOW_1.innermost().1));
        assert!(POSITIVE.contains(POSITIVE.innermost().0));
    }
}
