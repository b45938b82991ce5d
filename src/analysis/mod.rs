//! Decisions: many plans over the same paths. Sweep an input, solve for it, compare scenarios.
//!
//! Everything here rides on common random numbers: path i sees the same luck at every price and in every scenario, and belongs
//! to the same replicate. So differences are taken path by path, and their errors are those of what really differs.
//!
//! ```
//! use breakeven::{analysis::{Measure, Sweep}, engine::Options, sampler::Sampling, scenario};
//!
//! // Everyone of 1,000 joins in the one month there is and pays the price; nothing costs anything. So at $2 the NPV is
//! // 1,000 · 2 = $2,000, and at $3 it is $3,000.
//! let file = scenario::SourceFile {
//!     path: "everyone.toml".to_owned(),
//!     text: "[horizon]\nmonths = 1\n[target]\nsubscribers = 1\n[market]\nactive_users = 1000\nrefusal_rate = 0\n\
//!            [willingness]\nmedian_price = 1e9\nsteepness = 50\n\
//!            [uptake]\nannual_innovation = 12\nannual_imitation = 0\n[retention]\nmonthly_churn = 0\n[price]\nmonthly = 1"
//!         .to_owned(),
//! };
//! let everyone = scenario::parse("everyone", file).unwrap();
//! let sweep = Sweep::new(&everyone, vec!["price.monthly=2,3".parse().unwrap()], Sampling::of_paths(64)).unwrap();
//! let result = sweep.run(&Options::default()).unwrap();
//! assert_eq!(result.points[0].summary.mean("npv").unwrap().value, 2000.0);
//! let best = result.best(Measure::Npv);
//! assert_eq!(best.point, 1);
//! assert_eq!(best.rows[0].difference.value, -1000.0);
//! ```

mod adapt;
mod along;
mod asked;
mod at_odds;
mod bell;
mod best;
mod bracket;
mod cells;
mod compare;
mod condition;
mod decision;
mod discover;
mod drivers;
mod each_path;
mod effects;
mod futures;
mod learned;
mod likelihood;
mod needed;
mod payoffs;
mod pieces;
mod posterior;
mod prim;
mod profile;
mod proposal;
mod root;
mod sample;
mod score;
mod scoring;
mod shapley;
mod sizes;
mod solve;
mod state;
mod study;
mod subject;
mod sweep;
mod together;
mod vary;
mod voi;
mod weights;

pub use along::{Along, Stretch};
pub use asked::{Cost, Questions, StudyOf};
pub use best::{Best, BestRow, Measure};
pub use bracket::{Bracket, Until};
pub use compare::{Against, Compare, Comparison, Contribution, Difference};
pub use condition::{Conditioned, Conditioning, Seen, Settings};
pub use decision::{Choices, Instead};
pub use discover::{Condition, Discover, Discovered, Rule};
pub use drivers::{Answer, Driver, Drivers, Swing};
pub use each_path::{EachPath, Side};
pub use effects::Effect;
pub use learned::Learned;
pub use needed::{Found, Needed};
pub use payoffs::{FEWEST_TO_CHOOSE, Payoffs};
pub use posterior::{FEWEST_EFFECTIVE, PROMISED_EFFECTIVE};
pub use prim::Step;
pub use profile::{Band, Profile};
pub use sample::{Bin, Common, FEWEST, FEWEST_TO_COMPARE};
pub use score::{Score, Scored};
pub use scoring::Scoring;
pub use shapley::contributions;
pub use sizes::Studied;
pub(crate) use solve::stretches;
pub use solve::{Crossing, Solution, Solve};
pub use state::SweepState;
pub use study::{LARGEST_STUDY, Study};
pub use subject::{DEFAULT_MAX_PATHS, Of};
pub use sweep::{Point, Sweep, SweepResult};
pub use vary::{Axis, AxisValue, MOST_POINTS, ends};
pub use voi::{Decision, Known, Voi, Worth};
pub use weights::Evidence;

use crate::engine::RunError;
use crate::scenario::Problems;

/// The most paths of a sweep or comparison, where numbers of every path are kept.
pub const MOST_PATHS: u64 = 1 << 24;

/// Why an analysis has no result.
#[derive(Debug, thiserror::Error)]
pub enum AnalysisError {
    /// What was asked for makes no sense.
    #[error("{0}")]
    Asked(String),
    /// A scenario is wrong.
    #[error(transparent)]
    Wrong(#[from] Problems),
    /// A scenario is wrong where an input takes a certain value.
    #[error("{at}: {problems}")]
    WrongAt {
        /// Where: `point 3 of 5`.
        at: String,
        /// What is wrong.
        problems: Problems,
    },
    /// Observations and the scenario contradict each other.
    #[error("{0}")]
    AtOdds(String),
    /// The paths could not be simulated.
    #[error(transparent)]
    Run(#[from] RunError),
    /// Money or people overflow in one of the cases.
    #[error("at {at}: {error}")]
    RunAt {
        /// Where: `price.monthly=5`.
        at: String,
        /// Why.
        error: RunError,
    },
}
