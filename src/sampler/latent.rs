//! A path as independent standard normal numbers, one for each uncertain input and event: where the draws of a scenario are a bell
//! around 0, whatever their distributions, so that a proposal for what observations have left of them can be a bell too.

use super::draws::{Batch, DrawPlan, GROUPS};
use crate::distribution::special::normal_cdf;
use crate::lanes::Lanes;
use crate::model::event_start;

/// Normal numbers of [`super::PATHS_PER_BATCH`] paths, of one input or event.
pub(crate) type Scores = [Lanes; GROUPS];

/// Where they are put.
pub(crate) const NO_SCORES: Scores = [Lanes::ZERO; GROUPS];

impl DrawPlan {
    /// How many normal numbers stand behind the uncertain inputs and events.
    pub(crate) fn latent(&self) -> usize {
        let grouped: usize = self.groups().iter().map(|group| group.members.len()).sum();
        self.alone().count() + grouped + self.event_names().count()
    }

    /// The columns of the uncertain inputs that depend on no other.
    fn alone(&self) -> impl Iterator<Item = usize> {
        let in_group = |column: usize| self.groups().iter().any(|group| group.members.contains(&column));
        self.varied().map(|(column, _)| column).filter(move |column| !in_group(*column))
    }

    /// The normal numbers behind the draws of the paths from `first_path` on: inputs by themselves, those of groups, events.
    pub(crate) fn scores(&self, first_path: u64, paths: u64, out: &mut [Scores]) {
        let members = self.groups().iter().flat_map(|group| group.members.iter().copied());
        let columns = self.alone().chain(members).map(|column| &self.source_of(column).stream);
        let streams = columns.chain((0..self.event_names().count()).map(|i| self.event_stream(i)));
        for (stream, scores) in streams.zip(out) {
            stream.fill(first_path, paths, scores);
            for z in scores {
                *z = z.normal_quantile();
            }
        }
    }

    /// Draws every input and event from such numbers.
    pub(crate) fn draw_from(&self, scores: &[Scores], batch: &mut Batch) {
        let mut left = scores.iter();
        for (column, scores) in self.alone().zip(&mut left) {
            let mut numbers = *scores;
            self.source_of(column).drawer.draw_from_scores(&mut numbers);
            batch.put(column, &numbers);
        }
        for group in self.groups() {
            let own: Vec<&Scores> = left.by_ref().take(group.members.len()).collect();
            for (row, &member) in group.members.iter().enumerate() {
                let mut mixed = [Lanes::splat(group.shift[row]); GROUPS];
                for (weight, scores) in group.factor[row].iter().zip(&own) {
                    for (sum, z) in mixed.iter_mut().zip(*scores) {
                        *sum += *weight * *z;
                    }
                }
                self.source_of(member).drawer.draw_from_scores(&mut mixed);
                batch.put(member, &mixed);
            }
        }
        for (i, scores) in left.enumerate() {
            let (_, probability) = self.event_at(i);
            for (group, z) in scores.iter().enumerate() {
                // As far as a uniform number goes.
                let u = z.map(|z| normal_cdf(z).clamp(f64::EPSILON / 2.0, 1.0 - f64::EPSILON / 2.0));
                batch.replace_start(group, i, event_start(u, probability));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::Plan;
    use crate::sampler::{PATHS_PER_BATCH, Sampler};
    use crate::scenario;

    #[test]
    fn what_is_drawn_from_its_own_scores_is_what_is_drawn() {
        for sampler in Sampler::ALL {
            let plan = Plan::new(&scenario::load("price-war").unwrap(), sampler, 3).unwrap();
            let (mut direct, mut from_scores) = (plan.draws.batch(), plan.draws.batch());
            let first = 2 * PATHS_PER_BATCH as u64;
            plan.draws.draw(first, 8192, &mut direct);
            let mut scores = vec![super::NO_SCORES; plan.draws.latent()];
            plan.draws.scores(first, 8192, &mut scores);
            plan.draws.draw_from(&scores, &mut from_scores);
            for group in 0..super::GROUPS {
                let (a, b) = (direct.inputs(group, &[]), from_scores.inputs(group, &[]));
                assert_eq!(a.event_starts, b.event_starts);
                for (x, y) in a.columns.iter().zip(b.columns).flat_map(|(x, y)| x.0.into_iter().zip(y.0)) {
                    // A quantile table by uniform numbers and by scores agree to 1e-7 or so.
                    assert!((x - y).abs() <= 1e-6 * x.abs(), "{x} and {y}");
                }
            }
        }
    }
}
