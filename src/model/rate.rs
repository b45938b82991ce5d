//! The internal rate of return of a path, where it has one.

use crate::lanes::{LANES, Lanes, Mask};

/// How far the logarithm of a month's discount factor is looked for to either side of zero, ln(10) / 3: from −99.99% to 1,000,000% a year.
const FARTHEST: f64 = 0.767_528_364_331_348_6;
/// After a step that is smaller, what is left of the error is its square.
const CLOSE: f64 = 1e-8;
/// Bisection alone would find any root in so many steps.
const MOST_STEPS: usize = 64;
/// In parts of the most that is outstanding: rounding does not make money owed.
const SLACK: f64 = 1e-9;

/// The discount factor q of a period at which Σ CF_t q^t is zero, where money is laid out first and paid back later: what is
/// outstanding at that rate, Σ_{s≤t} CF_s q^s, is never above zero. Infinite on every other path.
///
/// With C_t for what is outstanding, Σ CF_t (q x)^t = (1 − x) Σ C_t x^t: where no C_t is positive, x = 1 is the only positive root, so
/// the rate is the only one above −100% (Teichroew, Robichek and Montalbano 1965: a pure investment). Where the C_t change sign once,
/// there is another for certain. A path whose first and last payments have the same sign has no rate, or several.
#[inline(always)]
pub(super) fn internal_factor(flows: &[Lanes]) -> Lanes {
    let (first, last) = (first_paid(flows.iter()), first_paid(flows.iter().rev()));
    let mut open = first.lt(Lanes::ZERO).and(Lanes::ZERO.lt(last));
    let mut low = Lanes::splat(-FARTHEST);
    let mut high = Lanes::splat(FARTHEST);
    let mut x = Lanes::ZERO;
    // Not a number: through it there is no curve.
    let mut before = Point { x, height: Lanes::splat(f64::NAN), run: x };
    let mut converged = Mask::NONE;
    for step in 0..MOST_STEPS {
        if !open.any() {
            break;
        }
        let here = Point::at(flows, x);
        let below = here.height.lt(Lanes::ZERO);
        if step == 0 {
            open = open.and(crosses(flows, below));
        }
        low = below.select(x, low);
        high = below.select(high, x);
        let newton = x - here.height * here.run;
        let rises = Lanes::ZERO.lt(here.run);
        let within = |at: Lanes| rises.and(low.le(at)).and(at.le(high));
        let curved = here.crossing(&before);
        let straight = within(newton);
        let next = straight.select(newton, 0.5 * (low + high));
        let next = straight.and(within(curved)).select(curved, next);
        let moved = next - x;
        before = here;
        x = open.select(next, x);
        let done = open.and(straight).and(moved.max(-moved).le(Lanes::splat(CLOSE)));
        converged = converged.or(done);
        open = open.and(done.not());
    }
    let q = x.exp();
    converged.and(is_pure(flows, q)).select(q, Lanes::splat(f64::INFINITY))
}

/// Whether Σ CF_t q^t changes its sign between q = 1, where it is `below` zero or above, and the farthest q on the side of the root.
/// Where it does not, the root beyond, or those that come in pairs before it, are no rate: nothing needs to be searched.
#[inline(always)]
fn crosses(flows: &[Lanes], below: Mask) -> Mask {
    let q = below.select(Lanes::splat(FARTHEST), Lanes::splat(-FARTHEST)).exp();
    let mut value = Lanes::ZERO;
    for flow in flows.iter().rev() {
        value = value * q + *flow;
    }
    let above = Lanes::ZERO.le(value);
    below.and(above).or(below.not().and(value.le(Lanes::ZERO)))
}

/// The first payment that is not zero.
#[inline(always)]
fn first_paid<'f>(flows: impl Iterator<Item = &'f Lanes>) -> Lanes {
    let mut first = Lanes::ZERO;
    for flow in flows {
        let none = first.is(0.0);
        first = none.select(*flow, first);
        if !first.is(0.0).any() {
            break;
        }
    }
    first
}

/// A point of ln(received / laid out) over x = ln q. The curve is nearly straight: it rises by the time that lies between the two on average.
#[derive(Clone, Copy)]
struct Point {
    x: Lanes,
    height: Lanes,
    /// One over the slope.
    run: Lanes,
}

impl Point {
    #[inline(always)]
    fn at(flows: &[Lanes], x: Lanes) -> Self {
        let [received, received_moment, laid_out, laid_out_moment] = discounted(flows, x.exp());
        let between = received_moment * laid_out - laid_out_moment * received;
        Self { x, height: (received / laid_out).ln(), run: received * laid_out / between }
    }

    /// Where the curve through this point and another is zero, by the cubic of x in terms of the height that has their slopes.
    #[inline(always)]
    fn crossing(&self, other: &Self) -> Lanes {
        let rise = other.height - self.height;
        let t = -(self.height / rise);
        let away = 1.0 - t;
        let near = (1.0 + 2.0 * t) * away * away;
        let tangents = rise * (t * away) * (away * self.run - t * other.run);
        near * self.x + (1.0 - near) * other.x + tangents
    }
}

