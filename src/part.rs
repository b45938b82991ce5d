//! A part of a run or a sweep as a file: what `--shard` writes and `merge` reads; some parts together are a part again.
//!
//! It holds all that the whole's results are made from: the scenario's files, what was asked for, and the aggregate of the part's
//! paths, or the part's points of a sweep. Both merge without a trace, so any order gives the bytes of the single command.

use std::io::{Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::aggregate::{Aggregate, Summary};
use crate::analysis::{Axis, Sweep, SweepState};
use crate::bounded;
use crate::engine::{self, MOST_PATHS, MOST_SHARDS, Options, RunError, Shard};
use crate::plan::Plan;
use crate::sampler::{Sampler, Sampling};
use crate::scenario::{self, Problems, Scenario, SourceFile};
use crate::sealed::{self, Mark, SealError, program};
use crate::words;

/// How a part begins, with the number of the form that follows.
const MARK: Mark = *b"breakeven part 4";
/// No part is larger: one of 2²⁰ paths, whose outcomes are kept, has 160 MB, and 16 MB for each segment; one of a sweep with as many
/// paths 18 MB, and 3 kB for each point.
const LARGEST: u64 = 1 << 31;
/// The option of a sweep that says an input and its values.
const VARY: &str = "--vary";
/// So many missing parts are named.
const MOST_TOLD: usize = 20;

/// What the parts of a run have in common, and which part it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    name: String,
    /// Path and text of each file of the scenario.
    files: Vec<(String, String)>,
    main: usize,
    /// The words that ask for a sweep, `--vary` and a range among them; none of a run.
    asked: Vec<String>,
    sampler: String,
    seed: u64,
    paths: u64,
    /// Which parts, in order: the first and the last of each row of them.
    numbers: Vec<(u64, u64)>,
    of: u64,
}

/// What a part has of the whole.
#[derive(Debug, Serialize, Deserialize)]
enum Content {
    /// Paths of a run.
    Paths(Box<Aggregate>),
    /// Points of a sweep.
    Points(SweepState),
}

/// The whole, ready to be simulated.
#[derive(Debug)]
enum Whole {
    Run(Box<(Scenario, Plan)>),
    Sweep(Box<Sweep>),
}

impl Header {
    fn new(scenario: &Scenario, sampling: Sampling, asked: &[String], shard: Shard) -> Self {
        let Sampling { paths, seed, sampler } = sampling;
        Self {
            name: scenario.name().to_owned(),
            files: scenario.files().iter().map(|file| (file.path.clone(), file.text.clone())).collect(),
            main: scenario.main(),
            asked: asked.to_vec(),
            sampler: sampler.name().to_owned(),
            seed,
            paths,
            numbers: vec![(shard.number, shard.number)],
            of: shard.of,
        }
    }

    /// The whole; what nobody can have asked is damage, whatever the checksum says.
    fn prepared(&self, file: &Path) -> Result<Whole, PartError> {
        let damaged = || PartError::Damaged(file.to_owned());
        let sampler = Sampler::by_name(&self.sampler).ok_or_else(damaged)?;
        let can_be = (1..=MOST_PATHS).contains(&self.paths)
            && (1..=MOST_SHARDS).contains(&self.of)
            && !self.numbers.is_empty()
            && self.numbers.iter().all(|(first, last)| (1..=*last).contains(first) && *last <= self.of)
            && self.numbers.windows(2).all(|rows| rows[0].1 < rows[1].0)
            && self.main < self.files.len();
        if !can_be {
            return Err(damaged());
        }
        let files = self.files.iter().map(|(path, text)| SourceFile { path: path.clone(), text: text.clone() });
        let scenario = scenario::reload(&self.name, files.collect(), self.main)?;
        if self.asked.is_empty() {
            let plan = Plan::new(&scenario, sampler, self.seed)?;
            return Ok(Whole::Run(Box::new((scenario, plan))));
        }
        let axes = axes_of(&self.asked).ok_or_else(damaged)?;
        let sampling = Sampling { paths: self.paths, seed: self.seed, sampler };
        let sweep = Sweep::new(&scenario, axes, sampling).map_err(|_| damaged())?;
        Ok(Whole::Sweep(Box::new(sweep)))
    }

    /// How many parts they are.
    fn count(&self) -> u64 {
        self.numbers.iter().map(|(first, last)| last - first + 1).sum()
    }
}

