//! `--color`: when colours are used.

use anstream::ColorChoice;
use clap::ValueEnum;

/// When colours are used.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum Color {
    // On a terminal that has them.
    #[default]
    Auto,
    Always,
    Never,
}

impl Color {
    /// From here on everything is printed so.
    pub(super) fn set(self) {
        // Without a word on it the environment decides, as it did before.
        match self {
            Self::Auto => {}
            Self::Always => ColorChoice::Always.write_global(),
            Self::Never => ColorChoice::Never.write_global(),
        }
    }
}