/// Paths whose sums fit in the registers together.
const TOGETHER: usize = 8;

/// What is received, Σ q^t over the payments above zero, and its derivative times q; the same of what is laid out. By Horner.
#[inline(always)]
fn discounted(flows: &[Lanes], q: Lanes) -> [Lanes; 4] {
    type Half = [f64; TOGETHER];
    #[inline(always)]
    fn each(a: Half, b: Half, of: impl Fn(f64, f64) -> f64) -> Half {
        let mut out = a;
        for i in 0..TOGETHER {
            out[i] = of(a[i], b[i]);
        }
        out
    }
    #[inline(always)]
    fn half(lanes: &Lanes, first: usize) -> Half {
        let mut out = [0.0; TOGETHER];
        out.copy_from_slice(&lanes.0[first..first + TOGETHER]);
        out
    }
    let mut out = [Lanes::ZERO; 4];
    for first in (0..LANES).step_by(TOGETHER) {
        let q = half(&q, first);
        let zero = [0.0; TOGETHER];
        let [mut received, mut received_moment, mut laid_out, mut laid_out_moment] = [zero; 4];
        for flow in flows.iter().rev() {
            let flow = half(flow, first);
            received_moment = each(each(received_moment, received, |m, v| m + v), q, |m, q| m * q);
            received = each(each(received, q, |v, q| v * q), flow, |v, x| v + if x > 0.0 { x } else { 0.0 });
            laid_out_moment = each(each(laid_out_moment, laid_out, |m, v| m + v), q, |m, q| m * q);
            // Of −x as of x: the larger of it and 0 is one instruction, where a choice by the sign of x is three.
            laid_out =
                each(each(laid_out, q, |v, q| v * q), flow.map(|x| -x), |v, x| v + if x > 0.0 { x } else { 0.0 });
        }
        for (all, some) in out.iter_mut().zip([received, received_moment, laid_out, laid_out_moment]) {
            all.0[first..first + TOGETHER].copy_from_slice(&some);
        }
    }
    out
}

/// Whether what is outstanding is never above zero.
#[inline(always)]
fn is_pure(flows: &[Lanes], q: Lanes) -> Mask {
    let (mut outstanding, mut power) = (Lanes::ZERO, Lanes::ONE);
    // What was outstanding at most so far: later months may be larger by powers, and must not hide what was owed before them.
    let (mut lowest, mut worst) = (Lanes::ZERO, Lanes::ZERO);
    for flow in flows {
        outstanding += *flow * power;
        power *= q;
        lowest = lowest.min(outstanding);
        worst = worst.max(outstanding + SLACK * lowest);
    }
    worst.le(Lanes::ZERO)
}

