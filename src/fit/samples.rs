//! Values of an input that were observed one by one, as a distribution.

use std::path::Path;

use super::shapes::{Sample, Shape, ShapeFit};
use super::{FitError, digits};
use crate::data::Columns;
use crate::scenario::keys::{Key, Range, Takes, Trait};

/// Fewer values tell no shape.
const FEWEST: usize = 8;
/// More values are a list that nobody reads in a scenario file.
const MOST_LISTED: usize = 1000;
/// More different values are no discrete distribution.
const MOST_DISTINCT: usize = 50;
/// The shares at which the sample and the fit are held side by side.
const BESIDE: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];
/// What is printed is rounded so far that the data could not tell: to this many digits of how far the values reach.
const PRINTED: usize = 6;

/// Which distribution is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SampleKind {
    /// The one with the lowest criterion of Akaike.
    Any,
    /// This one.
    Of(Shape),
    /// The values themselves, between which everything is as likely.
    Empirical,
    /// The values themselves and no others, as often as they stand there.
    Discrete,
}

impl SampleKind {
    /// As the command line calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Of(shape) => shape.name(),
            Self::Empirical => "empirical",
            Self::Discrete => "discrete",
        }
    }

    /// Every one.
    pub const ALL: &[Self] = &[
        Self::Any,
        Self::Of(Shape::Uniform),
        Self::Of(Shape::LogUniform),
        Self::Of(Shape::Triangular),
        Self::Of(Shape::Pert),
        Self::Of(Shape::Normal),
        Self::Of(Shape::LogNormal),
        Self::Of(Shape::Beta),
        Self::Of(Shape::Gamma),
        Self::Of(Shape::Metalog),
        Self::Empirical,
        Self::Discrete,
    ];
}

/// A distribution of values.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleFit {
    /// The input, `table.key`.
    pub input: String,
    /// How a scenario writes the distribution: `gamma = { mean = …, sd = … }`.
    pub written: String,
    /// How many values.
    pub n: usize,
    /// Their mean, and the standard deviation of its error.
    pub mean: (f64, f64),
    /// What was fitted; none where the values stand for themselves.
    pub chosen: Option<ShapeFit>,
    /// All that could be fitted, the best first; one alone where it was asked for.
    pub ranked: Vec<ShapeFit>,
    /// What could not, and why.
    pub left_out: Vec<(Shape, String)>,
    /// Shares, with the quantiles of the sample and of the fit.
    pub beside: Vec<(f64, f64, f64)>,
    /// The values in order.
    pub sorted: Vec<f64>,
}

impl SampleFit {
    /// Fits a distribution to the column `value` of a file. `input` is the key whose values they are; its range is that of the
    /// distribution.
    ///
    /// # Errors
    /// Where the file is wrong, has too few values, one lies outside the input's range, or the distribution cannot be fitted.
    pub fn of_file(path: &Path, input: &str, kind: SampleKind) -> Result<Self, FitError> {
        Self::of_columns(&Columns::load(path, &["value"])?, input, kind)
    }

    /// The same with the numbers at hand.
    ///
    /// ```
    /// use breakeven::{data::Columns, fit::{SampleFit, SampleKind, Shape}, scenario::SourceFile};
    ///
    /// // Mean 4.5; the most likely variance is that by n, 5.25, whose root is 2.291.
    /// let text = "value\n1\n2\n3\n4\n5\n6\n7\n8\n".to_owned();
    /// let columns = Columns::parse(SourceFile { path: "values.csv".to_owned(), text }, &["value"]).unwrap();
    /// let fit = SampleFit::of_columns(&columns, "revenue.ancillary", SampleKind::Of(Shape::Normal)).unwrap();
    /// assert_eq!(fit.written, "normal = { mean = 4.5, sd = 2.29129 }");
    /// ```
    ///
    /// # Errors
    /// As [`SampleFit::of_file`].
    pub fn of_columns(columns: &Columns, input: &str, kind: SampleKind) -> Result<Self, FitError> {
        let undetermined = |why: String| FitError::Undetermined(why);
        let range = key_of(input).map_err(undetermined)?.spec().range;
        columns.each("value", |x| (!range.contains(x)).then_some("outside the range of the input"))?;
        let sorted = crate::aggregate::sorted_numbers(columns.numbers("value"));
        let n = sorted.len();
        if n < FEWEST {
            return Err(undetermined(format!("{n} values: a distribution takes at least {FEWEST}")));
        }
        if sorted[0] == sorted[n - 1] {
            return Err(undetermined(format!(
                "all {n} values are {}: that is a number, not a distribution",
                sorted[0]
            )));
        }
        let mean = sorted.iter().sum::<f64>() / n as f64;
        let squares: f64 = sorted.iter().map(|x| (x - mean) * (x - mean)).sum();
        let mut out = Self {
            input: input.to_owned(),
            written: String::new(),
            n,
            mean: (mean, libm::sqrt(squares / (n as f64 * (n as f64 - 1.0)))),
            chosen: None,
            ranked: Vec::new(),
            left_out: Vec::new(),
            beside: Vec::new(),
            sorted,
        };
        match kind {
            SampleKind::Empirical => out.written = listed(&out.sorted).map_err(undetermined)?,
            SampleKind::Discrete => out.written = counted(&out.sorted).map_err(undetermined)?,
            SampleKind::Any => out.shaped(&Shape::ALL, range).map_err(undetermined)?,
            SampleKind::Of(shape) => out.shaped(&[shape], range).map_err(undetermined)?,
        }
        Ok(out)
    }

