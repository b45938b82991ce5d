//! From the text of a file to a checked [`Scenario`], or to everything that is wrong with it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml::de::DeTable;

use super::keys::{KEYS, Key, Takes};
use super::problem::{Problem, Problems, Severity, SourceFile};
use super::walk::{Located, Walker};
use super::{Correlation, Event, ImpliedBy, InputValue, Scenario, Source, YearMonth, value};

const TEXTS: [&str; 3] = ["title", "question", "description"];
const LISTS: [&str; 3] = ["events", "correlations", "sources"];

/// Checks the text of a scenario file.
///
/// # Errors
/// Everything that is wrong with it, in the order of the file.
pub fn parse(name: &str, file: SourceFile) -> Result<Scenario, Problems> {
    let (root, syntax) = DeTable::parse_recoverable(&file.text);
    let mut checker = Checker { walker: Walker::default(), text: &file.text, whole: syntax.is_empty() };
    let mut line_told = None;
    for error in &syntax {
        // What follows the first error of a line is mostly its echo.
        let span = error.span().unwrap_or(0..0);
        let line = file.text.get(..span.start).map(|before| before.matches('\n').count());
        if line_told != Some(line) {
            checker.walker.error(span, format!("not TOML: {}", error.message()), "here");
        }
        line_told = Some(line);
    }
    let parts = checker.scenario(root.get_ref());
    let mut list = checker.walker.problems;
    list.sort_by_key(|p| p.span.as_ref().map_or((usize::MAX, 0), |s| (s.start, s.end)));
    if !syntax.is_empty() {
        // What was recovered after a syntax error may be half a value: only the syntax is certain.
        list.retain(|p| p.message.starts_with("not TOML"));
    }
    if list.iter().any(|p| p.severity == Severity::Error) {
        return Err(Problems { file, list });
    }
    let Parts { values, texts: [title, question, description], start, changes, implied, events, correlations, sources } =
        parts;
    Ok(Scenario {
        name: name.to_owned(),
        title: if title.is_empty() { name.to_owned() } else { title },
        question,
        description,
        start,
        price_changes: changes,
        implied_investment: implied.as_ref().map(|i| i.0),
        investment_span: implied.map_or(0..0, |i| i.1),
        events,
        correlations,
        sources,
        warnings: list,
        file,
        values,
    })
}

pub(super) struct Checker<'t> {
    pub(super) walker: Walker,
    text: &'t str,
    /// Whether the file parsed as a whole, so that what is missing is truly missing.
    whole: bool,
}

#[derive(Default)]
pub(super) struct Parts {
    pub(super) values: Vec<InputValue>,
    texts: [String; 3],
    start: Option<YearMonth>,
    changes: Vec<(usize, f64)>,
    pub(super) implied: Option<(ImpliedBy, Range<usize>)>,
    events: Vec<Event>,
    correlations: Vec<Correlation>,
    sources: BTreeMap<String, Source>,
}

/// Tables of inputs in the order of the key table: market, willingness, ….
fn input_tables() -> Vec<&'static str> {
    let mut tables: Vec<_> = KEYS.iter().map(|spec| split(spec.key).0).collect();
    tables.dedup();
    tables
}

fn split(key: Key) -> (&'static str, &'static str) {
    key.name().split_once('.').unwrap_or((key.name(), ""))
}

