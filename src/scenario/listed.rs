//! What a file lists beside its inputs: events, correlations, sources.

use std::collections::BTreeMap;

use super::check::{Checker, Parts};
use super::correlation::{Pair, correlation_groups, linked};
use super::keys::Key;
use super::limits;
use super::overrides::{GIVEN, SET};
use super::problem::{Place, Problem, Severity, Topic, nearest};
use super::tree::{Node, get};
use super::{Correlation, Event, Grade, InputId, Source, YearMonth};

/// So many pairs of a contradiction are named.
const MOST_TOLD: usize = 12;

impl Checker<'_> {
    pub(super) fn events(&mut self, node: &Node) -> Vec<Event> {
        const KEYS: [&str; 8] = [
            "name",
            "annual_probability",
            "duration_months",
            "churn_multiplier",
            "uptake_multiplier",
            "market_multiplier",
            "serving_cost_multiplier",
            // The earlier name of `uptake_multiplier`.
            "demand_multiplier",
        ];
        let Some(list) = self.walker.list(node, "events") else { return Vec::new() };
        if list.len() > limits::EVENTS {
            let message = format!("there are {} events", list.len());
            self.walker.error(&node.place, message, format!("at most {}", limits::EVENTS));
            return Vec::new();
        }
        let mut events: Vec<Event> = Vec::new();
        for item in list {
            let Some(table) = self.walker.table(item, "events") else { continue };
            self.walker.only_known(table, "events", &KEYS);
            let (Some(name), Some(probability)) = (get(table, "name"), get(table, "annual_probability")) else {
                self.walker.error(
                    &item.place,
                    "an event lacks a key",
                    "expected at least `name` and `annual_probability`",
                );
                continue;
            };
            let annual_probability = self.walker.number(probability, "events.annual_probability");
            if annual_probability.is_some_and(|p| !(0.0..=1.0).contains(&p)) {
                self.walker.error(&probability.place, "`events.annual_probability` is not a share", "accepted: 0 to 1");
            }
            let mut multiplier = |key: &str| -> f64 {
                let Some(value) = get(table, key) else { return 1.0 };
                let path = format!("events.{key}");
                let number = self.walker.number(value, &path);
                if number.is_some_and(|x| !(0.0..=1e6).contains(&x)) {
                    self.walker.error(&value.place, format!("`{path}` is out of range"), "accepted: 0 to 1e6");
                }
                number.unwrap_or(1.0)
            };
            let (churn_multiplier, earlier, own, market_multiplier, serving_cost_multiplier) = (
                multiplier("churn_multiplier"),
                multiplier("demand_multiplier"),
                multiplier("uptake_multiplier"),
                multiplier("market_multiplier"),
                multiplier("serving_cost_multiplier"),
            );
            let uptake_multiplier = match (table.get("demand_multiplier"), table.get("uptake_multiplier")) {
                (Some(entry), Some(_)) => {
                    let message = "`demand_multiplier` is the earlier name of `uptake_multiplier`: one of them";
                    self.walker.error(&entry.key, message, "take this out");
                    own
                }
                (Some(entry), None) => {
                    let message = "`demand_multiplier` is called `uptake_multiplier` now";
                    let label = "it acts on the speed of first adoption; `market_multiplier` acts on the market's size";
                    self.walker.problems.push(Problem::warning(entry.key.clone(), message, label));
                    earlier
                }
                _ => own,
            };
            let duration_months = get(table, "duration_months")
                .and_then(|v| self.walker.integer(v, "events.duration_months", 0..10_001))
                .unwrap_or(0);
            let Some(event_name) = self.walker.text(name, "events.name").map(str::to_owned) else { continue };
            if self.walker.is_name(&name.place, &event_name, "an event") && events.iter().any(|e| e.name == event_name)
            {
                let message = format!("the event name \"{event_name}\" is taken");
                self.walker.error(&name.place, message, "each event needs a name of its own");
            }
            events.push(Event {
                name: event_name,
                annual_probability: annual_probability.unwrap_or(0.0),
                duration_months,
                churn_multiplier,
                uptake_multiplier,
                market_multiplier,
                serving_cost_multiplier,
            });
        }
        events
    }

    pub(super) fn correlations(&mut self, node: &Node, parts: &Parts) -> Vec<Correlation> {
        let Some(list) = self.walker.list(node, "correlations") else { return Vec::new() };
        if list.len() > limits::CORRELATIONS {
            let message = format!("there are {} correlations", list.len());
            self.walker.error(&node.place, message, format!("at most {}", limits::CORRELATIONS));
            return Vec::new();
        }
        let errors = |problems: &[Problem]| problems.iter().filter(|p| p.severity == Severity::Error).count();
        let before = errors(&self.walker.problems);
        let mut out: Vec<Correlation> = Vec::new();
        let mut places = Vec::new();
        for item in list {
            let Some(correlation) = self.correlation(item, parts) else { continue };
            let same = |c: &Correlation| c.inputs.iter().all(|input| correlation.inputs.contains(input));
            if out.iter().any(same) {
                let names = correlation.inputs.map(|input| input.name(&parts.segments)).join("` and `");
                self.walker.error(&item.place, format!("`{names}` are correlated twice"), "each pair once");
            } else {
                out.push(correlation);
                places.push(item.place.clone());
            }
        }
        if errors(&self.walker.problems) == before {
            self.correlations_can_exist(&out, &places, parts);
        }
        out
    }

    fn correlation(&mut self, item: &Node, parts: &Parts) -> Option<Correlation> {
        let table = self.walker.table(item, "correlations")?;
        self.walker.only_known(table, "correlations", &["inputs", "rank"]);
        let (Some(inputs), Some(rank)) = (get(table, "inputs"), get(table, "rank")) else {
            let label = "expected `inputs = [\"…\", \"…\"]` and `rank`";
            self.walker.error(&item.place, "a correlation lacks a key", label);
            return None;
        };
        let rank_number = self.walker.number(rank, "correlations.rank");
        if rank_number.is_some_and(|r| !(-1.0..=1.0).contains(&r)) {
            self.walker.error(&rank.place, "`correlations.rank` is not a correlation", "accepted: -1 to 1");
        }
        let names = self.walker.list(inputs, "correlations.inputs")?;
        let mut found = Vec::new();
        let mut dropped = false;
        for name in names {
            let Some(text) = self.walker.text(name, "correlations.inputs") else { continue };
            let Some(input) = InputId::by_name(text, &parts.segments) else {
                self.unknown_input(name, text, parts);
                continue;
            };
            let value = input.value(&parts.values, &parts.segments);
            if self.failed.contains(&text.to_owned()) {
                // Its value is wrong, and that has been told.
                dropped = true;
                found.push(input);
                continue;
            }
            let implied = input.key == Key::Investment && parts.implied.is_some();
            let given = self.files.get(value.file).is_some_and(|file| file.path == GIVEN);
            if value.dist.is_constant() && value.file > self.main && given {
                // The others move along.
            } else if value.dist.is_constant() && value.file > self.main {
                let said_by = self.files.get(value.file).map_or("", |file| &file.path);
                let instead = if said_by == SET { "; with `--given` the others move along" } else { "" };
                let message = format!("`{said_by}` has made `{text}` a number: its correlations are dropped{instead}");
                let label = format!("its value is {}", value.written);
                let problem = Problem::warning(name.place.clone(), message, label);
                self.walker.problems.push(Problem { topic: Topic::Set, ..problem });
                dropped = true;
            } else if value.dist.is_constant() || implied {
                let message = format!("`{text}` is not a distribution, so nothing can be correlated with it");
                let label = if value.given {
                    format!("its value is {}", value.written)
                } else {
                    "it has its default".to_owned()
                };
                let help = "give the input a distribution, or take this [[correlations]] block out";
                self.walker.problems.push(Problem::error(name.place.clone(), message, label).with_help(help));
            }
            found.push(input);
        }
        match found[..] {
            [a, b] if a != b && names.len() == 2 => {
                Some(Correlation { inputs: [a, b], rank: rank_number? }).filter(|_| !dropped)
            }
            _ if found.len() == names.len() => {
                let message = "a correlation is between two inputs";
                self.walker.error(&inputs.place, message, "expected two different inputs");
                None
            }
            _ => None,
        }
    }

    fn unknown_input(&mut self, name: &Node, text: &str, parts: &Parts) {
        let known: Vec<String> =
            InputId::all(&parts.segments).iter().map(|input| input.name(&parts.segments)).collect();
        let near = nearest(text, known.iter().map(String::as_str));
        let label = near.map_or("not an input".to_owned(), |near| format!("did you mean `{near}`?"));
        self.walker.error(&name.place, format!("`{text}` is not an input"), label);
    }

    fn correlations_can_exist(&mut self, correlations: &[Correlation], places: &[Place], parts: &Parts) {
        let pairs: Vec<Pair> = correlations.iter().map(|c| c.pair(&parts.segments)).collect();
        let largest = linked(&pairs).into_iter().max_by_key(Vec::len).unwrap_or_default();
        if largest.len() > limits::CORRELATED {
            let message =
                format!("{} inputs are correlated with each other, directly or through others", largest.len());
            let place = places.first().cloned().unwrap_or(Place { file: self.main, span: 0..0 });
            self.walker.error(&place, message, format!("at most {}", limits::CORRELATED));
            return;
        }
        let Err(conflict) = correlation_groups(&pairs) else { return };
        let name = |p: usize| correlations[p].inputs.map(|input| input.name(&parts.segments)).join(" with ");
        let all: Vec<_> =
            conflict.pairs.iter().take(MOST_TOLD).map(|&p| format!("{} {}", name(p), pairs[p].2)).collect();
        let help = match conflict.nearest {
            Some((p, rank)) => format!("with the others as they are, {} could be {rank}", name(p)),
            None if conflict.factor > 0.0 => format!("all of them times {} would be consistent", conflict.factor),
            None => "make them weaker, or take some of them out".to_owned(),
        };
        let at = conflict.nearest.map_or(conflict.pairs[0], |n| n.0);
        let more = if conflict.pairs.len() > all.len() { ", …" } else { "" };
        let message = format!("these rank correlations contradict each other: {}{more}", all.join(", "));
        let problem = Problem::error(places[at].clone(), message, "no set of inputs can have them all").with_help(help);
        self.walker.problems.push(problem);
    }

    pub(super) fn sources(&mut self, node: &Node) -> BTreeMap<String, Source> {
        let mut sources = BTreeMap::new();
        let Some(table) = self.walker.table(node, "sources") else { return sources };
        for (name, entry) in table {
            if !self.walker.is_name(&entry.key, name, "a source") {
                continue;
            }
            let path = format!("sources.{name}");
            let Some(fields) = self.walker.table(&entry.node, &path) else { continue };
            self.walker.only_known(fields, &path, &["title", "publisher", "date", "url", "grade"]);
            let mut text = |name: &str| -> Option<String> {
                let node = get(fields, name)?;
                let most = if name == "url" { limits::PROSE } else { limits::LINE };
                self.walker.line(node, &format!("{path}.{name}"), most)
            };
            let [title, publisher, date, url] = ["title", "publisher", "date", "url"].map(&mut text);
            let grade = text("grade");
            if !fields.contains_key("title") {
                self.walker.error(&entry.key, format!("`{path}` has no title"), "expected `title = \"…\"`");
            }
            let known = grade.as_deref().map(|letter| (letter, Grade::by_letter(letter)));
            if let (Some((letter, None)), Some(node)) = (known, get(fields, "grade")) {
                let label = "expected A (official), B (reputable press), C (secondary) or X (assumption)";
                self.walker.error(&node.place, format!("`{path}.grade` is \"{letter}\""), label);
            }
            if let (Some(given), Some(node)) = (&date, get(fields, "date"))
                && !is_date(given)
            {
                let label = "expected \"2025\", \"2025-02\" or \"2025-02-26\"";
                self.walker.error(&node.place, format!("`{path}.date` is \"{given}\""), label);
            }
            let source = Source {
                title: title.unwrap_or_default(),
                publisher,
                date,
                url,
                grade: known.and_then(|known| known.1),
                place: entry.key.clone(),
            };
            sources.insert(name.clone(), source);
        }
        sources
    }
}

/// A year, a month or a day.
fn is_date(text: &str) -> bool {
    let digits = |part: &str, n: usize| part.len() == n && part.bytes().all(|b| b.is_ascii_digit());
    match text.len() {
        4 => digits(text, 4),
        7 => YearMonth::parse(text).is_some(),
        10 => text.get(..7).and_then(YearMonth::parse).is_some() && text.get(8..).is_some_and(|day| digits(day, 2)),
        _ => false,
    }
}
