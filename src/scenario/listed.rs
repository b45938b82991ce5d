//! What a file lists beside its inputs: events, correlations, sources.

use std::collections::BTreeMap;
use std::ops::Range;

use super::check::{Checker, Parts};
use super::correlation::{Pair, correlation_groups};
use super::keys::{KEYS, Key};
use super::problem::{Problem, Severity, nearest};
use super::walk::Located;
use super::{Correlation, Event, Grade, Source, YearMonth};

impl Checker<'_> {
    pub(super) fn events(&mut self, value: &Located<'_>) -> Vec<Event> {
        const KEYS: [&str; 6] = [
            "name",
            "annual_probability",
            "duration_months",
            "churn_multiplier",
            "demand_multiplier",
            "serving_cost_multiplier",
        ];
        let Some(list) = self.walker.list(value, "events") else { return Vec::new() };
        let mut events: Vec<Event> = Vec::new();
        for item in list {
            let Some(table) = self.walker.table(item, "events") else { continue };
            self.walker.only_known(table, "events", &KEYS);
            let (Some(name), Some(probability)) = (table.get("name"), table.get("annual_probability")) else {
                self.walker.error(
                    item.span(),
                    "an event lacks a key",
                    "expected at least `name` and `annual_probability`",
                );
                continue;
            };
            let annual_probability = self.walker.number(probability, "events.annual_probability");
            if annual_probability.is_some_and(|p| !(0.0..=1.0).contains(&p)) {
                self.walker.error(probability.span(), "`events.annual_probability` is not a share", "accepted: 0 to 1");
            }
            let mut multiplier = |key: &str| -> f64 {
                let Some(value) = table.get(key) else { return 1.0 };
                let path = format!("events.{key}");
                let number = self.walker.number(value, &path);
                if number.is_some_and(|x| !(0.0..=1e6).contains(&x)) {
                    self.walker.error(value.span(), format!("`{path}` is out of range"), "accepted: 0 to 1e6");
                }
                number.unwrap_or(1.0)
            };
            let (churn_multiplier, demand_multiplier, serving_cost_multiplier) = (
                multiplier("churn_multiplier"),
                multiplier("demand_multiplier"),
                multiplier("serving_cost_multiplier"),
            );
            let duration_months = table
                .get("duration_months")
                .and_then(|v| self.walker.integer(v, "events.duration_months", 0..10_001))
                .unwrap_or(0);
            let Some(event_name) = self.walker.text(name, "events.name").map(str::to_owned) else { continue };
            if event_name.trim().is_empty() || events.iter().any(|e| e.name == event_name) {
                let message = format!(
                    "the event name \"{event_name}\" is {}",
                    if event_name.trim().is_empty() { "empty" } else { "taken" }
                );
                self.walker.error(name.span(), message, "each event needs a name of its own");
            }
            events.push(Event {
                name: event_name,
                annual_probability: annual_probability.unwrap_or(0.0),
                duration_months,
                churn_multiplier,
                demand_multiplier,
                serving_cost_multiplier,
            });
        }
        events
    }

    pub(super) fn correlations(&mut self, value: &Located<'_>, parts: &Parts) -> Vec<Correlation> {
        let Some(list) = self.walker.list(value, "correlations") else { return Vec::new() };
        let before = self.walker.problems.iter().filter(|p| p.severity == Severity::Error).count();
        let mut out: Vec<Correlation> = Vec::new();
        let mut spans = Vec::new();
        for item in list {
            if let Some(correlation) = self.correlation(item, parts) {
                let same = |c: &Correlation| c.inputs.iter().all(|key| correlation.inputs.contains(key));
                if out.iter().any(same) {
                    let names = correlation.inputs.map(Key::name).join("` and `");
                    self.walker.error(item.span(), format!("`{names}` are correlated twice"), "each pair once");
                } else {
                    out.push(correlation);
                    spans.push(item.span());
                }
            }
        }
        if self.walker.problems.iter().filter(|p| p.severity == Severity::Error).count() == before {
            self.correlations_can_exist(&out, &spans);
        }
        out
    }

    fn correlation(&mut self, item: &Located<'_>, parts: &Parts) -> Option<Correlation> {
        let table = self.walker.table(item, "correlations")?;
        self.walker.only_known(table, "correlations", &["inputs", "rank"]);
        let (Some(inputs), Some(rank)) = (table.get("inputs"), table.get("rank")) else {
            self.walker.error(
                item.span(),
                "a correlation lacks a key",
                "expected `inputs = [\"…\", \"…\"]` and `rank`",
            );
            return None;
        };
        let rank_number = self.walker.number(rank, "correlations.rank");
        if rank_number.is_some_and(|r| !(-1.0..=1.0).contains(&r)) {
            self.walker.error(rank.span(), "`correlations.rank` is not a correlation", "accepted: -1 to 1");
        }
        let names = self.walker.list(inputs, "correlations.inputs")?;
        let mut keys = Vec::new();
        for name in names {
            let Some(text) = self.walker.text(name, "correlations.inputs") else { continue };
            let Some(key) = Key::by_name(text) else {
                let near = nearest(text, KEYS.iter().map(|spec| spec.name));
                let label = near.map_or("not an input".to_owned(), |near| format!("did you mean `{near}`?"));
                self.walker.error(name.span(), format!("`{text}` is not an input"), label);
                continue;
            };
            let value = &parts.values[key as usize];
            let implied = key == Key::Investment && parts.implied.is_some();
            if value.dist.is_constant() || implied {
                let message = format!("`{text}` is not a distribution, so nothing can be correlated with it");
                self.walker.error(name.span(), message, format!("its value is {}", value.written));
            }
            keys.push(key);
        }
        match keys[..] {
            [a, b] if a != b && names.len() == 2 => Some(Correlation { inputs: [a, b], rank: rank_number? }),
            _ if keys.len() == names.len() => {
                self.walker.error(
                    inputs.span(),
                    "a correlation is between two inputs",
                    "expected two different inputs",
                );
                None
            }
            _ => None,
        }
    }

    fn correlations_can_exist(&mut self, correlations: &[Correlation], spans: &[Range<usize>]) {
        let pairs: Vec<Pair> =
            correlations.iter().map(|c| (c.inputs[0] as usize, c.inputs[1] as usize, c.rank)).collect();
        let Err(conflict) = correlation_groups(&pairs) else { return };
        let name = |p: usize| correlations[p].inputs.map(Key::name).join(" with ");
        let all: Vec<_> = conflict.pairs.iter().map(|&p| format!("{} {}", name(p), pairs[p].2)).collect();
        let help = match conflict.nearest {
            Some((p, rank)) => format!("with the others as they are, {} could be {rank}", name(p)),
            None => format!("all of them times {} would be consistent", conflict.factor),
        };
        let at = conflict.nearest.map_or(conflict.pairs[0], |n| n.0);
        let message = format!("these rank correlations contradict each other: {}", all.join(", "));
        let problem = Problem::error(spans[at].clone(), message, "no set of inputs can have them all").with_help(help);
        self.walker.problems.push(problem);
    }

    pub(super) fn sources(&mut self, value: &Located<'_>) -> BTreeMap<String, Source> {
        let mut sources = BTreeMap::new();
        let Some(table) = self.walker.table(value, "sources") else { return sources };
        for (key, value) in table {
            let path = format!("sources.{}", key.get_ref());
            let Some(fields) = self.walker.table(value, &path) else { continue };
            self.walker.only_known(fields, &path, &["title", "publisher", "date", "url", "grade"]);
            let mut text = |name: &str| -> Option<String> {
                let value = fields.get(name)?;
                self.walker.text(value, &format!("{path}.{name}")).map(str::to_owned)
            };
            let [title, publisher, date, url] = ["title", "publisher", "date", "url"].map(&mut text);
            let grade = text("grade");
            if title.is_none() && !fields.contains_key("title") {
                self.walker.error(key.span(), format!("`{path}` has no title"), "expected `title = \"…\"`");
            }
            let letter = match grade.as_deref() {
                Some("A") => Some(Grade::A),
                Some("B") => Some(Grade::B),
                Some("C") => Some(Grade::C),
                Some("X") => Some(Grade::X),
                Some(other) => {
                    let span = fields.get("grade").map_or(0..0, toml::Spanned::span);
                    let label = "expected A (official), B (reputable press), C (secondary) or X (assumption)";
                    self.walker.error(span, format!("`{path}.grade` is \"{other}\""), label);
                    None
                }
                None => None,
            };
            if let (Some(given), Some(value)) = (&date, fields.get("date")) {
                let whole = given.len() == 4 && given.bytes().all(|b| b.is_ascii_digit());
                let month = given.get(..7).and_then(YearMonth::parse).is_some();
                let day = given.len() == 7 || given.len() == 10 && given.as_bytes()[7] == b'-';
                if !(whole || month && day) {
                    let message = format!("`{path}.date` is \"{given}\"");
                    self.walker.error(value.span(), message, "expected \"2025\", \"2025-02\" or \"2025-02-26\"");
                }
            }
            let source = Source { title: title.unwrap_or_default(), publisher, date, url, grade: letter };
            sources.insert(key.get_ref().to_string(), source);
        }
        sources
    }
}
