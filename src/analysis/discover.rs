//! Under which conditions an event happens: rules that are found on one half of the paths and stated on the other.

use super::AnalysisError;
use super::prim::{MOST_INPUTS, Points, Side, Step, peel};
use super::sample::Sample;
use super::subject::{Of, Subject, Uncertain};
use crate::aggregate::Estimate;
use crate::distribution::special::UnitBeta;
use crate::engine::{Options, PATHS_PER_BLOCK, Threads};
use crate::plan::Plan;
use crate::sampler::Sampling;
use crate::scenario::Scenario;

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
    /// The rules, the strongest first; none where nothing tells the paths apart.
    pub rules: Vec<Rule>,
    /// How coverage and density went while the first rule was looked for.
    pub way: Vec<Step>,
    /// Some paths with the inputs of the first rule, at most two: where they lie and whether the event happens there.
    pub shown: Vec<(Vec<f64>, bool)>,
    /// The inputs of those.
    pub shown_inputs: Vec<String>,
}

/// Conditions, and what holds under them on the half of the paths on which they were not found.
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
    /// Density over the event's share of all paths.
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

    /// Paths of the base.
    #[must_use]
    pub fn paths(&self) -> u64 {
        self.subject.paths
    }

    /// Looks for rules.
    ///
    /// # Errors
    /// Where it is interrupted or threads cannot be started.
    pub fn run(&self, options: &Options<'_>) -> Result<Discovered, AnalysisError> {
        let threads = Threads::new(options)?;
        options.expect(self.subject.paths);
        let mut sample = self.subject.sample(0..self.subject.paths, &threads)?;
        if !self.subject.is_enough(sample.happens(0)) && !self.subject.paths.is_multiple_of(PATHS_PER_BLOCK) {
            // Further paths follow whole blocks.
            sample = self.subject.sample(0..self.subject.paths.next_multiple_of(PATHS_PER_BLOCK), &threads)?;
        }
        let happens = sample.happens(0);
        let happens = self.subject.until_enough(0, happens, &threads, |more| sample.extend(more))?;
        let [found_on, stated_on] = sample.halves(0, self.not);
        let mut left = thinned(&found_on);
        let (mut rules, mut way, mut shown) = (Vec::new(), Vec::new(), (Vec::new(), Vec::new()));
        for i in 0..MOST_RULES {
            threads.stop_if_cancelled()?;
            let Some((sides, steps)) = peel(&left) else { break };
            if i == 0 {
                way = steps;
            }
            let sides = tested(sides, &stated_on);
            if sides.is_empty() {
                break;
            }
            let rule = self.rule(&sides, &stated_on);
            if rule.lift <= 1.0 {
                break;
            }
            if i == 0 {
                shown = some(&sides, &stated_on);
            }
            left = without(&left, &sides);
            rules.push(rule);
        }
        let name = |input: &usize| self.subject.uncertain[*input].0.clone();
        Ok(Discovered {
            of: self.subject.of[0],
            not: self.not,
            overall: sample.mean(0),
            happens,
            rules,
            way,
            shown: shown.1,
            shown_inputs: shown.0.iter().map(name).collect(),
        })
    }

    fn rule(&self, sides: &[(Side, f64)], points: &Points) -> Rule {
        let all = points.happens.len() as f64;
        let only: Vec<Side> = sides.iter().map(|side| side.0).collect();
        let inside = points.inside(&only);
        let hits = inside.iter().filter(|i| points.happens[**i]).count() as f64;
        let events = points.happens.iter().filter(|happens| **happens).count() as f64;
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
        let (coverage, density) = (share(hits, events), share(hits, inside.len() as f64));
        Rule {
            conditions: sides.iter().map(condition).collect(),
            coverage,
            density,
            mass: inside.len() as f64 / all,
            lift: density.value / (events / all),
        }
    }
}

/// A share with the error of independent paths and Wilson's interval.
fn share(some: f64, all: f64) -> Estimate {
    const Z: f64 = 1.959_963_984_540_054;
    if all <= 0.0 {
        return Estimate::exact(0.0);
    }
    let p = some / all;
    let centre = (p + Z * Z / (2.0 * all)) / (1.0 + Z * Z / all);
    let half = Z / (1.0 + Z * Z / all) * libm::sqrt(p * (1.0 - p) / all + Z * Z / (4.0 * all * all));
    let interval = Some(((centre - half).max(0.0), (centre + half).min(1.0)));
    Estimate { value: p, se: Some(libm::sqrt(p * (1.0 - p) / all)), interval }
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
        let hits = inside.iter().filter(|i| points.happens[**i]).count() as u64;
        let chance = |k: usize| {
            let others: Vec<Side> = sides.iter().enumerate().filter(|(i, _)| *i != k).map(|(_, side)| *side).collect();
            let wider = points.inside(&others);
            let density = wider.iter().filter(|i| points.happens[**i]).count() as f64 / wider.len().max(1) as f64;
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

/// The points with fewer of those without the event.
fn thinned(points: &Points) -> Points {
    let without = points.happens.iter().filter(|happens| !**happens).count();
    let every = without.div_ceil(MOST_WITHOUT).max(1);
    let mut seen = 0;
    let mut is_kept = |i: &usize| {
        if points.happens[*i] {
            return true;
        }
        seen += 1;
        seen % every == 0
    };
    let kept: Vec<usize> = (0..points.happens.len()).filter(|i| is_kept(i)).collect();
    Points { weight: every as f64, ..only(points, &kept) }
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
    /// The paths in two halves, each of which has every replicate; the event is `number`, or its opposite.
    fn halves(&self, number: usize, not: bool) -> [Points; 2] {
        [0, 1].map(|half| {
            let kept: Vec<usize> = (0..self.len()).filter(|i| (i / crate::lanes::LANES) % 2 == half).collect();
            let columns = self.drawn().iter().map(|column| kept.iter().map(|i| column[*i]).collect()).collect();
            let happens = kept.iter().map(|i| (self.numbers(number)[*i] > 0.5) != not).collect();
            Points { columns, happens, weight: 1.0 }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampler::uniforms;

    #[test]
    fn chances_are_those_of_the_binomial_distribution() {
        // P(X ≥ 2) of three fair coins is 1/2; P(X ≥ 1) of two dice to show a six is 11/36.
        assert!((at_least(2, 3, 0.5) - 0.5).abs() < 1e-12);
        assert!((at_least(1, 2, 1.0 / 6.0) - 11.0 / 36.0).abs() < 1e-12);
    }

    #[test]
    fn of_noise_hardly_a_rule_is_told() {
        let seeds = 60;
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
        // At most one in twenty: of 60 that is 3, and by chance up to 8.
        let told = told.count();
        assert!(told <= 8, "{told} of {seeds}");
    }
}
