//! What is fuzzed: whatever comes in from outside, in process. Each target takes any bytes and must come back: with an answer or an
//! error, without a panic, soon.
//!
//! `fuzz_targets` hands them to libFuzzer; `tests/suite/fuzzed.rs` mutates a corpus with a plain loop, on any toolchain.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use breakeven::analysis::{Conditioning, Settings, Sweep};
use breakeven::chart::{self, Style};
use breakeven::cli::Caller;
use breakeven::data::Actuals;
use breakeven::engine::{Options, Shard};
use breakeven::part::{Joined, Part, points_of};
use breakeven::plan::Plan;
use breakeven::sampler::Sampler;
use breakeven::scenario::{self, PosteriorSource, Scenario, SourceFile};
use breakeven::{Run, Sampling, export, findings, report};
use sha2::{Digest, Sha256};

/// Paths of a simulation that is fuzzed.
const PATHS: u64 = 64;
/// Paths of one that has learned from actual numbers.
const LEARNED: u64 = 2048;
/// Bytes of the mark and the checksum before the content of a sealed file.
const MARK: usize = 16;

/// A target by its name.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 6] = [
    ("scenario", scenario),
    ("results", results),
    ("parts", parts),
    ("kept", kept),
    ("actuals", actuals),
    ("arguments", arguments),
];

/// Options whose values are parsed, with the rest of a command that has them.
const ARGUMENTS: [&[&str]; 16] = [
    &["run", "baseline", "--paths", "16", "--set"],
    &["run", "baseline", "--paths", "16", "--given"],
    &["run", "baseline", "--max-paths", "256", "--precision"],
    &["run", "baseline", "--shard", "1/100000", "--paths"],
    &["run", "baseline", "--paths", "16", "--seed"],
    &["run", "baseline", "--paths", "16", "--shard"],
    &["sweep", "baseline", "--paths", "16", "--vary"],
    &["solve", "baseline", "--paths", "16", "--for", "price.monthly", "--until"],
    &["solve", "baseline", "--paths", "16", "--until", "npv=0", "--for"],
    &["solve", "baseline", "--paths", "16", "--for", "price.monthly", "--until", "npv=0", "--between"],
    &["compare", "baseline", "--paths", "16", "--with"],
    &["drivers", "baseline", "--paths", "16", "--max-paths", "64", "--of"],
    &["discover", "baseline", "--paths", "16", "--max-paths", "64", "--of"],
    &["voi", "baseline", "--paths", "16", "--choose"],
    &["voi", "baseline", "--paths", "16", "--choose", "price.monthly=5,10", "--know"],
    &["voi", "baseline", "--paths", "16", "--choose", "price.monthly=5,10", "--study"],
];

fn baseline() -> &'static Scenario {
    static BASELINE: OnceLock<Scenario> = OnceLock::new();
    BASELINE.get_or_init(|| scenario::load("baseline").expect("the scenario comes with the program"))
}

fn text(data: &[u8]) -> SourceFile {
    SourceFile { path: "fuzzed".to_owned(), text: String::from_utf8_lossy(data).into_owned() }
}

/// A scenario's text: checked, planned, and simulated on 16 paths.
pub fn scenario(data: &[u8]) {
    let Ok(scenario) = scenario::parse("fuzzed", text(data)) else { return };
    let _ = Run::new(&scenario).paths(16).threads(1).run();
}

/// Files of results that are read back, said and drawn: the first byte says which file the others stand in for.
pub fn results(data: &[u8]) {
    let Some((which, content)) = data.split_first() else { return };
    let right = files();
    let place = tempfile::tempdir().expect("there is a temporary folder");
    for (i, (name, bytes)) in right.iter().enumerate() {
        let bytes = if i == *which as usize % right.len() { content } else { bytes };
        std::fs::write(place.path().join(name), bytes).expect("it can be written");
    }
    let Ok(Some(results)) = export::read_results(place.path()) else { return };
    let _ = findings::of(&results);
    for sketch in chart::charts(&results, &Style::default()) {
        let _ = sketch.draw().map(|chart| chart.svg(&Style::default()));
    }
    let _ = report::html(&[report::Part { results, scenarios: Vec::new() }], "breakeven report", &[]);
}

