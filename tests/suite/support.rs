//! Runs the program in a folder of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

/// A temporary folder in which the program runs, with the repository's scenarios at hand.
pub(crate) struct Workplace {
    dir: TempDir,
}

impl Workplace {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Writes a file and returns its name.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path().join(name), content).unwrap();
        name.to_owned()
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::cargo_bin("breakeven").unwrap();
        command.current_dir(self.path()).env_remove("BREAKEVEN_SIMD").env("NO_COLOR", "1");
        command
    }

    /// Runs the program; returns its exit status, stdout and stderr.
    pub(crate) fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = self.command().args(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// Every file below a folder with its bytes.
    pub(crate) fn files(&self, dir: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut out = BTreeMap::new();
        let root = self.path().join(dir);
        collect(&root, &root, &mut out);
        out
    }
}

fn collect(root: &Path, dir: &Path, out: &mut BTreeMap<PathBuf, Vec<u8>>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for entry in entries.map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, out);
        } else {
            out.insert(path.strip_prefix(root).unwrap().to_owned(), std::fs::read(&path).unwrap());
        }
    }
}

/// A table as a file has it.
pub(crate) struct Csv {
    columns: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Csv {
    pub(crate) fn read(work: &Workplace, file: &str) -> Self {
        let mut reader = csv::Reader::from_path(work.path().join(file)).unwrap();
        let texts = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
        let columns = texts(reader.headers().unwrap());
        Self { columns, rows: reader.records().map(|row| texts(&row.unwrap())).collect() }
    }

    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    pub(crate) fn cell(&self, row: usize, column: &str) -> &str {
        let at = self.columns.iter().position(|c| c == column).unwrap_or_else(|| panic!("no column {column}"));
        &self.rows[row][at]
    }

    /// The first row with that text under `column`.
    pub(crate) fn find(&self, column: &str, text: &str) -> Option<usize> {
        let at = self.columns.iter().position(|c| c == column)?;
        self.rows.iter().position(|row| row[at] == text)
    }

    pub(crate) fn number(&self, row: usize, column: &str) -> f64 {
        self.cell(row, column).parse().unwrap()
    }
}
