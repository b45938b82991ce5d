//! A distribution as a file writes it: `pert = { min = …, mode = …, max = … }`.

use super::problem::Place;
use super::tree::{Node, Table};
use super::walk::Walker;
use crate::distribution::{Dist, Invalid, Percentiles};

/// The names that a value's table may use for a distribution.
pub(super) const DISTRIBUTIONS: &[&str] = &[
    "uniform",
    "log_uniform",
    "triangular",
    "pert",
    "normal",
    "log_normal",
    "beta",
    "gamma",
    "metalog",
    "discrete",
    "empirical",
];

/// Required parameters, in alternative sets, and optional ones.
type Names = (&'static [&'static [&'static str]], &'static [&'static str]);

/// The parameters that a distribution takes.
pub(super) fn parameters(kind: &str) -> Names {
    match kind {
        "uniform" | "log_uniform" => (&[&["min", "max"]], &[]),
        "triangular" => (&[&["min", "mode", "max"]], &[]),
        "pert" => (&[&["min", "mode", "max"]], &["shape"]),
        "normal" => (&[&["mean", "sd"], &["p10", "p90"], &["p05", "p95"]], &["min", "max"]),
        "log_normal" => (&[&["median", "sigma"], &["mean", "sd"], &["p10", "p90"], &["p05", "p95"]], &["min", "max"]),
        "beta" => (&[&["alpha", "beta"], &["mean", "n"]], &["min", "max"]),
        "gamma" => (&[&["mean", "sd"]], &[]),
        "metalog" => (&[&["p10", "p50", "p90"]], &["min", "max"]),
        "discrete" => (&[&["values"]], &["weights"]),
        _ => (&[&["values"]], &[]),
    }
}

/// The parameters of one distribution, as far as they could be read.
struct Parameters<'w> {
    walker: &'w mut Walker,
    numbers: Vec<(String, f64, Place)>,
    lists: Vec<(String, Vec<f64>, Place)>,
    /// Place of the table, and its name in the scenario.
    place: Place,
    path: String,
    complete: bool,
}

/// Reads `table` as the parameters of `kind`. Problems are recorded; None where there were some.
pub(super) fn read(walker: &mut Walker, kind: &str, node: &Node, path: &str) -> Option<Dist> {
    let table = walker.table(node, path)?;
    let (required, optional) = parameters(kind);
    let mut parameters = Parameters {
        walker,
        numbers: Vec::new(),
        lists: Vec::new(),
        place: node.place.clone(),
        path: format!("{path}.{kind}"),
        complete: true,
    };
    parameters.collect(table, required, optional);
    let form = parameters.form(required)?;
    if !parameters.complete {
        return None;
    }
    let built = parameters.build(kind, form);
    built.map_err(|invalid| parameters.refuse(&invalid)).ok()
}

impl Parameters<'_> {
    fn collect(&mut self, table: &Table, required: &[&[&str]], optional: &[&str]) {
        let mut known: Vec<&str> = required.concat();
        known.extend(optional);
        known.dedup();
        let before = self.walker.problems.len();
        self.walker.only_known(table, &self.path, &known);
        for (name, entry) in table.iter().filter(|(name, _)| known.contains(&name.as_str())) {
            let (path, place) = (format!("{}.{name}", self.path), entry.node.place.clone());
            if matches!(name.as_str(), "values" | "weights") {
                if let Some(list) = self.walker.numbers(&entry.node, &path) {
                    self.lists.push((name.clone(), list, place));
                }
            } else if let Some(number) = self.walker.number(&entry.node, &path) {
                self.numbers.push((name.clone(), number, place));
            }
        }
        self.complete = self.walker.problems.len() == before;
    }

    fn has(&self, name: &str) -> bool {
        self.numbers.iter().any(|n| n.0 == name) || self.lists.iter().any(|l| l.0 == name)
    }

    /// Which of the alternative sets of required parameters is given; an error where none or two are.
    fn form(&mut self, required: &[&[&str]]) -> Option<usize> {
        let given: Vec<usize> =
            (0..required.len()).filter(|&i| required[i].iter().any(|name| self.has(name))).collect();
        if let [only] = given[..]
            && required[only].iter().all(|name| self.has(name))
        {
            return Some(only);
        }
        if self.complete {
            let forms: Vec<String> = required
                .iter()
                .map(|names| names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(" + "))
                .collect();
            let accepted = forms.join(", or ");
            let message = if given.len() > 1 {
                format!("`{}` is given in two ways at once", self.path)
            } else {
                format!("`{}` lacks a parameter", self.path)
            };
            self.walker.error(&self.place, message, format!("expected {accepted}"));
        }
        None
    }

    fn get(&self, name: &str) -> f64 {
        self.optional(name).unwrap_or(f64::NAN)
    }

    fn optional(&self, name: &str) -> Option<f64> {
        self.numbers.iter().find(|n| n.0 == name).map(|n| n.1)
    }

    fn list(&self, name: &str) -> Option<&[f64]> {
        self.lists.iter().find(|l| l.0 == name).map(|l| l.1.as_slice())
    }

    fn build(&self, kind: &str, form: usize) -> Result<Dist, Invalid> {
        let p = |name| self.get(name);
        let (min, max) = (self.optional("min"), self.optional("max"));
        match (kind, form) {
            ("uniform", _) => Dist::uniform(p("min"), p("max")),
            ("log_uniform", _) => Dist::log_uniform(p("min"), p("max")),
            ("triangular", _) => Dist::triangular(p("min"), p("mode"), p("max")),
            ("pert", _) => Dist::pert(p("min"), p("mode"), p("max"), self.optional("shape").unwrap_or(4.0)),
            ("normal", 0) => Dist::normal(p("mean"), p("sd"), min, max),
            ("normal", form) => Dist::normal_from_percentiles(self.percentiles(form == 1), min, max),
            ("log_normal", 0) => Dist::log_normal(p("median"), p("sigma"), min, max),
            ("log_normal", 1) => Dist::log_normal_from_mean(p("mean"), p("sd"), min, max),
            ("log_normal", form) => Dist::log_normal_from_percentiles(self.percentiles(form == 2), min, max),
            ("beta", 0) => Dist::beta(p("alpha"), p("beta"), min, max),
            ("beta", _) => Dist::beta_from_mean(p("mean"), p("n"), min, max),
            ("gamma", _) => Dist::gamma(p("mean"), p("sd")),
            ("metalog", _) => Dist::metalog(p("p10"), p("p50"), p("p90"), min, max),
            ("discrete", _) => Dist::discrete(self.list("values").unwrap_or(&[]), self.list("weights")),
            _ => Dist::empirical(self.list("values").unwrap_or(&[])),
        }
    }

    fn percentiles(&self, wide: bool) -> Percentiles {
        if wide {
            Percentiles::p10_p90(self.get("p10"), self.get("p90"))
        } else {
            Percentiles::p05_p95(self.get("p05"), self.get("p95"))
        }
    }

    /// Points at the parameter that a constructor refused.
    fn refuse(&mut self, invalid: &Invalid) {
        let place = invalid.parameter.and_then(|name| {
            let number = self.numbers.iter().find(|n| n.0 == name).map(|n| n.2.clone());
            number.or_else(|| self.lists.iter().find(|l| l.0 == name).map(|l| l.2.clone()))
        });
        let message = format!("`{}` is not a distribution", self.path);
        self.walker.error(&place.unwrap_or_else(|| self.place.clone()), message, invalid.message.clone());
    }
}
