//! Joins parts: some into a bigger one, all into the whole; in whatever order, one after the other, so that no two are in memory.

use std::path::{Path, PathBuf};

use super::whole::{Content, Header, Whole, axes_of};
use super::{Part, PartError};
use crate::aggregate::{Aggregate, Summary};
use crate::analysis::{Axis, Sweep, SweepState};
use crate::engine::{self, Options, RunError};
use crate::plan::Plan;
use crate::scenario::Scenario;

/// So many missing parts are named.
const MOST_TOLD: usize = 20;

impl Part {
    /// Joins some parts into a bigger one, in whatever order, one after the other: so a tree of them can be joined on many
    /// machines.
    ///
    /// # Errors
    /// As [`Joined::of`], but for parts that are missing.
    pub fn of(
        parts: impl IntoIterator<Item = Result<(PathBuf, Self), PartError>>,
        options: &Options<'_>,
    ) -> Result<Self, PartError> {
        let all = Joining::of(parts, options)?;
        let numbers = all.numbers();
        Ok(Self { header: Header { numbers, ..all.header }, content: all.content })
    }
}

/// Parts that are being joined.
struct Joining {
    /// The file of the first, with what it says of the whole.
    first: PathBuf,
    header: Header,
    whole: Whole,
    content: Content,
    /// Which parts are there, and in which file.
    seen: Vec<((u64, u64), PathBuf)>,
}

impl Joining {
    fn of(
        parts: impl IntoIterator<Item = Result<(PathBuf, Part), PartError>>,
        options: &Options<'_>,
    ) -> Result<Self, PartError> {
        let mut parts = parts.into_iter();
        let Some(first) = parts.next() else {
            return Err(PartError::Missing { list: "all".to_owned(), of: 0 });
        };
        let (first, Part { header, content }) = first?;
        let whole = header.prepared(&first, options)?;
        let mut lowest = header.numbers.first().copied();
        let mut all = Self { first, header, whole, content, seen: Vec::new() };
        all.check(&all.header, &all.content, &all.first)?;
        all.see(&all.header.numbers.clone(), &all.first.clone())?;
        for part in parts {
            let (file, part) = part?;
            if let Some(difference) = difference(&part.header, &all.header) {
                return Err(PartError::OtherRun { file, first: all.first, difference });
            }
            all.check(&part.header, &part.content, &file)?;
            all.see(&part.header.numbers, &file)?;
            all.content.merge(part.content);
            // The same may be asked for in other words: those of the lowest part are kept, in whatever order parts come.
            if part.header.numbers.first().copied() < lowest {
                lowest = part.header.numbers.first().copied();
                all.header.asked = part.header.asked;
            }
        }
        all.seen.sort_unstable_by_key(|row| row.0);
        Ok(all)
    }

    /// Whether a part has the numbers that it says, and as many paths or points as they have.
    fn check(&self, header: &Header, content: &Content, file: &Path) -> Result<(), PartError> {
        let known = header.numbers.iter().all(|(first, last)| (1..=*last).contains(first) && *last <= header.of);
        if known && self.whole.fits(header, content) { Ok(()) } else { Err(PartError::Damaged(file.to_owned())) }
    }

    fn see(&mut self, numbers: &[(u64, u64)], file: &Path) -> Result<(), PartError> {
        for (first, last) in numbers {
            if let Some(((start, _), other)) = self.seen.iter().find(|((a, b), _)| a <= last && first <= b) {
                let (first_file, file) = (other.clone(), file.to_owned());
                return Err(PartError::Twice { number: *start.max(first), first: first_file, file });
            }
            self.seen.push(((*first, *last), file.to_owned()));
        }
        Ok(())
    }

    /// The rows of parts that are there, those that follow each other as one.
    fn numbers(&self) -> Vec<(u64, u64)> {
        let mut rows: Vec<(u64, u64)> = Vec::new();
        for ((first, last), _) in &self.seen {
            match rows.last_mut() {
                Some(row) if row.1 + 1 == *first => row.1 = *last,
                _ => rows.push((*first, *last)),
            }
        }
        rows
    }

    /// Those that are not.
    fn missing(&self) -> Vec<u64> {
        let mut missing = Vec::new();
        let mut next = 1;
        for (first, last) in self.numbers().into_iter().chain([(self.header.of + 1, self.header.of)]) {
            missing.extend(next..first);
            next = last + 1;
        }
        missing
    }
}

/// All parts together.
#[derive(Debug)]
pub enum Joined {
    /// Of a run.
    Run(Box<JoinedRun>),
    /// Of a sweep.
    Sweep(Box<JoinedSweep>),
}

