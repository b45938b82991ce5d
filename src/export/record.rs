//! `run.json`: what a run was, so that anyone can run it again. No time of day: the same run gives the same bytes.

use std::io::Write;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::aggregate::{CaseSummary, Precision};
use crate::analysis::{Axis, Compare, EachPath, Side, Solution, Solve, Sweep};
use crate::distribution::Dist;
use crate::plan::Plan;
use crate::scenario::keys::Key;
use crate::scenario::{Grade, ImpliedBy, NewPrice, Scenario, Segment};
use crate::words;

/// Results are smaller: money up to 1e15 over 600 months, ratios up to 1e17. A seed may be any 64-bit number.
pub(super) const LARGEST_NUMBER: f64 = 1e20;

/// A record of results: what they are, and which files of their folder they are.
pub trait Record: Serialize + DeserializeOwned {
    /// The file that it is in.
    const FILE: &'static str;

    /// The files of the folder that belong to the results, the record among them.
    fn files(&mut self) -> &mut Vec<String>;
}

macro_rules! records {
    ($($type:ty, $file:literal, $($field:ident).+;)*) => {
        $(impl Record for $type {
            const FILE: &'static str = $file;

            fn files(&mut self) -> &mut Vec<String> {
                &mut self.$($field).+
            }
        })*
    };
}

records! {
    RunRecord, "run.json", files;
    SweepRecord, "sweep.json", run.files;
    SolveRecord, "solve.json", run.files;
    CompareRecord, "compare.json", files;
    SideBySideRecord, "side-by-side.json", files;
}

/// The record of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// The program's name and version.
    pub program: String,
    /// The scenario's name.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// SHA-256 of the scenario file; of what it extends, itself and each `--set` in one, where there are several.
    pub scenario_sha256: String,
    /// The scenarios that it extends, the nearest first.
    pub extends: Vec<String>,
    /// The overrides of the command line.
    pub set: Vec<String>,
    /// The conditions of the command line: inputs that are known to have a value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given: Vec<String>,
    /// The seed of all random numbers.
    pub seed: u64,
    /// How points are spread.
    pub sampler: String,
    /// Paths simulated.
    pub paths: u64,
    /// Independent versions of the point set, from which the errors come; none for fewer than 32 paths.
    pub replicates: Option<usize>,
    /// Paths in each of them (in some one more, where they cannot be dealt out evenly).
    pub paths_per_replicate: Option<u64>,
    /// The goals of a run that was to stop when it is precise enough.
    pub precision: Vec<PrecisionRecord>,
    /// Months simulated.
    pub horizon_months: usize,
    /// Calendar month of month 1.
    pub start: Option<String>,
    /// G.
    pub target_subscribers: f64,
    /// How the investment follows from the target, if it does.
    pub investment_implied_by: Option<String>,
    /// … and what it then is, in dollars.
    pub implied_investment: Option<f64>,
    /// Inputs that the file gives.
    pub inputs: usize,
    /// … of which said by a scenario that it extends.
    #[serde(default)]
    pub inputs_inherited: usize,
    /// … of which assumptions of grade X.
    pub inputs_assumed: usize,
    /// … of which without a source.
    pub inputs_without_source: usize,
    /// The sources of the inputs that matter most to a reader: refusal, price and users, also where segments have their own.
    pub main_sources: Vec<String>,
    /// The named segments of the market.
    #[serde(default)]
    pub segments: Vec<SegmentRecord>,
    /// The files of this folder.
    pub files: Vec<String>,
}

/// A named segment of the market.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SegmentRecord {
    /// Its name.
    pub name: String,
    /// Its share of the active users.
    pub share: f64,
    /// Whether its subscribers count toward the target.
    pub counts_toward_target: bool,
}

impl SegmentRecord {
    fn new(segment: &Segment) -> Self {
        let Segment { name, share, counts_toward_target, .. } = segment;
        Self { name: name.clone(), share: *share, counts_toward_target: *counts_toward_target }
    }
}

