//! The tables of what knowing is worth, read back: which option is best, what is worth knowing, and whether the choice matters.

use super::{Results, StudyRecord, VoiRecord};
use crate::aggregate::Estimate;
use crate::table::Row;
use crate::words;

/// Options that earn the same to this part of the best one's standard deviation hardly differ.
const HARDLY: f64 = 1e-3;
/// What is worth less than that part of what everything is worth is worth nothing.
const NOTHING: f64 = 1e-3;

/// What knowing is worth.
pub(crate) struct Valued<'r> {
    pub(crate) results: &'r Results,
    pub(crate) record: &'r VoiRecord,
}

/// An input, and which option is best where along it.
pub(crate) struct BestAlong<'r> {
    pub(crate) know: &'r str,
    pub(crate) unit: &'r str,
    /// Where an option begins to be the best, rising, and which.
    pub(crate) stretches: Vec<(f64, &'r str)>,
}

/// Something that may be known beforehand, and what that is worth.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Worthwhile<'r> {
    /// An input, `events.NAME`, or several joined by ` + `.
    pub(crate) know: &'r str,
    pub(crate) value: Estimate,
    pub(crate) grade: Option<&'r str>,
    inputs: usize,
}

impl Worthwhile<'_> {
    pub(crate) fn is_single(&self) -> bool {
        self.inputs == 1
    }

    /// The names of what is known.
    pub(crate) fn names(&self) -> Vec<&str> {
        if self.is_single() { vec![self.know] } else { self.know.split(" + ").collect() }
    }

    /// Whether it is an input whose value is no more than an assumption: an event's chance is in the scenario's hands.
    pub(crate) fn is_assumed(&self) -> bool {
        self.is_single() && !self.know.starts_with("events.") && matches!(self.grade, None | Some("X"))
    }
}

/// An estimate whose interval stands in columns of their own.
pub(crate) fn estimate(row: &Row<'_>, column: &str) -> Option<Estimate> {
    let interval = row.number("ci95_low").zip(row.number("ci95_high"));
    Some(Estimate { value: row.number(column)?, se: row.number(&format!("{column}_se")), interval })
}

impl<'r> Valued<'r> {
    pub(crate) fn new(results: &'r Results, record: &'r VoiRecord) -> Self {
        Self { results, record }
    }

    /// What everything is worth.
    pub(crate) fn everything(&self) -> Estimate {
        let row = self.results.row("value", "know", "everything");
        row.and_then(|row| estimate(&row, "evppi")).unwrap_or(Estimate::exact(0.0))
    }

