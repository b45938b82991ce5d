//! How many subscribers, at which price, pay back a subscription's investment: a Monte Carlo simulator.
//!
//! The program is described in the README; this is the map of the library, and the equations that it simulates.
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
//! use std::sync::atomic::AtomicBool;
//! use breakeven::{engine, lanes::Level, plan::Plan, sampler::Sampler, scenario};
//!
//! let scenario = scenario::load("baseline").unwrap();
//! let plan = Plan::new(&scenario, Sampler::default(), 1).unwrap();
//! let options = engine::Options {
//!     threads: Some(1),
//!     level: Level::detect(),
//!     cancel: &AtomicBool::new(false),
//!     progress: &engine::Progress::default(),
//! };
//! let summary = engine::run(&plan, 2000, &options).unwrap();
//! let reached = summary.probability("target_reached").unwrap();
//! assert!(reached.probability < 0.02, "14 million is rare");
//! ```
//!
//! # The model
//!
//! All money is US dollars, nominal, before tax; people are counted in persons, rates are fractions. Months run t = 1 … T,
//! t = 0 is launch, and nothing after T counts. A *path* is one possible future: its inputs are drawn once, its shocks
//! every month. [`scenario::keys::KEYS`] lists every input with its symbol, unit, range and default.
//!
//! Derived once per path:
//!
//! ```text
//! share of the willing who accept price x   W(x) = 1 / (1 + (x/m)^k)
//! survival to age j                         g_0 = 1,  g_j = g_{j−1} · ((1−μ)(1−φ) + (j−1)φ) / ((1−φ) + (j−1)φ)
//!                                           r_j = g_j before the free months f end, κ · g_j after; f = 0: g_j
//! discount factor                           D_t = (1 + r)^(−t/12)
//! month in which an event starts            E = max(1, ceil(ln(1 − u) / ln(1 − λ))),  1 − λ = (1 − annual probability)^(1/12)
//! ```
//!
//! Month t, from S = B = L = N = 0 and K = 1:
//!
//! ```text
//! possible subscribers   M_t = A0 (1 + g)^(t/12) (1 − R) W(p_t) c
//! natural survivors      n_t = K_{t−1} Σ_{s<t} (N_s / K_s) r_{t−s}
//! keep rate              b_t = max(0, 1 − churn multipliers · (1 − n_t / S_{t−1}))
//! price step             w_t = 1 − η (1 − d_t),  d_t = min(1, W(p_t) / W(p_{t−1})) where the price changes
//! survivors              Ŝ_t = S_{t−1} b_t w_t,  K_t = K_{t−1} Ŝ_t / n_t
//! churned                X_t = max(0, S_{t−1} (1 − b_t))
//! returning              Y_t = ω d_t B_{t−1}
//! lapsed                 B_t = d_t B_{t−1} − Y_t + ρ X_t
//! lost for good          L_t = d_t L_{t−1} + (1 − ρ) X_t
//! untapped               U_t = max(0, M_t − Ŝ_t − Y_t − B_t − L_t)
//! hazard                 H_t = pB/12 + (qB/12) (1 − U_t / M_t)
//! noise                  ε_t = exp(σ_m x_t − σ_m²/2),  x_t = θ x_{t−1} + √(1 − θ²) z_t,  σ_m = σ/√12
//! gross additions        N_t = Y_t + min(1, H_t ε_t · demand multipliers) U_t
//! subscribers            S_t = Ŝ_t + N_t
//! on trial, paying       Q_t = Σ_{j<min(f,t)} K_t (N_{t−j} / K_{t−j}) r_j,  P_t = S_t − Q_t
//! cost to serve          v_t = v0 (1 − δ)^(t/12) (1 − h · min(1, t/kh)) · serving cost multipliers
//! variable cash          V_t = p_t (1 − e) P_t + (a − v_t − s) S_t − C N_t
//! cash flow              CF_t = V_t − F − I_t,  I_t = I / kI for t < kI
//! ```
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
//!
//! A month that is never reached is never a number. Comparisons that decide a month or a probability allow one part in 10⁹.
//!
//! # Promises
//!
//! The same scenario, seed, sampler and number of paths give the same bytes in every file, for any number of threads or parts and
//! any instruction set: random numbers are addressed and not consumed ([`scenario`] names and path numbers), sums are
//! exact, and no function of the system's mathematics library reaches a result.

pub mod aggregate;
pub mod analysis;
pub mod chart;
pub mod cli;
pub mod distribution;
pub mod engine;
pub mod export;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod internals;
pub mod lanes;
mod model;
pub mod output;
pub mod part;
pub mod plan;
mod round;
pub mod sampler;
pub mod scenario;
mod sealed;
pub mod table;
pub mod verify;
pub mod words;
