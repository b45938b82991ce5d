//! Actual numbers by month: what a scenario's monthly series turned out to be.

use std::collections::BTreeMap;
use std::path::Path;

use super::rows::{self, Field, Rows, error};
use crate::model::{SEGMENT_SERIES, SERIES};
use crate::scenario::{LoadError, Problem, Problems, Scenario, SourceFile, YearMonth};
use crate::words::nearest;

/// The columns of a file; the first three are needed.
const COLUMNS: [&str; 5] = ["month", "series", "value", "sd", "segment"];
/// What stands for all segments together.
const ALL: &str = "all";
/// Numbers of a file: each is simulated on many thousand paths.
const MOST: usize = 500;
/// Larger numbers of people or dollars are none.
const LARGEST: f64 = 1e15;

/// One number that was observed.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The month, from 1.
    pub month: usize,
    /// The segment, where it is one's own number.
    pub segment: Option<usize>,
    /// The place of its series among those of all segments together, or of one.
    pub(crate) series: usize,
    /// The name of the series.
    pub name: &'static str,
    /// The unit of the series.
    pub unit: &'static str,
    /// What was observed.
    pub value: f64,
    /// The standard deviation of its error, where it has one of its own; otherwise the error is relative.
    pub sd: Option<f64>,
    /// Its line in the file, from 1.
    pub line: usize,
}

/// Observations of a scenario, in the order of their months.
#[derive(Clone, Debug)]
pub struct Actuals {
    file: SourceFile,
    list: Vec<Observation>,
}

impl Actuals {
    /// Reads `month,series,value[,sd][,segment]`: months counted from 1 or as `YYYY-MM`, series as in `monthly.csv`.
    ///
    /// # Errors
    /// Where the file cannot be read, or [`Actuals::parse`] finds something wrong.
    pub fn load(path: &Path, scenario: &Scenario) -> Result<Self, LoadError> {
        Ok(Self::parse(rows::read(path)?, scenario)?)
    }

    /// The same from a text.
    ///
    /// ```
    /// use breakeven::{data::Actuals, scenario};
    ///
    /// let baseline = scenario::load("baseline").unwrap();
    /// let file = |text: &str| scenario::SourceFile { path: "actuals.csv".into(), text: text.into() };
    /// let actuals = Actuals::parse(file("month,series,value\n1,paying,250000\n2,paying,520_000\n"), &baseline).unwrap();
    /// assert_eq!(actuals.observations()[1].value, 520_000.0);
    /// let wrong = Actuals::parse(file("month,series,value\n0,paying,5\n1,paying,-5\n"), &baseline).unwrap_err();
    /// assert_eq!(wrong.errors(), 2, "there is no month 0 to observe, and no negative count");
    /// ```
    ///
    /// # Errors
    /// Every problem of the file: columns that are missing or unknown, months beyond the horizon, the same number twice, counts
    /// below 0, an error that is not above 0.
    pub fn parse(file: SourceFile, scenario: &Scenario) -> Result<Self, Problems> {
        let mut rows = Rows::of(&file, &COLUMNS, 3);
        let places = COLUMNS.map(|column| rows.place(column));
        let mut list: Vec<Observation> = Vec::new();
        let mut seen = BTreeMap::new();
        if let [Some(month), Some(series), Some(value), sd, segment] = places {
            for row in std::mem::take(&mut rows.lines) {
                let line = file.text[..row[0].span.start].matches('\n').count() + 1;
                let at = |place: Option<usize>| place.map(|place| &row[place]).filter(|field| !field.text.is_empty());
                let month_of = month_of(&mut rows, &row[month], scenario);
                let segment = segment_of(&mut rows, at(segment), scenario);
                let of_series = series_of(&mut rows, &row[series], segment == Some(None));
                let number = rows.number(&row[value], "value");
                let sd = at(sd).map(|field| sd_of(&mut rows, field));
                let (Some(month), Some(segment), Some((series, name, unit)), Some(number)) =
                    (month_of, segment, of_series, number)
                else {
                    continue;
                };
                let sd = match sd {
                    Some(None) => continue,
                    Some(Some(sd)) => Some(sd),
                    None => None,
                };
                if let Some(wrong) = wrong_value(name, number, sd) {
                    rows.problems.push(error(row[value].span.clone(), wrong.0, wrong.1));
                } else if let Some(before) = seen.insert((month, segment, series), line) {
                    let message = format!("`{name}` of month {month} stands twice");
                    rows.problems.push(error(
                        row[value].span.clone(),
                        message,
                        format!("line {before} has it already"),
                    ));
                } else {
                    list.push(Observation { month, segment, series, name, unit, value: number, sd, line });
                }
            }
        }
        if list.len() > MOST {
            let help = format!("at most {MOST} are taken: leave out series that say the same");
            rows.problems.push(Problem::missing(format!("{} numbers", list.len()), help));
        }
        if rows.problems.is_empty() {
            list.sort_by_key(|seen| (seen.month, seen.segment, seen.series));
            Ok(Self { file, list })
        } else {
            Err(rows::problems(&file, rows.problems))
        }
    }

