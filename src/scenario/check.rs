//! From the texts of a scenario to a checked [`Scenario`], or to everything that is wrong with it.

use std::collections::BTreeMap;

use toml::de::DeTable;

use super::document::Document;
use super::given;
use super::keys::{KEYS, Key, Takes, Trait};
use super::limits;
use super::overrides;
use super::problem::{Place, Problem, Problems, Severity, SourceFile, Topic, nearest};
use super::tree::{Node, Table, get, lay_over, table_of};
use super::value::{Read, Reader};
use super::walk::Walker;
use super::{Correlation, Event, ImpliedBy, InputValue, PriceChange, Scenario, Segment, Source, YearMonth};
use crate::words;

const TEXTS: [&str; 3] = ["title", "question", "description"];
const LISTS: [&str; 5] = ["extends", "events", "correlations", "sources", "segments"];

/// The texts of a scenario, in the order in which each is laid over those before.
#[derive(Clone, Debug)]
pub(super) struct Layers {
    /// Files first, `--set`s after them.
    pub(super) files: Vec<SourceFile>,
    /// Which of the files is the scenario itself: the last that is not a `--set`.
    pub(super) main: usize,
}

/// Checks the text of a scenario file that stands alone.
///
/// # Errors
/// Everything that is wrong with it, in the order of the file.
pub fn parse(name: &str, file: SourceFile) -> Result<Scenario, Problems> {
    check(name, Layers { files: vec![file], main: 0 })
}

/// Checks the texts of a scenario together.
pub(super) fn check(name: &str, layers: Layers) -> Result<Scenario, Problems> {
    let Layers { files, main } = layers;
    let (root, syntax) = merged(&files, main);
    let given = given::scores(name, &files, main)?;
    let mut checker = Checker { walker: Walker::default(), files: &files, main, failed: Vec::new() };
    let mut list = syntax;
    let mut parts = Parts::default();
    // What was recovered after a syntax error may be half a value: then only the syntax is certain.
    if list.is_empty() {
        parts = checker.scenario(&root);
        list = checker.walker.problems;
    }
    list.sort_by_key(|p| p.place.as_ref().map_or((usize::MAX, 0, 0), |at| (at.file, at.span.start, at.span.end)));
    if list.iter().any(|p| p.severity == Severity::Error) {
        return Err(Problems { files, main, list });
    }
    list.extend(given::far_out(&given, &parts.segments, &parts.correlations));
    let basis = basis_of(name, &files, main, parts.implied.as_ref())?;
    let [title, question, description] = parts.texts;
    let shown_name = words::shown_line(name);
    let title =
        overrides::titled(if title.is_empty() { &shown_name } else { &title }, &files, &parts.values, &parts.segments);
    let implied_investment = parts.implied.as_ref().map(|implied| implied.0);
    let document = Document {
        name: shown_name,
        title,
        question,
        description,
        sources: parts.sources,
        warnings: list,
        files,
        main,
        investment_place: parts.implied.map(|implied| implied.1),
    };
    Ok(Scenario {
        document,
        start: parts.start,
        values: parts.values,
        segments: parts.segments,
        price_changes: parts.changes,
        events: parts.events,
        correlations: parts.correlations,
        given,
        implied_investment,
        basis: basis.map(Box::new),
        posterior: None,
        posterior_source: None,
    })
}

/// The layers as one tree, and what of them is not TOML.
fn merged(files: &[SourceFile], main: usize) -> (Table, Vec<Problem>) {
    let mut root = Table::new();
    let mut problems = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let (table, errors) = DeTable::parse_recoverable(&file.text);
        let mut line_told = None;
        let line_ends: Vec<usize> = file.text.match_indices('\n').map(|found| found.0).collect();
        for error in &errors {
            // What follows the first error of a line is mostly its echo.
            let span = error.span().unwrap_or(0..0);
            let line = Some(line_ends.partition_point(|end| *end < span.start));
            if line_told != Some(line) {
                let place = Place { file: index, span };
                problems.push(Problem::error(place, format!("not TOML: {}", error.message()), "here"));
            }
            line_told = Some(line);
        }
        if index <= main {
            // What a scenario is called, asks and says is its own.
            for text in TEXTS {
                root.remove(text);
            }
        }
        lay_over(&mut root, &table_of(index, table.get_ref()));
    }
    (root, problems)
}

