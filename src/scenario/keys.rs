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
    /// What it means.
    pub meaning: &'static str,
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

    /// Whether whoever runs the business sets it; of the others there is no best choice.
    #[must_use]
    pub fn is_chosen(self) -> bool {
        matches!(
            self,
            Self::PriceMonthly
                | Self::FreeMonths
                | Self::Investment
                | Self::InvestmentMonths
                | Self::MonthlyFixed
                | Self::Support
                | Self::Acquisition
        )
    }

    /// Whether less of it is better for whoever earns the money.
    #[must_use]
    pub fn less_is_better(self) -> bool {
        matches!(
            self,
            Self::RefusalRate
                | Self::MonthlyChurn
                | Self::FreeMonths
                | Self::FeeRate
                | Self::Investment
                | Self::MonthlyFixed
                | Self::Support
                | Self::Acquisition
                | Self::CostPerSubscriber
                | Self::RequestsPerDay
                | Self::TokensPerRequest
                | Self::UsdPerMillionTokens
                | Self::AnnualDiscountRate
        )
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
    pub(crate) fn holds(&self, dist: &Dist) -> bool {
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
    ($($key:ident $name:literal $symbol:literal $unit:literal $takes:ident $range:expr, $default:expr, $meaning:literal;)*) => {
        /// Every key, in the order of [`Key`].
        pub const KEYS: &[KeySpec] = &[$(KeySpec {
            key: Key::$key, name: $name, symbol: $symbol, unit: $unit, takes: Takes::$takes,
            range: $range, default: $default, meaning: $meaning,
        }),*];
    };
}

keys! {
    Months "horizon.months" "T" "months" Integer MONTHS, None,
        "length of every path; nothing after it is counted";
    Target "target.subscribers" "G" "persons" Number POSITIVE, None,
        "the number of paying subscribers to reach";
    ActiveUsers "market.active_users" "A0" "persons" Input NOT_NEGATIVE, None,
        "people who use the free product at launch, one per billing account";
    AnnualGrowth "market.annual_growth" "g" "1/year" Input ABOVE_MINUS_1, Some(0.0),
        "growth of active users";
    RefusalRate "market.refusal_rate" "R" "share" Input SHARE, None,
        "active users who would not pay at any price";
    FollowThrough "market.follow_through" "c" "share" Input SHARE, Some(1.0),
        "of those who say they would pay this price, the share who truly would";
    MedianPrice "willingness.median_price" "m" "$/month" Input POSITIVE, None,
        "of those left after the refusals, half would pay this price";
    Steepness "willingness.steepness" "k" "1" Input range(0.0, true, 50.0, false), None,
        "how sharply demand falls around the median price";
    AnnualInnovation "uptake.annual_innovation" "pB" "1/year" Input NOT_NEGATIVE, None,
        "Bass coefficient of innovation: first adoption without example";
    AnnualImitation "uptake.annual_imitation" "qB" "1/year" Input NOT_NEGATIVE, None,
        "Bass coefficient of imitation: first adoption by example";
    MonthlyChurn "retention.monthly_churn" "μ" "1/month" Input SHARE, None,
        "mean probability that a new subscriber leaves in a month of their first";
    ChurnSpread "retention.churn_spread" "φ" "1" Input SHARE_BELOW_1, Some(0.0),
        "how much subscribers differ in churn; 0: all alike";
    WinBack "retention.win_back" "ρ" "share" Input SHARE, Some(0.0),
        "of those who churn, the share who may come back";
    MonthlyReturn "retention.monthly_return" "ω" "1/month" Input SHARE, Some(0.0),
        "of those who may come back, the share who do in a month";
    PriceResponse "retention.price_response" "η" "share" Input SHARE, Some(1.0),
        "how much of the demand curve's loss at a price rise hits those who already subscribe";
    PriceMonthly "price.monthly" "p" "$/month" Input NOT_NEGATIVE, None,
        "list price";
    FreeMonths "price.free_months" "f" "months" Integer range(0.0, false, 600.0, false), Some(0.0),
        "months that a new subscriber does not pay";
    TrialConversion "price.trial_conversion" "κ" "share" Input SHARE, Some(1.0),
        "of those still there when the free months end, the share who start to pay";
    FeeRate "price.fee_rate" "e" "share" Input SHARE, Some(0.0),
        "payment processing and store fees, as a share of revenue";
    Ancillary "revenue.ancillary" "a" "$/subscriber/month" Input ANY, Some(0.0),
        "other margin per subscriber";
    Investment "costs.investment" "I" "$" Input NOT_NEGATIVE, Some(0.0),
        "the sum to recoup, paid evenly over the investment months";
    InvestmentMonths "costs.investment_months" "kI" "months" Integer MONTHS, Some(1.0),
        "months over which the investment is paid, from launch on";
    MonthlyFixed "costs.monthly_fixed" "F" "$/month" Input ANY, Some(0.0),
        "running cost that does not depend on subscribers";
    Support "costs.support" "s" "$/subscriber/month" Input ANY, Some(0.0),
        "support and other variable cost";
    Acquisition "costs.acquisition" "C" "$/new subscriber" Input NOT_NEGATIVE, Some(0.0),
        "marketing cost per gross addition";
    CostPerSubscriber "serving.cost_per_subscriber" "v0" "$/subscriber/month" Input NOT_NEGATIVE, Some(0.0),
        "cost to serve a subscriber for a month, at launch";
    RequestsPerDay "serving.requests_per_day" "v0" "1/day" Input NOT_NEGATIVE, Some(0.0),
        "requests per subscriber and day";
    TokensPerRequest "serving.tokens_per_request" "v0" "tokens" Input NOT_NEGATIVE, Some(0.0),
        "tokens in and out per request";
    UsdPerMillionTokens "serving.usd_per_million_tokens" "v0" "$/million tokens" Input NOT_NEGATIVE, Some(0.0),
        "price of a million tokens at launch";
    AnnualDecline "serving.annual_decline" "δ" "1/year" Input SHARE, Some(0.0),
        "yearly fall of the cost to serve";
    EfficiencyGain "serving.efficiency_gain" "h" "share" Input SHARE, Some(0.0),
        "one-off saving on the cost to serve, phased in over the ramp";
    EfficiencyRampMonths "serving.efficiency_ramp_months" "kh" "months" Integer NOT_NEGATIVE, Some(0.0),
        "months until the one-off saving is complete";
    AnnualDiscountRate "finance.annual_discount_rate" "r" "1/year" Input ABOVE_MINUS_1, Some(0.0),
        "what a year's wait costs";
    AnnualVolatility "shocks.annual_volatility" "σ" "1/√year" Input NOT_NEGATIVE, Some(0.0),
        "month-to-month noise of first adoptions";
    Persistence "shocks.persistence" "θ" "1" Input SHARE_BELOW_1, Some(0.0),
        "how much of a month's noise carries over to the next";
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