    /// The observations, by month.
    #[must_use]
    pub fn observations(&self) -> &[Observation] {
        &self.list
    }

    /// The file that they were read from.
    #[must_use]
    pub fn file(&self) -> &SourceFile {
        &self.file
    }

    /// Those of the first months, and those of the last `held_out` months of which there are any.
    #[must_use]
    pub fn split(&self, held_out: usize) -> (&[Observation], &[Observation]) {
        let mut months: Vec<usize> = self.list.iter().map(|seen| seen.month).collect();
        months.dedup();
        let first = months.len().checked_sub(held_out).map_or(0, |at| months.get(at).copied().unwrap_or(usize::MAX));
        self.list.split_at(self.list.partition_point(|seen| seen.month < first))
    }
}

/// What is wrong with an observed number, and what is accepted.
fn wrong_value(name: &str, x: f64, sd: Option<f64>) -> Option<(String, &'static str)> {
    let may_be_negative = ["cash_flow", "cumulative_cash", "contribution"].contains(&name);
    if x.abs() > LARGEST {
        return Some((format!("{x} is beyond 1e15"), "check the units: persons and dollars, not millions"));
    }
    if x < 0.0 && !may_be_negative {
        return Some((format!("`{name}` cannot be below 0"), "expected 0 or more"));
    }
    if sd.is_none() && (x <= 0.0 || may_be_negative) {
        let message = format!("this value of `{name}` needs an error in its own unit");
        return Some((message, "a relative error says nothing of it: add a column `sd`"));
    }
    None
}

fn month_of(rows: &mut Rows, field: &Field, scenario: &Scenario) -> Option<usize> {
    let horizon = scenario.months();
    let mut wrong = |message: String, label: String| {
        rows.problems.push(error(field.span.clone(), message, label));
        None
    };
    if field.text.is_empty() {
        return wrong("the month is missing".to_owned(), "expected a number from 1, or YYYY-MM".to_owned());
    }
    let month = match (field.text.parse::<i64>(), YearMonth::parse(&field.text), scenario.start()) {
        (Ok(month), _, _) => month,
        (_, Some(month), Some(start)) => start.months_to(month) + 1,
        (_, Some(_), None) => {
            let label = "count months from 1, or give the scenario a `start = \"YYYY-MM\"`".to_owned();
            return wrong(format!("`{}` is a date, and the scenario does not say when it starts", field.text), label);
        }
        _ => {
            let label = "expected a whole number from 1, or YYYY-MM".to_owned();
            return wrong(format!("`{}` is no month", field.text), label);
        }
    };
    if month < 1 {
        let label = scenario.start().map_or_else(
            || "month 1 is the first".to_owned(),
            |start| format!("month 1, {}, is the first", start.of_month(1)),
        );
        return wrong(format!("`{}` lies before the first month", field.text), label);
    }
    if month > horizon as i64 {
        let label = format!("the scenario has {horizon} months");
        return wrong(format!("`{}` lies beyond the horizon", field.text), label);
    }
    Some(month as usize)
}

