//! Yes-or-no questions about a path, whose shares are the probabilities of a report.

use crate::lanes::{Lanes, Mask};
use crate::model::{Outcome, Outcomes};

/// Decides by more than rounding.
const SLACK: f64 = 1e-9;

/// A question about a path, in the order of `probabilities.csv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Is the target reached within the horizon?
    TargetReached,
    /// Does cumulative cash, not discounted, come back to zero?
    Payback,
    /// Does discounted cumulative cash?
    DiscountedPayback,
    /// Is the NPV zero or more?
    NpvNonnegative,
    /// Does any month cover its fixed cost?
    OperatingBreakEven,
    /// Both: the target and payback.
    TargetAndPayback,
    /// The target without payback.
    TargetButNoPayback,
    /// Payback without the target.
    PaybackButNoTarget,
    /// Neither.
    NeitherTargetNorPayback,
    /// Would as many as the target pay the price at the end?
    MarketAtLeastTarget,
    /// Would a peak of the target be enough for an NPV of zero?
    RequiredPeakAtMostTarget,
    /// Would the target, flat from day one, break even?
    BreakEvenSubscribersAtMostTarget,
    /// Could any investment have been repaid with the cost of capital?
    AffordableInvestmentPositive,
    /// No payback, and fewer than the target would pay. This and the next three cover, with `Payback`, every path once.
    FailsNoMarket,
    /// No payback: enough would pay, but fewer than the target ever subscribe.
    FailsTooSlow,
    /// No payback: as many as the target subscribe, but never pay at one time.
    FailsTooLeaky,
    /// No payback although the target is reached.
    FailsTooDear,
}

impl Question {
    /// Its name in the tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        QUESTIONS[self as usize].1
    }
}

impl AsRef<str> for Question {
    fn as_ref(&self) -> &str {
        self.name()
    }
}

/// How many questions there are.
pub(crate) const QUESTION_COUNT: usize = QUESTIONS.len();

/// Every question with its name in the files.
pub(crate) const QUESTIONS: &[(Question, &str)] = &[
    (Question::TargetReached, "target_reached"),
    (Question::Payback, "payback"),
    (Question::DiscountedPayback, "discounted_payback"),
    (Question::NpvNonnegative, "npv_nonnegative"),
    (Question::OperatingBreakEven, "operating_break_even"),
    (Question::TargetAndPayback, "target_and_payback"),
    (Question::TargetButNoPayback, "target_but_no_payback"),
    (Question::PaybackButNoTarget, "payback_but_no_target"),
    (Question::NeitherTargetNorPayback, "neither_target_nor_payback"),
    (Question::MarketAtLeastTarget, "market_at_least_target"),
    (Question::RequiredPeakAtMostTarget, "required_peak_at_most_target"),
    (Question::BreakEvenSubscribersAtMostTarget, "break_even_subscribers_at_most_target"),
    (Question::AffordableInvestmentPositive, "affordable_investment_positive"),
    (Question::FailsNoMarket, "fails_no_market"),
    (Question::FailsTooSlow, "fails_too_slow"),
    (Question::FailsTooLeaky, "fails_too_leaky"),
    (Question::FailsTooDear, "fails_too_dear"),
];

