//! The direction of the flow: which part of the program may know which, read from the `crate::` paths of the source.

use std::collections::BTreeSet;
use std::path::Path;

/// For each part the parts that it may name.
const ALLOWED: &[(&str, &[&str])] = &[
    ("lanes", &["distribution"]),            // its tests take the exact functions as an oracle
    ("distribution", &["lanes", "sampler"]), // `sampler` in its tests: a million draws
    ("bounded", &[]),
    ("linear", &[]),
    ("scenario", &["bounded", "distribution", "linear", "words"]),
    ("fit", &["aggregate", "data", "distribution", "linear", "scenario", "words"]),
    ("data", &["bounded", "model", "scenario", "words"]),
    ("model", &["lanes", "scenario", "distribution"]),
    ("sampler", &["lanes", "distribution", "model", "plan", "scenario"]), // `plan` in its tests
    ("plan", &["lanes", "distribution", "model", "sampler", "scenario", "words"]),
    ("aggregate", &["lanes", "model", "round", "words"]),
    ("engine", &["lanes", "model", "sampler", "plan", "aggregate", "scenario"]), // the last in its tests
    ("sealed", &[]),
    ("part", &["aggregate", "analysis", "bounded", "engine", "plan", "sampler", "scenario", "sealed", "words"]),
    (
        "analysis",
        &[
            "aggregate",
            "distribution",
            "data",
            "engine",
            "lanes",
            "linear",
            "model",
            "plan",
            "sampler",
            "scenario",
            "sealed",
            "words",
        ],
    ),
    ("internals", &["aggregate", "analysis", "engine", "lanes", "model", "plan", "sampler", "scenario"]), // the last in its test
    ("run", &["aggregate", "analysis", "engine", "plan", "sampler", "scenario"]),
    ("table", &["aggregate", "analysis", "data", "plan", "scenario", "words"]),
    ("words", &[]),
    ("round", &[]),
    ("filename", &[]),
    ("guide", &[]),
    ("results", &["aggregate", "analysis", "data", "distribution", "filename", "plan", "scenario", "table", "words"]),
    ("findings", &["aggregate", "results", "scenario", "table", "words"]),
    ("export", &["bounded", "filename", "findings", "results", "table", "words"]),
    ("chart", &["aggregate", "fit", "results", "round", "sealed", "table", "words", "scenario"]),
    ("output", &["filename", "results"]),
    ("report", &["chart", "findings", "model", "results", "scenario", "sealed", "table", "words"]),
    (
        "verify",
        &["aggregate", "analysis", "data", "distribution", "engine", "lanes", "plan", "sampler", "scenario", "words"],
    ),
    (
        "cli",
        &[
            "aggregate",
            "analysis",
            "bounded",
            "chart",
            "data",
            "engine",
            "export",
            "findings",
            "fit",
            "guide",
            "lanes",
            "output",
            "part",
            "plan",
            "report",
            "results",
            "run",
            "sampler",
            "scenario",
            "table",
            "verify",
            "words",
        ],
    ),
];

/// Libraries that only one part may name.
const OWNED: &[(&str, &str)] = &[
    ("rayon::", "engine"),
    ("plotters::", "chart"),
    ("resvg::", "chart"),
    ("clap::", "cli"),
    ("indicatif::", "cli"),
    ("csv::", "export"),
    ("parquet::", "export"),
    ("rust_xlsxwriter::", "export"),
    ("maud::", "report"),
    ("base64::", "report"),
    ("toml::", "scenario"),
    ("pulp::", "lanes"),
    ("postcard::", "sealed"),
    ("rust_decimal::", "analysis"),
];

fn files(dir: &Path, out: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out.push(path);
        }
    }
}

/// `crate::a` and `crate::{a, b::c}` alike.
fn named_parts(text: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for after in text.split("crate::").skip(1) {
        let first = |part: &str| part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        match after.strip_prefix('{') {
            None => drop(out.insert(first(after))),
            Some(list) => out.extend(list.split(['}', ';']).next().unwrap().split(',').map(|part| first(part.trim()))),
        }
    }
    out
}

#[test]
fn parts_name_only_what_they_may() {
    let mut all = Vec::new();
    files(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut all);
    let mut seen = BTreeSet::new();
    for path in all {
        let inside = path.strip_prefix(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap();
        let part = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
        // What binds the library to other languages are packages of their own.
        if part == "lib" || part == "main" || part == "bindings" {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let code: String = text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        let (_, allowed) = ALLOWED.iter().find(|(name, _)| *name == part).unwrap_or_else(|| panic!("{part} is new"));
        for named in named_parts(&code) {
            assert!(named == part || allowed.contains(&named.as_str()), "{} names {named}", path.display());
        }
        for (library, owner) in OWNED {
            let names = code.lines().any(|line| line.contains(library) && !line.contains("crate::"));
            assert!(!names || part == *owner, "{} names {library}", path.display());
        }
        assert!(text.starts_with("//!"), "{} does not say what it owns", path.display());
        seen.insert(part);
    }
    assert_eq!(seen.len(), ALLOWED.len());
}
