//! From data to inputs: estimates with their own uncertainty, as lines of a scenario file.

mod bass;
mod between;
mod newton;
mod retention;
mod samples;
mod shapes;
mod willingness;

pub use samples::{SampleFit, SampleKind};
pub use shapes::{Parameter, Shape, ShapeFit};

use std::path::Path;

use crate::data::Columns;
use crate::scenario::{LoadError, Problems};

/// What is fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// The diffusion of an innovation (Bass, 1969), to sales by period.
    Bass,
    /// Shifted-beta-geometric retention (Fader and Hardie, 2007), to the survivors of a cohort.
    Retention,
    /// Demand by price, to the answers of a survey.
    Willingness,
}

impl Model {
    /// Every model.
    pub const ALL: [Self; 3] = [Self::Bass, Self::Retention, Self::Willingness];

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bass => "bass",
            Self::Retention => "retention",
            Self::Willingness => "willingness",
        }
    }

    /// The columns of its data.
    #[must_use]
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Bass => &["period", "sales"],
            Self::Retention => &["month", "survivors"],
            Self::Willingness => &["price", "asked", "willing"],
        }
    }
}

/// A fitted number, with the standard deviation of its error.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// What it is: an input of a scenario, or another parameter of the model.
    pub name: &'static str,
    /// The estimate.
    pub value: f64,
    /// The standard deviation of its error.
    pub sd: f64,
    /// Where it is an input: what it may be.
    pub input: Option<Bounds>,
}

/// What an input may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bounds {
    /// Above 0, and up to a most where there is one.
    Positive {
        /// The most.
        most: Option<f64>,
    },
    /// From 0 to a most of 1 or below.
    Share {
        /// The most.
        most: f64,
    },
}

/// An estimate with a larger error, relative to what is left to either end, is none that a distribution could carry.
const LARGEST_ERROR: f64 = 0.4;

/// A model that was fitted to data.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The model.
    pub model: Model,
    /// The parameters: inputs of a scenario first.
    pub parameters: Vec<Fitted>,
    /// Pearson's correlations of the errors of the inputs, by pairs of places.
    pub correlations: Vec<(usize, usize, f64)>,
    /// The data and the fit: what stands for a row, what was observed, what is fitted.
    pub rows: Vec<(String, f64, f64)>,
    /// What should be known.
    pub remarks: Vec<String>,
}

/// Why there is no fit.
#[derive(Debug, thiserror::Error)]
pub enum FitError {
    /// The file cannot be read, or is wrong.
    #[error(transparent)]
    Data(#[from] LoadError),
    /// The data do not determine the parameters.
    #[error("{0}")]
    Undetermined(String),
}

impl From<Problems> for FitError {
    fn from(problems: Problems) -> Self {
        Self::Data(LoadError::Wrong(problems))
    }
}

/// How data are to be read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Periods a year: 1, 4 or 12.
    pub periods_a_year: f64,
    /// How many began, where survivors are shares.
    pub cohort: Option<f64>,
    /// Whether sales are the rate at the end of each period, as some published fits take them, rather than the sum over it.
    pub rate: bool,
}

impl Fit {
    /// Fits a model to the data in a file.
    ///
    /// # Errors
    /// Where the file is wrong, has too few rows, or does not determine the parameters.
    pub fn of_file(model: Model, path: &Path, reading: Reading) -> Result<Self, FitError> {
        Self::of_columns(model, &Columns::load(path, model.columns())?, reading)
    }

    /// The same with columns of numbers.
    ///
    /// ```
    /// use breakeven::{data::Columns, fit::{Fit, Model, Reading}, scenario::SourceFile};
    ///
    /// // Half of a cohort of 1,000 leaves in each month: all are alike, and the spread of churn is at its bound.
    /// let text = "month,survivors\n0,1024\n1,512\n2,256\n3,128\n".to_owned();
    /// let file = SourceFile { path: "cohort.csv".to_owned(), text };
    /// let columns = Columns::parse(file, Model::Retention.columns()).unwrap();
    /// let reading = Reading { periods_a_year: 12.0, cohort: None, rate: false };
    /// let error = Fit::of_columns(Model::Retention, &columns, reading).unwrap_err().to_string();
    /// assert!(error.contains("monthly_churn = 0.5"), "{error}");
    /// ```
    ///
    /// # Errors
    /// As [`Fit::of_file`].
    pub fn of_columns(model: Model, columns: &Columns, reading: Reading) -> Result<Self, FitError> {
        let fit = match model {
            Model::Bass => bass::fit(columns, reading),
            Model::Retention => retention::fit(columns, reading),
            Model::Willingness => willingness::fit(columns),
        }?;
        // Beyond that the distribution that is printed would not be the estimate.
        let vague = fit.parameters.iter().find(|fitted| match fitted.input {
            Some(Bounds::Positive { .. }) => !(fitted.sd < LARGEST_ERROR * fitted.value),
            Some(Bounds::Share { most }) => !(fitted.sd < LARGEST_ERROR * fitted.value.min(most - fitted.value)),
            None => false,
        });
        vague.map_or(Ok(()), |fitted| {
            let (name, value, sd) = (fitted.name, digits(fitted.value, 3), digits(fitted.sd, 2));
            Err(FitError::Undetermined(format!("the data hardly tell `{name}`: {value} ± {sd}; it takes more of them")))
        })?;
        Ok(fit)
    }

