//! `breakeven fit`: inputs from data, as lines of a scenario file.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::results::LookArguments;
use super::{CliError, Runs, into};
use crate::chart::{self, Sketch};
use crate::fit::{Fit, Model, Reading, SampleFit, SampleKind, digits};
use crate::output;
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
  breakeven fit samples costs.csv --input serving.cost_per_subscriber
                                               column value: the distribution that fits best
  breakeven fit samples costs.csv --input serving.cost_per_subscriber --kind gamma
  breakeven fit retention cohort.csv --into my-case.toml --chart cohort.png

Prints lines of a scenario file: each input as a distribution that carries the estimate's own
uncertainty, how the estimates are correlated, and a source entry; what was fitted stands above
them as remarks. Where the data do not determine the inputs, it says why and prints nothing.
`--into` puts the lines into a scenario file and leaves the rest of it as it is, comments too.")]
pub(super) struct FitArguments {
    /// What is fitted
    #[arg(value_name = "MODEL", value_enum)]
    what: What,
    /// The data
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
    /// Of samples: the input whose values they are
    #[arg(long, value_name = "KEY")]
    input: Option<String>,
    /// Of samples: the distribution; `any` takes the one with the lowest AIC
    #[arg(long, value_name = "KIND", value_enum, default_value = "any", hide_default_value = true)]
    kind: SampleKind,
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
    /// Put the lines into this scenario file instead of printing them
    #[arg(long, value_name = "SCENARIO.toml")]
    into: Option<PathBuf>,
    /// Draw the data and the fit: a file that ends in .png or .svg
    #[arg(long, value_name = "FILE", value_parser = parse_picture)]
    chart: Option<PathBuf>,
    #[command(flatten)]
    look: LookArguments,
}

fn parse_picture(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let known = path.extension().is_some_and(|end| end == "png" || end == "svg");
    if known { Ok(path) } else { Err("expected a file that ends in .png or .svg".to_owned()) }
}

/// What is fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Model(Model),
    Samples,
}

impl ValueEnum for What {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [What; 4] =
            [What::Model(Model::Bass), What::Model(Model::Retention), What::Model(Model::Willingness), What::Samples];
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Model(model) => model.name(),
            Self::Samples => "samples",
        }))
    }
}

