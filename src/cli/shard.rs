//! Parts of a run or a sweep: which one is asked for, and where it goes.

use super::results::OutputArguments;
use super::{CliError, array};
use crate::engine::{MOST_SHARDS, Shard};
use crate::output;
use crate::part::Part;
use crate::words;

/// A part: `3/8`, or that of this job of an array.
pub(super) fn parse(text: &str) -> Result<Shard, String> {
    if text == "auto" {
        return array::shard(|name| std::env::var(name).ok());
    }
    let numbers = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
    match numbers {
        Some((number, of)) if (1..=of).contains(&number) && of <= MOST_SHARDS => Ok(Shard { number, of }),
        _ => Err(format!("expected K/N with K from 1 to N and N up to {MOST_SHARDS}, such as 1/8")),
    }
}

/// Gives a part to the caller, or writes it beside the others and says so: `whole` is its name but for the number, `size` how
/// many paths or points the whole has.
pub(super) fn hand_over(
    part: Part,
    whole: &str,
    shard: Shard,
    size: u64,
    output: &OutputArguments,
) -> Result<(), CliError> {
    if output.session.is_called() {
        output.session.give_part(part);
        return Ok(());
    }
    let Shard { number, of } = shard;
    let file = output.out.join(format!("{whole}.part-{number}-of-{of}"));
    output::write_file(&file, |writer| part.write(writer))?;
    if !output.talks() {
        return Ok(());
    }
    let (done, what) = part.size();
    super::print(&format!(
        "{}: part {number} of {of}, {} of {}, is in {}\n`breakeven merge` joins the parts when all are there.\n",
        part.scenario(),
        words::count(done),
        words::counted(size as usize, what),
        file.display()
    ))
}