    /// The fit as lines of a scenario file: inputs with distributions, their rank correlations, and a source named `source` that tells
    /// of `data`.
    #[must_use]
    pub fn toml(&self, source: &str, data: &str) -> String {
        let inputs: Vec<&Fitted> = self.parameters.iter().filter(|fitted| fitted.input.is_some()).collect();
        let mut out = String::new();
        let mut table = "";
        for fitted in &inputs {
            let Some((own, key)) = fitted.name.split_once('.') else { continue };
            if own != table {
                out.push_str(&format!("{}[{own}]\n", if table.is_empty() { "" } else { "\n" }));
                table = own;
            }
            let number = |x: f64| digits(x, 6);
            let written = match fitted.input {
                // The estimate is made on the logarithmic scale, and so is its error.
                Some(Bounds::Positive { most }) => {
                    let most = most.map_or(String::new(), |most| format!(", max = {most}"));
                    let sigma = digits(fitted.sd / fitted.value, 3);
                    format!("log_normal = {{ median = {}, sigma = {sigma}{most} }}", number(fitted.value))
                }
                Some(Bounds::Share { most }) => {
                    let (mean, sd) = (number(fitted.value), digits(fitted.sd, 3));
                    format!("normal = {{ mean = {mean}, sd = {sd}, min = 0, max = {most} }}")
                }
                None => continue,
            };
            out.push_str(&format!("{key} = {{ {written}, source = \"{source}\" }}\n"));
        }
        for (a, b, pearson) in &self.correlations {
            // To so many digits they contradict each other no more than the estimates do.
            let rank = 6.0 / std::f64::consts::PI * libm::asin(0.5 * pearson);
            out.push_str(&format!(
                "\n[[correlations]]\ninputs = [\"{}\", \"{}\"]\nrank = {}\n",
                self.parameters[*a].name,
                self.parameters[*b].name,
                digits(rank, 6)
            ));
        }
        let title = crate::scenario::quoted_text(&format!("{} fitted to {data}", self.model.title()));
        out.push_str(&format!("\n[sources.{source}]\ntitle = {title}\n"));
        out
    }
}

impl Model {
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Bass => "Bass diffusion",
            Self::Retention => "Shifted-beta-geometric retention",
            Self::Willingness => "Log-logistic demand",
        }
    }
}

/// So many significant digits.
pub(crate) fn digits(x: f64, digits: usize) -> String {
    let rounded: f64 = format!("{x:.*e}", digits - 1).parse().unwrap_or(x);
    format!("{rounded}")
}

