//! Under which conditions an event happens: rules that are found on one half of the paths and stated on the other.

use super::AnalysisError;
use super::prim::{MOST_INPUTS, Points, Side, Step, peel};
use super::sample::{FEWEST, Sample};
use super::subject::{Of, Subject, Uncertain};
use crate::aggregate::{Estimate, Proportion};
use crate::distribution::special::UnitBeta;
use crate::engine::{Options, PATHS_PER_BLOCK, Threads};
use crate::lanes::LANES;
use crate::plan::Plan;
use crate::sampler::{Sampling, random_order};
use crate::scenario::Scenario;

/// At most so many paths are kept: some gigabyte of them.
const MOST_PATHS: u64 = 1 << 22;
/// At most so many rules are told.
const MOST_RULES: usize = 2;
/// A restriction that helps by chance more often than this is dropped: on the other half of the paths, and shared out among those
/// of a rule, so that of rules found in noise one in twenty is told.
const BY_CHANCE: f64 = 0.05;
/// Of the paths without the event so many are looked at for rules, in each half; each stands for several.
const MOST_WITHOUT: usize = 1 << 15;
/// Paths shown of each kind.
const SHOWN: usize = 400;

/// A search for rules that has passed every check.
#[derive(Clone, Debug)]
pub struct Discover {
    subject: Subject,
    /// Whether rules are looked for under which the event does not happen.
    not: bool,
}

/// Under which conditions an event happens.
#[derive(Clone, Debug)]
pub struct Discovered {
    /// The event.
    pub of: Of,
    /// Whether it is about the event not happening.
    pub not: bool,
    /// How frequent it is among all paths.
    pub overall: Estimate,
    /// Paths on which it happens, and on which it does not.
    pub happens: [u64; 2],
    /// Whether there were enough paths of both kinds to look for conditions.
    pub searched: bool,
    /// The rules, the strongest first, each among the paths that those before have left; none where nothing tells them apart.
    pub rules: Vec<Rule>,
    /// How coverage and density went while the first rule was looked for.
    pub way: Vec<Step>,
    /// Some paths with the inputs of the first rule, at most two: where they lie and whether the event happens there.
    pub shown: Vec<(Vec<f64>, bool)>,
    /// The inputs of those.
    pub shown_inputs: Vec<String>,
}

/// Conditions, and what holds under them on the half of the paths on which they were not found; of a further rule among those that no
/// earlier one holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The conditions.
    pub conditions: Vec<Condition>,
    /// Share of the event's paths that fulfil them.
    pub coverage: Estimate,
    /// Share of the paths that fulfil them with the event.
    pub density: Estimate,
    /// Share of all paths that fulfil them.
    pub mass: f64,
    /// Density over the event's share of the paths among which the rule is stated.
    pub lift: f64,
}

/// A range of one input.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The input.
    pub input: String,
    /// Its unit.
    pub unit: &'static str,
    /// At least this; negative infinity where it may be any.
    pub low: f64,
    /// At most this; infinity where it may be any.
    pub high: f64,
    /// How often dropping the condition would make no difference but by chance.
    pub by_chance: f64,
}

impl Discover {
    /// Checks that rules can be looked for. More paths are simulated, up to `most_paths`, until the event has happened, and not
    /// happened, on 1,000.
    ///
    /// # Errors
    /// Where `of` is no event, no input is uncertain, there are too many paths, or the scenario has no plan.
    pub fn new(
        scenario: &Scenario,
        of: Of,
        not: bool,
        sampling: Sampling,
        most_paths: u64,
    ) -> Result<Self, AnalysisError> {
        if !of.is_probability {
            let message = format!(
                "`{}` is no event: rules are about what happens or does not, such as payback or target_reached",
                of.name
            );
            return Err(AnalysisError::Asked(message));
        }
        if most_paths.max(sampling.paths) > MOST_PATHS {
            let message =
                format!("{} paths: at most {MOST_PATHS} are kept to look for rules", most_paths.max(sampling.paths));
            return Err(AnalysisError::Asked(message));
        }
        let mut subject = Subject::new(scenario, vec![of], sampling, most_paths)?;
        subject.uncertain.retain(|(_, uncertain)| matches!(uncertain, Uncertain::Input(_)));
        if subject.uncertain.is_empty() {
            let message = format!("no input of `{}` is uncertain: there are no conditions to tell", scenario.name());
            return Err(AnalysisError::Asked(message));
        }
        Ok(Self { subject, not })
    }