/// The answers on sixteen paths, 1 for yes and 0 for no, in the order of [`QUESTIONS`].
#[inline(always)]
pub(crate) fn answers(outcomes: &Outcomes, target: f64) -> [Lanes; QUESTION_COUNT] {
    let get = |outcome| outcomes.get(outcome);
    let yes = |mask: Mask| mask.select(Lanes::ONE, Lanes::ZERO);
    let reached = |outcome| yes(get(outcome).lt(Lanes::splat(f64::INFINITY)));
    let not = |x: Lanes| 1.0 - x;
    let enough = Lanes::splat(target * (1.0 - SLACK));
    let within = Lanes::splat(target * (1.0 + SLACK));

    let target_reached = reached(Outcome::TargetMonth);
    let payback = reached(Outcome::PaybackMonth);
    let loss = -SLACK * get(Outcome::Investment).max(Lanes::ONE);
    let market = yes(get(Outcome::PossibleSubscribers).ge(enough));
    let won_enough = yes(get(Outcome::EverSubscribed).ge(enough));
    // Under two names: as a question of its own, and as the last of the ways to fail.
    let too_dear = target_reached * not(payback);
    let neither = not(target_reached) * not(payback);
    [
        target_reached,
        payback,
        reached(Outcome::DiscountedPaybackMonth),
        yes(get(Outcome::Npv).ge(loss)),
        reached(Outcome::OperatingBreakEvenMonth),
        target_reached * payback,
        too_dear,
        not(target_reached) * payback,
        neither,
        market,
        yes(get(Outcome::RequiredPeakSubscribers).le(within)),
        yes(get(Outcome::BreakEvenSubscribers).le(within)),
        yes(Lanes::ZERO.lt(get(Outcome::AffordableInvestment))),
        neither * not(market),
        neither * market * not(won_enough),
        neither * market * won_enough,
        too_dear,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::OUTCOME_COUNT;

    /// The answers on one path, by name: everything infinite but for some outcomes.
    fn asked(some: &[(Outcome, f64)]) -> Vec<&'static str> {
        let mut outcomes = Outcomes([Lanes::splat(f64::INFINITY); OUTCOME_COUNT]);
        for (outcome, x) in some {
            outcomes.0[*outcome as usize] = Lanes::splat(*x);
        }
        let yes = answers(&outcomes, 100.0);
        QUESTIONS.iter().zip(yes).filter(|(_, yes)| yes.0[7] == 1.0).map(|(question, _)| question.1).collect()
    }

    #[test]
    fn what_falls_short_by_rounding_does_not_fall_short() {
        let says = |name, some: &[(Outcome, f64)]| asked(some).contains(&name);
        // A billionth of the investment, and of one dollar where there is none.
        let npv = |npv, investment| says("npv_nonnegative", &[(Outcome::Npv, npv), (Outcome::Investment, investment)]);
        assert!(npv(0.0, 4e9) && npv(-3.9, 4e9) && !npv(-4.1, 4e9) && npv(-0.9e-9, 0.0) && !npv(-1.1e-9, 0.0));
        // A billionth of the target: 100.
        let market = |x| says("market_at_least_target", &[(Outcome::PossibleSubscribers, x)]);
        assert!(market(100.0) && market(100.0 - 0.9e-7) && !market(100.0 - 1.1e-7));
        for (name, outcome) in [
            ("required_peak_at_most_target", Outcome::RequiredPeakSubscribers),
            ("break_even_subscribers_at_most_target", Outcome::BreakEvenSubscribers),
        ] {
            let at_most = |x| says(name, &[(outcome, x)]);
            assert!(at_most(100.0) && at_most(100.0 + 0.9e-7) && !at_most(100.0 + 1.1e-7), "{name}");
        }
        let affordable = |x| says("affordable_investment_positive", &[(Outcome::AffordableInvestment, x)]);
        assert!(affordable(1e-9) && !affordable(0.0) && !affordable(-1.0));
    }

    #[test]
    fn every_path_that_does_not_pay_back_fails_in_one_way() {
        let never = f64::INFINITY;
        let ways = |target, payback, possible, ever| {
            let some = [
                (Outcome::TargetMonth, target),
                (Outcome::PaybackMonth, payback),
                (Outcome::PossibleSubscribers, possible),
                (Outcome::EverSubscribed, ever),
            ];
            let of =
                ["target_and_payback", "target_but_no_payback", "payback_but_no_target", "neither_target_nor_payback"];
            let mut names = asked(&some);
            names.retain(|name| of.contains(name) || name.starts_with("fails_"));
            names.join(" ")
        };
        assert_eq!(ways(12.0, 30.0, 200.0, 150.0), "target_and_payback");
        assert_eq!(ways(never, 30.0, 50.0, 40.0), "payback_but_no_target");
        assert_eq!(ways(12.0, never, 200.0, 150.0), "target_but_no_payback fails_too_dear");
        assert_eq!(ways(never, never, 99.0, 98.0), "neither_target_nor_payback fails_no_market");
        assert_eq!(ways(never, never, 100.0, 99.0), "neither_target_nor_payback fails_too_slow");
        assert_eq!(ways(never, never, 120.0, 100.0), "neither_target_nor_payback fails_too_leaky");
    }
}
