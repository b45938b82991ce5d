//! Who stays: the survival curve, the cohorts, and where leavers go.
//!
//! Survival is shifted-beta-geometric (Fader and Hardie, "How to project customer retention", 2007): everyone has
//! a churn of their own, so those who stay are the loyal ones. The convolution of cohorts with it is the largest loop
//! of the program: T²/2 products a path, each of two numbers that are used once a month. It is worked out for four months at
//! a time, so that a number that was loaded takes part in four products: with one month at a time loads bound it (two to a
//! product, four zmm registers), with four the products themselves do (11 loads to 16).

use super::{Inputs, SegmentSetup};
use crate::lanes::{LANES, Lanes};
use crate::scenario::keys::Key;

/// Survival and cohorts of a segment on sixteen paths.
#[derive(Debug)]
pub(super) struct Cohorts {
    /// r_j, reversed: the survival to age j stands j before the end, so that the convolution runs forward in both. Before the
    /// last age stand zeros for the months beyond the horizon in the last block of months.
    survival_reversed: Vec<Lanes>,
    /// For the months of the block at hand: what is left, but for K, of the cohorts before it.
    far: [Lanes; BLOCK],
    /// How many cohorts are in `far`; none where it has to be worked out.
    far_upto: Option<usize>,
    /// N_s / K_s of month s at s − 1.
    ratios: Vec<Lanes>,
    /// K_t.
    factor: Lanes,
    free_months: usize,
}

/// Months for which the convolution is worked out together.
const BLOCK: usize = 4;
/// Lanes of it that stay in registers together.
const CHUNK: usize = 4;

/// What a month did to the subscribers of the month before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept {
    /// Ŝ_t.
    pub(super) survivors: Lanes,
    /// X_t.
    pub(super) churned: Lanes,
}

impl Cohorts {
    /// No path yet: [`Cohorts::start`] begins one.
    pub(super) const fn new() -> Self {
        Self {
            survival_reversed: Vec::new(),
            far: [Lanes::ZERO; BLOCK],
            far_upto: None,
            ratios: Vec::new(),
            factor: Lanes::ONE,
            free_months: 0,
        }
    }

    /// Starts a path: computes r_j for j = 0 … `months`.
    #[inline(always)]
    pub(super) fn start(&mut self, setup: &SegmentSetup, inputs: &Inputs<'_>, months: usize) {
        let (churn, spread) = (setup.input(inputs, Key::MonthlyChurn), setup.input(inputs, Key::ChurnSpread));
        let conversion = setup.input(inputs, Key::TrialConversion);
        self.free_months = setup.free_months;
        self.factor = Lanes::ONE;
        self.ratios.clear();
        self.ratios.resize(months, Lanes::ZERO);
        self.far_upto = None;
        self.survival_reversed.resize(months + BLOCK, Lanes::ZERO);
        self.survival_reversed[months + BLOCK - 1] = Lanes::ONE;
        // g_j = g_{j−1} · ((1−μ)(1−φ) + (j−1)φ) / ((1−φ) + (j−1)φ)
        let mut survival = Lanes::ONE;
        let mut below = 1.0 - spread;
        let mut above = (1.0 - churn) * below;
        for age in 1..=months {
            survival *= above / below;
            let converted =
                if age >= self.free_months && self.free_months > 0 { survival * conversion } else { survival };
            self.survival_reversed[months + BLOCK - 1 - age] = converted;
            above += spread;
            below += spread;
        }
    }

    /// r_j.
    #[inline(always)]
    pub(super) fn survival(&self, age: usize) -> Lanes {
        self.survival_reversed[self.survival_reversed.len() - 1 - age]
    }

    /// n_t = K_{t−1} Σ_{s<t} (N_s / K_s) r_{t−s}.
    #[inline(always)]
    fn natural_survivors(&mut self, t: usize) -> Lanes {
        let cohorts = t - 1;
        let far_cohorts = cohorts - cohorts % BLOCK;
        if self.far_upto != Some(far_cohorts) {
            self.convolve(far_cohorts);
        }
        let mut sum = self.far[cohorts - far_cohorts];
        for s in far_cohorts..cohorts {
            sum += self.ratios[s] * self.survival(cohorts - s);
        }
        self.factor * sum
    }

    /// Σ (N_s / K_s) r_{t−s} over the first `cohorts` cohorts, for each of the four months after them.
    #[inline(always)]
    fn convolve(&mut self, cohorts: usize) {
        self.far_upto = Some(cohorts);
        let last = self.survival_reversed.len() - 1;
        // In the first month after them the oldest cohort has the age `cohorts`, in the fourth three months more.
        let ratios = self.ratios[..cohorts].as_chunks::<BLOCK>().0;
        let survival = &self.survival_reversed[last - cohorts - (BLOCK - 1)..];
        for chunk in (0..LANES).step_by(CHUNK) {
            let mut sums = [[0.0; CHUNK]; BLOCK];
            for (step, ratios) in ratios.iter().enumerate() {
                let survival = &survival[step * BLOCK..(step + 2) * BLOCK - 1];
                for (s, ratio) in ratios.iter().enumerate() {
                    for (month, sum) in sums.iter_mut().enumerate() {
                        let r = &survival[s + BLOCK - 1 - month];
                        for lane in 0..CHUNK {
                            sum[lane] += ratio.0[chunk + lane] * r.0[chunk + lane];
                        }
                    }
                }
            }
            for (far, sum) in self.far.iter_mut().zip(sums) {
                far.0[chunk..chunk + CHUNK].copy_from_slice(&sum);
            }
        }
    }

