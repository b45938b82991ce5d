//! Finds where the posterior is: a bell in the space of the normal numbers behind the paths.
//!
//! Observations are fitted by straight lines in these numbers where the bell is at present, which gives the next bell in closed form,
//! as a Kalman filter's update does; what the lines miss counts as an error of the observations, so that early steps are careful
//! (iterated posterior linearisation: García-Fernández, Svensson, Särkkä, 2015). Then the bell is moved to the weighted mean and
//! covariance of the paths tried from it, as long as that helps (adaptive importance sampling: Cappé and others, 2004).

use std::ops::Range;

use super::bell::Bell;
use super::likelihood::Likelihood;
use super::proposal::{BATCHES, Latent, Proposal, Tried};
use super::weights::Weights;
use crate::engine::{PATHS_PER_BLOCK, RunError, Threads, Watching};
use crate::lanes::Lanes;
use crate::linear::{factor_of, inverse, solved};

/// Paths that are tried in each step, at least.
const PILOT: u64 = 16_384;
/// … and for each dimension.
const PER_DIMENSION: u64 = 128;
/// Steps of linearisation.
const STEPS: usize = 10;
/// Corrections by weighted moments.
const CORRECTIONS: usize = 8;
/// Times as many paths as for a step.
const CORRECTED: u64 = 3;
/// A bell that moves by less, in its own standard deviations, stands.
const STANDS: f64 = 0.05;
/// A share of paths that counts with which a proposal is good enough.
const GOOD: f64 = 0.35;
/// Simulated values that are farther from what was observed are drawn nearer, on the logarithmic scale.
const FARTHEST: f64 = 4.0;
/// Paths from here on are pilots: no run goes so far, and what was tried leaves no trace in what is weighed.
const ELSEWHERE: u64 = 1 << 31;

/// Paths that were tried.
struct Pilot {
    /// By dimension, by path: the normal numbers.
    scores: Vec<Vec<f64>>,
    /// By observation, by path: the simulated number on the scale of the error.
    simulated: Vec<Vec<f64>>,
    weights: Weights,
}

/// What is tried, and against what it is held.
pub(super) struct Search<'a> {
    pub(super) latent: Latent<'a>,
    pub(super) likelihood: &'a Likelihood,
    pub(super) threads: &'a Threads<'a>,
}

/// A proposal, and the share of paths that count with it.
pub(super) struct Adapted {
    pub(super) proposal: Proposal,
    pub(super) rate: f64,
}

