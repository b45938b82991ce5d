//! Cases: plans with some inputs at other values or drawn a second time, what many of them share on the same paths, and who looks
//! at them.

use std::sync::Arc;

use super::groups::{Drawing, Group};
use crate::lanes::Lanes;
use crate::model::{Inputs, Outcomes, Setup};
use crate::plan::Plan;
use crate::sampler::{Redraw, ShockStream};
use crate::scenario::keys::Key;

/// A plan with some of its inputs at other values on every path, or drawn a second time.
#[derive(Clone, Debug)]
pub(crate) struct Case<'a> {
    plan: &'a Plan,
    /// Columns and what stands in them instead.
    values: Vec<(usize, Numbers)>,
    /// Events and the months in which they start instead; infinite for never.
    starts: Vec<(usize, f64)>,
    second: Option<Arc<SecondDraws>>,
}

/// What stands in a column instead of what is drawn.
#[derive(Clone, Debug)]
pub(crate) enum Numbers {
    /// The same on every path.
    Same(f64),
    /// A number for each path, in their order.
    ByPath(Arc<[f64]>),
}

impl Numbers {
    /// Those of the sixteen paths from `first_path` on; beyond the last path the last number is repeated.
    #[inline(always)]
    fn of_group(&self, first_path: u64) -> Lanes {
        match self {
            Self::Same(x) => Lanes::splat(*x),
            Self::ByPath(all) => Lanes(std::array::from_fn(|lane| {
                all.get(first_path as usize + lane).or(all.last()).copied().unwrap_or(0.0)
            })),
        }
    }
}

/// What is drawn a second time: some inputs and events, and the shocks or not.
#[derive(Debug)]
pub(crate) struct SecondDraws {
    pub(crate) redraw: Redraw,
    pub(crate) shocks: Option<Arc<ShockStream>>,
}

impl<'a> Case<'a> {
    /// The plan as it is.
    pub(crate) fn of(plan: &'a Plan) -> Self {
        Self { plan, values: Vec::new(), starts: Vec::new(), second: None }
    }

    /// The plan with inputs at other values, by column.
    pub(crate) fn at(plan: &'a Plan, values: Vec<(usize, f64)>) -> Self {
        Self::with_numbers(plan, values.into_iter().map(|(column, x)| (column, Numbers::Same(x))).collect())
    }

    /// The plan with other numbers in some columns.
    pub(crate) fn with_numbers(plan: &'a Plan, values: Vec<(usize, Numbers)>) -> Self {
        Self { plan, values, starts: Vec::new(), second: None }
    }

    /// The plan with an event that starts in the same month on every path, or never.
    pub(crate) fn with_start(plan: &'a Plan, event: usize, month: f64) -> Self {
        Self { starts: vec![(event, month)], ..Self::of(plan) }
    }

    /// The same with some of its draws made a second time.
    pub(crate) fn with_second(self, second: Option<Arc<SecondDraws>>) -> Self {
        Self { second, ..self }
    }

    pub(super) fn plan(&self) -> &'a Plan {
        self.plan
    }

    fn shocks(&self) -> &ShockStream {
        self.second.as_ref().and_then(|second| second.shocks.as_deref()).unwrap_or(&self.plan.shocks)
    }
}

/// Looks at all cases on the same sixteen paths.
pub(crate) trait Observe: Send {
    /// What was drawn for sixteen paths, and what came out by case.
    fn group(&mut self, group: &Group<'_, '_>, outcomes: &[Outcomes]);

    /// Takes in what another thread has seen. Whatever the order, the result must be the same.
    fn join(&mut self, other: Self);
}

/// Looks at nothing.
impl Observe for () {
    fn group(&mut self, _: &Group<'_, '_>, _: &[Outcomes]) {}
    fn join(&mut self, (): Self) {}
}

/// Two look side by side.
impl<A: Observe, B: Observe> Observe for (A, B) {
    fn group(&mut self, group: &Group<'_, '_>, outcomes: &[Outcomes]) {
        self.0.group(group, outcomes);
        self.1.group(group, outcomes);
    }

    fn join(&mut self, other: Self) {
        self.0.join(other.0);
        self.1.join(other.1);
    }
}

/// Cases, and what they share.
pub(super) struct CaseSet<'a> {
    cases: &'a [Case<'a>],
    /// Plans that draw alike but for plain numbers are of one class: for each class the first of them.
    draws: Vec<&'a Plan>,
    draws_of: Vec<usize>,
    /// The same for shocks, by their streams and months.
    shocks: Vec<(&'a ShockStream, usize)>,
    shocks_of: Vec<usize>,
    /// Second draws, with the class of the first ones.
    redraws: Vec<(usize, &'a Redraw)>,
    redraw_of: Vec<Option<usize>>,
    /// For each case what stands in a column instead of what its class draws.
    instead: Vec<Vec<(usize, Numbers)>>,
}

/// One case of a set: the classes of its draws, shocks and second draws, and what stands in a column instead of what is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct CaseOfSet<'s> {
    pub(super) setup: &'s Setup,
    draws: usize,
    shocks: usize,
    redraw: Option<usize>,
    instead: &'s [(usize, Numbers)],
    starts: &'s [(usize, f64)],
}

