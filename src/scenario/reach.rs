//! Whom an input reaches: what segments override, it does not move for them; and how it is called for those it does.

use super::keys::{Key, Trait};
use super::{NewPrice, PriceChange, Scenario, changed_month};
use crate::words;

impl Scenario {
    /// The segments by name that an input moves; all where it is the same for everyone.
    fn reached(&self, input: &str) -> Vec<&str> {
        let plain = input.replace(['"', '\''], "");
        let own = |key: Option<Key>, i: usize| match key {
            Some(key) => self.segments[i].values.contains_key(&key),
            None => self.segments[i].price_changes.is_some(),
        };
        let (segment, rest) = match plain.strip_prefix("segments.") {
            Some(rest) => {
                let named = self.segments.iter().find(|segment| rest.starts_with(&format!("{}.", segment.name)));
                (named.map(|segment| segment.name.as_str()), rest)
            }
            None => (None, plain.as_str()),
        };
        if let Some(segment) = segment {
            return vec![segment];
        }
        let key = if changed_month(rest).is_some() { None } else { Key::by_name(rest) };
        // A price change may be a segment's own too.
        let may_differ = key.is_none_or(|key| key.is(Trait::InSegments));
        let overridden = |i: usize| may_differ && own(key, i);
        (0..self.segments.len()).filter(|i| !overridden(*i)).map(|i| self.segments[i].name.as_str()).collect()
    }

    /// The inputs of segments that act in the place of one that no segment takes from the scenario; none where some do.
    pub(crate) fn acting_instead(&self, input: &str) -> Option<Vec<String>> {
        let nowhere = !self.segments.is_empty() && !input.starts_with("segments.") && self.reached(input).is_empty();
        nowhere.then(|| self.segments.iter().map(|segment| format!("segments.{}.{input}", segment.name)).collect())
    }

    /// Inputs that are to move together, with `segments.*` written out and what acts nowhere left out.
    ///
    /// # Errors
    /// Where none is left that acts.
    pub(crate) fn written_out(&self, inputs: &[String]) -> Result<Vec<String>, String> {
        let mut out: Vec<String> = Vec::new();
        for input in inputs {
            match input.strip_prefix("segments.*.") {
                Some(key) => {
                    let own = self.segments.iter().filter(|segment| {
                        let named = format!("segments.{}.{key}", segment.name);
                        self.input(&named).is_some() || self.price_change(&named).is_some()
                    });
                    out.extend(own.map(|segment| format!("segments.{}.{key}", segment.name)));
                }
                None if inputs.len() > 1 && self.acting_instead(input).is_some() => {}
                None => out.push(input.clone()),
            }
        }
        let mut seen = Vec::new();
        out.retain(|input| {
            !seen.contains(input) && {
                seen.push(input.clone());
                true
            }
        });
        if out.is_empty() {
            let names: Vec<&str> = self.segments.iter().map(|segment| segment.name.as_str()).collect();
            let has =
                if names.is_empty() { "no segments".to_owned() } else { format!("the segments {}", names.join(", ")) };
            return Err(format!(
                "no segment of `{}`, which has {has}, has a value of its own for `{}`",
                self.document.name,
                inputs.join(",")
            ));
        }
        if let [only] = out.as_slice()
            && let Some(instead) = self.acting_instead(only)
        {
            return Err(acts_nowhere(only, &instead));
        }
        Ok(out)
    }

    /// Whether an input has its value by a condition of the command line.
    pub(crate) fn is_given(&self, input: &str) -> bool {
        self.given.iter().any(|(id, _)| id.name(&self.segments) == input.replace(['"', '\''], ""))
    }