/// The delta method: the covariance of functions of parameters, by their derivatives.
fn carried(covariance: &[Vec<f64>], derivatives: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let n = covariance.len();
    let product = |a: &[f64], b: &[f64]| -> f64 {
        (0..n).flat_map(|i| (0..n).map(move |j| (i, j))).map(|(i, j)| a[i] * covariance[i][j] * b[j]).sum()
    };
    derivatives.iter().map(|a| derivatives.iter().map(|b| product(a, b)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::SourceFile;

    fn fitted(model: Model, text: &str, cohort: Option<f64>) -> Result<Fit, FitError> {
        let file = SourceFile { path: "data.csv".to_owned(), text: text.to_owned() };
        let columns = Columns::parse(file, model.columns())?;
        Fit::of_columns(model, &columns, Reading { periods_a_year: 1.0, cohort, rate: true })
    }

    fn parameter<'f>(fit: &'f Fit, name: &str) -> &'f Fitted {
        fit.parameters.iter().find(|fitted| fitted.name == name).unwrap()
    }

    /// Published with sales as the rate at the end of each year.
    #[test]
    fn bass_of_recorders_is_the_published_one() {
        let sales = [840, 1470, 2110, 4000, 7590, 10_950, 10_530, 9470, 7790, 5890];
        let rows: Vec<String> = sales.iter().enumerate().map(|(i, s)| format!("{},{s}", i + 1)).collect();
        let fit = fitted(Model::Bass, &format!("period,sales\n{}\n", rows.join("\n")), None).unwrap();
        let expected = [
            ("market size", 67_981.0, 0.5, 3128.0, 0.5),
            ("uptake.annual_innovation", 0.006_594_0, 5e-8, 0.00143, 5e-6),
            ("uptake.annual_imitation", 0.638_091, 5e-7, 0.0414, 5e-5),
        ];
        for (name, value, to, sd, sd_to) in expected {
            let found = parameter(&fit, name);
            assert!((found.value - value).abs() <= to, "{name}: {}", found.value);
            assert!((found.sd - sd).abs() <= sd_to, "{name}: ± {}", found.sd);
        }
        // Sales that only rise do not tell where they will end.
        let error = fitted(Model::Bass, "period,sales\n1,10\n2,20\n3,40\n4,80\n5,160\n6,320\n", None).unwrap_err();
        assert!(error.to_string().contains("begun to bend"), "{error}");
        assert!(
            fitted(Model::Bass, "period,sales\n1,10\n2,20\n", None).unwrap_err().to_string().contains("at least 5")
        );
    }

    #[test]
    fn retention_of_the_high_end_is_the_published_one() {
        let rows = "month,survivors\n1,0.869\n2,0.743\n3,0.653\n4,0.593\n5,0.551\n6,0.517\n7,0.491\n";
        let fit = fitted(Model::Retention, rows, Some(1000.0)).unwrap();
        let [alpha, beta] = ["alpha", "beta"].map(|name| parameter(&fit, name).value);
        assert!((alpha - 0.668_09).abs() < 5e-5 && (beta - 3.806_10).abs() < 5e-4, "{alpha} {beta}");
        let churn = parameter(&fit, "retention.monthly_churn");
        assert!((churn.value - alpha / (alpha + beta)).abs() < 1e-12);
        // Of 1,000 some 131 leave in the first month: √(0.131 · 0.869 / 1000) is 0.0107, and more months know a little more.
        assert!(churn.sd > 0.006 && churn.sd < 0.0107, "{}", churn.sd);
        // A quarter as many know half as well.
        let fewer = fitted(Model::Retention, rows, Some(250.0)).unwrap();
        let ratio = parameter(&fewer, "retention.monthly_churn").sd / churn.sd;
        assert!((ratio - 2.0).abs() < 1e-3, "{ratio}");
        assert!(fitted(Model::Retention, rows, None).unwrap_err().to_string().contains("--cohort"));
        let error = fitted(Model::Retention, "month,survivors\n1,0.8\n2,0.9\n3,0.7\n", Some(10.0)).unwrap_err();
        assert!(matches!(error, FitError::Data(LoadError::Wrong(problems)) if problems.errors() == 1));
    }

    #[test]
    fn demand_that_was_asked_for_is_found_again() {
        // Exactly the shares of R 0.4, m 9, k 2.5.
        let rows: Vec<String> = [2.0_f64, 5.0, 8.0, 12.0, 20.0, 40.0]
            .iter()
            .map(|x| format!("{x},100000,{}", 1e5 * 0.6 / (1.0 + (x / 9.0).powf(2.5))))
            .collect();
        let fit = fitted(Model::Willingness, &format!("price,asked,willing\n{}\n", rows.join("\n")), None).unwrap();
        for (name, value) in
            [("market.refusal_rate", 0.4), ("willingness.median_price", 9.0), ("willingness.steepness", 2.5)]
        {
            let found = parameter(&fit, name);
            assert!((found.value / value - 1.0).abs() < 1e-5, "{name}: {}", found.value);
            assert!(found.sd > 0.0 && found.sd < 0.05 * value);
        }
        // The fragment is a scenario's own.
        let text = format!("extends = \"baseline\"\n{}", fit.toml("survey", "survey.csv"));
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("case.toml");
        std::fs::write(&path, text).unwrap();
        let case = crate::scenario::load(path.to_str().unwrap()).unwrap();
        assert!((case.input("willingness.median_price").unwrap().dist.mean() - 9.0).abs() < 0.01);
        let error =
            fitted(Model::Willingness, "price,asked,willing\n5,10,11\n6,10,2\n7,10,2\n8,10,1\n", None).unwrap_err();
        assert!(matches!(error, FitError::Data(LoadError::Wrong(problems)) if problems.errors() == 1));
    }
}