/// The record and the tables of a run, of which [`results`] replaces one.
pub fn files() -> &'static [(String, Vec<u8>)] {
    static FILES: OnceLock<Vec<(String, Vec<u8>)>> = OnceLock::new();
    FILES.get_or_init(|| {
        let place = tempfile::tempdir().expect("there is a temporary folder");
        let run = ["run", "baseline", "--paths", "64"].map(str::to_owned);
        let found = Caller::default().call(&run).expect("the run works");
        let out = ["--no-charts".to_owned(), "--out".to_owned(), place.path().display().to_string()];
        let folder = found[0].write(&out, &false.into()).expect("the folder can be written");
        let entries = std::fs::read_dir(&folder).expect("it was written").flatten();
        let mut names: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
        // The record first.
        names.sort_by_key(|path| (path.extension().is_some_and(|end| end == "csv"), path.clone()));
        let named = |path: &PathBuf| Some((path.file_name()?.to_str()?.to_owned(), std::fs::read(path).ok()?));
        names.iter().filter_map(named).collect()
    })
}

/// A content with the mark and the checksum that it needs to be looked at.
fn sealed(mark: &[u8], content: &[u8]) -> Vec<u8> {
    [&mark[..MARK], Sha256::digest(content).as_slice(), content].concat()
}

/// What a part of a run holds behind its checksum.
pub fn part() -> &'static [u8] {
    static PART: OnceLock<Vec<u8>> = OnceLock::new();
    &PART.get_or_init(|| {
        let plan = Plan::new(baseline(), Sampler::default(), 1).expect("the scenario makes a plan");
        let part = Part::simulate(baseline(), &plan, PATHS, Shard { number: 1, of: 1 }, &Options::default());
        let mut bytes = Vec::new();
        part.expect("the run works").write(&mut bytes).expect("memory takes it");
        bytes
    })[..]
}

/// A part of what was learned from actual numbers, which carries what it was learned from.
pub fn part_of_posterior() -> &'static [u8] {
    static PART: OnceLock<Vec<u8>> = OnceLock::new();
    &PART.get_or_init(|| {
        let scenario = baseline();
        let settings = Settings::default();
        let source = Arc::new(PosteriorSource {
            results: "condition-first-months".to_owned(),
            given_to: scenario.name().to_owned(),
            name: scenario.name().to_owned(),
            files: scenario.files().to_vec(),
            main: scenario.main(),
            actuals: text(include_bytes!("../../../scenarios/first-months.csv")),
            error: settings.error,
            held_out: settings.held_out,
            max_paths: 1 << 16,
        });
        let sampling = Sampling { paths: LEARNED, ..Sampling::default() };
        let learned = Conditioning::again(&source, sampling)
            .and_then(|conditioning| conditioning.given_to(scenario, &source, &Options::default()))
            .expect("the numbers fit the scenario");
        let plan = Plan::new(&learned, Sampler::default(), 1).expect("the scenario makes a plan");
        let part = Part::simulate(&learned, &plan, LEARNED, Shard { number: 1, of: 2 }, &Options::default());
        let mut bytes = Vec::new();
        part.expect("the run works").write(&mut bytes).expect("memory takes it");
        bytes
    })[..]
}

/// Both parts of a sweep.
pub fn parts_of_sweep() -> &'static [Vec<u8>; 2] {
    static PARTS: OnceLock<[Vec<u8>; 2]> = OnceLock::new();
    PARTS.get_or_init(|| {
        [1, 2].map(|number| {
            let shard = Shard { number, of: 2 };
            let mut state = sweep().start();
            let points = points_of(shard, sweep().points());
            sweep().resume(&mut state, points, &Options::default(), |_| ()).expect("the sweep works");
            let asked = ["--vary", "price.monthly=5,10,15"].map(str::to_owned);
            let mut bytes = Vec::new();
            Part::of_sweep(sweep(), state, &asked, shard)
                .expect("it has no posterior")
                .write(&mut bytes)
                .expect("memory takes it");
            bytes
        })
    })
}

/// The content of a part of a run or a sweep: joined and summarised.
pub fn parts(data: &[u8]) {
    let bytes = sealed(part(), data);
    let read = |bytes: &[u8], name: &str| Ok((PathBuf::from(name), Part::from_bytes(bytes, Path::new(name))?));
    let [_, second] = parts_of_sweep();
    // By itself, and with the other part of the sweep.
    for parts in [vec![read(&bytes, "fuzzed")], vec![read(second, "second"), read(&bytes, "fuzzed")]] {
        match Joined::of(parts, &Options::default()) {
            Ok(Joined::Run(joined)) => drop(joined.summary(&Options { threads: Some(1), ..Options::default() })),
            Ok(Joined::Sweep(joined)) => drop(joined.sweep.result(joined.state)),
            Err(_) => {}
        }
    }
}

