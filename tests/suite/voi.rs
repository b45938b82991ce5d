//! The value of information, against closed forms: through the library with any payoffs, and through the command line.

#![allow(clippy::print_stdout, reason = "a study prints what it found")]

use breakeven::aggregate::Estimate;
use breakeven::analysis::{Payoffs, Study};
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;
use statrs::distribution::{Continuous, ContinuousCDF, Normal};

/// What one would know of before going, where it earns N(mean, sd) given what is known, or nothing: E[max(0, N)] − max(0, mean).
fn worth(mean: f64, sd: f64) -> f64 {
    let normal = Normal::standard();
    mean * normal.cdf(mean / sd) + sd * normal.pdf(mean / sd) - mean.max(0.0)
}

fn near(found: Estimate, exact: f64, what: &str) {
    let se = found.se.unwrap();
    assert!((found.value - exact).abs() <= 4.0 * se + 1e-9, "{what}: {} ± {se}, not {exact}", found.value);
    // An answer with a useless error would pass too.
    assert!(se <= 0.2 * exact.abs() + 0.01, "{what}: an error of {se} beside {exact}");
}

/// p1 ~ N(1, 1) and p2 ~ N(0, 2) with a correlation, and something that has nothing to do with them.
struct Two {
    p1: Vec<f64>,
    p2: Vec<f64>,
    other: Vec<f64>,
}

impl Two {
    fn new(seed: u64, paths: usize, rho: f64) -> Self {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut two = Self { p1: Vec::new(), p2: Vec::new(), other: Vec::new() };
        for _ in 0..paths {
            let [a, b, c]: [f64; 3] = std::array::from_fn(|_| StandardNormal.sample(&mut rng));
            two.p1.push(1.0 + a);
            two.p2.push(2.0 * (rho * a + (1.0 - rho * rho).sqrt() * b));
            two.other.push(c);
        }
        two
    }

    /// Go, which earns p1 − p2, or nothing.
    fn go_or_nothing(&self) -> Payoffs {
        let go = self.p1.iter().zip(&self.p2).map(|(a, b)| a - b).collect();
        Payoffs::new(vec![go, vec![0.0; self.p1.len()]]).unwrap()
    }
}

#[test]
fn go_or_nothing_has_its_exact_values() {
    let two = Two::new(1, 1 << 16, 0.0);
    let payoffs = two.go_or_nothing();
    assert_eq!(payoffs.best(), 0);
    near(payoffs.everything(), 0.479_811, "everything");
    near(payoffs.along(&two.p1).value(), 0.083_315, "p1");
    near(payoffs.along(&two.p2).value(), 0.395_593, "p2");
    near(payoffs.together(&[&two.p1, &two.p2]), 0.479_811, "both");
    near(payoffs.together(&[&two.p2, &two.other]), 0.395_593, "p2 and what does not matter");
    let p1 = payoffs.along(&two.p1);
    for (n, exact) in [(10, 0.072_325), (100, 0.082_118), (1000, 0.083_195)] {
        near(p1.study(Study::Measurement { sd: 1.0 }, n), exact, "a study of p1");
    }
    // The figures above are E[max(0, N(1, sd))] − 1; a mean of n measurements leaves a posterior mean with variance n / (n + 1).
    assert!((worth(1.0, 5_f64.sqrt()) - 0.479_811).abs() < 1e-6);
    assert!((worth(1.0, (10.0_f64 / 11.0).sqrt()) - 0.072_325).abs() < 1e-6);
}

#[test]
fn what_is_learned_of_one_input_from_another_counts() {
    for rho in [-0.5, 0.8] {
        let two = Two::new(2, 1 << 16, rho);
        let payoffs = two.go_or_nothing();
        // E[p1 − p2 | p1] = 1 + (1 − 2 ρ)(p1 − 1), and E[p1 − p2 | p2] = 1 + (ρ/2 − 1) p2.
        near(payoffs.everything(), worth(1.0, (5.0 - 4.0 * rho).sqrt()), "everything");
        near(payoffs.along(&two.p1).value(), worth(1.0, (1.0 - 2.0 * rho).abs()), "p1");
        near(payoffs.along(&two.p2).value(), worth(1.0, (rho - 2.0).abs()), "p2");
    }
}