impl RunRecord {
    /// Whom figures speak of that leave out the segments that do not count: `alone (25% of users)`; none where all count.
    #[must_use]
    pub fn counting_segments(&self) -> Option<String> {
        let counting = self.segments.iter().filter(|segment| segment.counts_toward_target);
        let names: Vec<String> =
            counting.map(|segment| format!("{} ({} of users)", segment.name, words::percent(segment.share))).collect();
        (names.len() < self.segments.len()).then(|| words::list(&names))
    }
}

/// The record of a sweep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepRecord {
    /// What was varied.
    pub vary: Vec<VaryRecord>,
    /// How many points that makes.
    pub points: usize,
    /// A price far beyond the range at which mean NPV is still higher than anywhere in it: the demand curve's tail, of which nothing
    /// is measured.
    #[serde(default)]
    pub still_higher_at: Option<f64>,
    /// The rest is as in a run; `paths` are those of each point.
    #[serde(flatten)]
    pub run: RunRecord,
}

/// Of records that do not say so.
fn yes() -> bool {
    true
}

/// One input of a sweep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VaryRecord {
    /// The input; the first, where several move together.
    pub input: String,
    /// The others that move with it.
    #[serde(default)]
    pub also: Vec<String>,
    /// What it is called, with whom it moves and what follows it.
    #[serde(default)]
    pub called: String,
    /// Whether whoever runs the business sets it: of other inputs there is no best choice.
    #[serde(default = "yes")]
    pub chosen: bool,
    /// Its unit.
    pub unit: String,
    /// Its values in order.
    pub values: Vec<f64>,
    /// Where the scenario itself sees the input: the ends of its distribution, or its 5th and 95th percentile where it has none;
    /// twice the same for a plain number.
    pub scenario_range: Option<[f64; 2]>,
}

impl VaryRecord {
    fn new(scenario: &Scenario, axis: &Axis) -> Self {
        let values = axis.values.iter().map(|value| value.number).collect();
        Self::of_inputs(scenario, &axis.inputs, axis.key, values)
    }

    fn of_inputs(scenario: &Scenario, inputs: &[String], key: Key, values: Vec<f64>) -> Self {
        let (input, also) = inputs.split_first().map_or(("", &[][..]), |(first, others)| (first.as_str(), others));
        let range =
            |dist: &Dist| dist.ends().map_or_else(|| [0.05, 0.95].map(|p| dist.quantile(p)), |(low, high)| [low, high]);
        Self {
            input: input.to_owned(),
            also: also.to_vec(),
            called: scenario.called(inputs),
            chosen: key.is_chosen(),
            unit: key.spec().unit.to_owned(),
            values,
            scenario_range: match scenario.price_change(input) {
                Some(NewPrice::Monthly(price)) => Some([price; 2]),
                Some(NewPrice::Times(_)) => None,
                None => scenario.input(input).map(|value| range(&value.dist)),
            },
        }
    }

    /// What the input is called in a sentence: `monthly price`, `refusal rate for premium only (30% of users)`.
    #[must_use]
    pub fn name(&self) -> String {
        if self.called.is_empty() { words::input(&self.input) } else { self.called.clone() }
    }

    /// Whether the input can be still lower than its lowest value, or higher than its highest.
    #[must_use]
    pub fn goes_beyond(&self, end: f64) -> bool {
        let name = self.input.rsplitn(3, '.').take(2).collect::<Vec<_>>();
        let key = name.iter().rev().copied().collect::<Vec<_>>().join(".");
        let Some(key) = Key::by_name(&key) else { return true };
        let (least, most) = key.spec().range.innermost();
        let (low, high) = self.ends();
        (end == low && low > least) || (end == high && high < most)
    }

    /// The lowest and the highest value.
    #[must_use]
    pub fn ends(&self) -> (f64, f64) {
        let all = self.values.iter();
        all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)))
    }
}

impl SweepRecord {
    /// The record of a sweep; `files` are still to be told.
    #[must_use]
    pub fn new(sweep: &Sweep) -> Self {
        Self {
            vary: sweep.axes().iter().map(|axis| VaryRecord::new(sweep.scenario(), axis)).collect(),
            points: sweep.points(),
            still_higher_at: None,
            run: RunRecord::new(sweep.scenario(), sweep.first_plan(), sweep.paths(), &[]),
        }
    }
}