    /// The month's survivors of `before` = S_{t−1}. `churn_multiplier` is None where no event acts on churn,
    /// `price_step` is w_t where the price rose: both usually absent, and then no division is needed.
    #[inline(always)]
    pub(super) fn survive(
        &mut self,
        t: usize,
        before: Lanes,
        churn_multiplier: Option<Lanes>,
        price_step: Option<Lanes>,
    ) -> Kept {
        let natural = self.natural_survivors(t);
        if churn_multiplier.is_none() && price_step.is_none() {
            // b_t = n_t / S_{t−1}, w_t = 1: Ŝ_t is n_t and K stays.
            self.forget_where_gone(t, natural);
            return Kept { survivors: natural, churned: (before - natural).or_zero() };
        }
        let nobody = before.is(0.0);
        // Of nobody no share stays: what 0 / 0 makes of it is selected away.
        let stay = natural / before;
        let left = churn_multiplier.unwrap_or(Lanes::ONE) * (1.0 - stay);
        // b_t = max(0, 1 − multiplier · (1 − n_t / S_{t−1}))
        let kept = nobody.select(Lanes::ONE, (1.0 - left).or_zero());
        let survivors = before * kept * price_step.unwrap_or(Lanes::ONE);
        // K_t = K_{t−1} Ŝ_t / n_t. Cohorts so small beside those who are kept that the ratio would not fit are none.
        let none = natural.le(1e-100 * before);
        let ratio = survivors / none.select(Lanes::ONE, natural);
        self.factor = none.select(self.factor, self.factor * ratio);
        self.forget_where_gone(t, survivors);
        self.fold_extreme_factors(t);
        Kept { survivors, churned: (before * (1.0 - kept)).or_zero() }
    }

    /// Where nobody is left, every cohort so far is gone and K starts at 1 again.
    #[inline(always)]
    fn forget_where_gone(&mut self, t: usize, survivors: Lanes) {
        let gone = survivors.is(0.0);
        if gone.any() && t > 1 {
            self.factor = gone.select(Lanes::ONE, self.factor);
            for ratio in &mut self.ratios[..t - 1] {
                *ratio = gone.select(Lanes::ZERO, *ratio);
            }
            self.far_upto = None;
        }
    }

    /// Only N_s / K_s matters: a K that would underflow (or, with churn multipliers below 1, overflow) moves into the stored
    /// ratios.
    #[inline(always)]
    fn fold_extreme_factors(&mut self, t: usize) {
        let factor = self.factor;
        for extreme in [factor.lt(Lanes::splat(1e-100)), Lanes::splat(1e100).lt(factor)] {
            if extreme.any() {
                let scale = extreme.select(factor, Lanes::ONE);
                for ratio in &mut self.ratios[..t - 1] {
                    *ratio *= scale;
                }
                self.far_upto = None;
                self.factor = extreme.select(Lanes::ONE, self.factor);
            }
        }
    }

    /// Stores the cohort of month t. While K is 1 everywhere there is nothing to divide by.
    #[inline(always)]
    pub(super) fn join(&mut self, t: usize, additions: Lanes) {
        let scaled = self.factor.0.iter().any(|&k| k != 1.0);
        self.ratios[t - 1] = if scaled { additions / self.factor } else { additions };
    }

    /// Q_t = Σ_{j < min(f, t)} K_t (N_{t−j} / K_{t−j}) r_j, those still on trial.
    #[inline(always)]
    pub(super) fn on_trial(&self, t: usize) -> Lanes {
        let mut sum = Lanes::ZERO;
        for age in 0..self.free_months.min(t) {
            sum += self.ratios[t - 1 - age] * self.survival(age);
        }
        self.factor * sum
    }
}

/// Those who churned: some may come back, the others are lost for good.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leavers {
    win_back: Lanes,
    monthly_return: Lanes,
    /// B_t.
    pub(super) lapsed: Lanes,
    /// L_t.
    pub(super) lost: Lanes,
}

impl Leavers {
    #[inline(always)]
    pub(super) fn new(setup: &SegmentSetup, inputs: &Inputs<'_>) -> Self {
        Self {
            win_back: setup.input(inputs, Key::WinBack),
            monthly_return: setup.input(inputs, Key::MonthlyReturn),
            lapsed: Lanes::ZERO,
            lost: Lanes::ZERO,
        }
    }

    /// A month: Y_t of the lapsed return, `churned` = X_t join. `demand_kept` is d_t where the price changed.
    #[inline(always)]
    pub(super) fn next_month(&mut self, churned: Lanes, demand_kept: Option<Lanes>) -> Lanes {
        if let Some(kept) = demand_kept {
            self.lapsed *= kept;
            self.lost *= kept;
        }
        let returning = self.monthly_return * self.lapsed;
        self.lapsed = self.lapsed - returning + self.win_back * churned;
        self.lost += (1.0 - self.win_back) * churned;
        returning
    }
}
