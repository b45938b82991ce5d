//! How one case of a study differs from the scenario as it is drawn.

use std::sync::Arc;

use super::cases::{Case, Numbers, SecondDraws};
use crate::plan::{Factor, Plan};
use crate::scenario::keys::{Key, Takes};

/// One case of a study on the same futures: some inputs at a value, some drawn a second time.
///
/// Of correlated inputs those that are drawn again follow their distribution given those that are not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variant {
    values: Vec<(String, Given)>,
    again: Again,
}

/// What an input is given.
#[derive(Clone, Debug, PartialEq)]
enum Given {
    Same(f64),
    ByPath(Arc<[f64]>),
}

#[derive(Clone, Debug, Default, PartialEq)]
enum Again {
    #[default]
    Nothing,
    These(Vec<String>),
    AllBut(Vec<String>),
}

impl Variant {
    /// With an input at a value on every path; the others stay as they are drawn.
    #[must_use]
    pub fn with(mut self, input: &str, value: f64) -> Self {
        self.values.push((input.to_owned(), Given::Same(value)));
        self
    }

    /// With an input at a value of its own on each path, in their order: a posterior or a design made elsewhere. The others stay
    /// as they are drawn, those that are correlated with it too.
    #[must_use]
    pub fn with_each(mut self, input: &str, values: Vec<f64>) -> Self {
        self.values.push((input.to_owned(), Given::ByPath(values.into())));
        self
    }

    /// With some of what is uncertain drawn a second time: inputs, `events.NAME`, `shocks`.
    #[must_use]
    pub fn redraw(self, names: &[&str]) -> Self {
        Self { again: Again::These(names.iter().map(|name| (*name).to_owned()).collect()), ..self }
    }

    /// With all that is uncertain drawn a second time, but for these.
    #[must_use]
    pub fn redraw_all_but(self, names: &[&str]) -> Self {
        Self { again: Again::AllBut(names.iter().map(|name| (*name).to_owned()).collect()), ..self }
    }

    /// The case of a plan on so many paths.
    ///
    /// # Errors
    /// Where it names what the plan does not draw or what is the same on every path (a horizon, a target, a number of months), a value
    /// is outside its input's range, or there is not one for each path.
    pub(crate) fn case<'p>(&self, plan: &'p Plan, paths: u64) -> Result<Case<'p>, String> {
        let values = self.values.iter().map(|(input, given)| {
            let column = plan.draws.column(input).ok_or_else(|| format!("`{input}` is no input of this scenario"))?;
            let (numbers, all): (Numbers, &[f64]) = match given {
                Given::Same(x) => (Numbers::Same(*x), std::slice::from_ref(x)),
                Given::ByPath(all) if all.len() as u64 == paths => (Numbers::ByPath(Arc::clone(all)), all),
                Given::ByPath(all) => return Err(format!("`{input}` has {} values for {paths} paths", all.len())),
            };
            // `segments.NAME.table.key` has the range of `table.key`.
            let key = Key::all().find(|key| input == key.name() || input.ends_with(&format!(".{}", key.name())));
            let range = key.map(|key| key.spec().range);
            if key.is_some_and(|key| key.spec().takes != Takes::Input) {
                return Err(format!("`{input}` is the same on every path: set it in the scenario"));
            }
            match all.iter().find(|x| range.is_some_and(|range| !range.contains(**x))) {
                Some(x) => {
                    Err(format!("`{input}` is {x}; accepted: {}", range.map_or(String::new(), |r| r.to_string())))
                }
                None => Ok((column, numbers)),
            }
        });
        let values = values.collect::<Result<_, String>>()?;
        let uncertain: Vec<String> = plan.factors().into_iter().flat_map(Factor::names).collect();
        let (named, kept) = match &self.again {
            Again::Nothing => return Ok(Case::with_numbers(plan, values)),
            Again::These(names) => (names, false),
            Again::AllBut(names) => (names, true),
        };
        let chosen = |name: &str| named.iter().any(|known| known == name) != kept;
        if let Some(unknown) = named.iter().find(|name| !uncertain.contains(name)) {
            return Err(format!("`{unknown}` is nothing that this scenario draws"));
        }
        let inputs = plan.draws.varied().filter(|(_, name)| chosen(name)).map(|(i, _)| i);
        let events = plan.draws.event_names().enumerate().filter(|(_, name)| chosen(name)).map(|(i, _)| i);
        let (inputs, events): (Vec<usize>, Vec<usize>) = (inputs.collect(), events.collect());
        let second = SecondDraws {
            redraw: plan.draws.redraw(plan.seed, &inputs, &events),
            shocks: chosen(Factor::SHOCKS).then(|| Arc::new(plan.shocks.redraw(plan.seed))),
        };
        Ok(Case::with_numbers(plan, values).with_second(Some(Arc::new(second))))
    }
}
