//! How much of the variance of a number each uncertain input is behind: first-order, total and Shapley effects under the joint law.
//!
//! For any function of its inputs, dependent ones too, that can be asked on two futures which share some inputs: the first draw, and
//! one in which the others are drawn again given those (pick-freeze). Along an order of the inputs each step shares one input more
//! and adds to the explained variance; averaged over orders that is the Shapley effect (Owen, 2014; Song, Nelson and Staum, 2016;
//! Goda, 2021). The first-order effect is the step of an input that comes first, the total effect that of one that comes last.

use std::ops::Range;

use crate::aggregate::Estimate;
use crate::sampler::random_order;

/// Independent samples, from which errors are taken: as many as a run has replicates.
const SAMPLES: usize = 16;

/// With fewer samples in which a number varies, their spread says nothing of the error.
const FEWEST_SAMPLES: usize = 12;

/// A function of uncertain inputs, which returns some numbers.
pub(crate) trait Response: Sync {
    /// How many inputs it has.
    fn inputs(&self) -> usize;

    /// How many numbers it returns.
    fn numbers(&self) -> usize;

    /// Its numbers on some paths, for each set of inputs that keep their first draw: by set, by number, by path.
    fn respond(&self, kept: &[&[usize]], paths: Range<u64>) -> Vec<Vec<Vec<f64>>>;
}

/// The effects of one input on a number, as shares of its variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// Var(E\[Y | X\]) / Var Y: what knowing the input alone removes.
    pub first_order: Estimate,
    /// E\[Var(Y | all others)\] / Var Y: what is left when all others are known.
    pub total: Estimate,
    /// The Shapley effect: its fair share. Those of all inputs add up to 1.
    pub shapley: Estimate,
}

/// How the effects are estimated: each of sixteen samples takes a random order of the inputs and all its rotations, so that every
/// input stands at every place once, and walks each of them on so many paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Design {
    /// Random numbers of the orders.
    pub(crate) seed: u64,
    /// Paths on which an order is walked.
    pub(crate) paths: u64,
    /// The paths of the k-th order start at k times this.
    pub(crate) stride: u64,
}

impl Design {
    /// As many paths an order as stay below so many simulations, in whole groups, but at least one group and at most `stride`.
    pub(crate) fn within(simulations: u64, inputs: usize, seed: u64, group: u64, stride: u64) -> Self {
        let walks = Self::walks(inputs) as u64 * (inputs as u64 + 1);
        Self { seed, paths: (simulations / walks.max(1) / group * group).clamp(group, stride), stride }
    }

    /// How many orders are walked.
    pub(crate) const fn walks(inputs: usize) -> usize {
        SAMPLES * inputs
    }

    /// How many simulations that takes.
    pub(crate) fn simulations(&self, inputs: usize) -> u64 {
        Self::walks(inputs) as u64 * (inputs as u64 + 1) * self.paths
    }
}

/// What the inputs add along one order: by number, then by place in the order.
pub(crate) type Walk = Vec<Vec<f64>>;

/// The order of a walk.
fn order_of(inputs: usize, seed: u64, walk: usize) -> Vec<usize> {
    let mut order = random_order(seed, &format!("order {} of inputs", walk / inputs), inputs);
    order.rotate_left(walk % inputs);
    order
}

/// Walks along one order.
pub(crate) fn walk<R: Response>(response: &R, design: Design, walk: usize) -> Walk {
    let inputs = response.inputs();
    let order = order_of(inputs, design.seed, walk);
    let kept: Vec<&[usize]> = (0..=inputs).map(|known| &order[..known]).collect();
    let first = walk as u64 * design.stride;
    let found = response.respond(&kept, first..first + design.paths);
    let all = &found[inputs];
    let step = |number: usize, place: usize| {
        // ½ E[(Y − Y′)²] is what is left of the variance where Y′ shares what is known; it falls by this.
        let (before, after) = (&found[place][number], &found[place + 1][number]);
        let sum: f64 = all[number]
            .iter()
            .zip(before.iter().zip(after))
            .map(|(y, (before, after))| 0.5 * (after - before) * (2.0 * y - before - after))
            .sum();
        sum / design.paths as f64
    };
    (0..response.numbers()).map(|number| (0..inputs).map(|place| step(number, place)).collect()).collect()
}