/// The scenario whose medians settle an implied investment: the one that says `implied_by`, before anything was laid over
/// it. The money is sunk, so what a child or a `--set` changes cannot change it.
fn basis_of(
    name: &str,
    files: &[SourceFile],
    main: usize,
    implied: Option<&(ImpliedBy, Place)>,
) -> Result<Option<Scenario>, Problems> {
    let Some((_, place)) = implied else { return Ok(None) };
    let upto = place.file.min(main);
    if place.file + 1 == files.len() && upto == place.file {
        return Ok(None);
    }
    let mut below = files[..=upto].to_vec();
    if place.file > main {
        if files.len() == main + 2 {
            return Ok(None);
        }
        below.push(files[place.file].clone());
    }
    check(name, Layers { files: below, main: upto }).map(Some)
}

pub(super) struct Checker<'t> {
    pub(super) walker: Walker,
    pub(super) files: &'t [SourceFile],
    pub(super) main: usize,
    /// Inputs whose value is wrong, so that nothing else is said of them.
    pub(super) failed: Vec<String>,
}

#[derive(Default)]
pub(super) struct Parts {
    pub(super) values: Vec<InputValue>,
    texts: [String; 3],
    start: Option<YearMonth>,
    changes: Vec<PriceChange>,
    pub(super) implied: Option<(ImpliedBy, Place)>,
    pub(super) segments: Vec<Segment>,
    events: Vec<Event>,
    correlations: Vec<Correlation>,
    pub(super) sources: BTreeMap<String, Source>,
}

impl Parts {
    pub(super) fn months(&self) -> usize {
        let value = &self.values[Key::Months as usize];
        let months = if value.given { value.dist.constant_value() } else { None };
        months.map_or(600, |months| (months as usize).max(1))
    }
}

/// Tables of inputs in the order of the key table: market, willingness, ….
fn input_tables() -> Vec<&'static str> {
    let mut tables: Vec<_> = KEYS.iter().map(|spec| split(spec.key).0).collect();
    tables.dedup();
    tables
}

pub(super) fn split(key: Key) -> (&'static str, &'static str) {
    key.name().split_once('.').unwrap_or((key.name(), ""))
}

