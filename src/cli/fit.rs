//! `breakeven fit`: inputs from data, as lines of a scenario file.

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::CliError;
use crate::fit::{Fit, Model, Reading, digits};
use crate::words;

/// Arguments of `fit`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven fit bass sales.csv                 columns period, sales: uptake
  breakeven fit bass quarters.csv --period quarter
  breakeven fit retention cohort.csv           columns month, survivors: churn and its spread
  breakeven fit retention shares.csv --cohort 1000
  breakeven fit willingness survey.csv         columns price, asked, willing: refusal and demand
  breakeven fit retention cohort.csv --source our-cohort >> my-case.toml

Prints lines of a scenario file: each input as a distribution that carries the estimate's own
uncertainty, how the estimates are correlated, and a source entry; what was fitted stands above
them as remarks. Where the data do not determine the inputs, it says why and prints nothing.")]
pub(super) struct FitArguments {
    /// What is fitted
    #[arg(value_name = "MODEL", value_enum)]
    model: Model,
    /// The data
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
    /// Of bass: how long a period is
    #[arg(long, value_name = "PERIOD", value_enum, default_value = "year")]
    period: Period,
    /// Of bass: sales are the rate at the end of each period, as some published fits take them, not the sum over it
    #[arg(long)]
    rate: bool,
    /// Of retention: how many began, where survivors are shares
    #[arg(long, value_name = "N", value_parser = parse_cohort)]
    cohort: Option<f64>,
    /// Name of the source entry [default: the file's name]
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
}

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Period {
    Year,
    Quarter,
    Month,
}

impl ValueEnum for Model {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

fn parse_cohort(text: &str) -> Result<f64, String> {
    let number = text.replace('_', "").parse().ok().filter(|x: &f64| *x >= 1.0 && x.is_finite());
    number.ok_or_else(|| "expected a number of people, at least 1".to_owned())
}

/// Fits, and prints the lines.
pub(super) fn fit(arguments: &FitArguments) -> Result<(), CliError> {
    let periods_a_year = match arguments.period {
        Period::Year => 1.0,
        Period::Quarter => 4.0,
        Period::Month => 12.0,
    };
    let reading = Reading { periods_a_year, cohort: arguments.cohort, rate: arguments.rate };
    let fit = Fit::of_file(arguments.model, &arguments.file, reading)?;
    let data =
        words::shown_line(&arguments.file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into()));
    let stem = arguments.file.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let source = arguments.source.clone().unwrap_or(stem);
    let source: String = source.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
    let mut out = format!(
        "# {} fitted to {data}: {}\n",
        words::upper_first(fit.model.name()),
        words::counted(fit.rows.len(), "row")
    );
    for fitted in &fit.parameters {
        out.push_str(&format!(
            "#   {} = {} ± {} (one sd)\n",
            fitted.name,
            digits(fitted.value, 6),
            digits(fitted.sd, 3)
        ));
    }
    out.push_str("#   observed and fitted:");
    for (row, observed, found) in &fit.rows {
        out.push_str(&format!(" {row}: {} / {};", digits(*observed, 4), digits(*found, 4)));
    }
    out.push('\n');
    for remark in &fit.remarks {
        out.push_str(&format!("# {remark}\n"));
    }
    out.push('\n');
    out.push_str(&fit.toml(if source.is_empty() { "data" } else { &source }, &data));
    super::print(&out)
}