/// The record of a solution.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SolveRecord {
    /// The input that was solved for; its values are the ends of the bracket.
    pub solve_for: VaryRecord,
    /// What was to be reached: an outcome's mean or an event's probability.
    pub until: Option<String>,
    /// … and the level.
    pub level: Option<f64>,
    /// Whether that is a probability.
    pub is_probability: bool,
    /// The outcome's unit.
    pub unit: String,
    /// Whether each path's break-even was looked for.
    pub each_path: bool,
    /// Which side of it is of interest: the lowest value that breaks even, or the highest.
    pub side: Option<String>,
    /// The rest is as in a run.
    #[serde(flatten)]
    pub run: RunRecord,
}

impl SolveRecord {
    /// The record of a solution; `files` are still to be told.
    #[must_use]
    pub fn new(solve: &Solve, solution: Option<&Solution>, each_path: Option<&EachPath>) -> Self {
        let bracket = solve.bracket();
        let ends = [bracket.low, bracket.high];
        let unit =
            |name: &str| CaseSummary::outcomes().find(|outcome| outcome.0 == name).map_or("share", |outcome| outcome.1);
        Self {
            solve_for: VaryRecord::of_inputs(solve.scenario(), &bracket.inputs, bracket.key, ends.to_vec()),
            until: solution.map(|solution| solution.until.name.to_owned()),
            level: solution.map(|solution| solution.until.level),
            is_probability: solution.is_some_and(|solution| solution.until.is_probability),
            unit: solution.map_or("share", |solution| unit(solution.until.name)).to_owned(),
            each_path: each_path.is_some(),
            side: each_path.map(|each| match each.side() {
                Side::Lowest => "lowest".to_owned(),
                Side::Highest => "highest".to_owned(),
            }),
            run: RunRecord::new(solve.scenario(), solve.plan(), solve.paths(), &[]),
        }
    }
}

/// The record of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompareRecord {
    /// The records of the scenarios; all are compared with the first.
    pub scenarios: Vec<RunRecord>,
    /// The files of the folder.
    pub files: Vec<String>,
}

impl CompareRecord {
    /// The record of a comparison; `files` are still to be told.
    #[must_use]
    pub fn new(compare: &Compare) -> Self {
        let both = compare.scenarios().iter().zip(compare.plans());
        let record = |(scenario, plan): (&Scenario, &Plan)| RunRecord::new(scenario, plan, compare.paths(), &[]);
        Self { scenarios: both.map(record).collect(), files: Vec::new() }
    }
}

/// The record of sweeps drawn side by side: their own folders have the numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SideBySideRecord {
    /// The scenarios, in the order in which they are drawn.
    pub scenarios: Vec<String>,
    /// The files of the folder.
    pub files: Vec<String>,
}

/// Writes a record as JSON.
///
/// # Errors
/// Where the writer fails.
pub fn write_record(record: &impl Serialize, mut writer: impl Write) -> std::io::Result<()> {
    serde_json::to_writer_pretty(&mut writer, record)?;
    writer.write_all(b"\n")
}

/// Reads a record, and checks what charts and sentences rely on.
///
/// # Errors
/// Where it is no record, or has a number that no record has.
pub fn read_record<R: Record>(bytes: &[u8]) -> Result<R, serde_json::Error> {
    let mut value: serde_json::Value = serde_json::from_slice(bytes)?;
    clean(&mut value)?;
    serde_json::from_value(value)
}