    /// The scenario.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.subject.scenario
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.subject.plan
    }

    /// Looks for rules.
    ///
    /// # Errors
    /// Where it is interrupted or threads cannot be started.
    pub fn run(&self, options: &Options<'_>) -> Result<Discovered, AnalysisError> {
        let threads = Threads::new(options)?;
        options.expect(self.subject.paths);
        let mut sample = self.subject.sample(0..self.subject.paths, &threads)?;
        let whole = self.subject.paths.next_multiple_of(PATHS_PER_BLOCK);
        if !self.subject.is_enough(sample.happens(0)) && self.subject.paths < whole && whole <= self.subject.most_paths
        {
            // Further paths follow whole blocks.
            sample = self.subject.sample(0..whole, &threads)?;
        }
        let happens = sample.happens(0);
        let happens = self.subject.until_enough(0, happens, &threads, |more| sample.extend(more))?;
        let overall = sample.mean(0);
        let searched = happens.iter().min() >= Some(&FEWEST);
        let mut found = Discovered {
            of: self.subject.of[0],
            not: self.not,
            overall,
            happens,
            searched,
            rules: Vec::new(),
            way: Vec::new(),
            shown: Vec::new(),
            shown_inputs: Vec::new(),
        };
        if !searched {
            return Ok(found);
        }
        let [found_on, mut stated_on] = sample.halves(0, self.not);
        let mut left = thinned(&found_on, self.subject.plan.seed);
        let all = Total::of(&stated_on);
        for i in 0..MOST_RULES {
            threads.stop_if_cancelled()?;
            let Some((sides, steps)) = peel(&left) else { break };
            if i == 0 {
                found.way = steps;
            }
            // The next rule is tested and stated on what the ones before have left, as it was found.
            let sides = tested(sides, &stated_on);
            if sides.is_empty() {
                break;
            }
            let rule = self.rule(&sides, &stated_on, &all);
            if rule.lift <= 1.0 {
                break;
            }
            if i == 0 {
                let (inputs, shown) = some(&sides, &stated_on);
                found.shown = shown;
                found.shown_inputs = inputs.iter().map(|input| self.subject.uncertain[*input].0.clone()).collect();
            }
            (left, stated_on) = (without(&left, &sides), without(&stated_on, &sides));
            found.rules.push(rule);
        }
        Ok(found)
    }

    fn rule(&self, sides: &[(Side, f64)], points: &Points, all: &Total) -> Rule {
        let only: Vec<Side> = sides.iter().map(|side| side.0).collect();
        let inside = points.inside(&only);
        let hits = points.hits(&inside) as u64;
        let here = Total::of(points);
        let condition = |(side, by_chance): &(Side, f64)| {
            let (name, uncertain) = &self.subject.uncertain[side.input];
            Condition {
                input: name.clone(),
                unit: self.subject.unit(*uncertain),
                low: side.low,
                high: side.high,
                by_chance: *by_chance,
            }
        };
        let share = |some: u64, all: u64| Proportion::independent("", some, all).estimate();
        let (coverage, density) = (share(hits, all.hits), share(hits, inside.len() as u64));
        Rule {
            conditions: sides.iter().map(condition).collect(),
            coverage,
            density,
            mass: inside.len() as f64 / all.points as f64,
            lift: density.value * here.points as f64 / here.hits.max(1) as f64,
        }
    }
}

/// How many points there are, and how many with the event.
struct Total {
    points: u64,
    hits: u64,
}

