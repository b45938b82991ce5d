//! What each outcome, question and series means, for `explain` and the documentation.

/// A name in the tables, and what it means.
pub type Meaning = (&'static str, &'static str);

/// Outcomes of a path. "Subscribers" are those who pay and count toward the target; in the rows of a segment, those of that segment.
pub const OUTCOMES: &[Meaning] = &[
    ("npv", "net present value: the sum of all cash flows over the horizon, discounted (after the cost of capital)"),
    (
        "payback_month",
        "first month in which cumulative cash, not discounted, is at or above zero again after the investment",
    ),
    ("discounted_payback_month", "the same for discounted cash"),
    ("operating_break_even_month", "first month whose variable cash covers the monthly fixed cost"),
    ("target_month", "first month with as many paying subscribers as the target"),
    ("peak_subscribers", "most paying subscribers in any month"),
    ("final_subscribers", "paying subscribers in the last month"),
    ("possible_subscribers", "who would pay the price in the last month: whether there is a market at all"),
    ("ever_subscribed", "everyone who ever subscribed for the first time"),
    ("final_share", "paying subscribers as a share of active users in the last month"),
    ("peak_funding", "most money ever sunk: how far cumulative cash falls below zero"),
    ("investment", "the sum to recoup"),
    (
        "affordable_investment",
        "the sum that the path could have repaid with the cost of capital, whatever was invested",
    ),
    ("break_even_subscribers", "subscribers, flat from day one and before acquisition cost, that would break even"),
    (
        "required_peak_subscribers",
        "peak of subscribers, with the path's own ramp and churn, that would give an NPV of zero",
    ),
    ("ltv", "what one subscriber who joins at launch brings within the horizon, discounted, before acquisition"),
    ("ltv_cac", "that value over the acquisition cost"),
    ("contribution_margin", "dollars per subscriber and month at the end, before fixed cost"),
    (
        "irr",
        "internal rate of return: the yearly rate at which NPV over the horizon is zero; only of paths that have exactly one for certain",
    ),
    (
        "moic",
        "multiple on invested capital: what comes back by the end of the horizon, not discounted, over the investment; only where it is above zero",
    ),
];

/// Outcomes of a segment, in its rows of `summary.csv`, which the whole does not have.
pub const SEGMENT_OUTCOMES: &[Meaning] =
    &[("npv_contribution", "what a segment adds to NPV, before fixed cost and investment; discounted")];

/// Yes-or-no questions about a path.
pub const QUESTIONS: &[Meaning] = &[
    ("target_reached", "is the target reached within the horizon?"),
    ("payback", "does cumulative cash, not discounted, come back to zero?"),
    ("discounted_payback", "does discounted cumulative cash come back to zero?"),
    ("npv_nonnegative", "is the NPV zero or more?"),
    ("operating_break_even", "does any month cover its fixed cost?"),
    ("target_and_payback", "both: the target and payback"),
    ("target_but_no_payback", "the target without payback"),
    ("payback_but_no_target", "payback without the target"),
    ("neither_target_nor_payback", "neither"),
    ("market_at_least_target", "would as many as the target pay the price at the end?"),
    ("required_peak_at_most_target", "would a peak of the target be enough for an NPV of zero?"),
    ("break_even_subscribers_at_most_target", "would the target, flat from day one, break even?"),
    ("affordable_investment_positive", "could any investment have been repaid with the cost of capital?"),
    ("fails_no_market", "no payback, and fewer than the target would pay"),
    ("fails_too_slow", "no payback: enough would pay, but fewer than the target ever subscribe"),
    ("fails_too_leaky", "no payback: as many as the target subscribe, but never pay at one time"),
    ("fails_too_dear", "no payback although the target is reached"),
];

/// Series by month.
pub const SERIES: &[Meaning] = &[
    ("subscribers", "everyone who subscribes, on trial or paying"),
    ("paying", "those who pay and count toward the target"),
    ("additions", "new and returning subscribers"),
    ("leavers", "those who leave, by churn or over a price rise"),
    ("revenue", "price times paying subscribers, before fees"),
    ("serving_cost", "cost to serve all subscribers"),
    ("cash_flow", "variable cash less fixed cost and investment"),
    ("cumulative_cash", "cash flows added up since launch, not discounted"),
    ("contribution", "variable cash of a segment"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::CaseSummary;

    #[test]
    fn every_outcome_and_question_has_a_meaning() {
        let names = |list: &[Meaning]| list.iter().map(|meaning| meaning.0).collect::<Vec<_>>();
        assert_eq!(names(OUTCOMES), CaseSummary::outcomes().map(|outcome| outcome.0).collect::<Vec<_>>());
        assert_eq!(names(QUESTIONS), CaseSummary::questions().collect::<Vec<_>>());
    }
}