/// What is varied by the words that ask for a sweep; none where that makes no sense.
#[must_use]
pub fn axes_of(asked: &[String]) -> Option<Vec<Axis>> {
    let values = || asked.windows(2).filter(|words| words[0] == VARY).map(|words| &words[1]);
    if !(1..=2).contains(&values().count()) {
        return None;
    }
    values().map(|values| values.parse().ok()).collect()
}

impl Whole {
    /// Whether a content can be that of some parts: rows from a first to a last number.
    fn fits(&self, header: &Header, content: &Content) -> bool {
        match (self, content) {
            (Self::Run(run), Content::Paths(aggregate)) => {
                engine::fits(&run.1, header.paths, &header.numbers, header.of, aggregate)
            }
            (Self::Sweep(sweep), Content::Points(state)) => {
                let of = |(first, last): &(u64, u64)| {
                    let [start, end] = [first - 1, *last].map(|parts| points_before(parts, header.of, sweep.points()));
                    start..end
                };
                let points: Vec<Range<usize>> = header.numbers.iter().map(of).collect();
                state.fits(sweep.paths()) && state.has(&points)
            }
            (Self::Run(_), Content::Points(_)) | (Self::Sweep(_), Content::Paths(_)) => false,
        }
    }
}

impl Content {
    fn merge(&mut self, other: Self) {
        match (self, other) {
            (Self::Paths(all), Self::Paths(part)) => all.merge(*part),
            (Self::Points(all), Self::Points(part)) => all.merge(part),
            // Each was found to fit the same whole.
            (Self::Paths(_), Self::Points(_)) | (Self::Points(_), Self::Paths(_)) => {
                debug_assert!(false, "parts of a run and of a sweep");
            }
        }
    }
}

/// How many of a sweep's points are in its first parts.
fn points_before(parts: u64, of: u64, points: usize) -> usize {
    (u128::from(parts) * points as u128 / u128::from(of.max(1))) as usize
}

/// The points of a sweep that a part of it has.
#[must_use]
pub fn points_of(shard: Shard, points: usize) -> Range<usize> {
    points_before(shard.number.saturating_sub(1), shard.of, points)..points_before(shard.number, shard.of, points)
}

/// A part of a run or a sweep.
#[derive(Debug)]
pub struct Part {
    header: Header,
    content: Content,
}

