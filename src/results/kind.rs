//! The kinds of results, a line each: all that is to be said of one where it is known by name. What its results say and show is
//! in `findings` and `chart`, for the type of its record.

use serde::{Deserialize, Serialize};

/// The kinds, and what follows from the list of them. The dollar is handed in so that the macro can define another one.
macro_rules! kinds {
    ($d:tt $($(#[$doc:meta])* $variant:ident($record:ident) = $name:literal,)+) => {
        /// What was done, with what only that has.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "kind")]
        pub enum Kind {
            $($(#[$doc])* #[serde(rename = $name)] $variant(super::$record),)+
        }

        impl Kind {
            /// The names of all kinds, which are those of the records' files too.
            pub const NAMES: &[&str] = &[$($name),+];

            /// Its name.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $name,)+
                }
            }
        }

        $(impl From<super::$record> for Kind {
            fn from(record: super::$record) -> Self {
                Self::$variant(record)
            }
        })+

        /// The same expression for whichever record a kind has.
        macro_rules! for_kind {
            ($d kind:expr, $d record:ident => $d done:expr) => {
                match $d kind {
                    $($crate::results::Kind::$variant($d record) => $d done,)+
                }
            };
        }
        pub(crate) use for_kind;
    };
}

kinds! { $
    /// A scenario was simulated.
    Run(RunRecord) = "run",
    /// One or two inputs took many values.
    Sweep(SweepRecord) = "sweep",
    /// A value was looked for at which a level is reached.
    Solve(SolveRecord) = "solve",
    /// Scenarios were compared with the first.
    Compare(CompareRecord) = "compare",
    /// It was looked for what a number hangs on.
    Drivers(DriversRecord) = "drivers",
    /// Conditions were looked for under which an event happens.
    Discover(DiscoverRecord) = "discover",
    /// It was looked for what it would be worth to know more before a decision.
    Voi(VoiRecord) = "voi",
    /// A scenario was conditioned on actual numbers.
    Condition(ConditionRecord) = "condition",
    /// A forecast was held against what came.
    Score(ScoreRecord) = "score",
    /// Sweeps were drawn side by side: their own folders have the numbers.
    SideBySide(SideBySideRecord) = "side-by-side",
}

impl Kind {
    /// The names of those that have tables in a folder of their own.
    pub fn names_of_folders() -> impl Iterator<Item = &'static str> {
        let drawn = Self::from(super::SideBySideRecord {}).name();
        Self::NAMES.iter().copied().filter(move |name| *name != drawn)
    }
}