    /// Fits some shapes and takes the best.
    fn shaped(&mut self, shapes: &[Shape], range: Range) -> Result<(), String> {
        let sample = Sample { sorted: self.sorted.clone(), range };
        for shape in shapes {
            match shape.fit(&sample) {
                Ok(fit) => self.ranked.push(fit),
                Err(why) => self.left_out.push((*shape, why)),
            }
        }
        self.ranked.sort_by(|a, b| a.aic().total_cmp(&b.aic()));
        let Some(best) = self.ranked.first() else {
            let why: Vec<String> =
                self.left_out.iter().map(|(shape, why)| format!("`{}` {why}", shape.name())).collect();
            return Err(why.join("; "));
        };
        self.beside = BESIDE
            .iter()
            .map(|p| (*p, crate::aggregate::quantile_of(&self.sorted, *p), best.dist.quantile(*p)))
            .collect();
        let (first, last) = sample.ends();
        // Values close together around a large number take the digits of that too.
        let lead = libm::floor(libm::log10(first.abs().max(last.abs()) / (last - first))).clamp(0.0, 10.0) as usize;
        let fitted =
            best.parameters.iter().map(|(name, value, _)| format!("{name} = {}", digits(*value, PRINTED + lead)));
        let limits = best.limits.iter().map(|(name, end)| format!("{name} = {end}"));
        let all: Vec<String> = fitted.chain(limits).collect();
        self.written = format!("{} = {{ {} }}", best.shape.name(), all.join(", "));
        self.chosen = Some(best.clone());
        Ok(())
    }

    /// As lines of a scenario file, with a source named `source` that tells of `data`.
    #[must_use]
    pub fn toml(&self, source: &str, data: &str) -> String {
        let (segment, name) = split(&self.input);
        let (table, key) = name.rsplit_once('.').unwrap_or(("", name));
        let segment = segment.map_or_else(String::new, |name| format!("segments.{}.", as_key(name)));
        let title = crate::scenario::quoted_text(&format!("Values of {data}"));
        format!(
            "[{segment}{table}]\n{key} = {{ {}, source = \"{source}\" }}\n\n[sources.{source}]\ntitle = {title}\n",
            self.written,
        )
    }
}

/// The segment of an input's name, if it is that of one, and the input's own.
fn split(input: &str) -> (Option<&str>, &str) {
    let own = |rest: &'_ str| rest.rmatch_indices('.').nth(1).map(|(at, _)| at);
    match input.strip_prefix("segments.").and_then(|rest| Some(rest.split_at(own(rest)?))) {
        Some((segment, name)) => (Some(segment.trim_matches('"')), &name[1..]),
        None => (None, input),
    }
}

/// A name as TOML writes it in the name of a table.
fn as_key(name: &str) -> String {
    let bare = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if bare { name.to_owned() } else { crate::scenario::quoted_text(name) }
}

/// The key of an input's name, that of a segment's own too.
fn key_of(input: &str) -> Result<Key, String> {
    let (segment, own) = split(input);
    let key = Key::by_name(own).filter(|key| key.spec().takes == Takes::Input);
    if let (Some(segment), Some(key)) = (segment, key)
        && !key.is(Trait::InSegments)
    {
        return Err(format!(
            "`{own}` is the same for all segments: say --input {}, not that of “{segment}”",
            key.name()
        ));
    }
    key.ok_or_else(|| {
        let near = crate::scenario::nearest_key(own).filter(|near| *near != own);
        let near = near.map_or_else(String::new, |near| format!(": did you mean `{near}`?"));
        format!("`{input}` is no input that takes a distribution{near}")
    })
}

fn listed(sorted: &[f64]) -> Result<String, String> {
    if sorted.len() > MOST_LISTED {
        return Err(format!(
            "{} values are too many for a list (at most {MOST_LISTED}): fit another kind, or --kind any",
            sorted.len()
        ));
    }
    let values: Vec<String> = sorted.iter().map(f64::to_string).collect();
    Ok(format!("empirical = {{ values = [{}] }}", values.join(", ")))
}

fn counted(sorted: &[f64]) -> Result<String, String> {
    let mut distinct: Vec<(f64, usize)> = Vec::new();
    for x in sorted {
        match distinct.last_mut() {
            Some((value, n)) if value == x => *n += 1,
            _ => distinct.push((*x, 1)),
        }
    }
    if distinct.len() > MOST_DISTINCT {
        return Err(format!(
            "{} different values are too many for `discrete` (at most {MOST_DISTINCT}): take `empirical`",
            distinct.len()
        ));
    }
    let list = |of: fn(&(f64, usize)) -> String| distinct.iter().map(of).collect::<Vec<_>>().join(", ");
    let (values, weights) = (list(|entry| entry.0.to_string()), list(|entry| entry.1.to_string()));
    Ok(format!("discrete = {{ values = [{values}], weights = [{weights}] }}"))
}
