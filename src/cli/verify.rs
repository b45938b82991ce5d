//! `breakeven verify`: the program against known answers, on the user's own machine.

use clap::Args;

use super::CliError;

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub(super) struct VerifyArguments {}

pub(super) fn verify(_: &VerifyArguments) -> Result<(), CliError> {
    Err(CliError::Verification("".into()))
}
