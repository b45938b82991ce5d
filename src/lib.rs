//! How many subscribers, at which price, pay back a subscription's investment: a Monte Carlo simulator.
//!
//! The program is described in the README and in the [`guide`]; this is the map of the library, and the equations that it simulates.
//!
//! # The flow
//!
//! One direction, one type per arrow:
//!
//! ```text
//! scenarios/*.toml -> Scenario -> Plan -> draws -> sixteen paths at a time -> Aggregate -> Summary -> Table -> CSV, JSON
//!                     (checked)  (ready)                                      (merged)                   \-> Chart -> SVG, PNG
//! ```
//!
//! Decisions ([`analysis`]: sweep, solve, compare) ask the engine for many plans over the same paths.
//!
//! ```
//! use breakeven::{Question, Run, scenario};
//!
//! let baseline = scenario::load("baseline").unwrap();
//! let summary = Run::new(&baseline).paths(2048).run()?;
//! assert!(summary.probability(Question::TargetReached).unwrap().probability < 0.02, "14 million is rare");
//! # Ok::<(), breakeven::analysis::AnalysisError>(())
//! ```
//!
//! # The model
//!
//! All money is US dollars, nominal, before tax; people are counted in persons, rates are fractions. Months run t = 1 … T,
//! t = 0 is launch, and nothing after T counts. A *path* is one possible future: its inputs are drawn once, its shocks
//! every month. [`scenario::keys::KEYS`] lists every input with its symbol, unit, range and default.
//!
#![doc = "```text"]
#![doc = include_str!("model/equations.txt")]
#![doc = "```"]
//!
//! A limit: a price that rises and later falls again makes those it drove out possible subscribers anew, the ones lost for
//! good among them (B and L shrink by d_t and are not restored).
//!
//! People who subscribe stay while they do not churn, however the market around them shrinks: with a strongly negative growth
//! subscribers can outnumber those who would newly pay.
//!
//! # Segments
//!
//! A scenario may split the market in named segments, each with a share of the active users and its own values for keys of
//! market (but the users), willingness, uptake, retention, price, revenue and serving; what a segment does not name it takes
//! from the scenario, with the same draw. They run side by side with the same shocks and events; people and variable cash add up,
//! investment and fixed cost are paid once. A segment with `counts_toward_target = false` is left out of everything that says
//! subscribers below.
//!
//! u_t, the value of a subscriber and the margin are averages over the segments that count, weighted by share. For
//! `break_even_subscribers` and `required_peak_subscribers` what the others bring on that path, Σ D_t V_t of theirs, is taken off
//! the sum to recoup, and V_t of the denominator is that of the segments that count: the question is how many paying subscribers
//! it takes, given that the others are there anyway.
//!
//! # The sum to recoup, where nobody published it
//!
//! `investment = { implied_by = "target" }` turns a claim around, in its most generous reading: the sum for which exactly G
//! subscribers, flat from day one and before acquisition cost, break even, every other input at its median, no shocks, no events:
//! I = (G Σ D_t u_t − F Σ D_t) / (Σ_{t<kI} D_t / kI), plus likewise what segments that do not count bring. `"target_ramp"` is the
//! realistic one: the median path with the audience that makes it peak at G. It is computed once, from the file that says so,
//! before a child scenario or a `--set` changes anything: the money is sunk, so a price cannot change it.
//!
//! # Outcomes of a path
//!
//! "Subscribers" are those who pay and count toward the target.
//!
//! | name | definition |
//! |---|---|
//! | `npv` | Σ D_t CF_t |
//! | `payback_month` | first t ≥ max(1, kI − 1) with cumulative cash ≥ 0; discounted: the same on Σ D·CF |
//! | `operating_break_even_month` | first t ≥ 1 with V_t − F ≥ 0 |
//! | `target_month` | first t ≥ 1 with P_t ≥ G |
//! | `peak_subscribers`, `final_subscribers` | max P_t, P_T |
//! | `possible_subscribers` | M_T: whether there was a market at all |
//! | `ever_subscribed` | all first adoptions: what would be left if nobody left |
//! | `final_share` | P_T / A_T: compare it with the observed share of payers of a product |
//! | `peak_funding` | max(0, −min cumulative cash) |
//! | `affordable_investment` | Σ D_t (V_t − F) / (Σ_{t<kI} D_t / kI): what the path could have repaid |
//! | `break_even_subscribers` | (Σ D_t I_t + F Σ D_t) / Σ D_t u_t, u_t = p_t (1 − e) + a − v_t − s: flat from day one |
//! | `required_peak_subscribers` | peak · max(0, Σ D_t I_t + F Σ D_t) / Σ D_t V_t: with the path's own ramp and churn |
//! | `ltv`, `ltv_cac` | Σ D_t r_{t−1} (p_t (1 − e) \[t > f\] + a − v_t − s), and that over C |
//! | `contribution_margin` | u_T |
//! | `irr` | the yearly rate r with Σ CF_t (1 + r)^(−t/12) = 0, where money is laid out first, paid back later, and never owed in between at that rate |
//! | `moic` | Σ_{t≥1} (V_t − F) / I, where I > 0 |
//!
//! `irr` is given where it is certain to be the only rate: no Σ_{s≤t} CF_s (1 + r)^(−s/12) is above zero (a pure investment, after Teichroew,
//! Robichek and Montalbano 1965), between −99.99% and 1,000,000%. Means and quantiles of `irr` and `moic` are of the paths that have them,
//! `reached_share` says how many do. Neither ranks two scenarios: a small sum at a high rate may bring less than a large one at a lower.
//!
//! A month that is never reached is never a number. Comparisons that decide a month or a probability allow one part in 10⁹.
//!
//! # Features
//!
//! `cli`, on by default, is the program: command line, files, verification, and every feature below. With `default-features = false`
//! what is left is the simulator: scenarios, plans, runs, decisions, typed tables, [`results`] with their record, and what they say
//! ([`findings`]). On top of it stand `charts` (drawings as SVG), `png` (and rasterised), `report` (one HTML page), `csv` (tables as CSV) and
//! `export` (JSON, Parquet and Excel too). `parallel`, on by default too, is rayon: without it the calling thread does all the work, and `engine::Job`
//! does it step by step.
//!
//! # Promises
//!
//! The same scenario, seed, sampler and number of paths give the same bytes in every file, for any number of threads or parts and
//! any instruction set: random numbers are addressed and not consumed ([`scenario`] names and path numbers), sums are
//! exact, and no function of the system's mathematics library reaches a result.

pub mod aggregate;
pub mod analysis;
mod bounded;
#[cfg(feature = "charts")]
pub mod chart;
#[cfg(feature = "cli")]
pub mod cli;
pub mod data;
pub mod distribution;
pub mod engine;
#[cfg(feature = "csv")]
pub mod export;
pub mod filename;
pub mod findings;
pub mod fit;
pub mod guide;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod internals;
pub mod lanes;
mod linear;
mod model;
#[cfg(feature = "cli")]
pub mod output;
pub mod part;
pub mod plan;
#[cfg(feature = "report")]
pub mod report;
pub mod results;
mod round;
mod run;
pub mod sampler;
pub mod scenario;
mod sealed;
pub mod table;
#[cfg(feature = "cli")]
pub mod verify;
pub mod words;

pub use aggregate::Question;
pub use model::Outcome;
pub use run::Run;
pub use sampler::{DEFAULT_PATHS, DEFAULT_SEED, Sampling};