    /// What inputs that move together are called: `refusal rate for premium only (30% of users)`,
    /// `launch price (then $18 from month 13 on)`.
    #[must_use]
    pub fn called(&self, inputs: &[String]) -> String {
        let Some(first) = inputs.first() else { return String::new() };
        let mut reached: Vec<&str> = inputs.iter().flat_map(|input| self.reached(input)).collect();
        reached.sort_unstable();
        reached.dedup();
        let single = inputs.len() == 1;
        let bare = if single {
            first.as_str()
        } else {
            first.rsplitn(3, '.').nth(2).map_or(first.as_str(), |before| first[before.len()..].trim_start_matches('.'))
        };
        let name = self.with_schedule(first, &super::called::called(bare));
        if self.segments.is_empty() || (single && first.starts_with("segments.")) {
            return name;
        }
        if reached.len() == self.segments.len() {
            return if single { name } else { format!("{name} in every segment") };
        }
        let names: Vec<String> = reached.iter().map(|name| (*name).to_owned()).collect();
        let share: f64 = self.segments.iter().filter(|s| reached.contains(&s.name.as_str())).map(|s| s.share).sum();
        format!("{name} for {} only ({} of users)", words::list(&names), words::percent(share))
    }

    /// A warning where `segments.*` leaves out segments that take their value from the scenario.
    pub(crate) fn leaves_out(&self, asked: &[String]) -> Option<String> {
        asked.iter().find_map(|input| {
            let key = input.strip_prefix("segments.*.")?;
            let unmoved = self.reached(key);
            if unmoved.is_empty() || asked.iter().any(|other| other == key) {
                return None;
            }
            let names: Vec<String> = unmoved.iter().map(|name| (*name).to_owned()).collect();
            let verb = if names.len() == 1 { "takes" } else { "take" };
            Some(format!(
                "{} {verb} `{key}` from the scenario, so `{input}` does not move it there: `{key},{input}` moves it for everyone",
                words::list(&names)
            ))
        })
    }

    /// The list price with what is scheduled after it.
    fn with_schedule(&self, input: &str, name: &str) -> String {
        let Some(changes) = self.schedule_of(input) else { return name.to_owned() };
        let launch = name.replace("monthly price", "launch price");
        let said = |change: &PriceChange| match change.to {
            NewPrice::Monthly(price) => format!("{} from month {} on", words::dollars(price), change.month),
            NewPrice::Times(factor) => format!("×{factor} from month {} on", change.month),
        };
        let list: Vec<String> = changes.iter().map(said).collect();
        format!("{launch} (then {})", list.join(", "))
    }

    /// The price changes after the list price of that name, where there are some.
    fn schedule_of(&self, input: &str) -> Option<&[PriceChange]> {
        let plain = input.replace(['"', '\''], "");
        let changes = match plain.strip_prefix("segments.") {
            None if plain == Key::PriceMonthly.name() => &self.price_changes,
            None => return None,
            Some(rest) => {
                let segment =
                    self.segments.iter().find(|s| rest == format!("{}.{}", s.name, Key::PriceMonthly.name()))?;
                segment.price_changes.as_ref().unwrap_or(&self.price_changes)
            }
        };
        (!changes.is_empty()).then_some(changes)
    }

    /// A warning where the list price is varied and a scheduled price of its own takes its place later.
    pub(crate) fn moves_launch_alone(&self, input: &str) -> Option<String> {
        let first = self.schedule_of(input)?.iter().find(|change| matches!(change.to, NewPrice::Monthly(_)))?;
        let month = first.month;
        let changes = input.replace("price.monthly", &format!("price.changes.{month}.monthly"));
        Some(format!(
            "`{input}` moves the launch price alone: from month {month} on the scheduled price holds. To move the whole \
             schedule, write its changes as factors ({{ month = {month}, times = … }}); to move that price, vary `{changes}`"
        ))
    }
}

/// An error where an input acts nowhere.
pub(super) fn acts_nowhere(input: &str, instead: &[String]) -> String {
    let key = input.split('=').next().unwrap_or(input);
    format!(
        "`{input}` acts nowhere: every segment has its own value. These act: {}; `segments.*.{key}` moves all of them",
        instead.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    )
}