    /// What each input and group is worth, the most valuable first.
    pub(crate) fn known(&self) -> Vec<Worthwhile<'r>> {
        let rows = self.results.rows("value").filter(|row| row.text("know") != Some("everything"));
        let known = |row: Row<'r>| {
            let inputs = row.number("inputs")? as usize;
            Some(Worthwhile {
                know: row.text("know")?,
                value: estimate(&row, "evppi")?,
                grade: row.text("grade"),
                inputs,
            })
        };
        rows.filter_map(known).collect()
    }

    /// Whether something is worth more than nothing, as far as the simulation can tell.
    pub(crate) fn counts(&self, value: &Estimate) -> bool {
        let sure = value.interval.is_none_or(|(low, _)| low > 0.0);
        sure && value.value > NOTHING * self.everything().value
    }

    /// The single inputs and events that are worth knowing, the most valuable first.
    pub(crate) fn worthwhile(&self) -> Vec<Worthwhile<'r>> {
        let counts = |known: &Worthwhile<'_>| known.is_single() && self.counts(&known.value);
        self.known().into_iter().filter(counts).collect()
    }

    /// The rows of the options.
    pub(crate) fn options(&self) -> Vec<Row<'r>> {
        self.results.rows("decisions").collect()
    }

    /// The row of an option.
    pub(crate) fn option(&self, name: &str) -> Option<Row<'r>> {
        self.results.rows("decisions").find(|row| row.text("option") == Some(name))
    }

    pub(crate) fn best(&self) -> Option<Row<'r>> {
        self.option(&self.record.best)
    }

    /// The option that is behind the best by least.
    pub(crate) fn second(&self) -> Option<Row<'r>> {
        let mut others: Vec<Row<'r>> =
            self.options().into_iter().filter(|row| row.text("option") != Some(&self.record.best)).collect();
        let behind = |row: &Row<'_>| row.number("behind").unwrap_or(f64::INFINITY);
        others.sort_by(|a, b| behind(a).total_cmp(&behind(b)));
        others.first().copied()
    }

    /// Whether it hardly matters which option is chosen: neither on average nor for who knows everything.
    pub(crate) fn hardly_differ(&self) -> bool {
        self.most_behind() + self.everything().value <= HARDLY * self.record.sd
    }

    /// How far the worst option is behind the best.
    pub(crate) fn most_behind(&self) -> f64 {
        self.options().iter().filter_map(|row| row.number("behind")).fold(0.0, f64::max)
    }

    /// An option inside a sentence: `$20`, `$20 / 5%`, `music-like`, `doing nothing`.
    pub(crate) fn label(&self, row: &Row<'_>) -> String {
        let alone = self.record.choose.is_empty() && self.results.record.scenarios.len() == 1;
        match (self.values(row).as_slice(), row.text("option").unwrap_or_default()) {
            ([], "nothing") if self.is_instead("nothing") => "doing nothing".to_owned(),
            ([], "stop") if self.is_instead("stop") => "stopping".to_owned(),
            // A scenario that is alone against an alternative.
            ([], _) if alone => "going ahead".to_owned(),
            ([], name) => name.to_owned(),
            (values, _) => values.join(" / "),
        }
    }

    /// The same at the beginning of a sentence, with what is chosen: `A monthly price of $20`.
    pub(crate) fn said(&self, row: &Row<'_>) -> String {
        let values = self.values(row);
        if values.is_empty() {
            let label = self.label(row);
            // A scenario's name stays as it is.
            return if row.text("option") == Some(&label) { label } else { words::upper_first(&label) };
        }
        let parts = self.record.choose.iter().zip(&values);
        let said = |(vary, value): (&super::VaryRecord, &String)| match vary.name() {
            // `3 free months`.
            name if name.ends_with("months") => format!("{value} {name}"),
            name => format!("{} of {value}", words::a(&name)),
        };
        let parts: Vec<String> = parts.map(said).collect();
        words::upper_first(&words::list(&parts))
    }

    fn is_instead(&self, name: &str) -> bool {
        self.record.instead.as_deref() == Some(name)
    }

    fn values(&self, row: &Row<'_>) -> Vec<String> {
        let numbers = ["first", "second"].map(|column| row.number(column));
        let said = self.record.choose.iter().zip(numbers);
        said.filter_map(|(vary, x)| Some(words::amount_short(x?, &vary.unit))).collect()
    }

    /// What is chosen: `monthly price`, `option`.
    pub(crate) fn chosen(&self) -> String {
        let names: Vec<String> = self.record.choose.iter().map(super::VaryRecord::name).collect();
        if names.is_empty() { "option".to_owned() } else { words::list(&names) }
    }

    /// The input that is most worth knowing, and which option is best where along it.
    pub(crate) fn best_along(&self) -> Option<BestAlong<'r>> {
        let first = self.results.rows("choice").next()?;
        let (know, unit) = (first.text("know")?, first.text("unit").unwrap_or_default());
        let mut stretches: Vec<(f64, &str)> = Vec::new();
        for row in self.results.rows("choice") {
            let (low, option) = (row.number("low")?, row.text("option")?);
            if stretches.last().is_none_or(|last| last.1 != option) {
                stretches.push((low, option));
            }
        }
        Some(BestAlong { know, unit, stretches })
    }

    /// What a study is worth at a size.
    pub(crate) fn study_at(&self, study: &str, n: u64) -> Option<Estimate> {
        self.sizes(study).into_iter().find(|size| size.0 == n as f64).map(|size| size.1)
    }

    /// What a study is worth by its size, and less its cost.
    pub(crate) fn sizes(&self, study: &str) -> Vec<(f64, Estimate, Option<f64>)> {
        let rows = self.results.rows("studies").filter(|row| row.text("study") == Some(study));
        rows.filter_map(|row| Some((row.number("n")?, estimate(&row, "evsi")?, row.number("net")))).collect()
    }
}

impl StudyRecord {
    /// A study of a size: `a survey of 1,000 people about the refusal rate`.
    pub(crate) fn said(&self, n: u64) -> String {
        let name = super::the(&self.input);
        match self.sd {
            None if n == 1 => format!("asking one person about {name}"),
            None => format!("a survey of {} people about {name}", words::count(n)),
            Some(sd) => {
                let error = words::amount_about(sd, &self.unit);
                let times = if n == 1 { String::new() } else { format!(" {} times", words::count(n)) };
                format!("measuring {name}{times} with an error of {error}")
            }
        }
    }
}