/// Why parts do not make a run or a sweep.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// It cannot be read.
    #[error("cannot read `{}`: {error}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Something else.
    #[error("`{}` is no part of a run or a sweep (`breakeven run SCENARIO --shard K/N` makes one)", .0.display())]
    Foreign(PathBuf),
    /// Its checksum does not fit.
    #[error("`{}` is damaged: make this part again", .0.display())]
    Damaged(PathBuf),
    /// Made by another version.
    #[error("`{}` was made by {made_by}, this is {}: parts are joined by the version that made them", file.display(), program())]
    Version {
        /// The file.
        file: PathBuf,
        /// The program that made it.
        made_by: String,
    },
    /// Parts of two runs or sweeps.
    #[error("`{}` belongs to another run than `{}`: {difference}", file.display(), first.display())]
    OtherRun {
        /// The file.
        file: PathBuf,
        /// The first file.
        first: PathBuf,
        /// In what they differ.
        difference: String,
    },
    /// One part twice.
    #[error("part {number} is given twice: `{}` and `{}`", first.display(), file.display())]
    Twice {
        /// Which.
        number: u64,
        /// One file.
        first: PathBuf,
        /// The other.
        file: PathBuf,
    },
    /// Some parts are not there.
    #[error("of {of} parts {} missing: {}", if list.contains(',') { "these are" } else { "one is" }, list)]
    Missing {
        /// Their numbers.
        list: String,
        /// How many there should be.
        of: u64,
    },
    /// The scenario inside does not load.
    #[error(transparent)]
    Wrong(#[from] Problems),
    /// The first few paths could not be simulated.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl Part {
    /// Simulates one part of a run of `paths` paths.
    ///
    /// # Errors
    /// As [`engine::run`].
    pub fn simulate(
        scenario: &Scenario,
        plan: &Plan,
        paths: u64,
        shard: Shard,
        options: &Options<'_>,
    ) -> Result<Self, RunError> {
        let sampling = Sampling { paths, seed: plan.seed, sampler: plan.sampler };
        let header = Header::new(scenario, sampling, &[], shard);
        Ok(Self { header, content: Content::Paths(Box::new(engine::run_shard(plan, paths, shard, options)?)) })
    }

    /// A part of a sweep, of which [`points_of`] the part are done in `state`. `asked` are the words that ask for it: `--vary` and a
    /// range, once or twice, among others.
    #[must_use]
    pub fn of_sweep(sweep: &Sweep, state: SweepState, asked: &[String], shard: Shard) -> Self {
        let header = Header::new(sweep.scenario(), sweep.sampling(), asked, shard);
        Self { header, content: Content::Points(state) }
    }

    /// Joins some parts into a bigger one, in whatever order, one after the other: so a tree of them can be joined on many
    /// machines.
    ///
    /// # Errors
    /// As [`Joined::of`], but for parts that are missing.
    pub fn of(parts: impl IntoIterator<Item = Result<(PathBuf, Self), PartError>>) -> Result<Self, PartError> {
        let all = Joining::of(parts)?;
        let numbers = all.numbers();
        Ok(Self { header: Header { numbers, ..all.header }, content: all.content })
    }

    /// The parts in these files, one after the other.
    pub fn read_each(files: &[PathBuf]) -> impl Iterator<Item = Result<(PathBuf, Self), PartError>> {
        files.iter().map(|file| Ok((file.clone(), Self::read(file)?)))
    }

    /// Which parts of how many, as people write it: `part 3 of 8`, `parts 1 to 4 and 7 of 8`.
    #[must_use]
    pub fn called(&self) -> String {
        let row = |(first, last): &(u64, u64)| {
            if first == last { first.to_string() } else { format!("{first} to {last}") }
        };
        let rows: Vec<String> = self.header.numbers.iter().map(row).collect();
        let noun = if self.header.count() == 1 { "part" } else { "parts" };
        format!("{noun} {} of {}", words::list(&rows), self.header.of)
    }

    /// The scenario's name.
    #[must_use]
    pub fn scenario(&self) -> &str {
        &self.header.name
    }

    /// How much of the whole it is, and of what: 5 of `path` or `point`.
    #[must_use]
    pub fn size(&self) -> (u64, &'static str) {
        match &self.content {
            Content::Paths(aggregate) => (aggregate.paths(), "path"),
            Content::Points(state) => (state.points() as u64, "point"),
        }
    }

    /// Writes it.
    ///
    /// # Errors
    /// Where the writer fails.
    pub fn write(&self, writer: &mut impl Write) -> std::io::Result<()> {
        sealed::write(&MARK, &(&self.header, &self.content), writer)
    }

    /// Reads one, and checks that it is whole and of this version.
    ///
    /// # Errors
    /// Where it is not.
    pub fn read(file: &Path) -> Result<Self, PartError> {
        let failed = |error| PartError::Read { file: file.to_owned(), error };
        let mut mark = Vec::new();
        bounded::open(file).and_then(|open| open.take(MARK.len() as u64).read_to_end(&mut mark)).map_err(failed)?;
        if mark != MARK {
            return Err(PartError::Foreign(file.to_owned()));
        }
        let bytes = bounded::read(file, LARGEST).map_err(failed)?;
        Self::from_bytes(&bytes, file)
    }

    /// The same of what [`Part::write`] wrote; `file` is what it is called in an error.
    ///
    /// # Errors
    /// Where it is not whole, or of another version.
    pub fn from_bytes(bytes: &[u8], file: &Path) -> Result<Self, PartError> {
        let (header, content) = sealed::read(&MARK, bytes).map_err(|error| match error {
            SealError::Foreign => PartError::Foreign(file.to_owned()),
            SealError::Damaged => PartError::Damaged(file.to_owned()),
            SealError::Version(made_by) => PartError::Version { file: file.to_owned(), made_by },
        })?;
        Ok(Self { header, content })
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
    fn of(parts: impl IntoIterator<Item = Result<(PathBuf, Part), PartError>>) -> Result<Self, PartError> {
        let mut parts = parts.into_iter();
        let Some(first) = parts.next() else {
            return Err(PartError::Missing { list: "all".to_owned(), of: 0 });
        };
        let (first, Part { header, content }) = first?;
        let whole = header.prepared(&first)?;
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
    pub fn join(files: &[PathBuf]) -> Result<Self, PartError> {
        Self::of(Part::read_each(files))
    }

    /// Joins parts with what they are called in an error.
    ///
    /// # Errors
    /// As [`Joined::join`].
    pub fn of(parts: impl IntoIterator<Item = Result<(PathBuf, Part), PartError>>) -> Result<Self, PartError> {
        let all = Joining::of(parts)?;
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
    if (&part.files, part.main) != (&first.files, first.main) {
        return Some("the scenario's file, or what was --set, is another".to_owned());
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
