//! What can go wrong, how it is told, and the exit status of each.

use crate::analysis::AnalysisError;
use crate::chart::ChartError;
use crate::engine::RunError;
use crate::fit::FitError;
use crate::output::OutputError;
use crate::part::PartError;
use crate::scenario::{LoadError, Problems};
use crate::words;

/// An error of the program, told once at its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Wrong(#[from] Problems),
    #[error("{0}")]
    Usage(String),
    /// Several files were checked, and this many are wrong; each has been told.
    #[error("{0}")]
    Checked(String),
    #[error(transparent)]
    Output(#[from] OutputError),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error(transparent)]
    Part(#[from] PartError),
    #[error(transparent)]
    Analysis(#[from] AnalysisError),
    /// A sweep was interrupted, and what was done is kept.
    #[error("interrupted: {done} of {of} points are kept, and the same command goes on from there")]
    Kept { done: usize, of: usize },
    #[error(transparent)]
    Chart(#[from] ChartError),
    #[error(transparent)]
    Fit(#[from] FitError),
    #[error("{0}")]
    Verification(String),
    /// Some of what was asked could not be done; each has been told.
    #[error("{0}")]
    Failed(String),
    #[error("cannot write to the terminal: {0}")]
    Stdout(std::io::Error),
}

impl CliError {
    /// 1 the run failed, 2 wrong usage or scenario, 130 interrupted.
    pub(super) fn status(&self) -> u8 {
        match self {
            Self::Run(RunError::Interrupted)
            | Self::Part(
                PartError::Run(RunError::Interrupted) | PartError::Analysis(AnalysisError::Run(RunError::Interrupted)),
            )
            | Self::Analysis(AnalysisError::Run(RunError::Interrupted))
            | Self::Kept { .. } => 130,
            Self::Output(error) if error.is_usage() => 2,
            Self::Part(
                PartError::Run(_)
                | PartError::Analysis(AnalysisError::Run(_) | AnalysisError::RunAt { .. } | AnalysisError::AtOdds(_)),
            )
            | Self::Output(_)
            | Self::Run(_)
            | Self::Analysis(AnalysisError::Run(_) | AnalysisError::RunAt { .. } | AnalysisError::AtOdds(_))
            | Self::Chart(_)
            | Self::Fit(FitError::Undetermined(_))
            | Self::Verification(_)
            | Self::Failed(_)
            | Self::Stdout(_) => 1,
            Self::Fit(FitError::Data(_))
            | Self::Load(_)
            | Self::Wrong(_)
            | Self::Usage(_)
            | Self::Checked(_)
            | Self::Part(_)
            | Self::Analysis(_) => 2,
        }
    }

    /// Tells it on stderr.
    pub(super) fn tell(&self) {
        super::tell(&self.told());
    }

    /// What is told of it, in colours.
    pub(super) fn told(&self) -> String {
        let style = anstyle::AnsiColor::Red.on_default().bold();
        match self {
            Self::Load(LoadError::Wrong(problems))
            | Self::Fit(FitError::Data(LoadError::Wrong(problems)))
            | Self::Wrong(problems)
            | Self::Part(PartError::Wrong(problems))
            | Self::Analysis(AnalysisError::Wrong(problems)) => super::problems::told(problems),
            Self::Analysis(AnalysisError::WrongAt { at, problems }) => {
                format!("{}that is {}\n", super::problems::told(problems), words::shown(at))
            }
            Self::Kept { .. } => format!("{self}\n"),
            Self::Run(RunError::Interrupted) | Self::Analysis(AnalysisError::Run(RunError::Interrupted)) => {
                "interrupted: earlier results stand as they were\n".to_owned()
            }
            error => format!("{style}error{style:#}: {}\n", words::shown(&error.to_string())),
        }
    }
}