impl Total {
    fn of(points: &Points) -> Self {
        let hits = points.happens.iter().filter(|happens| **happens).count() as u64;
        Self { points: points.happens.len() as u64, hits }
    }
}

/// The probability that of `all` independent paths at least `some` have what each has with probability `p`.
fn at_least(some: u64, all: u64, p: f64) -> f64 {
    if some == 0 || p >= 1.0 {
        return 1.0;
    }
    if p <= 0.0 {
        return 0.0;
    }
    UnitBeta::new(some as f64, (all - some) as f64 + 1.0).cdf(p)
}

/// The conditions that are not there by chance, each with how often chance would make it look as good (Bryant and Lempert's
/// quasi-p-value): the density without the condition would bring as many of the event into the box.
fn tested(mut sides: Vec<Side>, points: &Points) -> Vec<(Side, f64)> {
    loop {
        let inside = points.inside(&sides);
        let hits = points.hits(&inside) as u64;
        let chance = |k: usize| {
            let others: Vec<Side> = sides.iter().enumerate().filter(|(i, _)| *i != k).map(|(_, side)| *side).collect();
            let wider = points.inside(&others);
            let density = points.hits(&wider) as f64 / wider.len().max(1) as f64;
            at_least(hits, inside.len() as u64, density)
        };
        let chances: Vec<f64> = (0..sides.len()).map(chance).collect();
        let worst = (0..sides.len()).max_by(|a, b| chances[*a].total_cmp(&chances[*b]));
        match worst {
            Some(worst) if chances[worst] > BY_CHANCE / MOST_INPUTS as f64 => drop(sides.remove(worst)),
            _ => return sides.into_iter().zip(chances).collect(),
        }
    }
}

/// The points with fewer of those without the event, picked at random: every so many of evenly spread points would be some of one
/// side.
fn thinned(points: &Points, seed: u64) -> Points {
    let (mut kept, without): (Vec<usize>, Vec<usize>) = (0..points.happens.len()).partition(|i| points.happens[*i]);
    let order = random_order(seed, "paths to look for rules on", without.len());
    let picked = order.iter().take(MOST_WITHOUT).map(|i| without[*i]);
    let weight = without.len() as f64 / without.len().clamp(1, MOST_WITHOUT) as f64;
    kept.extend(picked);
    kept.sort_unstable();
    Points { weight, ..only(points, &kept) }
}

fn only(points: &Points, kept: &[usize]) -> Points {
    let columns = points.columns.iter().map(|column| kept.iter().map(|i| column[*i]).collect()).collect();
    Points { columns, happens: kept.iter().map(|i| points.happens[*i]).collect(), weight: points.weight }
}

/// The points outside of a rule.
fn without(points: &Points, sides: &[(Side, f64)]) -> Points {
    let sides: Vec<Side> = sides.iter().map(|side| side.0).collect();
    let inside = points.inside(&sides);
    let mut taken = vec![false; points.happens.len()];
    for i in inside {
        taken[i] = true;
    }
    let left: Vec<usize> = (0..taken.len()).filter(|i| !taken[*i]).collect();
    only(points, &left)
}

/// The first two inputs of a rule, and some points in them.
fn some(sides: &[(Side, f64)], points: &Points) -> (Vec<usize>, Vec<(Vec<f64>, bool)>) {
    let mut sorted: Vec<&(Side, f64)> = sides.iter().collect();
    sorted.sort_by(|a, b| a.1.total_cmp(&b.1));
    let inputs: Vec<usize> = sorted.iter().take(2).map(|side| side.0.input).collect();
    let mut shown = Vec::new();
    for happens in [false, true] {
        let of_kind = (0..points.happens.len()).filter(|i| points.happens[*i] == happens).take(SHOWN);
        shown.extend(of_kind.map(|i| (inputs.iter().map(|input| points.columns[*input][i]).collect(), happens)));
    }
    (inputs, shown)
}