impl ValueEnum for SampleKind {
    fn value_variants<'a>() -> &'a [Self] {
        Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Period {
    Year,
    Quarter,
    Month,
}

fn parse_cohort(text: &str) -> Result<f64, String> {
    let number = text.replace('_', "").parse().ok().filter(|x: &f64| *x >= 1.0 && x.is_finite());
    number.ok_or_else(|| "expected a number of people, at least 1".to_owned())
}

impl Runs for FitArguments {
    /// Fits, and prints the lines or puts them into a file.
    fn run(&self) -> Result<(), CliError> {
        let name = |of: fn(&Path) -> Option<&std::ffi::OsStr>| {
            of(&self.file).map_or_else(String::new, |name| name.to_string_lossy().into_owned())
        };
        let data = words::shown_line(&name(Path::file_name));
        let source = self.source.clone().unwrap_or_else(|| name(Path::file_stem));
        let source: String =
            source.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
        let source = if source.is_empty() { "data".to_owned() } else { source };
        let (remarks, lines) = match self.what {
            What::Model(model) => {
                if self.input.is_some() || self.kind != SampleKind::Any {
                    return Err(CliError::Usage(format!(
                        "--input and --kind are for `fit samples`, not for {}",
                        model.name()
                    )));
                }
                let fit = Fit::of_file(model, &self.file, self.reading())?;
                self.draw(Some(chart::fitted(&fit, &data, &self.look.style())))?;
                (model_remarks(&fit, &data), fit.toml(&source, &data))
            }
            What::Samples => {
                let Some(input) = &self.input else {
                    let hint =
                        "say of which input they are values: --input KEY, such as --input serving.cost_per_subscriber";
                    return Err(CliError::Usage(hint.to_owned()));
                };
                let fit = SampleFit::of_file(&self.file, input, self.kind)?;
                self.draw(chart::sampled(&fit, &data, &self.look.style()))?;
                (sample_remarks(&fit, &data), fit.toml(&source, &data))
            }
        };
        match &self.into {
            None => super::print(&format!("# {}\n\n{lines}", remarks.join("\n# "))),
            Some(file) => {
                let changed = into::put(file, &lines)?;
                let shown = words::shown_line(&file.display().to_string());
                super::print(&format!("{}\n\nInto {shown}: {}.\n", remarks.join("\n"), changed.join(", ")))
            }
        }
    }
}

impl FitArguments {
    /// Draws the chart, where one is wanted.
    fn draw(&self, sketch: Option<Sketch<'_>>) -> Result<(), CliError> {
        let Some(file) = &self.chart else { return Ok(()) };
        let Some(sketch) = sketch else {
            let kind = self.kind.name();
            return Err(CliError::Usage(format!("`{kind}` is the data themselves: there is no fit to draw")));
        };
        let style = self.look.style();
        let svg = sketch.draw()?.svg(&style);
        let bytes =
            if file.extension().is_some_and(|end| end == "png") { chart::png(&svg, &style)? } else { svg.into() };
        Ok(output::write_file(file, |writer| writer.write_all(&bytes))?)
    }

    fn reading(&self) -> Reading {
        let periods_a_year = match self.period {
            Period::Year => 1.0,
            Period::Quarter => 4.0,
            Period::Month => 12.0,
        };
        Reading { periods_a_year, cohort: self.cohort, rate: self.rate }
    }
}

/// What was fitted, line by line.
fn model_remarks(fit: &Fit, data: &str) -> Vec<String> {
    let rows = words::counted(fit.rows.len(), "row");
    let mut out = vec![format!("{} fitted to {data}: {rows}", words::upper_first(fit.model.name()))];
    for fitted in &fit.parameters {
        out.push(format!("  {} = {} ± {} (one sd)", fitted.name, digits(fitted.value, 6), digits(fitted.sd, 3)));
    }
    let beside =
        fit.rows.iter().map(|(row, seen, found)| format!("{row}: {} / {}", digits(*seen, 4), digits(*found, 4)));
    out.push(format!("  observed and fitted: {}", beside.collect::<Vec<_>>().join("; ")));
    out.extend(fit.remarks.iter().cloned());
    out
}

/// The same of values.
fn sample_remarks(fit: &SampleFit, data: &str) -> Vec<String> {
    let number = |x: f64| digits(x, 4);
    let mut out = vec![format!(
        "{} of {} in {data}: mean {} ± {} (one sd of the mean)",
        words::counted(fit.n, "value"),
        fit.input,
        number(fit.mean.0),
        digits(fit.mean.1, 2)
    )];
    if let Some(chosen) = &fit.chosen {
        let parameters = chosen.parameters.iter().map(|(name, value, sd)| {
            format!("{name} {}{}", number(*value), sd.map_or_else(String::new, |sd| format!(" ± {}", digits(sd, 2))))
        });
        out.push(format!("  {}: {}", chosen.shape.name(), parameters.collect::<Vec<_>>().join(", ")));
        let beside = fit
            .beside
            .iter()
            .map(|(p, seen, found)| format!("{}: {} / {}", words::percent(*p), number(*seen), number(*found)));
        out.push(format!("  observed and fitted: {}", beside.collect::<Vec<_>>().join("; ")));
        if fit.ranked.len() > 1 {
            let behind =
                |other: &crate::fit::ShapeFit| format!("{} +{:.1}", other.shape.name(), other.aic() - chosen.aic());
            let others: Vec<String> = fit.ranked[1..].iter().map(behind).collect();
            out.push(format!("  by AIC {} {:.1}; behind it {}", chosen.shape.name(), chosen.aic(), others.join(", ")));
            if fit.ranked[1].aic() - chosen.aic() < CLOSE_CALL {
                out.push(format!(
                    "  {} fits nearly as well: the data do not tell the two apart",
                    fit.ranked[1].shape.name()
                ));
            }
        }
        for (shape, why) in fit.left_out.iter().filter(|_| !fit.ranked.is_empty()) {
            out.push(format!("  left out: {} {why}", shape.name()));
        }
    }
    out.push(format!(
        "  This is how single values spread. Where the input is their mean, take normal = {{ mean = {}, sd = {} }}",
        digits(fit.mean.0, 6),
        digits(fit.mean.1, 3)
    ));
    out
}

/// Criteria of Akaike that are nearer than that tell nothing (Burnham and Anderson 2002).
const CLOSE_CALL: f64 = 2.0;
