//! The page: headings, answers, figures with their tables, the ledger, the method, the caveats, how to make it again.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Figure, Part};
use crate::chart::{Chart, Spot, Theme, css_variables};
use crate::findings::{Block, Grid};
use crate::model::EQUATIONS;
use crate::results::{Kind, ScenarioRecord};
use crate::scenario::{Correlation, Event, Grade, Scenario, called};
use crate::table::{Row, SHARE_COLUMNS};
use crate::words;

const CSS: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
/// What both kinds of pages have: values under the pointer.
pub(super) const VALUES: &str = include_str!("values.js");

/// A part with what it says and its charts.
pub(super) struct Drawn<'a> {
    pub(super) part: &'a Part,
    pub(super) blocks: Vec<Block>,
    pub(super) figures: Vec<Figure>,
}

pub(super) fn page(parts: &[Drawn<'_>], command: &str, checked: &[Block]) -> String {
    let of = |wanted: fn(&Part) -> bool| parts.iter().filter(|drawn| wanted(drawn.part)).collect::<Vec<_>>();
    let runs = of(Part::is_run);
    let compared = of(|part| matches!(part.results.record.kind, Kind::Compare(_)));
    let others = of(|part| !part.is_run() && !matches!(part.results.record.kind, Kind::Compare(_)));
    let title = match (runs.as_slice(), parts) {
        ([only], _) => title_of(only.part).to_owned(),
        ([], [first, ..]) => first.heading().to_owned(),
        _ => format!("{} scenarios side by side", runs.len()),
    };
    let (several, alone) = (runs.len() > 1, runs.is_empty() && parts.len() == 1);
    let together = several || !compared.is_empty();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content=(parts.first().map_or("breakeven", |first| first.part.results.record.program.as_str()));
                title { (title) }
                style { (PreEscaped(style())) }
            }
            body {
                header {
                    h1 { (title) }
                    @if let [only] = runs[..] { (question(only.part)) (only.answer()) }
                    nav aria-label="Contents" {
                        ul {
                            @if together { li { a href="#together" { "Side by side" } } }
                            @for (i, Drawn { part, .. }) in runs.iter().enumerate() {
                                li { a href={ "#scenario-" (i) } { @if several { (title_of(part)) } @else { "Charts" } } }
                            }
                            @for (i, other) in others.iter().enumerate() {
                                li { a href={ "#part-" (i) } { @if alone { "Answer and charts" } @else { (other.heading()) } } }
                            }
                            @if !runs.is_empty() { li { a href="#assumptions" { "Assumptions" } } }
                            li { a href="#caveats" { "Caveats" } }
                            li { a href="#method" { "Method" } }
                            @if !checked.is_empty() { li { a href="#checked" { "Checked" } } }
                            li { a href="#again" { "Make it again" } }
                        }
                    }
                }
                main {
                    @if together {
                        section id="together" aria-labelledby="together-title" {
                            h2 id="together-title" { "Side by side, and what drives the differences" }
                            @if several { (overview(&runs)) }
                            @for (k, Drawn { blocks, figures, .. }) in compared.iter().enumerate() {
                                @for block in blocks { h3 { (block.heading) } (said(block)) (grid_of(block)) }
                                @for (i, figure) in figures.iter().enumerate() { (drawn(figure, &format!("together-{k}-{i}"))) }
                            }
                        }
                    }
                    @for (i, run) in runs.iter().enumerate() {
                        section id={ "scenario-" (i) } aria-labelledby={ "scenario-" (i) "-title" } {
                            h2 id={ "scenario-" (i) "-title" } { @if several { (title_of(run.part)) } @else { "Charts" } }
                            @if several { (question(run.part)) (run.answer()) }
                            @for block in &run.blocks { (grid_of(block)) }
                            @for (k, figure) in run.figures.iter().enumerate() { (drawn(figure, &format!("{i}-{k}"))) }
                        }
                    }
                    @for (i, other) in others.iter().enumerate() {
                        section id={ "part-" (i) } aria-labelledby={ "part-" (i) "-title" } {
                            h2 id={ "part-" (i) "-title" } { @if alone { "Answer and charts" } @else { (other.heading()) } }
                            @for block in &other.blocks { (said(block)) (grid_of(block)) }
                            @for (k, figure) in other.figures.iter().enumerate() { (drawn(figure, &format!("part-{i}-{k}"))) }
                        }
                    }
                    @if !runs.is_empty() {
                        section id="assumptions" aria-labelledby="assumptions-title" {
                            h2 id="assumptions-title" { "Assumptions and their sources" }
                            p { "Grades: A official, B reputable press, C secondary, X an assumption of the scenario’s author." }
                            @for Drawn { part, .. } in &runs {
                                (ledger(part, several))
                                @for scenario in &part.scenarios { (beside_inputs(scenario)) }
                            }
                        }
                    }
                    (caveats(parts))
                    (method())
                    @if let [first, grids @ ..] = checked { (verified(first, grids)) }
                    (again(parts, command))
                }
                footer { p class="quiet" { (footer(parts)) } }
                script { (PreEscaped(VALUES)) (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

fn title_of(part: &Part) -> &str {
    &part.results.record.scenario().title
}

impl Drawn<'_> {
    /// What it is about.
    fn heading(&self) -> &str {
        self.blocks.first().map_or("", |block| &block.heading)
    }

    /// What a run says first.
    fn answer(&self) -> Markup {
        self.blocks.first().map_or_else(Markup::default, said)
    }
}

/// The style sheet, with the colours of both themes.
pub(super) fn style() -> String {
    // Text in the reference's colour, and the ground of code, are not among the charts' colours.
    let light = format!("{}--reference-text:#a64900;--wash:#f4f5f6;", css_variables(Theme::Light));
    let dark = format!("{}--reference-text:#ff9e4a;--wash:#1d2125;", css_variables(Theme::Dark));
    format!(
        ":root{{color-scheme:light dark;{light}}}\n@media(prefers-color-scheme:dark){{:root{{{dark}}}}}\n\
         @media print{{:root{{color-scheme:light;{light}}}}}\n{CSS}"
    )
}

fn question(part: &Part) -> Markup {
    let asked = part.scenarios.first().map(Scenario::question).filter(|asked| !asked.is_empty());
    html! { @if let Some(asked) = asked { p class="question" { (asked) } } }
}

fn said(block: &Block) -> Markup {
    html! { div class="answer" { @for sentence in &block.sentences { p { (sentence) } } } }
}

/// The grid of a block and what a reader of it should know.
fn grid_of(block: &Block) -> Markup {
    /// So many columns stand side by side on a phone too.
    const NARROW: usize = 4;
    let Some(Grid { caption, header, rows }) = &block.grid else { return Markup::default() };
    let class = if header.len() > NARROW { "scroll ledger stack" } else { "scroll ledger" };
    let name = |i: usize| header.get(i).map(String::as_str).filter(|name| !name.is_empty());
    html! {
        div class=(class) tabindex="0" role="group" aria-label=(caption) {
            table {
                caption { (caption) }
                @if !header.is_empty() {
                    thead { tr { @for (i, name) in header.iter().enumerate() {
                        @if name.is_empty() { td {} } @else { th scope="col" class=[(i > 0).then_some("number")] { (name) } }
                    } } }
                }
                tbody { @for row in rows { tr {
                    @for (i, cell) in row.iter().enumerate() {
                        @if i == 0 { th scope="row" { (cell) } } @else { td class="number" data-name=[name(i)] { (cell) } }
                    }
                } } }
            }
        }
        @for remark in &block.remarks { p class="quiet" { (remark) } }
    }
}

/// An outcome, what it is called, and how its median is written.
type Median = (&'static str, &'static str, fn(f64) -> String);

/// The scenarios in one table: what a board reads first.
fn overview(parts: &[&Drawn<'_>]) -> Markup {
    let often = |part: &Part, question: &str| {
        let row = part.results.row("probabilities", "event", question);
        let found = row.and_then(|row| row.frequency_in(SHARE_COLUMNS, part.results.record.simulation.paths));
        found.map_or_else(String::new, |found| if found.count == 0 { "none".to_owned() } else { found.short() })
    };
    let horizons: Vec<usize> = parts.iter().map(|drawn| drawn.part.results.record.scenario().horizon_months).collect();
    let within = match horizons.as_slice() {
        [first, rest @ ..] if rest.iter().all(|other| other == first) => words::within(*first),
        _ => "within each one’s horizon".to_owned(),
    };
    let questions = [("target reached", "target_reached"), ("paid back", "payback"), ("NPV ≥ 0", "npv_nonnegative")];
    let medians: [Median; 3] = [
        ("peak_subscribers", "peak subscribers", words::people_short),
        ("npv", "NPV", words::dollars_short),
        ("peak_funding", "peak funding need", words::dollars_short),
    ];
    let names = questions.iter().map(|question| question.0).chain(medians.iter().map(|median| median.1));
    let row = |Drawn { part, .. }: &&Drawn<'_>| {
        let median =
            |(outcome, _, said): &Median| part.results.outcome(outcome, "p50").map_or_else(|| "never".to_owned(), said);
        let shares = questions.iter().map(|(_, question)| often(part, question));
        std::iter::once(title_of(part).to_owned()).chain(shares).chain(medians.iter().map(median)).collect()
    };
    let caption =
        format!("Shares of simulated futures {within}; payback before, NPV after the cost of capital; medians");
    let header = std::iter::once("scenario").chain(names).map(str::to_owned).collect();
    let grid = Grid { caption, header, rows: parts.iter().map(row).collect() };
    grid_of(&Block { grid: Some(grid), ..Block::default() })
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
        let names = correlation.inputs.map(|input| called(&input.name(scenario.segments())));
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
    let view = format!("0 0 {} {}", chart.size.0, chart.size.1);
    let unit = |x: f64| (x * 10.0).round() / 10.0;
    html! {
        svg class=(class) viewBox=(view) role="img" tabindex="0" aria-label={ (chart.headline) ". " (chart.subtitle) ". The numbers are in the table below." } {
            (PreEscaped(&chart.elements))
            @for Spot { place: [left, top, right, bottom], .. } in &chart.spots {
                rect class="spot" x=(unit(*left)) y=(unit(*top)) width=(unit((right - left).max(0.0))) height=(unit((bottom - top).max(0.0))) {}
            }
        }
    }
}

/// Every input of a scenario with where it comes from.
fn ledger(part: &Part, several: bool) -> Markup {
    let text = |row: &Row<'_>, column: &str| row.text(column).unwrap_or_default().to_owned();
    let amount = |row: &Row<'_>, column: &str, unit: &str| {
        row.number(column).map_or_else(String::new, |x| words::amount_about(x, unit))
    };
    html! {
        @if several { h3 { (title_of(part)) } }
        div class="scroll ledger" tabindex="0" role="group" aria-label={ "Assumptions: " (title_of(part)) } {
            table {
                thead { tr {
                    th scope="col" { "input" } th scope="col" { "as written" }
                    th scope="col" class="number" { "5%" } th scope="col" class="number" { "median" } th scope="col" class="number" { "95%" }
                    th scope="col" { "grade" } th scope="col" { "source" } th scope="col" { "note" }
                } }
                tbody { @for row in part.results.rows("inputs") {
                    @let (key, unit, source) = (text(&row, "key"), text(&row, "unit"), text(&row, "source"));
                    @let grade = text(&row, "grade");
                    tr {
                        th scope="row" { (called(&key)) br; code class="quiet" { (key) } }
                        td { code { (text(&row, "distribution")) } " " span class="quiet" { (unit) } }
                        @for column in ["p05", "p50", "p95"] { td class="number" { (amount(&row, column, &unit)) } }
                        td class=(if grade == Grade::X.letter() { "grade assumed" } else { "grade" }) { (grade) }
                        td { (source_of(part, &source)) @if let Some(parent) = inherited(part, &text(&row, "file")) { br; span class="quiet" { "inherited from " (parent) } } }
                        td class="note" { (text(&row, "note")) }
                    }
                } }
            }
        }
    }
}

/// The scenario that an input is inherited from, where that is not this one.
fn inherited(part: &Part, file: &str) -> Option<String> {
    part.results.record.scenario().extends.iter().find(|parent| *parent == file).cloned()
}

/// A source with a link, where it has an address on the web.
fn source_of(part: &Part, name: &str) -> Markup {
    let known = part.scenarios.iter().find_map(|scenario| scenario.sources().get(name));
    let Some(source) = known else { return html! { (name) } };
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

/// What the program was checked against where the page was made.
fn verified(first: &Block, grids: &[Block]) -> Markup {
    html! {
        section id="checked" aria-labelledby="checked-title" {
            h2 id="checked-title" { (first.heading) }
            (said(first))
            details { summary { "Every check, with the source of its answer" } @for block in grids { (grid_of(block)) } }
        }
    }
}

/// The scenarios of all parts, each once.
fn scenarios<'p>(parts: &'p [Drawn<'_>]) -> Vec<&'p ScenarioRecord> {
    let mut out: Vec<&ScenarioRecord> = Vec::new();
    for record in parts.iter().flat_map(|drawn| &drawn.part.results.record.scenarios) {
        if !out.iter().any(|known| known.name == record.name && known.scenario_sha256 == record.scenario_sha256) {
            out.push(record);
        }
    }
    out
}

fn caveats(parts: &[Drawn<'_>]) -> Markup {
    let records = scenarios(parts);
    let mut warnings: Vec<&str> = Vec::new();
    for warning in parts.iter().flat_map(|drawn| &drawn.part.scenarios).flat_map(Scenario::warnings) {
        if !warnings.contains(&warning.message.as_str()) {
            warnings.push(&warning.message);
        }
    }
    html! {
        section id="caveats" aria-labelledby="caveats-title" {
            h2 id="caveats-title" { "Caveats" }
            ul {
                @for record in &records {
                    li {
                        @if records.len() > 1 { strong { (record.title) } ": " }
                        (words::counted(record.inputs_assumed, "input")) " of " (record.inputs)
                        @if record.inputs_assumed == 1 { " is an assumption" } @else { " are assumptions" }
                        " of grade X"
                        @if record.inputs_without_source > 0 { ", and " (record.inputs_without_source) " without a source" }
                        ". The answer is as good as they are."
                        @if record.implied_investment.is_some() {
                            " Nobody has published the investment: it is what the target itself would repay."
                        }
                    }
                }
                @for warning in warnings { li { (warning) "." } }
                li { "± says how far the simulation is from the model’s answer, not how far the model is from the world." }
                li { "Nothing after the last month counts: neither cash nor the value of subscribers who stay." }
                li { "The equations know one product and its price. What it does to other business is in the ancillary margin, or nowhere." }
            }
        }
    }
}

fn again(parts: &[Drawn<'_>], command: &str) -> Markup {
    let records = scenarios(parts);
    let simulation = parts.first().map(|drawn| &drawn.part.results.record);
    let mut files: Vec<(String, &str)> = Vec::new();
    for scenario in parts.iter().flat_map(|drawn| &drawn.part.scenarios) {
        for file in scenario.files()[..=scenario.main()].iter().rev() {
            let shown = (words::shown_line(&file.path), file.text.as_str());
            if !files.contains(&shown) {
                files.push(shown);
            }
        }
    }
    html! {
        section id="again" aria-labelledby="again-title" {
            h2 id="again-title" { "Make it again" }
            details { summary { "The command, the seed, and the scenario’s files" }
            pre tabindex="0" { (command) }
            p { "The same scenario, seed, sampler and number of paths give the same bytes on every machine." }
            @if let Some(record) = simulation {
                dl {
                    dt { "program" } dd { (record.program) }
                    dt { "paths" } dd { (words::count(record.simulation.paths)) }
                    dt { "seed" } dd { (record.simulation.seed) }
                    dt { "sampler" } dd { (record.simulation.sampler) }
                }
            }
            @for record in &records {
                @if records.len() > 1 { h3 { (record.title) } }
                dl {
                    dt { "scenario" } dd { code { (record.name) } @if !record.extends.is_empty() { ", extends " (record.extends.join(", ")) } }
                    @if !record.set.is_empty() { dt { "set" } dd { code { (record.set.join("; ")) } } }
                    @if !record.given.is_empty() { dt { "given" } dd { code { (record.given.join("; ")) } } }
                    dt { "SHA-256" } dd { code { (record.scenario_sha256) } }
                }
            }
            @for (path, text) in &files {
                details {
                    summary { "The scenario file " (path) }
                    pre tabindex="0" { (words::shown(text)) }
                }
            }
            }
        }
    }
}

fn footer(parts: &[Drawn<'_>]) -> String {
    let Some(record) = parts.first().map(|drawn| &drawn.part.results.record) else { return String::new() };
    let simulation = &record.simulation;
    format!(
        "{}, seed {}, {}, {}.",
        words::paths(simulation.paths),
        simulation.seed,
        words::sampling(&simulation.sampler),
        record.program
    )
}