impl Sample {
    /// The paths in two halves, of eight replicates each: whole samples that are independent of each other. (Every other path of one
    /// replicate has all its first inputs on one side.) The event is `number`, or its opposite.
    fn halves(self, number: usize, not: bool) -> [Points; 2] {
        let half_of = |i: usize| usize::from(i % LANES >= LANES / 2);
        let split = |half: usize, happens: &[f64]| {
            happens.iter().enumerate().filter(|(i, _)| half_of(*i) == half).map(|(_, y)| *y).collect::<Vec<f64>>()
        };
        let (drawn, mut numbers) = self.into_parts();
        let happens = numbers.swap_remove(number);
        let mut halves = [0, 1].map(|half| Points {
            columns: Vec::new(),
            happens: split(half, &happens).into_iter().map(|y| (y > 0.5) != not).collect(),
            weight: 1.0,
        });
        // Column by column, so that no more than one is there twice.
        for column in drawn {
            for (half, points) in halves.iter_mut().enumerate() {
                points.columns.push(split(half, &column));
            }
        }
        halves
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampler::{Sampler, uniforms};

    #[test]
    fn chances_are_those_of_the_binomial_distribution() {
        // P(X ≥ 2) of three fair coins is 1/2; P(X ≥ 1) of two dice to show a six is 11/36.
        assert!((at_least(2, 3, 0.5) - 0.5).abs() < 1e-12);
        assert!((at_least(1, 2, 1.0 / 6.0) - 11.0 / 36.0).abs() < 1e-12);
    }

    #[test]
    fn both_halves_have_both_sides_of_every_input() {
        // Evenly spread points: each half is even by itself, whatever the seed.
        let scenario = crate::scenario::load("baseline").unwrap();
        let of: Of = "target_reached".parse().unwrap();
        for sampler in Sampler::ALL {
            for seed in 1..12 {
                let sampling = Sampling { paths: 4096, seed, sampler };
                let subject = Subject::new(&scenario, vec![of], sampling, 4096).unwrap();
                let options = Options::default();
                let threads = Threads::new(&options).unwrap();
                let halves = subject.sample(0..4096, &threads).unwrap().halves(0, false);
                for (column, (name, uncertain)) in subject.uncertain.iter().enumerate() {
                    let Uncertain::Input(at) = uncertain else { continue };
                    let median = subject.plan.draws.quantile(*at, 0.5);
                    let low = halves[0].columns[column].iter().filter(|x| **x < median).count() as f64 / 2048.0;
                    // Four errors of 2,048 random paths.
                    assert!(
                        (low - 0.5).abs() < 4.0 * 0.5 / 2048_f64.sqrt(),
                        "{sampler:?}, seed {seed}: {low} of {name}"
                    );
                }
            }
        }
    }

    /// On how many of so many seeds a rule of what is pure noise is told.
    fn told_of_noise(seeds: u64) -> usize {
        let told = (0..seeds).filter(|seed| {
            let half = |name: &str| {
                let draw = |what: String| (0..1500).map(|i| uniforms(*seed, &what, i)).collect::<Vec<f64>>();
                let columns = (0..6).map(|input| draw(format!("{name} {input}"))).collect();
                let happens = draw(format!("{name} event")).into_iter().map(|u| u < 0.2).collect();
                Points { columns, happens, weight: 1.0 }
            };
            let (sides, _) = peel(&half("found")).unwrap();
            !tested(sides, &half("stated")).is_empty()
        });
        told.count()
    }

    #[test]
    fn of_noise_hardly_a_rule_is_told() {
        // At most one in twenty: of 60 that is 3, and by chance up to 8.
        let told = told_of_noise(60);
        assert!(told <= 8, "{told} of 60");
    }

    /// `cargo test --release --lib -- --ignored of_noise`
    #[test]
    #[ignore = "a study of a minute"]
    fn of_noise_a_rule_is_told_on_at_most_one_seed_in_twenty() {
        let told = told_of_noise(200);
        assert!(told <= 10, "{told} of 200");
    }
}
