//! Draws by scenario: marginals, correlations, what is shared, and what is known.

use super::*;
use crate::scenario::correlation_groups;

fn draws(sampler: Sampler, inputs: &[(&str, Dist)], pairs: &[(usize, usize, f64)], paths: usize) -> Vec<Vec<f64>> {
    let wide = (f64::NEG_INFINITY, f64::INFINITY);
    let drawn = inputs.iter().map(|(name, dist)| Drawn { name, dist, innermost: wide });
    let plan = DrawPlan::new(sampler, 5, drawn, correlation_groups(pairs).unwrap(), [], &[]);
    let mut batch = plan.batch();
    let mut out = vec![Vec::new(); inputs.len()];
    for first in (0..paths).step_by(PATHS_PER_BATCH) {
        plan.draw(first as u64, paths as u64, &mut batch);
        for group in 0..GROUPS {
            for (column, lanes) in out.iter_mut().zip(batch.inputs(group, &[]).columns) {
                column.extend(lanes.0);
            }
        }
    }
    for column in &mut out {
        column.truncate(paths);
    }
    out
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    order.into_iter().enumerate().for_each(|(rank, i)| ranks[i] = rank as f64);
    ranks
}

fn spearman(a: &[f64], b: &[f64]) -> f64 {
    let (a, b) = (ranks(a), ranks(b));
    let n = a.len() as f64;
    let squares: f64 = a.iter().zip(&b).map(|(x, y)| (x - y) * (x - y)).sum();
    1.0 - 6.0 * squares / (n * (n * n - 1.0))
}

fn inputs() -> Vec<(&'static str, Dist)> {
    vec![
        ("refusal", Dist::pert(0.45, 0.68, 0.95, 4.0).unwrap()),
        ("price", Dist::log_normal(10.0, 0.54, None, None).unwrap()),
        ("band", Dist::uniform(5.0, 10.0).unwrap()),
        ("alone", Dist::pert(0.45, 0.68, 0.95, 4.0).unwrap()),
    ]
}