impl Search<'_> {
    fn blocks(&self) -> u64 {
        let paths = PILOT.max(PER_DIMENSION * self.latent.dimensions() as u64);
        paths.div_ceil(PATHS_PER_BLOCK)
    }

    /// The prior, and how many of its paths count; the numbers that were simulated.
    pub(super) fn prior(&self) -> Result<(Adapted, Vec<Vec<f64>>), RunError> {
        let pilot = self.tried(&Proposal::PRIOR, 1, |_| {})?;
        let rate = pilot.weights.effective() / pilot.weights.paths() as f64;
        Ok((Adapted { proposal: Proposal::PRIOR, rate }, pilot.simulated))
    }

    /// A proposal near the posterior.
    pub(super) fn adapted(&self) -> Result<Adapted, RunError> {
        let mut bell = Bell::standard(self.latent.dimensions());
        for _ in 0..STEPS {
            let placed = bell.clone();
            let pilot = self.tried(&Proposal::PRIOR, 1, |tried| placed.place(1.0, &mut tried.scores))?;
            let Some(next) = self.linearised(&pilot) else { break };
            let moved = moved(&bell, &next);
            bell = next;
            if moved < STANDS {
                break;
            }
        }
        let mut best = Adapted { proposal: Proposal::PRIOR, rate: 0.0 };
        let mut worse = 0;
        for _ in 0..CORRECTIONS {
            let proposal = Proposal::around(bell);
            let pilot = self.tried(&proposal, CORRECTED, |_| {})?;
            let rate = pilot.weights.effective() / pilot.weights.paths() as f64;
            let next = self.corrected(&pilot, &proposal);
            if rate > best.rate {
                best = Adapted { proposal, rate };
            } else {
                worse += 1;
            }
            match next {
                Some(next) if worse < 2 && best.rate < GOOD => bell = next,
                _ => break,
            }
        }
        Ok(best)
    }

    /// Tries the paths of a block, the numbers of which are those of paths from `from` on, and hands on what was tried, sixteen paths of
    /// it, the logarithm of their weights, and what is watched of them.
    fn block(
        &self,
        (proposal, from): (&Proposal, u64),
        (block, blocks): (u64, u64),
        change: impl Fn(&mut Tried),
        mut each: impl FnMut(&Tried, usize, Lanes, &[Lanes]),
    ) {
        let mut buffer = self.latent.plan.shocks.buffer(self.latent.noise.saturating_sub(1));
        let mut watching = Watching::new(self.latent.plan, self.likelihood.watch(), self.threads.level());
        for number in block * BATCHES..(block + 1) * BATCHES {
            let mut tried = proposal.batch(&self.latent, number, blocks, from, &mut buffer);
            change(&mut tried);
            watching.batch(&tried.scores, |group, seen| {
                each(&tried, group, self.likelihood.log(seen) + tried.log_ratio[group], seen);
            });
        }
    }

    /// Tries paths that no run goes to, and keeps them with what is observed of them.
    fn tried(&self, proposal: &Proposal, times: u64, change: impl Fn(&mut Tried) + Sync) -> Result<Pilot, RunError> {
        let blocks = times * self.blocks();
        self.threads.stop_if_cancelled()?;
        let nothing = || Pilot {
            scores: vec![Vec::new(); self.latent.dimensions()],
            simulated: vec![Vec::new(); self.likelihood.len()],
            weights: Weights::default(),
        };
        let of_block = |block: u64| {
            let mut part = nothing();
            self.block((proposal, ELSEWHERE), (block, blocks), &change, |tried, group, log, seen| {
                for (all, scores) in part.scores.iter_mut().zip(&tried.scores) {
                    all.extend(scores[group].0);
                }
                for (i, (all, x)) in part.simulated.iter_mut().zip(seen).enumerate() {
                    all.extend(self.likelihood.on_scale(i, *x).0);
                }
                part.weights.extend(log.0);
            });
            part
        };
        let parts = self.threads.map((0..blocks).collect(), of_block);
        self.threads.stop_if_cancelled()?;
        Ok(parts.into_iter().fold(nothing(), |mut all, part| {
            all.scores.iter_mut().zip(part.scores).for_each(|(all, more)| all.extend(more));
            all.simulated.iter_mut().zip(part.simulated).for_each(|(all, more)| all.extend(more));
            all.weights.join(part.weights);
            all
        }))
    }

    /// The log weights of some of the blocks of a run.
    pub(super) fn weighed(&self, proposal: &Proposal, some: Range<u64>, blocks: u64) -> Result<Weights, RunError> {
        let of_block = |block: u64| {
            let mut part = Weights::default();
            if self.threads.stop_if_cancelled().is_ok() {
                self.block((proposal, 0), (block, blocks), |_| {}, |_, _, log, _| part.extend(log.0));
                self.threads.advance(PATHS_PER_BLOCK);
            }
            part
        };
        let parts = self.threads.map(some.collect(), of_block);
        self.threads.stop_if_cancelled()?;
        Ok(parts.into_iter().fold(Weights::default(), |mut all, part| {
            all.join(part);
            all
        }))
    }

    /// The posterior where observations are straight lines, as fitted to paths.
    fn linearised(&self, pilot: &Pilot) -> Option<Bell> {
        let d = self.latent.dimensions();
        let n = pilot.weights.paths() as f64;
        let means: Vec<f64> = pilot.scores.iter().map(|z| z.iter().sum::<f64>() / n).collect();
        let products = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>() / n;
        let rows = self.threads.map((0..d).collect(), |i| -> Vec<f64> {
            (0..d).map(|j| products(&pilot.scores[i], &pilot.scores[j]) - means[i] * means[j]).collect()
        });
        let lower = factor_of(&rows)?;
        let observations = self.threads.map((0..self.likelihood.len()).collect(), |o| {
            let observed = self.likelihood.observed(o);
            let near = |x: f64| {
                // An error in the observation's own unit has no scale of its own to be near on.
                if x.is_finite() && self.likelihood.is_absolute(o) {
                    x
                } else {
                    x.clamp(observed - FARTHEST, observed + FARTHEST)
                }
            };
            let simulated: Vec<f64> = pilot.simulated[o].iter().map(|x| near(*x)).collect();
            let mean = simulated.iter().sum::<f64>() / n;
            let with: Vec<f64> = (0..d).map(|i| products(&pilot.scores[i], &simulated) - means[i] * mean).collect();
            let slopes = solved(&lower, &with);
            let explained: f64 = slopes.iter().zip(&with).map(|(slope, with)| slope * with).sum();
            let missed = (products(&simulated, &simulated) - mean * mean - explained).max(0.0);
            let at_origin = mean - slopes.iter().zip(&means).map(|(slope, mean)| slope * mean).sum::<f64>();
            (slopes, observed - at_origin, self.likelihood.variance(o) + missed)
        });
        let mut precision: Vec<Vec<f64>> =
            (0..d).map(|i| (0..d).map(|j| f64::from(u8::from(i == j))).collect()).collect();
        let mut pull = vec![0.0; d];
        for (slopes, surprise, variance) in &observations {
            for i in 0..d {
                pull[i] += slopes[i] * surprise / variance;
                for j in 0..d {
                    precision[i][j] += slopes[i] * slopes[j] / variance;
                }
            }
        }
        let lower = factor_of(&precision)?;
        let mean = solved(&lower, &pull);
        Bell::new(mean, &inverse(&lower)).filter(|bell| bell.mean().iter().all(|x| x.is_finite()))
    }

    /// The weighted mean and covariance of paths, with weights that are evened out as far as it takes to have enough of them; where
    /// few paths count, much of the covariance is that of the bell before.
    fn corrected(&self, pilot: &Pilot, from: &Proposal) -> Option<Bell> {
        let d = self.latent.dimensions();
        let enough = (0.02 * pilot.weights.paths() as f64).max(16.0 * d as f64).min(0.5 * pilot.weights.paths() as f64);
        let mut power = 1.0;
        while pilot.weights.effective_to(power) < enough {
            power *= 0.8;
            if power < 1e-3 {
                return None;
            }
        }
        let weights = pilot.weights.normalised(power);
        let trusted = enough / (enough + 4.0 * d as f64);
        let before = from.bell().map(Bell::factor);
        let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        let old = |i: usize, j: usize| before.map_or(0.0, |rows| product(&rows[i], &rows[j]));
        let mean: Vec<f64> = pilot.scores.iter().map(|z| z.iter().zip(&weights).map(|(z, w)| z * w).sum()).collect();
        let covariance = self.threads.map((0..d).collect(), |i: usize| -> Vec<f64> {
            let own: Vec<f64> = pilot.scores[i].iter().zip(&weights).map(|(z, w)| (z - mean[i]) * w).collect();
            let with = |j: usize| own.iter().zip(&pilot.scores[j]).map(|(own, z)| own * (z - mean[j])).sum::<f64>();
            (0..d).map(|j| trusted * with(j) + (1.0 - trusted) * old(i, j)).collect()
        });
        Bell::new(mean, &covariance)
    }
}

/// How far one bell is from another, in standard deviations of the latter.
fn moved(from: &Bell, to: &Bell) -> f64 {
    let sd = |i: usize| libm::sqrt(to.factor()[i].iter().map(|x| x * x).sum::<f64>());
    let means = from.mean().iter().zip(to.mean()).enumerate().map(|(i, (a, b))| (a - b).abs() / sd(i));
    means.fold((from.log_size() - to.log_size()).abs(), f64::max)
}
