//! What observations leave of a scenario: paths that are drawn from the posterior of its inputs, events and shocks, all with equal
//! weights, so that everything that can be said of a scenario can be said of it.

use std::sync::Arc;

use super::adapt::Search;
use super::likelihood::Likelihood;
use super::proposal::{BATCHES, Latent, Proposal};
use super::weights::{Evidence, Weights};
use crate::engine::{PATHS_PER_BLOCK, RunError, Threads};
use crate::lanes::{LANES, Lanes};
use crate::plan::Plan;
use crate::sampler::PATHS_PER_BATCH;
use crate::scenario::PathDraws;

/// The least that a posterior is worth in independent paths.
pub const FEWEST_EFFECTIVE: f64 = 200.0;
/// What is aimed at, at least.
pub const PROMISED_EFFECTIVE: f64 = 2000.0;
/// The prior will do where it takes no more than so many of its paths for each that is asked for.
const PRIOR_WILL_DO: f64 = 16.0;
/// Numbers of a posterior that are kept at most: 2 GB.
const MOST_NUMBERS: u64 = 1 << 28;

/// A posterior, and how it was found.
#[derive(Clone, Debug)]
pub(super) struct Posterior {
    pub(super) draws: Arc<PathDraws>,
    pub(super) evidence: Evidence,
    /// What the weighed paths are worth in independent ones.
    pub(super) effective: f64,
    /// Paths that were weighed.
    pub(super) weighed: u64,
    /// Whether they were tried from elsewhere than the prior.
    pub(super) adapted: bool,
}

/// Why there is none.
#[derive(Debug)]
pub(super) enum NoPosterior {
    /// Hardly any path fits: what the weighed ones are worth.
    AtOdds {
        effective: f64,
        weighed: u64,
    },
    /// More numbers than can be kept.
    TooLarge,
    Run(RunError),
}

impl From<RunError> for NoPosterior {
    fn from(error: RunError) -> Self {
        Self::Run(error)
    }
}

impl Posterior {
    /// As many as `paths` paths of the posterior; weighs `most` at most. Hands back what the prior says of the observations too.
    pub(super) fn find(
        plan: &Plan,
        likelihood: &Likelihood,
        (paths, most): (u64, u64),
        threads: &Threads<'_>,
    ) -> (Result<Self, NoPosterior>, Vec<Vec<f64>>) {
        let latent = Latent::new(plan, likelihood.watch().months());
        let numbers = paths.saturating_mul(latent.dimensions() as u64);
        if numbers > MOST_NUMBERS {
            return (Err(NoPosterior::TooLarge), Vec::new());
        }
        let search = Search { latent, likelihood, threads };
        match search.prior() {
            Err(error) => (Err(NoPosterior::Run(error)), Vec::new()),
            Ok((prior, simulated)) => {
                let wanted = (paths as f64).max(PROMISED_EFFECTIVE);
                let adapted = if prior.rate * PRIOR_WILL_DO * paths.max(4096) as f64 >= wanted
                    && prior.rate * most as f64 >= wanted
                {
                    Ok(prior)
                } else {
                    search.adapted()
                };
                let found = adapted.map_err(NoPosterior::Run).and_then(|adapted| {
                    let weights = enough(&search, &adapted.proposal, adapted.rate, wanted, most)?;
                    Self::drawn(&search, &adapted.proposal, &weights, paths)
                });
                (found, simulated)
            }
        }
    }

    /// Paths of equal weight.
    fn drawn(search: &Search<'_>, proposal: &Proposal, weights: &Weights, paths: u64) -> Result<Self, NoPosterior> {
        let (effective, weighed) = (weights.effective(), weights.paths() as u64);
        let at_odds = NoPosterior::AtOdds { effective, weighed };
        if effective < FEWEST_EFFECTIVE {
            return Err(at_odds);
        }
        // No more paths than they are worth: where none of n counts, n is what the interval is made of.
        let count = (paths as f64).min(effective) as usize / LANES;
        let picked = weights.resampled(count.max(1), search.latent.plan.seed).ok_or(at_odds)?;
        let draws = gathered(search, proposal, &picked, weighed / PATHS_PER_BLOCK)?;
        let evidence = weights.evidence();
        Ok(Self { draws: Arc::new(draws), evidence, effective, weighed, adapted: !proposal.is_prior() })
    }
}