/// The segment; none where it is unknown, and none inside where it is all of them.
#[expect(clippy::option_option, reason = "unknown, all, or one")]
fn segment_of(rows: &mut Rows, field: Option<&Field>, scenario: &Scenario) -> Option<Option<usize>> {
    let Some(field) = field.filter(|field| field.text != ALL) else { return Some(None) };
    let names: Vec<&str> = scenario.segments().iter().map(|segment| segment.name.as_str()).collect();
    let found = names.iter().position(|name| *name == field.text);
    if found.is_none() {
        let known = if names.is_empty() { "it has none".to_owned() } else { names.join(", ") };
        let message = format!("`{}` is no segment of the scenario", field.text);
        rows.problems.push(error(field.span.clone(), message, format!("expected `{ALL}`, or a segment: {known}")));
    }
    found.map(Some)
}

fn series_of(rows: &mut Rows, field: &Field, of_all: bool) -> Option<(usize, &'static str, &'static str)> {
    let all = if of_all { &SERIES[..] } else { &SEGMENT_SERIES[..] };
    let found = all.iter().position(|series| series.name == field.text);
    if found.is_none() {
        let names: Vec<&str> = all.iter().map(|series| series.name).collect();
        let label = nearest(&field.text, names.iter().copied())
            .map_or_else(|| format!("expected {}", names.join(", ")), |near| format!("did you mean `{near}`?"));
        rows.problems.push(error(field.span.clone(), format!("`{}` is no monthly series", field.text), label));
    }
    found.map(|at| (at, all[at].name, all[at].unit))
}

fn sd_of(rows: &mut Rows, field: &Field) -> Option<f64> {
    let sd = rows.number(field, "sd")?;
    if sd > 0.0 {
        return Some(sd);
    }
    rows.problems.push(error(field.span.clone(), format!("an error of {}", field.text), "expected a number above 0"));
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario;

    fn found(text: &str) -> Result<Actuals, Problems> {
        let file = SourceFile { path: "actuals.csv".to_owned(), text: text.to_owned() };
        Actuals::parse(file, &scenario::load("baseline").unwrap())
    }

    #[test]
    fn everything_wrong_with_a_file_is_said_at_once() {
        let text = "month,series,value,sd\n1,paying,100,\n1,paying,120,\n,paying,5,\n61,paying,5,\n2,paying,-5,\n\
                    3,payng,5,\n4,paying,\"1,5\",\n5,cumulative_cash,-5,\n6,paying,5,0\n1999-01,paying,5,\n7,paying\n";
        let problems = found(text).unwrap_err();
        let said: Vec<&str> = problems.list.iter().map(|problem| problem.message.as_str()).collect();
        let expected = [
            "`paying` of month 1 stands twice",
            "the month is missing",
            "`61` lies beyond the horizon",
            "`paying` cannot be below 0",
            "`payng` is no monthly series",
            "`1,5` is no number",
            "this value of `cumulative_cash` needs an error in its own unit",
            "an error of 0",
            "`1999-01` lies before the first month",
            "this line has 2 fields, the header 4",
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn spreadsheets_may_write_semicolons_and_a_byte_order_mark() {
        let actuals =
            found("\u{feff}month;series;value;sd\r\n# made up\r\n2;cash_flow;-5e6;1e6\r\n1;paying;12.5;\r\n").unwrap();
        let seen: Vec<_> =
            actuals.observations().iter().map(|seen| (seen.month, seen.value, seen.sd, seen.line)).collect();
        assert_eq!(seen, [(1, 12.5, None, 4), (2, -5e6, Some(1e6), 3)]);
        let problems = found("month;series;value\n1;paying;12,5\n").unwrap_err();
        assert!(problems.list[0].label.contains("decimal point"));
    }

    #[test]
    fn the_last_months_are_held_out_whole() {
        let actuals = found("month,series,value\n1,paying,5\n3,paying,9\n3,additions,5\n7,paying,20\n").unwrap();
        let sizes = |held_out| {
            let (used, held) = actuals.split(held_out);
            (used.len(), held.len())
        };
        assert_eq!([0, 1, 2, 3, 9].map(sizes), [(4, 0), (3, 1), (1, 3), (0, 4), (0, 4)]);
    }
}