impl Checker<'_> {
    fn scenario(&mut self, root: &Table) -> Parts {
        let tables = input_tables();
        let known: Vec<&str> = TEXTS.iter().chain(&tables).chain(&LISTS).copied().collect();
        self.walker.only_known(root, "", &known);
        let mut parts = Parts { values: Scenario::empty_values(self.main), ..Parts::default() };
        if let Some(node) = get(root, "extends") {
            self.walker.text(node, "extends");
        }
        for (i, name) in TEXTS.iter().enumerate() {
            let Some(node) = get(root, name) else { continue };
            let text = match i {
                0 => self.walker.line(node, name, limits::LINE),
                1 => self.walker.prose(node, name, limits::PROSE),
                _ => self.walker.prose(node, name, limits::DESCRIPTION),
            };
            parts.texts[i] = text.unwrap_or_default();
        }
        if let Some(node) = get(root, "sources") {
            parts.sources = self.sources(node);
        }
        for name in tables {
            let Some(node) = get(root, name) else { continue };
            let Some(table) = self.walker.table(node, name) else { continue };
            for (key, read) in self.inputs(name, "", table, &parts.sources) {
                if let (Some(by), Some(node)) = (read.implied, get(table, split(key).1)) {
                    parts.implied = Some((by, node.place.clone()));
                }
                parts.values[key as usize] = read.value;
            }
            if name == "horizon" {
                parts.start = self.start(table);
            } else if name == "price"
                && let Some(changes) = get(table, "changes")
            {
                parts.changes = self.price_changes(changes, "price.changes", parts.months());
            }
        }
        if let Some(node) = get(root, "segments") {
            self.segments(node, &mut parts);
        }
        self.required(root, &parts);
        self.across_keys(root, &parts);
        if let Some(node) = get(root, "events") {
            parts.events = self.events(node);
        }
        if let Some(node) = get(root, "correlations") {
            parts.correlations = self.correlations(node, &parts);
        }
        parts
    }

    /// The inputs of one table, of the scenario or (`prefix`) of a segment. A value that is wrong is told and left out.
    pub(super) fn inputs(
        &mut self,
        table_name: &str,
        prefix: &str,
        table: &Table,
        sources: &BTreeMap<String, Source>,
    ) -> Vec<(Key, Read)> {
        let in_segment = !prefix.is_empty();
        let allowed = |key: &Key| split(*key).0 == table_name && (!in_segment || key.is(Trait::InSegments));
        let keys: Vec<Key> = Key::all().filter(allowed).collect();
        let mut known: Vec<&str> = keys.iter().map(|key| split(*key).1).collect();
        match table_name {
            "price" => known.push("changes"),
            "horizon" => known.push("start"),
            _ => {}
        }
        self.walker.only_known(table, &format!("{prefix}{table_name}"), &known);
        let mut out = Vec::new();
        for key in keys {
            let Some(node) = get(table, split(key).1) else { continue };
            let path = format!("{prefix}{}", key.name());
            let mut reader = Reader { walker: &mut self.walker, files: self.files, key, path: &path };
            match reader.read(node) {
                Some(read) => {
                    self.source_is_known(&path, node, &read, sources);
                    out.push((key, read));
                }
                None => self.failed.push(path),
            }
        }
        out
    }

    fn source_is_known(&mut self, path: &str, node: &Node, read: &Read, sources: &BTreeMap<String, Source>) {
        match (&read.value.source, &read.source_place) {
            (Some(source), Some(place)) if !sources.contains_key(source) => {
                let near = nearest(source, sources.keys().map(String::as_str));
                let label = near.map_or_else(
                    || "not a key of [sources]".to_owned(),
                    |near| format!("not a key of [sources]: did you mean `{near}`?"),
                );
                let help = format!("add [sources.{source}] with a title, publisher, date and grade");
                let message = format!("`{path}` names an unknown source");
                self.walker.problems.push(Problem::error(place.clone(), message, label).with_help(help));
            }
            // A `--set` says itself where it comes from.
            (None, _) if !path.starts_with("horizon.") && node.place.file <= self.main => {
                let message = format!("`{path}` has no source");
                let help = "write { value = …, source = \"…\" }, where the source may be an assumption of grade X";
                let problem = Problem::warning(node.place.clone(), message, "who says so?").with_help(help);
                self.walker.problems.push(Problem { topic: Topic::NoSource(path.to_owned()), ..problem });
            }
            _ => {}
        }
    }

    fn start(&mut self, horizon: &Table) -> Option<YearMonth> {
        let node = get(horizon, "start")?;
        let text = self.walker.text(node, "horizon.start")?;
        let start = YearMonth::parse(text);
        if start.is_none() {
            let message = format!("`horizon.start` is \"{text}\"");
            self.walker.error(&node.place, message, "expected a month such as \"2025-03\"");
        }
        start
    }

    /// What must be written and is not, neither for all nor in every segment.
    fn required(&mut self, root: &Table, parts: &Parts) {
        for spec in KEYS {
            let (table, key) = split(spec.key);
            let written = get(root, table).and_then(Node::as_table).is_some_and(|t| t.contains_key(key));
            let in_all = !parts.segments.is_empty() && parts.segments.iter().all(|s| s.values.contains_key(&spec.key));
            if spec.default.is_none() && !written && !in_all && !self.walker.was_meant(spec.name) {
                let example = if spec.takes == Takes::Integer { "60" } else { "…" };
                let help = format!("add under [{table}]:  {key} = {example}   # {} ({})", spec.meaning, spec.range);
                self.walker.problems.push(Problem::missing(format!("`{}` is required", spec.name), help));
            }
        }
    }

    /// What was set on the command line must act somewhere.
    fn sets_act(&mut self, root: &Table, parts: &Parts) {
        for key in Key::all().filter(|key| key.is(Trait::InSegments)) {
            let set = parts.values[key as usize].given && parts.values[key as usize].file > self.main;
            let everywhere = !parts.segments.is_empty() && parts.segments.iter().all(|s| s.values.contains_key(&key));
            if set && everywhere {
                let instead: Vec<String> =
                    parts.segments.iter().map(|s| format!("segments.{}.{}", s.name, key.name())).collect();
                let message = super::reach::acts_nowhere(key.name(), &instead);
                self.walker.error(&place_of(root, key), message, "no segment takes this");
            }
        }
    }

    /// Rules that tie several keys together.
    fn across_keys(&mut self, root: &Table, parts: &Parts) {
        self.sets_act(root, parts);
        let own = |key: Key| Some(&parts.values[key as usize]).filter(|value| value.given);
        self.free_months_fit(root, "", own, parts);
        self.serving_is_whole(root, "", own, |_| false);
        let instalments = parts.values[Key::InvestmentMonths as usize].dist.constant_value().unwrap_or(1.0);
        if instalments > parts.months() as f64 {
            let message = format!("`costs.investment_months` is {instalments}, beyond the horizon");
            let label = format!("at most `horizon.months` ({})", parts.months());
            self.walker.error(&place_of(root, Key::InvestmentMonths), message, label);
        }
        let named = get(root, "segments").and_then(Node::as_table);
        for segment in &parts.segments {
            let Some(table) = named.and_then(|t| get(t, &segment.name)).and_then(Node::as_table) else { continue };
            let prefix = format!("segments.{}.", segment.name);
            let value = |key: Key| segment.values.get(&key);
            self.free_months_fit(table, &prefix, value, parts);
            self.serving_is_whole(table, &prefix, value, |key| own(key).is_some());
        }
    }

    fn free_months_fit<'v>(
        &mut self,
        table: &Table,
        prefix: &str,
        own: impl Fn(Key) -> Option<&'v InputValue>,
        parts: &Parts,
    ) {
        let number = |value: Option<&InputValue>| value.and_then(|v| v.dist.constant_value());
        let own_free = number(own(Key::FreeMonths));
        let free = own_free.or(parts.values[Key::FreeMonths as usize].dist.constant_value()).unwrap_or(0.0);
        if own_free.is_some_and(|free| free > parts.months() as f64) {
            let message = format!("`{prefix}price.free_months` is {free}, beyond the horizon");
            let label = format!("at most `horizon.months` ({})", parts.months());
            self.walker.error(&place_of(table, Key::FreeMonths), message, label);
        }
        if own(Key::TrialConversion).is_some() && free == 0.0 {
            let message = format!("`{prefix}price.trial_conversion` has no effect without free months");
            let place = place_of(table, Key::TrialConversion);
            self.walker.problems.push(Problem::warning(place, message, "`free_months` is 0"));
        }
    }

    /// The cost to serve in one form; a segment may take parts of it from the scenario.
    fn serving_is_whole<'v>(
        &mut self,
        table: &Table,
        prefix: &str,
        own: impl Fn(Key) -> Option<&'v InputValue>,
        inherited: impl Fn(Key) -> bool,
    ) {
        let tokens = Key::TOKENS;
        let Some(first) = tokens.into_iter().find(|&key| own(key).is_some()) else { return };
        if own(Key::CostPerSubscriber).is_some() {
            let message = format!("the cost to serve is given in two forms in `{prefix}serving`");
            let label = "either this or `requests_per_day`, `tokens_per_request`, `usd_per_million_tokens`";
            self.walker.error(&place_of(table, Key::CostPerSubscriber), message, label);
        }
        let lacks = |key: &&Key| own(**key).is_none() && !inherited(**key);
        let missing: Vec<_> = tokens.iter().filter(lacks).map(|key| format!("{prefix}{}", key.name())).collect();
        if !missing.is_empty() {
            let message = format!("the cost to serve is given in part in `{prefix}serving`");
            self.walker.error(&place_of(table, first), message, format!("also needs {}", missing.join(" and ")));
        }
    }
}

/// Where the value of a key stands in the tables of the scenario or of a segment.
fn place_of(root: &Table, key: Key) -> Place {
    let (table, name) = split(key);
    let node = get(root, table).and_then(Node::as_table).and_then(|t| get(t, name));
    node.map_or(Place { file: 0, span: 0..0 }, |node| node.place.clone())
}