/// Texts without characters that control a terminal; numbers within the bounds of what is simulated.
fn clean(value: &mut serde_json::Value) -> Result<(), serde_json::Error> {
    use serde::de::Error;
    use serde_json::Value;
    match value {
        Value::String(text) => {
            if let std::borrow::Cow::Owned(shown) = words::shown(text) {
                *text = shown;
            }
        }
        Value::Number(number) if number.as_f64().is_none_or(|x| x.abs() > LARGEST_NUMBER) => {
            return Err(serde_json::Error::custom(format!("{number} is beyond what a result can be")));
        }
        Value::Array(list) => list.iter_mut().try_for_each(clean)?,
        Value::Object(map) => {
            if map.get("horizon_months").and_then(Value::as_f64).is_some_and(|months| !(1.0..=600.0).contains(&months))
            {
                return Err(serde_json::Error::custom("`horizon_months` is not from 1 to 600"));
            }
            map.values_mut().try_for_each(clean)?;
        }
        _ => {}
    }
    Ok(())
}

/// How precise a run was to be, and was: half the width of a 95% interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PrecisionRecord {
    /// A probability or an outcome.
    pub of: String,
    /// As asked.
    pub asked: String,
    /// As it came out, written like what was asked.
    pub reached: String,
    /// Whether that is enough; otherwise the most paths allowed came first.
    pub met: bool,
}

impl PrecisionRecord {
    fn new(found: &Precision) -> Self {
        Self {
            of: found.goal.name.to_owned(),
            asked: found.goal.written.clone(),
            reached: found.written(),
            met: found.is_met(),
        }
    }
}

impl RunRecord {
    /// The record of a run; `files` are still to be told.
    #[must_use]
    pub fn new(scenario: &Scenario, plan: &Plan, paths: u64, precision: &[Precision]) -> Self {
        let given = scenario.given_inputs();
        let mut main_sources: Vec<String> = Vec::new();
        let ledger = scenario.ledger();
        for key in [Key::RefusalRate, Key::PriceMonthly, Key::ActiveUsers] {
            for (_, _, value) in ledger.iter().filter(|entry| entry.1 == key) {
                let source = value.source.as_ref().and_then(|s| scenario.sources().get(s));
                let set = scenario.said_by(value).filter(|_| scenario.is_set(value)).map(str::to_owned);
                let name = source.map(|s| s.publisher.clone().unwrap_or_else(|| s.title.clone())).or(set);
                main_sources.extend(name.filter(|name| !main_sources.contains(name)));
            }
        }
        Self {
            program: format!("breakeven {}", env!("CARGO_PKG_VERSION")),
            scenario: scenario.name().to_owned(),
            title: scenario.title().to_owned(),
            scenario_sha256: hex(&Sha256::digest(texts(scenario))),
            extends: (0..scenario.main()).rev().map(|file| scenario.file_stem(file)).collect(),
            set: scenario.laid_over(false),
            given: scenario.laid_over(true),
            seed: plan.seed,
            sampler: plan.sampler.name().to_owned(),
            paths,
            replicates: crate::aggregate::replicates(paths),
            paths_per_replicate: crate::aggregate::replicates(paths).map(|n| paths / n as u64),
            precision: precision.iter().map(PrecisionRecord::new).collect(),
            horizon_months: scenario.months(),
            start: scenario.start().map(|start| start.of_month(1)),
            target_subscribers: scenario.target(),
            investment_implied_by: scenario.implied_investment().map(|by| match by {
                ImpliedBy::Target => "target".to_owned(),
                ImpliedBy::TargetRamp => "target_ramp".to_owned(),
            }),
            implied_investment: plan.implied_investment(),
            inputs: given.len(),
            inputs_inherited: scenario.inherited_inputs(),
            inputs_assumed: given.iter().filter(|value| scenario.grade_of(value) == Some(Grade::X)).count(),
            inputs_without_source: given.iter().filter(|value| scenario.said_by(value).is_none()).count(),
            main_sources,
            segments: scenario.segments().iter().map(SegmentRecord::new).collect(),
            files: Vec::new(),
        }
    }
}

fn texts(scenario: &Scenario) -> String {
    let mut out: String = scenario.files()[..=scenario.main()].iter().map(|file| file.text.as_str()).collect();
    out.extend(scenario.laid_over(false));
    // The same value given is another scenario than the same value set.
    out.extend(scenario.laid_over(true).iter().map(|given| format!("given {given}")));
    out
}

fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        out += &format!("{byte:02x}");
    }
    out
}
