//! Draws of all inputs for a batch of paths: uniform numbers, correlation, quantile functions.

use std::sync::Arc;

use super::{Sampler, Stream};
use crate::distribution::special::{normal_cdf, normal_quantile};
use crate::distribution::{Dist, Drawer};
use crate::lanes::{LANES, Lanes};
use crate::model::{Inputs, event_start};
use crate::scenario::{CorrelationGroup, PathDraws};

/// Paths drawn at a time: enough to keep a quantile table in the first-level cache while it is used.
pub(crate) const PATHS_PER_BATCH: usize = 256;
pub(super) const GROUPS: usize = PATHS_PER_BATCH / LANES;

/// How every input of a scenario is drawn.
#[derive(Clone, Debug)]
pub(crate) struct DrawPlan {
    columns: Vec<Column>,
    groups: Vec<CorrelationGroup>,
    events: Vec<(Arc<(String, Stream)>, f64)>,
    known: Option<Known>,
}

/// Draws that are known path by path, and where they belong.
#[derive(Clone, Debug)]
struct Known {
    draws: Arc<PathDraws>,
    /// Columns, and the place of each among the inputs that are known.
    columns: Vec<(usize, usize)>,
    /// Events, likewise.
    events: Vec<(usize, usize)>,
}

#[derive(Clone, Debug)]
struct Column {
    /// Shared with other plans of the same seed: tables take time to make.
    source: Arc<Source>,
    correlated: bool,
}

/// How one input is drawn.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) name: String,
    dist: Dist,
    pub(super) drawer: Drawer,
    pub(super) stream: Stream,
}

/// An input to draw: its name, distribution, and the numbers that it may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Drawn<'a> {
    pub(crate) name: &'a str,
    pub(crate) dist: &'a Dist,
    pub(crate) innermost: (f64, f64),
}

/// The draws of [`PATHS_PER_BATCH`] paths.
#[derive(Debug)]
pub(crate) struct Batch {
    /// Sixteen paths after another, each with all its columns.
    values: Vec<Lanes>,
    starts: Vec<Lanes>,
    columns: usize,
    events: usize,
    scratch: Vec<[Lanes; GROUPS]>,
    /// For each group the correlated scores of its members, where they are kept for second draws.
    scores: Option<Vec<Vec<[Lanes; GROUPS]>>>,
}

impl DrawPlan {
    /// What `near`, plans of the same sampler and seed, have made ready is taken from them.
    pub(crate) fn new<'a>(
        sampler: Sampler,
        seed: u64,
        inputs: impl IntoIterator<Item = Drawn<'a>>,
        groups: Vec<CorrelationGroup>,
        events: impl IntoIterator<Item = (&'a str, f64)>,
        near: &[&Self],
    ) -> Self {
        let source = |(i, input): (usize, Drawn<'_>)| {
            let found = near.iter().find_map(|plan| plan.source(i, &input));
            found.unwrap_or_else(|| {
                let (low, high) = input.dist.support();
                let (inner_low, inner_high) = input.innermost;
                Arc::new(Source {
                    name: input.name.to_owned(),
                    dist: input.dist.clone(),
                    drawer: Drawer::new(input.dist, low.max(inner_low), high.min(inner_high)),
                    stream: Stream::new(sampler, seed, input.name),
                })
            })
        };
        let columns = inputs
            .into_iter()
            .enumerate()
            .map(|input| Column {
                correlated: groups.iter().any(|group| group.members.contains(&input.0)),
                source: source(input),
            })
            .collect();
        let event = |name: &str| {
            let full = format!("events.{name}");
            let found = near.iter().flat_map(|plan| &plan.events).find(|(event, _)| event.0 == full);
            found.map_or_else(
                || {
                    let stream = Stream::new(sampler, seed, &full);
                    Arc::new((full, stream))
                },
                |(event, _)| Arc::clone(event),
            )
        };
        let events = events.into_iter().map(|(name, probability)| (event(name), probability)).collect();
        Self { columns, groups, events, known: None }
    }

    /// The same with draws that are known, of the inputs and events that are uncertain here.
    pub(crate) fn with_known(mut self, draws: &Arc<PathDraws>) -> Self {
        let place = |all: &[(String, Vec<f64>)], name: &str| all.iter().position(|(known, _)| known == name);
        let columns = self.varied().filter_map(|(i, name)| Some((i, place(&draws.inputs, name)?))).collect();
        let name = |i: usize| self.events[i].0.0.trim_start_matches("events.");
        let events = (0..self.events.len()).filter_map(|i| Some((i, place(&draws.starts, name(i))?))).collect();
        self.known = Some(Known { draws: Arc::clone(draws), columns, events });
        self
    }

    /// The source of an input that is drawn alike here; it mostly stands at `i`.
    fn source(&self, i: usize, input: &Drawn<'_>) -> Option<Arc<Source>> {
        let is_it = |column: &&Column| column.source.name == input.name && column.source.dist == *input.dist;
        let found = self.columns.get(i).filter(is_it).or_else(|| self.columns.iter().find(is_it))?;
        Some(Arc::clone(&found.source))
    }