fn sweep() -> &'static Sweep {
    static SWEEP: OnceLock<Sweep> = OnceLock::new();
    SWEEP.get_or_init(|| {
        let axis = "price.monthly=5,10,15".parse().expect("it is an axis");
        Sweep::new(baseline(), vec![axis], Sampling { paths: PATHS, ..Sampling::default() }).expect("it can be swept")
    })
}

/// What is kept of a sweep that was interrupted.
pub fn state() -> &'static [u8] {
    static STATE: OnceLock<Vec<u8>> = OnceLock::new();
    &STATE.get_or_init(|| {
        let mut state = sweep().start();
        sweep().resume(&mut state, 0..sweep().points(), &Options::default(), |_| ()).expect("the sweep works");
        let mut bytes = Vec::new();
        sweep().write_state(&state, &mut bytes).expect("memory takes it");
        bytes
    })[..]
}

/// The content of what is kept of a sweep: the sweep goes on from it.
pub fn kept(data: &[u8]) {
    let Some(mut read) = sweep().read_state(&sealed(state(), data)) else { return };
    let options = Options { threads: Some(1), ..Options::default() };
    if sweep().resume(&mut read, 0..sweep().points(), &options, |_| ()).is_ok() {
        let _ = sweep().result(read);
    }
}

/// Actual numbers: read, and the scenario's futures weighed by them.
pub fn actuals(data: &[u8]) {
    let Ok(actuals) = Actuals::parse(text(data), baseline()) else { return };
    let settings = Settings { max_paths: 1024, ..Settings::default() };
    let sampling = Sampling { paths: PATHS, ..Sampling::default() };
    let Ok(conditioning) = Conditioning::new(baseline(), actuals, settings, sampling) else { return };
    // That takes a second: one file in eight is simulated.
    if !data.len().is_multiple_of(8) {
        return;
    }
    let _ = conditioning.run(&Options { threads: Some(1), ..Options::default() });
}

/// The value of an option: the first byte says which, the others are its text.
pub fn arguments(data: &[u8]) {
    let Some((which, value)) = data.split_first() else { return };
    let words = ARGUMENTS[*which as usize % ARGUMENTS.len()];
    let value = String::from_utf8_lossy(value).into_owned();
    // Folders of results are another target, and an argument cannot hold a zero.
    if value.contains('\0') || value.contains('/') && words.contains(&"--given") {
        return;
    }
    let all: Vec<String> = words.iter().map(|word| (*word).to_owned()).chain([value]).collect();
    let _ = Caller::default().said(&all);
}

/// Where each target starts: real files, real options.
pub fn corpus(root: &Path) -> Vec<(&'static str, Vec<Vec<u8>>)> {
    let read = |folder: &str, end: &str| -> Vec<Vec<u8>> {
        let entries = std::fs::read_dir(root.join(folder)).expect("the folder is there").flatten();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        files.retain(|file| file.extension().is_some_and(|known| known == end));
        files.sort();
        files.iter().map(|file| std::fs::read(file).expect("it can be read")).collect()
    };
    let numbered = |i: usize, content: Vec<u8>| [vec![i as u8], content].concat();
    let results = files().iter().enumerate().map(|(i, (_, bytes))| numbered(i, bytes.clone()));
    let options = include_str!("../corpus/arguments.txt").lines().filter_map(|line| {
        let (which, value) = line.split_once(' ')?;
        Some(numbered(which.parse().ok()?, value.as_bytes().to_vec()))
    });
    vec![
        ("scenario", [read("scenarios", "toml"), read("tests/golden", "toml")].concat()),
        ("results", results.collect()),
        ("parts", [part(), &parts_of_sweep()[0], part_of_posterior()].map(|part| part[MARK + 32..].to_vec()).to_vec()),
        ("kept", vec![state()[MARK + 32..].to_vec()]),
        ("actuals", [read("scenarios", "csv"), read("tests/fuzz/corpus", "csv")].concat()),
        ("arguments", options.collect()),
    ]
}
