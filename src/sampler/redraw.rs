//! A second, independent draw of some inputs of the same paths, the others left as they are.
//!
//! An input by itself is drawn anew. Of a correlated group the members that are kept hold, and the others are drawn from their
//! conditional distribution given those: an exact copy of the joint law. This is what variance-based sensitivity and conditional
//! expectations are made of (pick-freeze: Sobol, 1993; Kucherenko, Tarantola, Annoni, 2012, where inputs depend on each other).

use super::draws::{Batch, DrawPlan, GROUPS};
use super::{Sampler, ShockStream, Stream, words_of};
use crate::lanes::Lanes;
use crate::model::event_start;
use crate::scenario::Conditional;

/// Before a name it makes another stream. Second draws are plain random numbers: independent of evenly spread first ones,
/// which two scramblings of the same Sobol points are not.
const SECOND: &str = "second draw: ";

/// What is drawn a second time.
#[derive(Clone, Debug)]
pub(crate) struct Redraw {
    /// The columns, in the order of their values in a batch: first those by themselves, then those of groups.
    columns: Vec<usize>,
    alone: Vec<Stream>,
    groups: Vec<RedrawnGroup>,
    /// Places of events, with their stream and annual probability.
    events: Vec<usize>,
    starts: Vec<(Stream, f64)>,
}

/// Members of a correlated group.
#[derive(Clone, Debug)]
struct RedrawnGroup {
    /// The group's place in the plan.
    group: usize,
    law: Conditional,
    streams: Vec<Stream>,
}

/// The second draws of a batch, in the order of the columns and events of [`Redraw`].
#[derive(Clone, Debug)]
pub(crate) struct RedrawBatch {
    values: Vec<[Lanes; GROUPS]>,
    starts: Vec<[Lanes; GROUPS]>,
}

impl DrawPlan {
    /// A second draw of some columns and events.
    pub(crate) fn redraw(&self, seed: u64, columns: &[usize], events: &[usize]) -> Redraw {
        let second = |name: &str| Stream::new(Sampler::Random, seed, &format!("{SECOND}{name}"));
        let stream = |column: &usize| second(&self.source_of(*column).name);
        let in_group = |column: &usize| self.groups().iter().any(|group| group.members.contains(column));
        let varied = columns.iter().copied().filter(|column| self.source_of(*column).drawer.constant_value().is_none());
        let (grouped, mut all): (Vec<usize>, Vec<usize>) = varied.partition(in_group);
        let alone = all.iter().map(stream).collect();
        let mut groups = Vec::new();
        for (i, group) in self.groups().iter().enumerate() {
            let drawn: Vec<usize> = (0..group.members.len()).filter(|m| grouped.contains(&group.members[*m])).collect();
            if drawn.is_empty() {
                continue;
            }
            let members: Vec<usize> = drawn.iter().map(|m| group.members[*m]).collect();
            let streams = members.iter().map(stream).collect();
            all.extend(members);
            groups.push(RedrawnGroup { group: i, law: group.conditional(&drawn), streams });
        }
        let starts = events.iter().map(|i| {
            let (name, probability) = self.event_at(*i);
            (second(name), probability)
        });
        Redraw { columns: all, alone, groups, events: events.to_vec(), starts: starts.collect() }
    }
}

impl Redraw {
    /// Memory for a batch.
    pub(crate) fn batch(&self) -> RedrawBatch {
        let zeros = |n: usize| vec![[Lanes::ZERO; GROUPS]; n];
        RedrawBatch { values: zeros(self.columns.len()), starts: zeros(self.events.len()) }
    }

    /// Draws for the paths of `first`, which holds their first draws.
    #[inline(always)]
    pub(crate) fn draw(&self, plan: &DrawPlan, first: &Batch, first_path: u64, paths: u64, batch: &mut RedrawBatch) {
        let drawer = |column: usize| &plan.source_of(column).drawer;
        for ((stream, column), values) in self.alone.iter().zip(&self.columns).zip(&mut batch.values) {
            stream.fill(first_path, paths, values);
            drawer(*column).draw_from_uniforms(values);
        }
        let mut at = self.alone.len();
        for RedrawnGroup { group, law, streams } in &self.groups {
            let mut fresh = vec![[Lanes::ZERO; GROUPS]; streams.len()];
            for (stream, scores) in streams.iter().zip(&mut fresh) {
                stream.fill(first_path, paths, scores);
                for z in scores {
                    *z = z.normal_quantile();
                }
            }
            let known = first.scores(*group);
            for (row, mean) in law.mean.iter().enumerate() {
                let values = &mut batch.values[at];
                *values = [Lanes::splat(*mean); GROUPS];
                let add = |values: &mut [Lanes; GROUPS], weight: f64, scores: &[Lanes; GROUPS]| {
                    for (sum, z) in values.iter_mut().zip(scores) {
                        *sum += weight * *z;
                    }
                };
                for (weight, member) in law.weights[row].iter().zip(&law.kept) {
                    add(values, *weight, &known[*member]);
                }
                for (weight, scores) in law.factor[row].iter().zip(&fresh) {
                    add(values, *weight, scores);
                }
                drawer(self.columns[at]).draw_from_scores(values);
                at += 1;
            }
        }
        for ((stream, probability), starts) in self.starts.iter().zip(&mut batch.starts) {
            stream.fill(first_path, paths, starts);
            for start in starts {
                *start = event_start(*start, *probability);
            }
        }
    }
}

impl RedrawBatch {
    /// Exchanges first and second draws on the `group`-th sixteen paths.
    #[inline(always)]
    pub(crate) fn exchange(&mut self, redraw: &Redraw, first: &mut Batch, group: usize) {
        for (values, column) in self.values.iter_mut().zip(&redraw.columns) {
            values[group] = first.replace(group, *column, values[group]);
        }
        for (starts, event) in self.starts.iter_mut().zip(&redraw.events) {
            starts[group] = first.replace_start(group, *event, starts[group]);
        }
    }
}

impl ShockStream {
    /// A second draw of all shocks.
    pub(crate) fn redraw(&self, seed: u64) -> Self {
        if self.is_quiet() { Self::Quiet } else { Self::Random(words_of(seed, &format!("{SECOND}shocks"))[0]) }
    }
}