impl CaseOfSet<'_> {
    /// The inputs as they are drawn.
    #[inline(always)]
    pub(super) fn drawn<'g>(&self, group: &'g Group<'_, '_>) -> Inputs<'g> {
        group.inputs_of(self.draws, self.shocks)
    }

    /// Hands on the inputs of the case on sixteen paths, and leaves the group as it was. `drawn` is memory to be used again.
    #[inline(always)]
    pub(super) fn with_inputs<T>(
        &self,
        group: &mut Group<'_, '_>,
        drawn: &mut Vec<Lanes>,
        work: impl FnOnce(Inputs<'_>) -> T,
    ) -> T {
        if let Some(redraw) = self.redraw {
            group.exchange(redraw);
        }
        drawn.clear();
        let first_path = group.first_path;
        let replaced =
            self.instead.iter().map(|(column, x)| group.replace(self.draws, *column, x.of_group(first_path)));
        drawn.extend(replaced);
        let starts =
            self.starts.iter().map(|(event, month)| group.replace_start(self.draws, *event, Lanes::splat(*month)));
        drawn.extend(starts);
        let out = work(group.inputs_of(self.draws, self.shocks));
        let (columns, starts) = drawn.split_at(self.instead.len());
        for ((column, _), drawn) in self.instead.iter().zip(columns) {
            group.replace(self.draws, *column, *drawn);
        }
        for ((event, _), drawn) in self.starts.iter().zip(starts) {
            group.replace_start(self.draws, *event, *drawn);
        }
        if let Some(redraw) = self.redraw {
            group.exchange(redraw);
        }
        out
    }
}

impl<'a> CaseSet<'a> {
    pub(super) fn new(cases: &'a [Case<'a>]) -> Self {
        let plans = cases.iter().map(|case| case.plan);
        let (draws, draws_of) = classes(plans, |a, b| std::ptr::eq(*a, *b) || a.draws.draws_like(&b.draws));
        let streams = cases.iter().map(|case| (case.shocks(), case.plan.setup.months));
        let (shocks, shocks_of) = classes(streams, |a, b| std::ptr::eq(a.0, b.0));
        let second = |(case, class): (&'a Case<'_>, &usize)| Some((*class, &case.second.as_ref()?.redraw));
        let seconds: Vec<_> = cases.iter().zip(&draws_of).map(second).collect();
        let alike = |a: &(usize, &Redraw), b: &(usize, &Redraw)| a.0 == b.0 && std::ptr::eq(a.1, b.1);
        let (redraws, places) = classes(seconds.iter().copied().flatten(), alike);
        let mut places = places.into_iter();
        let redraw_of = seconds.iter().map(|second| second.and_then(|_| places.next())).collect();
        let instead = cases.iter().zip(&draws_of).map(|(case, class)| {
            let plain = case.plan.draws.constants().zip(draws[*class].draws.constants());
            let differ = plain.filter(|(own, first)| own.1.to_bits() != first.1.to_bits()).map(|(own, _)| own);
            let named = |(column, _): &(usize, f64)| case.values.iter().any(|(patched, _)| patched == column);
            let plain = differ.filter(|own| !named(own)).map(|(column, x)| (column, Numbers::Same(x)));
            plain.chain(case.values.iter().cloned()).collect()
        });
        let instead = instead.collect();
        Self { cases, draws, draws_of, shocks, shocks_of, redraws, redraw_of, instead }
    }

    /// How case `i` is simulated.
    #[inline(always)]
    pub(super) fn case(&self, i: usize) -> CaseOfSet<'_> {
        CaseOfSet {
            setup: &self.cases[i].plan.setup,
            draws: self.draws_of[i],
            shocks: self.shocks_of[i],
            redraw: self.redraw_of[i],
            instead: &self.instead[i],
            starts: &self.cases[i].starts,
        }
    }

    /// Where all cases have the same noise, that which one of them would work out: several cases, one draw and one stream of shocks, and
    /// none has numbers of its own for what makes noise of it.
    pub(super) fn shared_noise(&self) -> Option<CaseOfSet<'_>> {
        let first = self.cases.first()?.plan;
        let columns =
            [Key::AnnualVolatility, Key::Persistence].map(|key| first.setup.segments[0].columns[key as usize]);
        let is_own = |(column, _): &(usize, Numbers)| columns.contains(column);
        let alike = self.cases.len() > 1 && self.draws.len() == 1 && self.shocks.len() == 1 && self.redraws.is_empty();
        let months = self.cases.iter().all(|case| case.plan.setup.months == first.setup.months);
        (alike && months && !self.instead.iter().flatten().any(is_own)).then(|| self.case(0))
    }

    /// The plan of each case.
    pub(super) fn plans(&self) -> impl Iterator<Item = &'a Plan> {
        self.cases.iter().map(|case| case.plan)
    }

    pub(super) fn drawing(&self, paths: u64) -> Drawing<'a> {
        let draws = self.draws.iter().map(|plan| &plan.draws);
        Drawing::of(paths, draws, self.shocks.iter().copied(), self.redraws.iter().copied())
    }
}

/// The first of each class, and the class of each.
fn classes<T>(all: impl Iterator<Item = T>, alike: impl Fn(&T, &T) -> bool) -> (Vec<T>, Vec<usize>) {
    let (mut first, mut of) = (Vec::new(), Vec::new());
    for one in all {
        of.push(first.iter().position(|other| alike(&one, other)).unwrap_or(first.len()));
        if of.last() == Some(&first.len()) {
            first.push(one);
        }
    }
    (first, of)
}
