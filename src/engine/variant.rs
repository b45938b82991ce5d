//! How one case of a study differs from the scenario as it is drawn.

use std::sync::Arc;

use super::cases::{Case, SecondDraws};
use crate::plan::{Factor, Plan};

/// One case of a study on the same futures: some inputs at a value, some drawn a second time.
///
/// Of correlated inputs those that are drawn again follow their distribution given those that are not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variant {
    values: Vec<(String, f64)>,
    again: Again,
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
        self.values.push((input.to_owned(), value));
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

    /// The case of a plan.
    ///
    /// # Errors
    /// Where it names what the plan does not draw.
    pub(crate) fn case<'p>(&self, plan: &'p Plan) -> Result<Case<'p>, String> {
        let values = self.values.iter().map(|(input, value)| {
            let column = plan.draws.column(input).ok_or_else(|| format!("`{input}` is no input of this scenario"))?;
            Ok((column, *value))
        });
        let values = values.collect::<Result<_, String>>()?;
        let uncertain: Vec<String> = plan.factors().into_iter().flat_map(Factor::names).collect();
        let (named, kept) = match &self.again {
            Again::Nothing => return Ok(Case::at(plan, values)),
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
            shocks: chosen(Factor::SHOCKS).then(|| plan.shocks.redraw(plan.seed)),
        };
        Ok(Case::at(plan, values).with_second(Some(Arc::new(second))))
    }
}