impl Checker<'_> {
    fn scenario(&mut self, root: &DeTable<'_>) -> Parts {
        let tables = input_tables();
        let known: Vec<&str> = TEXTS.iter().chain(&tables).chain(&LISTS).copied().collect();
        self.walker.only_known(root, "", &known);
        let mut parts = Parts { values: Scenario::empty_values(), ..Parts::default() };
        for (i, name) in TEXTS.iter().enumerate() {
            if let Some(value) = root.get(*name) {
                self.walker.text(value, name).unwrap_or_default().clone_into(&mut parts.texts[i]);
            }
        }
        if let Some(value) = root.get("sources") {
            parts.sources = self.sources(value);
        }
        for table_name in tables {
            let Some(value) = root.get(table_name) else { continue };
            if let Some(table) = self.walker.table(value, table_name) {
                self.inputs(table_name, table, &mut parts);
            }
        }
        self.required(&parts);
        self.across_keys(root, &parts);
        if let Some(value) = root.get("events") {
            parts.events = self.events(value);
        }
        if let Some(value) = root.get("correlations") {
            parts.correlations = self.correlations(value, &parts);
        }
        parts
    }

    fn inputs(&mut self, table_name: &str, table: &DeTable<'_>, parts: &mut Parts) {
        let keys: Vec<Key> = Key::all().filter(|key| split(*key).0 == table_name).collect();
        let mut known: Vec<&str> = keys.iter().map(|key| split(*key).1).collect();
        match table_name {
            "price" => known.push("changes"),
            "horizon" => known.push("start"),
            _ => {}
        }
        self.walker.only_known(table, table_name, &known);
        for key in keys {
            let Some(located) = table.get(split(key).1) else { continue };
            parts.values[key as usize].given = true;
            let Some(read) = value::read(&mut self.walker, self.text, key, key.name(), located) else { continue };
            self.source_is_known(key, located, &read, &parts.sources);
            parts.values[key as usize] = read.value;
            if let Some(by) = read.implied {
                parts.implied = Some((by, located.span()));
            }
        }
        if let Some(start) = table.get("start").filter(|_| table_name == "horizon")
            && let Some(text) = self.walker.text(start, "horizon.start")
        {
            parts.start = YearMonth::parse(text);
            if parts.start.is_none() {
                let message = format!("`horizon.start` is \"{text}\"");
                self.walker.error(start.span(), message, "expected a month such as \"2025-03\"");
            }
        }
        if let Some(changes) = table.get("changes").filter(|_| table_name == "price") {
            let months = parts.values[Key::Months as usize].dist.constant_value().unwrap_or(600.0) as usize;
            parts.changes = self.price_changes(changes, months.max(1));
        }
    }

    fn source_is_known(
        &mut self,
        key: Key,
        located: &Located<'_>,
        read: &value::Read,
        sources: &BTreeMap<String, Source>,
    ) {
        match (&read.value.source, &read.source_span) {
            (Some(source), Some(span)) if !sources.contains_key(source) => {
                let near = super::problem::nearest(source, sources.keys().map(String::as_str));
                let label = near.map_or_else(
                    || "not a key of [sources]".to_owned(),
                    |near| format!("not a key of [sources]: did you mean `{near}`?"),
                );
                let help = format!("add [sources.{source}] with a title, publisher, date and grade");
                let message = format!("`{}` names an unknown source", key.name());
                self.walker.problems.push(Problem::error(span.clone(), message, label).with_help(help));
            }
            (None, _) if split(key).0 != "horizon" => {
                let message = format!("`{}` has no source", key.name());
                let problem = Problem::warning(located.span(), message, "who says so?")
                    .with_help("write { value = …, source = \"…\" }, where the source may be an assumption of grade X");
                self.walker.problems.push(problem);
            }
            _ => {}
        }
    }

    fn price_changes(&mut self, value: &Located<'_>, months: usize) -> Vec<(usize, f64)> {
        let Some(list) = self.walker.list(value, "price.changes") else { return Vec::new() };
        let mut changes = Vec::new();
        let mut seen = BTreeSet::new();
        for item in list {
            let Some(table) = self.walker.table(item, "price.changes") else { continue };
            self.walker.only_known(table, "price.changes", &["month", "monthly"]);
            let (Some(month), Some(price)) = (table.get("month"), table.get("monthly")) else {
                self.walker.error(item.span(), "a price change lacks a key", "expected { month = …, monthly = … }");
                continue;
            };
            let month_number = self.walker.integer(month, "price.changes.month", 1..months + 1);
            let price_number = self.walker.number(price, "price.changes.monthly");
            let (Some(month_number), Some(price_number)) = (month_number, price_number) else { continue };
            if !(0.0..=1e15).contains(&price_number) {
                let message = format!("`price.changes.monthly` is {price_number}");
                self.walker.error(price.span(), message, "accepted: 0 to 1e15");
            } else if !seen.insert(month_number) {
                let message = format!("two price changes in month {month_number}");
                self.walker.error(month.span(), message, "each month once");
            } else {
                changes.push((month_number, price_number));
            }
        }
        changes.sort_by_key(|change| change.0);
        changes
    }

    /// What must be written and is not.
    fn required(&mut self, parts: &Parts) {
        if !self.whole {
            return;
        }
        for spec in KEYS {
            if spec.default.is_none() && !parts.values[spec.key as usize].given && !self.walker.was_meant(spec.name) {
                let (table, key) = split(spec.key);
                let example = if spec.takes == Takes::Integer { "60" } else { "…" };
                let help = format!("add under [{table}]:  {key} = {example}   # {} ({})", spec.meaning, spec.range);
                self.walker.problems.push(Problem::missing(format!("`{}` is required", spec.name), help));
            }
        }
    }

    /// Rules that tie several keys together.
    fn across_keys(&mut self, root: &DeTable<'_>, parts: &Parts) {
        let given = |key: Key| parts.values[key as usize].given;
        let span_of = |key: Key| {
            let (table, name) = split(key);
            let table = root.get(table).and_then(|t| t.get_ref().as_table());
            table.and_then(|t| t.get(name)).map_or(0..0, toml::Spanned::span)
        };
        let number = |key: Key| parts.values[key as usize].dist.constant_value().unwrap_or(0.0);
        let months = number(Key::Months);
        for key in [Key::FreeMonths, Key::InvestmentMonths] {
            if given(Key::Months) && months >= 1.0 && number(key) > months {
                let message = format!("`{}` is {}, beyond the horizon", key.name(), number(key));
                self.walker.error(span_of(key), message, format!("at most `horizon.months` ({months})"));
            }
        }
        if given(Key::TrialConversion) && number(Key::FreeMonths) == 0.0 {
            let message = "`price.trial_conversion` has no effect without free months";
            let problem = Problem::warning(span_of(Key::TrialConversion), message, "`price.free_months` is 0");
            self.walker.problems.push(problem);
        }
        let tokens = [Key::RequestsPerDay, Key::TokensPerRequest, Key::UsdPerMillionTokens];
        let some = tokens.iter().copied().find(|&key| given(key));
        if let Some(first) = some {
            if given(Key::CostPerSubscriber) {
                let message = "the cost to serve is given in two forms";
                let label = "either this or `serving.requests_per_day`, `tokens_per_request`, `usd_per_million_tokens`";
                self.walker.error(span_of(Key::CostPerSubscriber), message, label);
            }
            let missing: Vec<_> = tokens.iter().filter(|&&key| !given(key)).map(|key| key.name()).collect();
            if !missing.is_empty() && self.whole {
                let message = "the cost to serve is given in part";
                self.walker.error(span_of(first), message, format!("also needs {}", missing.join(" and ")));
            }
        }
    }
}