/// Weighs paths until they are worth as many as wanted, or there are `most`.
fn enough(search: &Search<'_>, proposal: &Proposal, rate: f64, wanted: f64, most: u64) -> Result<Weights, RunError> {
    let in_block = PATHS_PER_BLOCK;
    let most = (most / in_block).max(1);
    // With something to spare: the rate is an estimate.
    let first = (1.25 * wanted / rate.max(1e-9) / in_block as f64).ceil().max(1.0);
    let mut blocks = (first as u64).clamp(1, most);
    let (mut weights, mut done) = (Weights::default(), 0);
    loop {
        search.threads.options().expect((blocks - done) * in_block);
        let more = search.weighed(proposal, done..blocks, blocks)?;
        if done == 0 {
            weights = more;
        } else {
            weights.join(more);
        }
        if blocks == most || weights.effective() >= wanted {
            return Ok(weights);
        }
        done = blocks;
        blocks = (2 * blocks).min(most);
        if search.latent.plan.sampler.depends_on_paths() {
            done = 0;
        }
    }
}

/// What was drawn on the paths that are picked, by replicate.
fn gathered(
    search: &Search<'_>,
    proposal: &Proposal,
    picked: &[Vec<usize>],
    blocks: u64,
) -> Result<PathDraws, RunError> {
    let plan = search.latent.plan;
    let (count, groups) = (picked[0].len(), PATHS_PER_BATCH / LANES);
    // By batch: the group in it, the replicate, and where the path goes.
    let mut wanted: Vec<Vec<(usize, usize, usize)>> = vec![Vec::new(); (blocks * BATCHES) as usize];
    for (lane, picked) in picked.iter().enumerate() {
        for (row, from) in picked.iter().enumerate() {
            wanted[from / groups].push((from % groups, lane, row * LANES + lane));
        }
    }
    let varied: Vec<(usize, String)> = plan.draws.varied().map(|(i, name)| (i, name.to_owned())).collect();
    let events: Vec<String> =
        plan.draws.event_names().map(|name| name.trim_start_matches("events.").to_owned()).collect();
    let width = varied.len() + events.len() + search.latent.noise;
    let of_batch = |number: u64| {
        let wanted = &wanted[number as usize];
        let mut out: Vec<f64> = Vec::with_capacity(wanted.len() * width);
        if wanted.is_empty() || search.threads.stop_if_cancelled().is_err() {
            return out;
        }
        let mut buffer = plan.shocks.buffer(search.latent.noise.saturating_sub(1));
        let tried = proposal.batch(&search.latent, number, blocks, 0, &mut buffer);
        let mut batch = plan.draws.batch();
        plan.draws.draw_from(&tried.scores[..search.latent.drawn], &mut batch);
        for (group, lane, _) in wanted {
            let inputs = batch.inputs(*group, &[]);
            let at = |lanes: &Lanes| lanes.0[*lane];
            out.extend(varied.iter().map(|(column, _)| at(&inputs.columns[*column])));
            out.extend(inputs.event_starts.iter().map(at));
            out.extend(tried.scores[search.latent.drawn..].iter().map(|month| at(&month[*group])));
        }
        out
    };
    let parts = search.threads.map((0..blocks * BATCHES).collect(), of_batch);
    search.threads.stop_if_cancelled()?;
    let mut columns: Vec<Vec<f64>> = vec![vec![0.0; count * LANES]; width];
    for (wanted, part) in wanted.iter().zip(&parts) {
        for ((_, _, path), numbers) in wanted.iter().zip(part.chunks(width.max(1))) {
            columns.iter_mut().zip(numbers).for_each(|(column, x)| column[*path] = *x);
        }
    }
    let mut columns = columns.into_iter();
    let inputs = varied.into_iter().map(|(_, name)| name).zip(&mut columns).collect();
    let starts = events.into_iter().zip(&mut columns).collect();
    Ok(PathDraws { origin: String::new(), paths: count * LANES, inputs, starts, shocks: columns.collect() })
}