#[test]
fn scenarios_share_draws_only_where_they_draw_alike() {
    let wide = (f64::NEG_INFINITY, f64::INFINITY);
    let of = |inputs: &[(&'static str, Dist)], pairs: &[(usize, usize, f64)], odds: f64, near: &[&DrawPlan]| {
        let drawn = inputs.iter().map(|(name, dist)| Drawn { name, dist, innermost: wide });
        DrawPlan::new(Sampler::Sobol, 5, drawn, correlation_groups(pairs).unwrap(), [("strike", odds)], near)
    };
    let uniform = |high: f64| Dist::uniform(0.0, high).unwrap();
    let inputs = [("a", uniform(1.0)), ("b", uniform(2.0)), ("c", Dist::constant(7.0))];
    let pairs = [(0, 1, 0.5)];
    let first = of(&inputs, &pairs, 0.1, &[]);
    let like = |inputs: &[(&'static str, Dist)], pairs: &[(usize, usize, f64)], odds: f64| {
        let other = of(inputs, pairs, odds, &[&first]);
        assert_eq!(first.draws_like(&other), other.draws_like(&first));
        first.draws_like(&other)
    };
    assert!(like(&inputs, &pairs, 0.1));
    let changed = |i: usize, dist: Dist| {
        let mut inputs = inputs.clone();
        inputs[i].1 = dist;
        inputs
    };
    assert!(like(&changed(2, Dist::constant(8.0)), &pairs, 0.1), "a plain number is not drawn");
    assert!(!like(&changed(2, uniform(3.0)), &pairs, 0.1));
    assert!(!like(&changed(1, uniform(3.0)), &pairs, 0.1));
    assert!(!like(&changed(0, Dist::constant(0.5)), &pairs, 0.1));
    assert!(!like(&inputs[..2], &pairs, 0.1));
    assert!(!like(&inputs, &[(0, 1, 0.4)], 0.1) && !like(&inputs, &[], 0.1));
    assert!(!like(&inputs, &pairs, 0.2));
    // With draws that are known, the very same ones.
    let known = |paths: usize| {
        let inputs = vec![("a".to_owned(), vec![0.5; paths])];
        Arc::new(PathDraws { paths, inputs, ..PathDraws::default() })
    };
    let draws = known(16);
    let with = |draws: &Arc<PathDraws>| of(&inputs, &pairs, 0.1, &[&first]).with_known(draws);
    assert!(with(&draws).draws_like(&with(&draws)));
    assert!(!with(&draws).draws_like(&first) && !first.draws_like(&with(&draws)));
    assert!(!with(&draws).draws_like(&with(&known(16))), "others, whatever they hold");
}

#[test]
fn draws_that_are_known_come_in_their_order() {
    let paths = 2 * PATHS_PER_BATCH;
    let number = |first: f64| (0..paths).map(|i| first + i as f64).collect::<Vec<_>>();
    let draws = PathDraws {
        paths,
        inputs: vec![("elsewhere".to_owned(), number(5e6)), ("b".to_owned(), number(0.0))],
        starts: vec![("strike".to_owned(), number(1e4))],
        ..PathDraws::default()
    };
    let (a, b) = (Dist::uniform(0.0, 1.0).unwrap(), Dist::uniform(0.0, 2.0).unwrap());
    let wide = (f64::NEG_INFINITY, f64::INFINITY);
    let drawn = [("a", &a), ("b", &b)].map(|(name, dist)| Drawn { name, dist, innermost: wide });
    let plan = DrawPlan::new(Sampler::Random, 5, drawn, Vec::new(), [("calm", 0.1), ("strike", 0.1)], &[]);
    let plan = plan.with_known(&Arc::new(draws));
    let mut batch = plan.batch();
    for first in (0..paths).step_by(PATHS_PER_BATCH) {
        plan.draw(first as u64, paths as u64, &mut batch);
        for group in 0..GROUPS {
            let inputs = batch.inputs(group, &[]);
            for lane in 0..LANES {
                let path = (first + group * LANES + lane) as f64;
                assert!(inputs.columns[0].0[lane] < 1.0);
                assert_eq!((inputs.columns[1].0[lane], inputs.event_starts[1].0[lane]), (path, 1e4 + path));
            }
        }
    }
}

#[test]
fn rank_correlations_are_those_asked_for() {
    const PATHS: usize = 100_000;
    let pairs = [(0, 1, -0.4), (0, 2, 0.3), (1, 2, 0.25)];
    for sampler in Sampler::ALL {
        let columns = draws(sampler, &inputs(), &pairs, PATHS);
        for (a, b, rank) in pairs.into_iter().chain([(0, 3, 0.0)]) {
            let found = spearman(&columns[a], &columns[b]);
            // The standard error of a sample's rank correlation is about (1 − ρ²) / √n, at most 1 / √n.
            assert!((found - rank).abs() < 3.0 / (PATHS as f64).sqrt(), "{sampler:?} {a} {b}: {found}, not {rank}");
        }
    }
    // Pearson 0.5 in the copula is Spearman 0.482584.
    let asked = 6.0 / std::f64::consts::PI * libm::asin(0.25);
    assert!((asked - 0.482_584).abs() < 1e-6);
}

#[test]
fn correlation_leaves_the_marginals_and_the_others_draws_as_they_were() {
    const PATHS: usize = 20_000;
    let plain = draws(Sampler::Random, &inputs(), &[], PATHS);
    let correlated = draws(Sampler::Random, &inputs(), &[(0, 1, -0.4), (0, 2, 0.3)], PATHS);
    assert_eq!(plain[3], correlated[3], "an input outside the group keeps its draws");
    for (i, (name, dist)) in inputs().iter().enumerate() {
        let mut sorted = correlated[i].clone();
        sorted.sort_by(f64::total_cmp);
        let n = PATHS as f64;
        // Kolmogorov and Smirnov: the sample's quantiles against the exact ones, D < 1.63 / √n.
        for p in [0.01, 0.1, 0.5, 0.9, 0.99] {
            let below = sorted.partition_point(|&x| x < dist.quantile(p)) as f64 / n;
            assert!((below - p).abs() < 1.63 / n.sqrt(), "{name} at {p}: {below}");
        }
    }
}

#[test]
fn adding_an_input_or_changing_a_distribution_leaves_the_other_draws_alone() {
    for sampler in Sampler::ALL {
        let before = draws(sampler, &inputs(), &[], 256);
        let mut changed = inputs();
        changed[0].1 = Dist::uniform(0.0, 1.0).unwrap();
        changed.insert(1, ("new", Dist::uniform(0.0, 1.0).unwrap()));
        let after = draws(sampler, &changed, &[], 256);
        assert_eq!(before[1..], after[2..]);
    }
}