    /// Whether both draw the same inputs in the same way, but for the values of plain numbers.
    pub(crate) fn draws_like(&self, other: &Self) -> bool {
        let column = |(a, b): (&Column, &Column)| {
            let constants = a.source.drawer.constant_value().is_some() && b.source.drawer.constant_value().is_some();
            a.correlated == b.correlated && (constants || Arc::ptr_eq(&a.source, &b.source))
        };
        let event = |(a, b): (&(Arc<_>, f64), &(Arc<_>, f64))| Arc::ptr_eq(&a.0, &b.0) && a.1 == b.1;
        let known = match (&self.known, &other.known) {
            (None, None) => true,
            (Some(a), Some(b)) => Arc::ptr_eq(&a.draws, &b.draws) && a.columns == b.columns && a.events == b.events,
            _ => false,
        };
        known
            && self.columns.len() == other.columns.len()
            && self.columns.iter().zip(&other.columns).all(column)
            && self.groups == other.groups
            && self.events.len() == other.events.len()
            && self.events.iter().zip(&other.events).all(event)
    }

    /// The columns that are plain numbers, and the numbers.
    pub(crate) fn constants(&self) -> impl Iterator<Item = (usize, f64)> {
        self.columns.iter().enumerate().filter_map(|(i, column)| Some((i, column.source.drawer.constant_value()?)))
    }

    /// The columns that differ from path to path, and their inputs' names.
    pub(crate) fn varied(&self) -> impl Iterator<Item = (usize, &str)> {
        let varied = |column: &Column| column.source.drawer.constant_value().is_none();
        let columns = self.columns.iter().enumerate();
        columns.filter(move |(_, column)| varied(column)).map(|(i, column)| (i, column.source.name.as_str()))
    }

    /// How the input in a column is drawn.
    pub(super) fn source_of(&self, column: usize) -> &Source {
        &self.columns[column].source
    }

    /// The quantile at `p` of the input in a column; where inputs that it is correlated with are given, of its law given those.
    pub(crate) fn quantile(&self, column: usize, p: f64) -> f64 {
        let dist = &self.columns[column].source.dist;
        let place = |group: &CorrelationGroup| group.members.iter().position(|member| *member == column);
        let Some((group, row)) = self.groups.iter().find_map(|group| Some((group, place(group)?))) else {
            return dist.quantile(p);
        };
        // The score is normal with this mean and standard deviation: 0 and 1 where nothing is given.
        let (mean, variance) = (group.shift[row], group.factor[row].iter().map(|weight| weight * weight).sum::<f64>());
        if mean == 0.0 && (variance - 1.0).abs() < 1e-9 {
            return dist.quantile(p);
        }
        let score = mean + libm::sqrt(variance) * normal_quantile(p);
        dist.quantile(normal_cdf(score))
    }

    /// The column of the input of that name.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.source.name == name)
    }

    /// Inputs that are drawn together.
    pub(crate) fn groups(&self) -> &[CorrelationGroup] {
        &self.groups
    }

    /// The name of an event, as `events.NAME`, and its annual probability.
    pub(super) fn event_at(&self, i: usize) -> (&str, f64) {
        (&self.events[i].0.0, self.events[i].1)
    }

    /// The uniform numbers behind the start of an event.
    pub(super) fn event_stream(&self, i: usize) -> &Stream {
        &self.events[i].0.1
    }

    /// The events' names, as `events.NAME`.
    pub(crate) fn event_names(&self) -> impl Iterator<Item = &str> {
        self.events.iter().map(|(event, _)| event.0.as_str())
    }

    /// Memory for the draws, with the constants in place.
    pub(crate) fn batch(&self) -> Batch {
        let mut batch = Batch {
            values: vec![Lanes::ZERO; self.columns.len() * GROUPS],
            starts: vec![Lanes::ZERO; self.events.len() * GROUPS],
            columns: self.columns.len(),
            events: self.events.len(),
            scratch: Vec::new(),
            scores: None,
        };
        for (i, value) in self.constants() {
            batch.put(i, &[Lanes::splat(value); GROUPS]);
        }
        batch
    }

    /// Draws every input of the paths from `first_path` on, in a run of `paths`.
    #[inline(always)]
    pub(crate) fn draw(&self, first_path: u64, paths: u64, batch: &mut Batch) {
        let mut numbers = [Lanes::ZERO; GROUPS];
        for (i, column) in self.columns.iter().enumerate() {
            let source = &*column.source;
            if column.correlated || source.drawer.constant_value().is_some() {
                continue;
            }
            source.stream.fill(first_path, paths, &mut numbers);
            source.drawer.draw_from_uniforms(&mut numbers);
            batch.put(i, &numbers);
        }
        for (i, group) in self.groups.iter().enumerate() {
            self.draw_group(i, group, first_path, paths, batch);
        }
        for (i, (event, probability)) in self.events.iter().enumerate() {
            event.1.fill(first_path, paths, &mut numbers);
            for (path, u) in numbers.iter().enumerate() {
                batch.starts[path * batch.events + i] = event_start(*u, *probability);
            }
        }
        if let Some(known) = &self.known {
            known.put(first_path, batch);
        }
    }

    /// Mixes the independent scores of a group by its factor, then draws from the correlated ones.
    #[inline(always)]
    fn draw_group(&self, at: usize, group: &CorrelationGroup, first_path: u64, paths: u64, batch: &mut Batch) {
        let mut scores = std::mem::take(&mut batch.scratch);
        scores.resize(group.members.len(), [Lanes::ZERO; GROUPS]);
        for (&member, score) in group.members.iter().zip(&mut scores) {
            self.columns[member].source.stream.fill(first_path, paths, score);
            for z in score {
                *z = z.normal_quantile();
            }
        }
        for (row, &member) in group.members.iter().enumerate() {
            let mut mixed = [Lanes::splat(group.shift[row]); GROUPS];
            for (weight, score) in group.factor[row].iter().zip(&scores) {
                for (sum, z) in mixed.iter_mut().zip(score) {
                    *sum += *weight * *z;
                }
            }
            if let Some(kept) = &mut batch.scores {
                kept[at][row] = mixed;
            }
            self.columns[member].source.drawer.draw_from_scores(&mut mixed);
            batch.put(member, &mixed);
        }
        batch.scratch = scores;
    }
}

