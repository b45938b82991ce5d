//! Columns of numbers, as a fit takes them, each number with its place in the file.

use std::ops::Range;
use std::path::Path;

use super::rows::{self, Rows, error};
use crate::scenario::{LoadError, Problem, Problems, SourceFile};

/// Columns of numbers, all of the same length.
#[derive(Clone, Debug)]
pub struct Columns {
    file: SourceFile,
    names: Vec<&'static str>,
    /// By column, by row.
    numbers: Vec<Vec<f64>>,
    places: Vec<Vec<Range<usize>>>,
}

impl Columns {
    /// Reads a file whose header names these columns.
    ///
    /// # Errors
    /// Where it cannot be read, or has something that is no number.
    pub fn load(path: &Path, names: &[&'static str]) -> Result<Self, LoadError> {
        Ok(Self::parse(rows::read(path)?, names)?)
    }

    /// The same from a text.
    ///
    /// # Errors
    /// Every problem of it.
    pub fn parse(file: SourceFile, names: &[&'static str]) -> Result<Self, Problems> {
        let mut rows = Rows::of(&file, names, names.len());
        let places: Option<Vec<usize>> = names.iter().map(|name| rows.place(name)).collect();
        let mut out = Self {
            numbers: vec![Vec::new(); names.len()],
            places: vec![Vec::new(); names.len()],
            names: names.to_vec(),
            file,
        };
        for line in std::mem::take(&mut rows.lines).iter().filter(|_| places.is_some()) {
            for (i, place) in places.iter().flatten().enumerate() {
                if let Some(x) = rows.number(&line[*place], out.names[i]) {
                    out.numbers[i].push(x);
                    out.places[i].push(line[*place].span.clone());
                }
            }
        }
        if rows.problems.is_empty() { Ok(out) } else { Err(rows::problems(&out.file, rows.problems)) }
    }

    /// The file that they were read from.
    #[must_use]
    pub fn file(&self) -> &SourceFile {
        &self.file
    }

    fn at(&self, name: &str) -> usize {
        self.names.iter().position(|known| *known == name).unwrap_or(0)
    }

    /// The numbers of a column.
    pub(crate) fn numbers(&self, name: &str) -> &[f64] {
        &self.numbers[self.at(name)]
    }

    /// The error of every row of a column of which `wrong` says something.
    fn check(&self, name: &str, wrong: impl Fn(usize) -> Option<&'static str>) -> Result<(), Problems> {
        let at = self.at(name);
        let problem = |i: usize| -> Option<Problem> {
            let label = wrong(i)?;
            Some(error(self.places[at][i].clone(), format!("`{name}` is {}", self.numbers[at][i]), label))
        };
        let list: Vec<Problem> = (0..self.numbers[at].len()).filter_map(problem).collect();
        if list.is_empty() { Ok(()) } else { Err(rows::problems(&self.file, list)) }
    }

    /// Checks each number of a column.
    pub(crate) fn each(&self, name: &str, wrong: impl Fn(f64) -> Option<&'static str>) -> Result<(), Problems> {
        self.check(name, |i| wrong(self.numbers(name)[i]))
    }

    /// Checks each number of a column beside that of another.
    pub(crate) fn pairs(
        &self,
        name: &str,
        other: &str,
        wrong: impl Fn(f64, f64) -> Option<&'static str>,
    ) -> Result<(), Problems> {
        self.check(name, |i| wrong(self.numbers(name)[i], self.numbers(other)[i]))
    }

    /// Checks that each is larger than the one before.
    pub(crate) fn rising(&self, name: &str) -> Result<(), Problems> {
        let numbers = self.numbers(name);
        self.check(name, |i| (i > 0 && numbers[i] <= numbers[i - 1]).then_some("expected more than in the row before"))
    }

    /// Checks that none is larger than the one before.
    pub(crate) fn falling(&self, name: &str) -> Result<(), Problems> {
        let numbers = self.numbers(name);
        self.check(name, |i| {
            (i > 0 && numbers[i] > numbers[i - 1]).then_some("expected no more than in the row before")
        })
    }

    /// Checks that they are `first`, `first` + 1, …
    pub(crate) fn counts_from(&self, name: &str, first: f64) -> Result<(), Problems> {
        let numbers = self.numbers(name);
        self.check(name, |i| {
            (numbers[i] != first + i as f64).then_some("expected every month in its order, from 0 or 1")
        })
    }
}