#[test]
fn a_survey_updates_by_the_binomial_likelihood() {
    // Of a share that may be anything, k of n say yes with probability 1/(n + 1) each, and then its mean is (k + 1)/(n + 2). Going
    // earns 10 · (share − 0.6).
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
    let share: Vec<f64> = (0..1 << 16).map(|_| rng.random()).collect();
    let go = share.iter().map(|p| 10.0 * (p - 0.6)).collect();
    let payoffs = Payoffs::new(vec![go, vec![0.0; share.len()]]).unwrap();
    let along = payoffs.along(&share);
    assert_eq!(payoffs.best(), 1);
    near(along.value(), 10.0 * 0.08, "the share itself: E[(U − 0.6)+] = 0.4²/2");
    let mut last = 0.0;
    for n in [1_u64, 3, 10, 100, 1000, 5000, 1_000_000] {
        let size = n as f64;
        let gain = |k: u64| (10.0 * ((k as f64 + 1.0) / (size + 2.0) - 0.6)).max(0.0);
        let exact = (0..=n).map(gain).sum::<f64>() / (size + 1.0);
        let found = along.study(Study::Survey, n);
        near(found, exact, "a survey");
        assert!(found.value >= last - 1e-9, "more people are worth no less: {} after {last}", found.value);
        last = found.value;
    }
    assert!(last <= along.value().value + 1e-9, "no survey is worth more than the share itself");
}

#[test]
fn noise_is_not_sold_as_value() {
    for seed in 0..20 {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(100 + seed);
        let mut normal = |paths: usize| -> Vec<f64> { (0..paths).map(|_| StandardNormal.sample(&mut rng)).collect() };
        let (input, base) = (normal(8192), normal(8192));
        // Exactly alike: nothing is worth anything.
        let alike = Payoffs::new(vec![base.clone(); 8]).unwrap();
        for found in [alike.everything(), alike.along(&input).value(), alike.together(&[&input, &base])] {
            assert_eq!((found.value, found.se), (0.0, Some(0.0)));
        }
        // Alike on average, each with luck of its own: to know an input that has nothing to do with it is worth nothing.
        let own: Vec<Vec<f64>> = (0..8).map(|_| normal(8192)).collect();
        let payoffs = Payoffs::new(own).unwrap();
        for found in [
            payoffs.along(&input).value(),
            payoffs.along(&input).study(Study::Measurement { sd: 1.0 }, 10),
            payoffs.together(&[&input, &base]),
        ] {
            let (se, (low, _)) = (found.se.unwrap(), found.interval.unwrap());
            assert!(low <= 0.0 && found.value <= 2.0 * se, "seed {seed}: {} ± {se}", found.value);
        }
    }
}

/// For each answer the share of seeds whose intervals hold it, and how far the estimates are off on average, in standard errors.
fn coverage(seeds: u64, paths: usize) -> Vec<(&'static str, f64, f64)> {
    const EXACT: [(&str, f64); 6] = [
        ("everything", 0.479_811),
        ("p1", 0.083_315),
        ("p2", 0.395_593),
        ("both", 0.479_811),
        ("a study of 10", 0.072_325),
        ("a study of 1,000", 0.083_195),
    ];
    let mut out = EXACT.map(|exact| (exact.0, 0.0, 0.0));
    for seed in 0..seeds {
        let two = Two::new(1000 + seed, paths, 0.0);
        let payoffs = two.go_or_nothing();
        let (p1, p2) = (payoffs.along(&two.p1), payoffs.along(&two.p2));
        let study = |n| p1.study(Study::Measurement { sd: 1.0 }, n);
        let both = payoffs.together(&[&two.p1, &two.p2]);
        let found = [payoffs.everything(), p1.value(), p2.value(), both, study(10), study(1000)];
        for ((out, found), (_, exact)) in out.iter_mut().zip(found).zip(EXACT) {
            let (low, high) = found.interval.unwrap();
            out.1 += f64::from(u8::from((low..=high).contains(&exact))) / seeds as f64;
            out.2 += (found.value - exact) / found.se.unwrap() / seeds as f64;
        }
    }
    out.to_vec()
}

/// The mean share over all answers.
fn mean(held: &[(&str, f64, f64)]) -> f64 {
    held.iter().map(|held| held.1).sum::<f64>() / held.len() as f64
}

#[test]
fn intervals_hold_the_exact_values_about_as_often_as_they_say() {
    // 60 seeds: ± three errors of 60 independent intervals are 8.4 points.
    let held = mean(&coverage(60, 1 << 13));
    assert!((0.87..=1.0).contains(&held), "{held}");
}

#[test]
#[ignore = "a study of 400 seeds"]
fn intervals_hold_the_exact_values_of_information_in_93_to_97_percent_of_400_seeds() {
    for paths in [1 << 12, 1 << 14, 1 << 16] {
        let held = coverage(400, paths);
        for (what, held, off) in &held {
            println!("{paths} paths, {what}: held by {held:.4}, off by {off:+.3} standard errors on average");
        }
        let held = mean(&held);
        println!("{paths} paths: intervals of the value of information hold {held:.4}");
        assert!((0.93..=0.97).contains(&held), "{paths}: {held}");
    }
}