impl Known {
    /// Puts what is known in the place of what was drawn.
    fn put(&self, first_path: u64, batch: &mut Batch) {
        for group in 0..GROUPS {
            let first = (first_path as usize + group * LANES) % self.draws.paths.max(LANES);
            let lanes = |numbers: &[f64]| Lanes(std::array::from_fn(|lane| numbers[first + lane]));
            for (column, at) in &self.columns {
                batch.replace(group, *column, lanes(&self.draws.inputs[*at].1));
            }
            for (event, at) in &self.events {
                batch.replace_start(group, *event, lanes(&self.draws.starts[*at].1));
            }
        }
    }
}

impl Batch {
    /// Keeps the scores of correlated inputs from now on.
    pub(crate) fn keep_scores(&mut self, plan: &DrawPlan) {
        let of_group = |group: &CorrelationGroup| vec![[Lanes::ZERO; GROUPS]; group.members.len()];
        self.scores = Some(plan.groups.iter().map(of_group).collect());
    }

    /// The scores of a group's members on the paths of the batch; empty where they are not kept.
    pub(super) fn scores(&self, group: usize) -> &[[Lanes; GROUPS]] {
        self.scores.as_ref().and_then(|scores| scores.get(group)).map_or(&[], Vec::as_slice)
    }

    /// Makes the start of an event something else on the `group`-th sixteen paths of the batch; returns what it was.
    #[inline(always)]
    pub(crate) fn replace_start(&mut self, group: usize, event: usize, numbers: Lanes) -> Lanes {
        std::mem::replace(&mut self.starts[group * self.events + event], numbers)
    }

    #[inline(always)]
    pub(super) fn put(&mut self, column: usize, numbers: &[Lanes; GROUPS]) {
        for (group, lanes) in numbers.iter().enumerate() {
            self.values[group * self.columns + column] = *lanes;
        }
    }

    /// Makes an input something else on the `group`-th sixteen paths of the batch; returns what it was.
    #[inline(always)]
    pub(crate) fn replace(&mut self, group: usize, column: usize, numbers: Lanes) -> Lanes {
        std::mem::replace(&mut self.values[group * self.columns + column], numbers)
    }

    /// The inputs of the `group`-th sixteen paths of the batch, with their shocks.
    #[inline(always)]
    pub(crate) fn inputs<'a>(&'a self, group: usize, shocks: &'a [Lanes]) -> Inputs<'a> {
        Inputs {
            columns: &self.values[group * self.columns..(group + 1) * self.columns],
            event_starts: &self.starts[group * self.events..(group + 1) * self.events],
            shocks,
            noise: &[],
        }
    }
}

/// The first `count` draws of one input by itself, as a run would make them.
#[cfg(any(feature = "cli", test))]
pub(crate) fn draw_one(sampler: Sampler, seed: u64, name: &str, dist: &Dist, count: usize) -> Vec<f64> {
    let (low, high) = dist.support();
    let drawer = Drawer::new(dist, low, high);
    let mut column = uniform_lanes(sampler, seed, name, count);
    drawer.draw_from_uniforms(&mut column);
    column.iter().flat_map(|lanes| lanes.0).take(count).collect()
}

/// What the draws of an input are made from.
#[cfg(feature = "cli")]
pub(crate) fn uniforms_of(sampler: Sampler, seed: u64, name: &str, count: usize) -> Vec<f64> {
    uniform_lanes(sampler, seed, name, count).iter().flat_map(|lanes| lanes.0).take(count).collect()
}

#[cfg(any(feature = "cli", test))]
fn uniform_lanes(sampler: Sampler, seed: u64, name: &str, count: usize) -> Vec<Lanes> {
    let mut column = vec![Lanes::ZERO; count.div_ceil(LANES)];
    Stream::new(sampler, seed, name).fill(0, count as u64, &mut column);
    column
}

#[cfg(test)]
mod tests;
