//! Where paths are tried that should fit observations: in the space of the normal numbers behind them, from a mixture of a bell
//! where the posterior is thought to be, a wider one, and the prior, so that nothing the prior allows is ever left out (defensive
//! mixture importance sampling: Hesterberg, 1995; Owen and Zhou, 2000).

use super::bell::Bell;
use crate::engine::PATHS_PER_BLOCK;
use crate::lanes::{LANES, Lanes};
use crate::plan::Plan;
use crate::sampler::{NO_SCORES, PATHS_PER_BATCH, Scores, ShockBuffer};

/// Batches in a block, which are dealt out to the parts of the mixture.
pub(super) const BATCHES: u64 = PATHS_PER_BLOCK / PATHS_PER_BATCH as u64;
/// The parts of the mixture: batches of a block, and how much wider than the bell they are in a direction of many; none of the
/// prior. In many dimensions nearly all of a bell lies in a shell of constant thickness, so widths are told by that.
const PARTS: [(u64, Option<f64>); 4] = [(2, None), (6, Some(0.0)), (5, Some(1.5)), (3, Some(4.0))];

/// Paths between the samples of two parts: none is as large.
const APART: u64 = 1 << 26;

/// The normal numbers behind the paths of a plan, up to the last month that is watched.
#[derive(Clone, Copy, Debug)]
pub(super) struct Latent<'a> {
    pub(super) plan: &'a Plan,
    /// Numbers behind inputs and events.
    pub(super) drawn: usize,
    /// … and behind the noise: from month 0 to the last one watched.
    pub(super) noise: usize,
}

impl<'a> Latent<'a> {
    pub(super) fn new(plan: &'a Plan, months: usize) -> Self {
        let noise = if plan.shocks.is_quiet() { 0 } else { months + 1 };
        Self { plan, drawn: plan.draws.latent(), noise }
    }

    pub(super) fn dimensions(&self) -> usize {
        self.drawn + self.noise
    }

    /// Independent standard normal numbers of a batch, by its number in a sample of so many batches. The numbers of a sample are
    /// those of paths from `from` on.
    fn scores(&self, number: u64, batches: u64, from: u64, buffer: &mut ShockBuffer) -> Vec<Scores> {
        let size = PATHS_PER_BATCH as u64;
        let mut scores = vec![NO_SCORES; self.dimensions()];
        // A Latin hypercube has no paths beyond its last.
        let inputs_from = if self.plan.sampler.depends_on_paths() { 0 } else { from };
        let first = inputs_from + number * size;
        self.plan.draws.scores(first, inputs_from + batches * size, &mut scores[..self.drawn]);
        if self.noise > 0 {
            for group in 0..PATHS_PER_BATCH / LANES {
                let normals = self.plan.shocks.draw(from + number * size + (group * LANES) as u64, buffer);
                scores[self.drawn..].iter_mut().zip(normals).for_each(|(month, z)| month[group] = *z);
            }
        }
        scores
    }
}

/// Where paths are tried.
#[derive(Clone, Debug)]
pub(super) struct Proposal {
    /// None where the prior is good enough.
    bell: Option<Bell>,
}

/// A batch of paths that are tried.
pub(super) struct Tried {
    /// The normal numbers behind them.
    pub(super) scores: Vec<Scores>,
    /// The logarithm of the prior's density over that of the proposal.
    pub(super) log_ratio: Scores,
}

impl Proposal {
    /// The prior itself.
    pub(super) const PRIOR: Self = Self { bell: None };

    pub(super) fn around(bell: Bell) -> Self {
        Self { bell: Some(bell) }
    }

    pub(super) fn is_prior(&self) -> bool {
        self.bell.is_none()
    }

    /// The bell that it is around.
    pub(super) fn bell(&self) -> Option<&Bell> {
        self.bell.as_ref()
    }

    /// The paths of a batch, by its number, in a run of so many blocks that begins at path `from` of the prior's.
    pub(super) fn batch(
        &self,
        latent: &Latent<'_>,
        number: u64,
        blocks: u64,
        from: u64,
        buffer: &mut ShockBuffer,
    ) -> Tried {
        let Some(bell) = &self.bell else {
            return Tried { scores: latent.scores(number, blocks * BATCHES, from, buffer), log_ratio: NO_SCORES };
        };
        let (block, mut place, mut which) = (number / BATCHES, number % BATCHES, 0);
        while place >= PARTS[which].0 {
            place -= PARTS[which].0;
            which += 1;
        }
        let part = PARTS[which];
        // Each part of the mixture is a sample of its own: evenly spread in itself, and independent of the others.
        let own = from + which as u64 * APART;
        let mut scores = latent.scores(block * part.0 + place, part.0 * blocks, own, buffer);
        if let Some(width) = part.1 {
            bell.place(scale(width, scores.len()), &mut scores);
        }
        let distance = bell.squared_distance(&scores, &mut Vec::new());
        let mut log_ratio = NO_SCORES;
        for (group, out) in log_ratio.iter_mut().enumerate() {
            let mut from_origin = Lanes::ZERO;
            for z in &scores {
                from_origin += z[group] * z[group];
            }
            *out = log_ratio_of(bell, from_origin, distance[group]);
        }
        Tried { scores, log_ratio }
    }
}

fn scale(width: f64, dimensions: usize) -> f64 {
    1.0 + width / libm::sqrt(dimensions as f64)
}

/// ln φ(z) − ln Σ α q(z), without what is common to all.
fn log_ratio_of(bell: &Bell, from_origin: Lanes, distance: Lanes) -> Lanes {
    let dimensions = bell.mean().len();
    let prior = -0.5 * from_origin;
    let parts = PARTS.map(|(batches, width)| {
        let share = libm::log(batches as f64 / BATCHES as f64);
        width.map_or(share + prior, |width| {
            let scale = scale(width, dimensions);
            (share - bell.log_size() - dimensions as f64 * libm::log(scale)) + (-0.5 / (scale * scale)) * distance
        })
    });
    let most = parts.iter().fold(parts[0], |most, part| most.max(*part));
    let sum = parts.iter().fold(Lanes::ZERO, |sum, part| sum + (*part - most).exp());
    prior - (most + sum.ln())
}