/// The effects from all walks: by number, by input; none of a number that does not vary, or in too few samples.
pub(crate) fn effects(inputs: usize, seed: u64, walks: &[Walk]) -> Vec<Option<Vec<Effect>>> {
    let numbers = walks.first().map_or(0, Vec::len);
    let orders: Vec<Vec<usize>> = (0..walks.len()).map(|walk| order_of(inputs, seed, walk)).collect();
    let of_number = |number: usize| {
        // By sample: the variance, and by input what it adds on average, first and last.
        let samples: Vec<(f64, Vec<[f64; 3]>)> = walks
            .chunks(inputs)
            .zip(orders.chunks(inputs))
            .map(|(walks, orders)| {
                let mut of_input = vec![[0.0; 3]; inputs];
                for (walk, order) in walks.iter().zip(orders) {
                    for (place, (input, gain)) in order.iter().zip(&walk[number]).enumerate() {
                        of_input[*input][0] += gain / inputs as f64;
                        if place == 0 {
                            of_input[*input][1] = *gain;
                        }
                        if place + 1 == inputs {
                            of_input[*input][2] = *gain;
                        }
                    }
                }
                (of_input.iter().map(|steps| steps[0]).sum(), of_input)
            })
            .collect();
        let count = samples.len() as f64;
        let variance = samples.iter().map(|sample| sample.0).sum::<f64>() / count;
        let varied = samples.iter().filter(|sample| sample.0 > 0.0).count();
        if varied < FEWEST_SAMPLES || variance <= 0.0 || !variance.is_finite() {
            return None;
        }
        let share = |input: usize, what: usize| {
            let mean = samples.iter().map(|sample| sample.1[input][what]).sum::<f64>() / count;
            let share = mean / variance;
            // The error of a ratio of means, to first order.
            let residual = |(variance_here, steps): &(f64, Vec<[f64; 3]>)| steps[input][what] - share * variance_here;
            let squares: f64 = samples.iter().map(|sample| (residual(sample) / variance).powi(2)).sum();
            Estimate::of_replicates(share, libm::sqrt(squares / (count * (count - 1.0))))
        };
        let effect = |input| Effect { shapley: share(input, 0), first_order: share(input, 1), total: share(input, 2) };
        Some((0..inputs).map(effect).collect())
    };
    (0..numbers).map(of_number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::special::normal_quantile;
    use crate::sampler::uniforms;

    #[test]
    fn walks_take_no_more_simulations_than_they_may() {
        // Three inputs: 48 orders of four steps. 10,000 simulations are 52 paths of each, in groups of sixteen 48.
        let of = |simulations| Design::within(simulations, 3, 1, 16, 256);
        assert_eq!((of(10_000).paths, of(10_000).simulations(3), of(9216).paths, of(9215).paths), (48, 9216, 48, 32));
        assert_eq!((of(1).paths, of(u64::MAX).paths), (16, 256));
        assert_eq!((Design::within(1, 0, 1, 16, 256).paths, of(1).simulations(0)), (16, 0));
    }

    /// A function of uniform inputs, or of normal ones of which the first two are correlated.
    struct Function<F> {
        inputs: usize,
        seed: u64,
        /// None for independent uniform inputs.
        correlation: Option<f64>,
        of: F,
    }

    impl<F: Fn(&[f64]) -> f64 + Sync> Function<F> {
        fn draw(&self, which: &str, input: usize, path: u64) -> f64 {
            let u = uniforms(self.seed, &format!("{which} {input}"), path);
            if self.correlation.is_some() { normal_quantile(u) } else { u }
        }
    }

    impl<F: Fn(&[f64]) -> f64 + Sync> Response for Function<F> {
        fn inputs(&self) -> usize {
            self.inputs
        }

        fn numbers(&self) -> usize {
            1
        }

        fn respond(&self, kept: &[&[usize]], paths: Range<u64>) -> Vec<Vec<Vec<f64>>> {
            let of_set = |kept: &&[usize]| {
                let of_path = |path: u64| {
                    let rho = self.correlation.unwrap_or(0.0);
                    let spread = (1.0 - rho * rho).sqrt();
                    let mut first: Vec<f64> = (0..self.inputs).map(|i| self.draw("first", i, path)).collect();
                    if self.correlation.is_some() {
                        first[1] = rho * first[0] + spread * first[1];
                    }
                    let mut x = first.clone();
                    let fresh: Vec<usize> = (0..self.inputs).filter(|i| !kept.contains(i)).collect();
                    for i in &fresh {
                        x[*i] = self.draw("second", *i, path);
                    }
                    if self.correlation.is_some() {
                        // Given the one, the other is normal around ρ times it.
                        match (fresh.contains(&0), fresh.contains(&1)) {
                            (true, false) => x[0] = rho * first[1] + spread * x[0],
                            (_, true) => x[1] = rho * x[0] + spread * x[1],
                            _ => {}
                        }
                    }
                    (self.of)(&x)
                };
                vec![paths.clone().map(of_path).collect()]
            };
            kept.iter().map(of_set).collect()
        }
    }

    fn found<F: Fn(&[f64]) -> f64 + Sync>(function: &Function<F>, paths: u64) -> Vec<Effect> {
        let design = Design { seed: function.seed, paths, stride: paths };
        let walks: Vec<Walk> = (0..Design::walks(function.inputs)).map(|i| walk(function, design, i)).collect();
        effects(function.inputs, function.seed, &walks).remove(0).unwrap()
    }

    /// Within four standard errors, and an error that says something.
    fn near(estimate: Estimate, exact: f64, what: &str) {
        let se = estimate.se.unwrap();
        assert!((estimate.value - exact).abs() <= 4.0 * se + 1e-12, "{what}: {} ± {se}, not {exact}", estimate.value);
        assert!(se < 0.05, "{what}: {se}");
    }

    fn ishigami(seed: u64) -> Function<impl Fn(&[f64]) -> f64 + Sync> {
        use std::f64::consts::PI;
        let of = |u: &[f64]| {
            let x: Vec<f64> = u.iter().map(|u| PI * (2.0 * u - 1.0)).collect();
            libm::sin(x[0]) + 7.0 * libm::sin(x[1]).powi(2) + 0.1 * x[2].powi(4) * libm::sin(x[0])
        };
        Function { inputs: 3, seed, correlation: None, of }
    }

    const ISHIGAMI: [[f64; 3]; 3] = [
        [0.313_905, 0.557_589, 0.313_905 + 0.5 * 0.243_684],
        [0.442_411, 0.442_411, 0.442_411],
        [0.0, 0.243_684, 0.5 * 0.243_684],
    ];

    #[test]
    fn ishigami_has_its_published_effects() {
        for (effect, [first, total, shapley]) in found(&ishigami(1), 1024).iter().zip(ISHIGAMI) {
            near(effect.first_order, first, "first");
            near(effect.total, total, "total");
            near(effect.shapley, shapley, "Shapley");
        }
    }

    #[test]
    fn sobols_g_has_its_published_effects() {
        let a = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];
        let of =
            move |u: &[f64]| u.iter().zip(a).map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a)).product::<f64>();
        let effects = found(&Function { inputs: 8, seed: 2, correlation: None, of }, 256);
        let exact = [
            [0.716_19, 0.787_14],
            [0.179_05, 0.242_20],
            [0.023_68, 0.034_32],
            [0.007_16, 0.010_46],
            [0.000_07, 0.000_10],
        ];
        for (effect, [first, total]) in effects.iter().zip(exact) {
            near(effect.first_order, first, "first");
            near(effect.total, total, "total");
            // Inputs are independent, so the Shapley effect lies between.
            let slack = 4.0 * effect.shapley.se.unwrap();
            assert!((first - slack..=total + slack).contains(&effect.shapley.value));
        }
        assert!((effects.iter().map(|effect| effect.shapley.value).sum::<f64>() - 1.0).abs() < 1e-12);
    }

    /// Y = X1 + X2 with standard deviations 1 and 2.
    fn sum_of_two(seed: u64, rho: f64) -> Function<impl Fn(&[f64]) -> f64 + Sync> {
        Function { inputs: 2, seed, correlation: Some(rho), of: |x: &[f64]| x[0] + 2.0 * x[1] }
    }

    #[test]
    fn correlated_inputs_share_as_the_closed_form_says() {
        for (rho, shapley, first, total) in
            [(0.0, 0.2, 0.2, 0.2), (0.5, 0.339_286, 0.571_429, 0.107_143), (0.9, 0.466_860, f64::NAN, f64::NAN)]
        {
            let effects = found(&sum_of_two(3, rho), 2048);
            near(effects[0].shapley, shapley, "Shapley");
            near(effects[1].shapley, 1.0 - shapley, "Shapley");
            if first.is_finite() {
                near(effects[0].first_order, first, "first");
                near(effects[0].total, total, "total");
            }
        }
    }

    #[test]
    fn what_the_function_ignores_has_no_effect_at_all() {
        let effects = found(&Function { inputs: 3, seed: 4, correlation: None, of: |u: &[f64]| u[0] * u[2] }, 64);
        for estimate in [effects[1].first_order, effects[1].total, effects[1].shapley] {
            assert_eq!((estimate.value, estimate.se), (0.0, Some(0.0)));
        }
    }

    #[test]
    fn a_constant_has_no_effects() {
        let function = Function { inputs: 2, seed: 4, correlation: None, of: |_: &[f64]| 3.0 };
        let design = Design { seed: 4, paths: 16, stride: 16 };
        let walks: Vec<Walk> = (0..Design::walks(2)).map(|i| walk(&function, design, i)).collect();
        assert_eq!(effects(2, 4, &walks), [None]);
    }

    #[test]
    fn what_hardly_ever_happens_is_behind_nothing() {
        // One future in 500: few samples see it, and an error from those that agree would be none at all.
        let of = |u: &[f64]| f64::from(u8::from(u[0] < 0.002));
        let function = Function { inputs: 2, seed: 5, correlation: None, of };
        let design = Design { seed: 5, paths: 64, stride: 64 };
        let walks: Vec<Walk> = (0..Design::walks(2)).map(|i| walk(&function, design, i)).collect();
        assert!(walks.iter().flatten().flatten().any(|gain| *gain != 0.0), "it happens at all");
        assert_eq!(effects(2, 5, &walks), [None]);
    }

    /// The share of seeds whose intervals hold the exact effects.
    fn coverage(seeds: u64) -> f64 {
        let (mut held, mut all) = (0.0, 0.0);
        for seed in 0..seeds {
            let cases = found(&ishigami(seed), 256).into_iter().zip(ISHIGAMI);
            let pairs = found(&sum_of_two(seed, 0.5), 256)
                .into_iter()
                .zip([[0.571_429, 0.107_143, 0.339_286], [0.892_857, 0.428_571, 0.660_714]]);
            for (effect, exact) in cases.chain(pairs) {
                for (estimate, exact) in [effect.first_order, effect.total, effect.shapley].iter().zip(exact) {
                    let (low, high) = estimate.interval.unwrap();
                    held += f64::from(u8::from((low..=high).contains(&exact)));
                    all += 1.0;
                }
            }
        }
        held / all
    }

    #[test]
    fn intervals_hold_the_exact_effects_about_as_often_as_they_say() {
        // 40 seeds with 15 intervals each, which within a seed depend on each other: ± three errors of 40 independent ones
        // would be 10 points, of 600 less than 3.
        let held = coverage(40);
        assert!((0.91..=0.985).contains(&held), "{held}");
    }

    #[test]
    #[ignore = "a study of 400 seeds"]
    fn intervals_hold_the_exact_effects_in_93_to_97_percent_of_400_seeds() {
        let held = coverage(400);
        assert!((0.93..=0.97).contains(&held), "{held}");
    }
}
