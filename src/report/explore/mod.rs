//! The page that answers back: scenarios, the engine as WebAssembly, and what a reader may change. Nothing on it comes from elsewhere.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::page::{VALUES, style};
use crate::sealed;

/// The engine, compressed. `src/bindings/wasm/build.sh` makes it from the source.
const ENGINE: &[u8] = include_bytes!("engine.wasm.gz");
const CSS: &str = include_str!("page.css");
const PAGE: &str = include_str!("page.js");
const WORKER: &str = include_str!("worker.js");

/// A scenario of a page.
#[derive(Clone, Debug, Serialize)]
pub struct Explored {
    /// The scenario's name, without overrides.
    pub name: String,
    /// As a command names it.
    pub scenario: String,
    /// As a file beside it names it after `extends`.
    pub extends: String,
    /// Its title.
    pub title: String,
    /// What it asks.
    pub question: String,
    /// Paths and texts of its files: what it extends first.
    pub files: Vec<(String, String)>,
    /// Which of them is the scenario itself.
    pub main: usize,
    /// Overrides that hold from the start.
    pub set: Vec<String>,
    /// How many paths an answer has once it is refined.
    pub paths: u64,
    /// The seed of all random numbers.
    pub seed: u64,
    /// The inputs, the strongest first.
    pub order: Vec<String>,
    /// Of some of them, how much of the spread of NPV is theirs: `52% of NPV’s variance`.
    pub shares: std::collections::BTreeMap<String, String>,
    /// The tables that can be saved.
    pub tables: Vec<String>,
}

/// The page as HTML; its reader chooses among several scenarios. There must be one.
#[must_use]
pub fn explorer(scenarios: &[Explored]) -> String {
    let explored = &scenarios[0];
    let script = format!("{VALUES}{PAGE}");
    let hash = STANDARD.encode(Sha256::digest(script.as_bytes()));
    // Its own script and nothing else runs; nothing is fetched, and nothing is sent.
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{hash}' 'wasm-unsafe-eval'; worker-src blob:; style-src 'unsafe-inline'; \
         img-src blob: data:; base-uri 'none'; form-action 'none'"
    );
    // In a script nothing but `</script` and `<!--` could end the text.
    let data = serde_json::to_string(scenarios).unwrap_or_default().replace('<', "\\u003c");
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content=(sealed::program());
                title { (explored.title) ": explore" }
                style { (PreEscaped(style())) (PreEscaped(CSS)) }
            }
            body {
                header {
                    h1 id="title" { (explored.title) }
                    p class="question" id="question" hidden[explored.question.is_empty()] { (explored.question) }
                    @if scenarios.len() > 1 {
                        p class="bar" {
                            label for="scenario" { "Scenario" }
                            select id="scenario" { @for one in scenarios { option value=(one.name) { (one.title) } } }
                        }
                    }
                }
                main {
                    p id="begin" role="status" { "Starting the simulator …" }
                    div id="top" {
                        dl id="key" {}
                        p class="quiet" { span id="setting" {} " " span id="state" {} }
                    }
                    div id="page" hidden {
                        section id="verdict" aria-labelledby="verdict-title" {
                            h2 id="verdict-title" { "Answer" }
                            div class="answer" id="answer" {}
                            p class="quiet" {
                                "Percentages are shares of simulated futures: they include the doubt about the inputs. ± and the small intervals say \
                                 how far the simulation itself may be off, no more."
                            }
                            p id="live" role="status" aria-live="polite" {}
                        }
                        (controls())
                        section id="said" aria-label="Charts and numbers" {
                            section id="compared" aria-labelledby="compared-title" hidden {
                                h2 id="compared-title" { "Now, compared with A" }
                                div id="compared-said" {}
                                p class="quiet" id="compared-made" {}
                                div id="compared-charts" {}
                            }
                            div id="charts" {}
                            details id="sweep" {
                                summary { "The answer over the range of one input" }
                                p class="bar" { label for="sweep-input" { "Input" } select id="sweep-input" {} }
                                p id="sweep-said" {}
                                p class="quiet" id="sweep-made" {}
                                div id="sweep-charts" {}
                            }
                            h2 { "Key numbers" }
                            div id="grids" {}
                            (leave(&explored.tables))
                        }
                    }
                }
                footer {
                    p class="quiet" id="made" {}
                    p class="quiet" { (sealed::program()) ". The simulator runs in this page: nothing is loaded from elsewhere, nothing is sent." }
                }
                script type="application/json" id="data" { (PreEscaped(data)) }
                script type="text/plain" id="worker" { (PreEscaped(WORKER)) }
                script type="text/plain" id="engine" { (PreEscaped(STANDARD.encode(ENGINE))) }
                script { (PreEscaped(script)) }
            }
        }
    }
    .into_string()
}

/// What can be changed.
fn controls() -> Markup {
    html! {
        section id="controls" aria-labelledby="controls-title" tabindex="0" {
            h2 id="controls-title" { "What if" }
            p class="quiet" {
                label for="how" { "A slider of an uncertain input " }
                select id="how" {
                    option value="shift" { "moves the estimate; it stays uncertain" }
                    option value="widen" { "makes it more or less uncertain" }
                    option value="fix" { "fixes the value" }
                    option value="along" { "fixes the value; correlated inputs follow" }
                }
            }
            p class="bar" {
                button type="button" id="undo" hidden { "Undo" }
                button type="button" id="pin" aria-pressed="false" { "Keep this as A, to compare" }
            }
            input type="search" id="find" placeholder="Find an input" aria-label="Find an input";
            p class="quiet" id="none" hidden { "No input has this in its name." }
            h3 { "Uncertain, the most decisive first" }
            ul id="inputs" {}
            p { button type="button" id="every" hidden {} }
            h3 { "Decisions, target and horizon" }
            ul id="decisions" {}
            details id="more" {
                summary { "Inputs that are certain" }
                ul id="others" {}
            }
        }
    }
}

/// What can be taken along; `tables` are the names of a run's.
fn leave(tables: &[String]) -> Markup {
    html! {
        section id="leave" aria-labelledby="leave-title" {
            h2 id="leave-title" { "Take it along" }
            p { "The same numbers on the command line:" }
            code id="command" tabindex="0" {}
            p class="bar" {
                button type="button" id="save-page" { "Save the page with this setting" }
                button type="button" id="copy-link" { "Copy a link" }
                button type="button" id="copy-command" { "Copy the command" }
                button type="button" id="save-scenario" { "Save as a scenario file" }
            }
            p class="bar" {
                label for="table" { "Table" }
                select id="table" { @for table in tables { option value=(table) { (table) } } }
                button type="button" id="save-table" { "Save as CSV" }
            }
            p class="quiet" id="leave-said" role="status" {}
        }
    }
}
