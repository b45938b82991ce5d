//! The page: headings, answers, figures with their tables, the ledger, the method, the caveats, how to make it again.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Figure, KEY_OUTCOMES, Part, sentences};
use crate::chart::{Chart, Spot, Theme, css_variables};
use crate::export::RunRecord;
use crate::model::EQUATIONS;
use crate::scenario::{Correlation, Event, Grade, Scenario};
use crate::table::Table;
use crate::words;

const CSS: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Units of a drawing for each unit of a chart.
const RESOLUTION: f64 = 10.0;

pub(super) fn page(parts: &[Part<'_>], charts: &[Vec<Figure>], together: &[Figure], command: &str) -> String {
    let title = match parts {
        [only] => only.record.title.clone(),
        many => format!("{} scenarios side by side", many.len()),
    };
    let several = parts.len() > 1;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content=(parts.first().map_or("breakeven", |part| part.record.program.as_str()));
                title { (title) }
                style { (PreEscaped(style())) }
            }
            body {
                header {
                    h1 { (title) }
                    @if let [only] = parts { (question(only.scenario)) (answer(only)) }
                    nav aria-label="Contents" {
                        ul {
                            @if several {
                                li { a href="#together" { "Side by side" } }
                            }
                            @for (i, part) in parts.iter().enumerate() {
                                li { a href={ "#scenario-" (i) } { @if several { (part.record.title) } @else { "Charts" } } }
                            }
                            li { a href="#assumptions" { "Assumptions" } }
                            li { a href="#caveats" { "Caveats" } }
                            li { a href="#method" { "Method" } }
                            li { a href="#again" { "Make it again" } }
                        }
                    }
                }
                main {
                    @if several {
                        section id="together" aria-labelledby="together-title" {
                            h2 id="together-title" { "Side by side, and what drives the differences" }
                            (overview(parts))
                            @for (i, figure) in together.iter().enumerate() { (drawn(figure, &format!("together-{i}"))) }
                        }
                    }
                    @for (i, (part, figures)) in parts.iter().zip(charts).enumerate() {
                        section id={ "scenario-" (i) } aria-labelledby={ "scenario-" (i) "-title" } {
                            h2 id={ "scenario-" (i) "-title" } { @if several { (part.record.title) } @else { "Charts" } }
                            @if several { (question(part.scenario)) (answer(part)) }
                            (key_numbers(part))
                            (segments_of(part))
                            @for (k, figure) in figures.iter().enumerate() { (drawn(figure, &format!("{i}-{k}"))) }
                        }
                    }
                    section id="assumptions" aria-labelledby="assumptions-title" {
                        h2 id="assumptions-title" { "Assumptions and their sources" }
                        p { "Grades: A official, B reputable press, C secondary, X an assumption of the scenario’s author." }
                        @for part in parts { (ledger(part, several)) (beside_inputs(part.scenario)) }
                    }
                    (caveats(parts))
                    (method())
                    (again(parts, command))
                }
                footer { p class="quiet" { (footer(parts)) } }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

/// The style sheet, with the colours of both themes.
fn style() -> String {
    // Text in the reference's colour, and the ground of code, are not among the charts' colours.
    let light = format!("{}--reference-text:#a64900;--wash:#f4f5f6;", css_variables(Theme::Light));
    let dark = format!("{}--reference-text:#ff9e4a;--wash:#1d2125;", css_variables(Theme::Dark));
    format!(
        ":root{{color-scheme:light dark;{light}}}\n@media(prefers-color-scheme:dark){{:root{{{dark}}}}}\n\
         @media print{{:root{{color-scheme:light;{light}}}}}\n{CSS}"
    )
}

fn question(scenario: &Scenario) -> Markup {
    html! { @if !scenario.question().is_empty() { p class="question" { (scenario.question()) } } }
}

fn table_of<'t>(part: &'t Part<'_>, name: &str) -> Option<&'t Table> {
    part.tables.iter().find(|table| table.name == name)
}

fn answer(part: &Part<'_>) -> Markup {
    let said =
        table_of(part, "probabilities").map_or_else(Vec::new, |table| sentences(part.scenario, &part.record, table));
    html! { div class="answer" { @for sentence in said { p { (sentence) } } } }
}

/// The scenarios in one table: what a board reads first.
fn overview(parts: &[Part<'_>]) -> Markup {
    let often = |part: &Part<'_>, question: &str| {
        let table = table_of(part, "probabilities");
        let found = table.and_then(|table| crate::table::frequency(table, question, part.record.paths));
        found.map_or_else(String::new, |found| if found.count == 0 { "none".to_owned() } else { found.short() })
    };
    let median = |part: &Part<'_>, outcome: &str, said: fn(f64) -> String| {
        let table = table_of(part, "summary");
        let row = table.and_then(|table| Some((table, table.rows_where("outcome", outcome).next()?)));
        row.and_then(|(table, row)| table.number(row, "p50")).map_or_else(|| "never".to_owned(), said)
    };
    let horizons: Vec<usize> = parts.iter().map(|part| part.record.horizon_months).collect();
    let within = match horizons.as_slice() {
        [first, rest @ ..] if rest.iter().all(|other| other == first) => words::within(*first),
        _ => "within each one’s horizon".to_owned(),
    };
    let questions = [("target reached", "target_reached"), ("paid back", "payback"), ("NPV ≥ 0", "npv_nonnegative")];
    let medians: [super::answer::Row; 3] = [
        ("peak_subscribers", "peak subscribers", words::people_short),
        ("npv", "NPV", words::dollars_short),
        ("peak_funding", "peak funding need", words::dollars_short),
    ];
    let names = questions.iter().map(|question| question.0).chain(medians.iter().map(|median| median.1));
    html! {
        div class="scroll ledger stack" tabindex="0" role="group" aria-label="Scenarios side by side" {
            table {
                caption { "Shares of simulated futures " (within) "; payback before, NPV after the cost of capital; medians" }
                thead { tr {
                    th scope="col" { "scenario" }
                    @for name in names { th scope="col" class="number" { (name) } }
                } }
                tbody { @for part in parts { tr {
                    th scope="row" { (part.record.title) }
                    @for (name, question) in questions { td class="number" data-name=(name) { (often(part, question)) } }
                    @for (outcome, name, said) in medians { td class="number" data-name=(name) { (median(part, outcome, said)) } }
                } } }
            }
        }
    }
}

/// Which segment pays, where there are some.
fn segments_of(part: &Part<'_>) -> Markup {
    let rows = super::segments(&part.record, &part.tables);
    let Some((header, rows)) = rows.split_first() else { return Markup::default() };
    html! {
        div class="scroll ledger stack" tabindex="0" role="group" aria-label={ "Segments: " (part.record.title) } {
            table {
                caption { "Which segment pays: what each adds to NPV, before fixed cost and investment" }
                thead { tr { @for (i, name) in header.iter().enumerate() { th scope="col" class=[(i > 0).then_some("number")] { (name) } } } }
                tbody { @for row in rows { tr {
                    @for (i, cell) in row.iter().enumerate() {
                        @if i == 0 { th scope="row" { (cell) } } @else { td class="number" data-name=(header[i]) { (cell) } }
                    }
                } } }
            }
        }
    }
}

/// What a scenario assumes beside its inputs: its own words, segments, events, correlations.
fn beside_inputs(scenario: &Scenario) -> Markup {
    let event = |event: &Event| {
        let lasts = match event.duration_months {
            0 => "for good".to_owned(),
            months => format!("for {}", words::counted(months, "month")),
        };
        let factors = [
            ("churn", event.churn_multiplier),
            ("uptake", event.uptake_multiplier),
            ("the market", event.market_multiplier),
            ("the cost to serve", event.serving_cost_multiplier),
        ];
        let acts: Vec<String> =
            factors.iter().filter(|factor| factor.1 != 1.0).map(|(what, by)| format!("{what} × {by}")).collect();
        let chance = words::percent(event.annual_probability);
        format!("{}: {chance} a year, {lasts}; {}", event.name, words::list(&acts))
    };
    let pair = |correlation: &Correlation| {
        let names = correlation.inputs.map(|input| words::input(&input.name(scenario.segments())));
        format!("{} with {}: {}", names[0], names[1], words::amount(correlation.rank, "1"))
    };
    html! {
        @if !scenario.description().trim().is_empty() { p { (scenario.description().trim()) } }
        @if !scenario.segments().is_empty() {
            p { "Segments, as shares of active users:" }
            ul { @for segment in scenario.segments() {
                li { (segment.name) ": " (words::percent(segment.share)) @if !segment.counts_toward_target { ", not counted toward the target" } }
            } }
        }
        @if !scenario.events().is_empty() {
            p { "Events that may happen once:" }
            ul { @for known in scenario.events() { li { (event(known)) } } }
        }
        @if !scenario.correlations().is_empty() {
            p { "Rank correlations:" }
            ul { @for known in scenario.correlations() { li { (pair(known)) } } }
        }
    }
}

/// A few quantiles of what a reader wants first.
fn key_numbers(part: &Part<'_>) -> Markup {
    let Some(table) = table_of(part, "summary") else { return Markup::default() };
    let rows = KEY_OUTCOMES.iter().filter_map(|(outcome, name, format)| {
        let row = table.rows_where("outcome", outcome).next()?;
        let cell = |column| table.number(row, column).map_or_else(|| "never".to_owned(), format);
        Some((name, ["p05", "p50", "p95"].map(cell)))
    });
    html! {
        div class="scroll ledger" tabindex="0" role="group" aria-label={ "Key numbers: " (part.record.title) } {
            table {
                caption { "Key numbers: 5% of the paths lie below the first, half below the median, 95% below the last" }
                thead { tr { th scope="col" { "outcome" } @for name in ["5%", "median", "95%"] { th scope="col" class="number" { (name) } } } }
                tbody {
                    @for (name, cells) in rows {
                        tr { th scope="row" { (name) } @for cell in cells { td class="number" { (cell) } } }
                    }
                }
            }
        }
    }
}

/// A minus sign stays with its number.
fn unbroken(text: &str) -> String {
    text.replace('\u{2212}', "\u{2060}\u{2212}\u{2060}")
}

/// A chart at both sizes, what it says, and the table behind it.
fn drawn(figure: &Figure, id: &str) -> Markup {
    let chart = &figure.wide;
    html! {
        figure id={ "figure-" (id) } aria-labelledby={ "figure-" (id) "-title" } {
            h3 id={ "figure-" (id) "-title" } { (unbroken(&chart.headline)) }
            p class="quiet" { (chart.subtitle) }
            div class="plot" {
                (inline(&figure.wide, "wide"))
                (inline(&figure.narrow, "narrow"))
                div class="tip" role="status" hidden {}
            }
            @if !chart.spots.is_empty() {
                details {
                    summary { "The numbers as a table" }
                    div class="scroll" tabindex="0" role="group" aria-label={ "Table: " (chart.headline) } {
                        table {
                            thead { tr { @for name in &chart.columns { th scope="col" { (name) } } } }
                            tbody { @for Spot { cells, .. } in &chart.spots { tr { @for cell in cells { td { (cell) } } } } }
                        }
                    }
                }
            }
        }
    }
}

/// The drawing as part of the page: named for those who cannot see it, with a place for every row of its table.
fn inline(chart: &Chart, class: &str) -> Markup {
    let body = chart.svg.split_once('>').map_or("", |(_, body)| body).trim_end().trim_end_matches("</svg>");
    let view = chart.svg.split("viewBox=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    let unit = |x: f64| (x * RESOLUTION).round();
    html! {
        svg class=(class) viewBox=(view) role="img" tabindex="0" aria-label={ (chart.headline) ". " (chart.subtitle) ". The numbers are in the table below." } {
            (PreEscaped(body))
            @for Spot { place: [left, top, right, bottom], .. } in &chart.spots {
                rect class="spot" x=(unit(*left)) y=(unit(*top)) width=(unit((right - left).max(0.0))) height=(unit((bottom - top).max(0.0))) {}
            }
        }
    }
}

/// Every input of a scenario with where it comes from.
fn ledger(part: &Part<'_>, several: bool) -> Markup {
    let Some(table) = table_of(part, "inputs") else { return Markup::default() };
    let text =
        |row: &[_], column: &str| table.cell(row, column).and_then(|cell| cell.text()).unwrap_or_default().to_owned();
    let amount = |row: &[_], column: &str, unit: &str| {
        table.number(row, column).map_or_else(String::new, |x| words::amount_about(x, unit))
    };
    html! {
        @if several { h3 { (part.record.title) } }
        div class="scroll ledger" tabindex="0" role="group" aria-label={ "Assumptions: " (part.record.title) } {
            table {
                thead { tr {
                    th scope="col" { "input" } th scope="col" { "as written" }
                    th scope="col" class="number" { "5%" } th scope="col" class="number" { "median" } th scope="col" class="number" { "95%" }
                    th scope="col" { "grade" } th scope="col" { "source" } th scope="col" { "note" }
                } }
                tbody { @for row in &table.rows {
                    @let (key, unit, source) = (text(row, "key"), text(row, "unit"), text(row, "source"));
                    @let grade = text(row, "grade");
                    tr {
                        th scope="row" { (words::input(&key)) br; code class="quiet" { (key) } }
                        td { code { (text(row, "distribution")) } " " span class="quiet" { (unit) } }
                        @for column in ["p05", "p50", "p95"] { td class="number" { (amount(row, column, &unit)) } }
                        td class=(if grade == Grade::X.letter() { "grade assumed" } else { "grade" }) { (grade) }
                        td { (source_of(part.scenario, &source)) @if let Some(parent) = inherited(part, &text(row, "file")) { br; span class="quiet" { "inherited from " (parent) } } }
                        td class="note" { (text(row, "note")) }
                    }
                } }
            }
        }
    }
}

/// The scenario that an input is inherited from, where that is not this one.
fn inherited(part: &Part<'_>, file: &str) -> Option<String> {
    part.record.extends.iter().find(|parent| *parent == file).cloned()
}

/// A source with a link, where it has an address on the web.
fn source_of(scenario: &Scenario, name: &str) -> Markup {
    let Some(source) = scenario.sources().get(name) else { return html! { (name) } };
    let by = source.publisher.as_deref().unwrap_or_default();
    let date = source.date.as_deref().unwrap_or_default();
    let web = source.url.as_deref().filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    html! {
        @if let Some(url) = web { a href=(url) rel="noreferrer" { (source.title) } } @else { (source.title) }
        @if !by.is_empty() { ", " (by) }
        @if !date.is_empty() { ", " (date) }
    }
}

fn method() -> Markup {
    html! {
        section id="method" aria-labelledby="method-title" {
            h2 id="method-title" { "Method" }
            details { summary { "How the numbers are made, and the equations" }
            p {
                "Every input is a number or a distribution. A path is one possible future: its inputs are drawn once, its shocks \
                 every month, and the equations below are followed month by month. Probabilities are shares of simulated futures; ± and \
                 whiskers are the simulation’s own error (95%), from sixteen independent versions of the points. Money is US \
                 dollars, nominal, before tax."
            }
            pre tabindex="0" role="group" aria-label="Equations" { (EQUATIONS) }
            p {
                "NPV is the sum of discounted cash flows; payback is the first month in which cumulative cash, not discounted, is \
                 at or above zero again after the investment. "
                code { "breakeven explain NAME" } " says what each input and each figure means."
            }
            }
        }
    }
}

fn caveats(parts: &[Part<'_>]) -> Markup {
    html! {
        section id="caveats" aria-labelledby="caveats-title" {
            h2 id="caveats-title" { "Caveats" }
            ul {
                @for part in parts {
                    @let record = &part.record;
                    li {
                        @if parts.len() > 1 { strong { (record.title) } ": " }
                        (words::counted(record.inputs_assumed, "input")) " of " (record.inputs)
                        @if record.inputs_assumed == 1 { " is an assumption" } @else { " are assumptions" }
                        " of grade X"
                        @if record.inputs_without_source > 0 { ", and " (record.inputs_without_source) " without a source" }
                        ". The answer is as good as they are."
                        @if record.implied_investment.is_some() {
                            " Nobody has published the investment: it is what the target itself would repay."
                        }
                    }
                    @for warning in part.scenario.warnings() { li { (warning.message) "." } }
                }
                li { "± says how far the simulation is from the model’s answer, not how far the model is from the world." }
                li { "Nothing after the last month counts: neither cash nor the value of subscribers who stay." }
                li { "The equations know one product and its price. What it does to other business is in the ancillary margin, or nowhere." }
            }
        }
    }
}

fn again(parts: &[Part<'_>], command: &str) -> Markup {
    html! {
        section id="again" aria-labelledby="again-title" {
            h2 id="again-title" { "Make it again" }
            details { summary { "The command, the seed, and the scenario’s files" }
            pre tabindex="0" { (command) }
            p { "The same scenario, seed, sampler and number of paths give the same bytes on every machine." }
            @for part in parts {
                @let record = &part.record;
                @if parts.len() > 1 { h3 { (record.title) } }
                dl {
                    dt { "program" } dd { (record.program) }
                    dt { "paths" } dd { (words::count(record.paths)) }
                    dt { "seed" } dd { (record.seed) }
                    dt { "sampler" } dd { (record.sampler) }
                    dt { "scenario" } dd { code { (record.scenario) } @if !record.extends.is_empty() { ", extends " (record.extends.join(", ")) } }
                    @if !record.set.is_empty() { dt { "set" } dd { code { (record.set.join("; ")) } } }
                    @if !record.given.is_empty() { dt { "given" } dd { code { (record.given.join("; ")) } } }
                    dt { "SHA-256" } dd { code { (record.scenario_sha256) } }
                }
                @for file in part.scenario.files()[..=part.scenario.main()].iter().rev() {
                    details {
                        summary { "The scenario file " (words::shown_line(&file.path)) }
                        pre tabindex="0" { (words::shown(&file.text)) }
                    }
                }
            }
            }
        }
    }
}

fn footer(parts: &[Part<'_>]) -> String {
    let Some(RunRecord { paths, seed, sampler, program, .. }) = parts.first().map(|part| &part.record) else {
        return String::new();
    };
    format!("{}, seed {seed}, {}, {program}.", words::paths(*paths), words::sampling(sampler))
}