/// All parts of a run together.
#[derive(Debug)]
pub struct JoinedRun {
    /// Its scenario.
    pub scenario: Scenario,
    /// Its plan.
    pub plan: Plan,
    paths: u64,
    aggregate: Aggregate,
}

/// All parts of a sweep together.
#[derive(Debug)]
pub struct JoinedSweep {
    /// The sweep.
    pub sweep: Sweep,
    /// All of its points.
    pub state: SweepState,
    /// The words that asked for it.
    pub asked: Vec<String>,
}

impl JoinedSweep {
    /// What is varied, as it was asked for.
    #[must_use]
    pub fn axes(&self) -> Vec<Axis> {
        axes_of(&self.asked).unwrap_or_default()
    }
}

impl Joined {
    /// Joins the parts in these files, in whatever order; one after the other, so that no two are in memory.
    ///
    /// # Errors
    /// Where one cannot be read, is foreign, damaged, of another run or sweep, there twice, or missing.
    pub fn join(files: &[PathBuf], options: &Options<'_>) -> Result<Self, PartError> {
        Self::of(Part::read_each(files), options)
    }

    /// Joins parts with what they are called in an error.
    ///
    /// # Errors
    /// As [`Joined::join`].
    pub fn of(
        parts: impl IntoIterator<Item = Result<(PathBuf, Part), PartError>>,
        options: &Options<'_>,
    ) -> Result<Self, PartError> {
        let all = Joining::of(parts, options)?;
        let missing: Vec<String> = all.missing().into_iter().map(|k| k.to_string()).collect();
        if !missing.is_empty() {
            let (told, more) = missing.split_at(missing.len().min(MOST_TOLD));
            let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
            return Err(PartError::Missing { list: told.join(", ") + &more, of: all.header.of });
        }
        match (all.whole, all.content) {
            (Whole::Run(run), Content::Paths(aggregate)) => {
                let (scenario, plan) = *run;
                Ok(Self::Run(Box::new(JoinedRun { scenario, plan, paths: all.header.paths, aggregate: *aggregate })))
            }
            (Whole::Sweep(sweep), Content::Points(state)) => {
                Ok(Self::Sweep(Box::new(JoinedSweep { sweep: *sweep, state, asked: all.header.asked })))
            }
            (Whole::Run(_), Content::Points(_)) | (Whole::Sweep(_), Content::Paths(_)) => {
                Err(PartError::Damaged(all.first))
            }
        }
    }
}

impl JoinedRun {
    /// Paths that were asked for: there are fewer where no more are known from actual numbers.
    #[must_use]
    pub fn asked_paths(&self) -> u64 {
        self.paths
    }

    /// What the single run says.
    ///
    /// # Errors
    /// Where money overflows on some path, or threads cannot be started.
    pub fn summary(&self, options: &Options<'_>) -> Result<Summary, RunError> {
        engine::summarise(&self.plan, self.paths, &self.aggregate, options)
    }
}

/// In what two parts differ that should belong to one run.
fn difference(part: &Header, first: &Header) -> Option<String> {
    let differs =
        |what: &str, a: &dyn std::fmt::Display, b: &dyn std::fmt::Display| Some(format!("{what} {a}, not {b}"));
    if part.name != first.name {
        return differs("scenario", &part.name, &first.name);
    }
    // The same file may be somewhere else on another machine.
    let texts = |header: &Header| -> Vec<String> { header.files.iter().map(|file| file.1.clone()).collect() };
    if (texts(part), part.main) != (texts(first), first.main) {
        return Some("the scenario's file, or what was --set, is another".to_owned());
    }
    match (&part.learned, &first.learned) {
        (Some(part), Some(first)) => {
            if let Some(difference) = part.difference(first) {
                return Some(difference);
            }
        }
        (None, None) => {}
        (Some(_), None) => return Some("it was given what was learned from actual numbers".to_owned()),
        (None, Some(_)) => return Some("it was not given what was learned from actual numbers".to_owned()),
    }
    if part.seed != first.seed {
        return differs("seed", &part.seed, &first.seed);
    }
    if part.sampler != first.sampler {
        return differs("sampler", &part.sampler, &first.sampler);
    }
    if part.paths != first.paths {
        return differs("paths", &part.paths, &first.paths);
    }
    if part.asked.is_empty() != first.asked.is_empty() {
        let [one, other] = if part.asked.is_empty() { ["a run", "a sweep"] } else { ["a sweep", "a run"] };
        return Some(format!("it is part of {one}, not of {other}"));
    }
    if axes_of(&part.asked) != axes_of(&first.asked) {
        return Some("what is varied is another".to_owned());
    }
    if part.of == first.of { None } else { differs("number of parts", &part.of, &first.of) }
}