/// The yearly rate of a monthly discount factor; infinite where there is none.
#[inline(always)]
pub(super) fn yearly(q: Lanes) -> Lanes {
    let none = q.is(f64::INFINITY);
    let known = none.select(Lanes::ONE, q);
    let square = known * known;
    let fourth = square * square;
    none.select(q, 1.0 / (fourth * fourth * fourth) - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rate of a period.
    fn rate(flows: &[f64]) -> Option<f64> {
        let lanes: Vec<Lanes> = flows.iter().map(|flow| Lanes::splat(*flow)).collect();
        let q = internal_factor(&lanes).0[0];
        q.is_finite().then(|| 1.0 / q - 1.0)
    }

    /// Sign changes of Σ CF_t q^t over a fine grid: how many roots there are, without any theory.
    fn roots(flows: &[f64]) -> usize {
        let value = |i: i32| {
            let q = libm::exp(FARTHEST * (f64::from(i) / 10_000.0 - 1.0));
            flows.iter().rev().fold(0.0, |sum, flow| sum * q + flow)
        };
        let signs: Vec<bool> = (0..=20_000).map(|i| value(i) >= 0.0).collect();
        signs.windows(2).filter(|pair| pair[0] != pair[1]).count()
    }

    #[test]
    fn published_rates_of_return() {
        let flows = [-70_000.0, 12_000.0, 15_000.0, 18_000.0, 21_000.0, 26_000.0];
        assert!((rate(&flows).unwrap() - 0.086_630_9).abs() < 5e-8);
        assert!((rate(&flows[..5]).unwrap() + 0.021_244_8).abs() < 5e-8);
        // Twice 1.1: 100 · 1.21 = 121.
        assert!((rate(&[-100.0, 0.0, 121.0]).unwrap() - 0.1).abs() < 1e-15);
    }

    #[test]
    fn no_rate_is_told_where_there_are_several_or_none() {
        for flows in [
            [-80.0, 90.0, 67.0, 72.0, -90.0].as_slice(),
            // Roots at 10% and 20%: (1.1 q − 1)(1 − 1.2 q).
            &[-1.0, 2.3, -1.32],
            // … and at 0, 10 and 20%: a last payment of the other sign.
            &[-1.0, 3.3, -3.62, 1.32],
            &[-5.0, -1.0],
            &[5.0, 1.0],
            &[0.0, 0.0],
            &[0.0],
            // A surplus at once, and losses for long: at a very negative rate the late months are larger by powers.
            &[&[-1000.0, 1500.0][..], &[-50.0; 58], &[50.0]].concat(),
            // A loan: what it costs is no return.
            &[100.0, -121.0],
            // Beyond 1,000,000% a year, were it monthly.
            &[-1.0, 3.0],
        ] {
            assert_eq!(rate(flows), None, "{flows:?}");
        }
    }

    #[test]
    fn a_path_that_has_a_rate_has_no_other_and_one_with_several_has_none() {
        let (mut told, mut several) = (0, 0);
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / f64::from(1_u32 << 31) - 0.5
        };
        for _ in 0..400 {
            let months = 6 + (next().abs() * 40.0) as usize;
            let drift = next();
            let mut flows: Vec<f64> = (0..months).map(|_| next() + drift).collect();
            flows[0] = -(1.0 + next().abs() * months as f64 * 0.4);
            let count = roots(&flows);
            if let Some(rate) = rate(&flows) {
                told += 1;
                assert!(count <= 1, "{count} roots, {rate} told: {flows:?}");
                let q = 1.0 / (1.0 + rate);
                let left: f64 = flows.iter().rev().fold(0.0, |sum, flow| sum * q + flow);
                let size: f64 = flows.iter().rev().fold(0.0, |sum, flow| sum * q + flow.abs());
                assert!(left.abs() <= 1e-12 * size, "{left} is left of {size}");
            } else if count > 1 {
                several += 1;
            }
        }
        assert!(told > 100 && several > 10, "{told} told, {several} with several");
    }

    #[test]
    fn every_rate_that_is_one_is_found() {
        let mut state = 7_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / f64::from(1_u32 << 31) - 0.5
        };
        let (mut with, mut without) = (0, 0);
        for _ in 0..300 {
            // From steep losses to steep gains: rates from below −90% to above 100% a month.
            let tilt = 4.0 * next();
            let mut flows: Vec<f64> = (0..5).map(|t| (next() + 0.2) * libm::exp(tilt * f64::from(t))).collect();
            flows[0] = -1.0;
            if roots(&flows) != 1 || flows[4] <= 0.0 {
                continue;
            }
            // By halves, and what is outstanding at that rate in order.
            let value = |x: f64| flows.iter().rev().fold(0.0, |sum, flow| sum * libm::exp(x) + flow);
            let (mut low, mut high) = (-FARTHEST, FARTHEST);
            for _ in 0..60 {
                let middle = 0.5 * (low + high);
                if value(middle) < 0.0 { low = middle } else { high = middle }
            }
            let mut outstanding = 0.0;
            let most = flows[..4].iter().enumerate().map(|(t, flow)| {
                outstanding += flow * libm::exp(low * t as f64);
                outstanding
            });
            let most = most.fold(f64::NEG_INFINITY, f64::max);
            if most > 1e-6 {
                without += 1;
                assert_eq!(rate(&flows), None, "{flows:?}");
            } else if most < -1e-6 {
                with += 1;
                let expected = libm::exp(-low) - 1.0;
                let found = rate(&flows).unwrap_or_else(|| panic!("{flows:?} has {expected}"));
                assert!((found - expected).abs() < 1e-12 * (1.0 + expected), "{found}, not {expected}: {flows:?}");
            }
        }
        assert!(with > 50 && without > 0, "{with} with a rate, {without} without");
    }

    #[test]
    fn a_cubic_through_two_points_and_their_slopes_crosses_zero_where_it_does() {
        // x = 3 + 2 h − h² + 0.5 h³, at heights 2 and −1: zero at x = 3.
        let point = |h: f64| Point {
            x: Lanes::splat(3.0 + h * (2.0 + h * (0.5 * h - 1.0))),
            height: Lanes::splat(h),
            run: Lanes::splat(2.0 + h * (1.5 * h - 2.0)),
        };
        for (a, b) in [(2.0, -1.0), (-1.0, 2.0), (0.5, 1.5), (0.0, 1.0)] {
            assert!((point(a).crossing(&point(b)).0[0] - 3.0).abs() < 1e-14, "{a} {b}");
        }
    }

    #[test]
    fn a_month_at_a_hundredth_is_twelve_and_two_thirds_of_a_percent_a_year() {
        let year = yearly(Lanes::splat(1.0 / 1.01)).0[0];
        assert!((year - 0.126_825_030_131_969_72).abs() < 1e-14, "{year}");
        assert_eq!(yearly(Lanes::splat(f64::INFINITY)).0[3], f64::INFINITY);
    }
}
