//! `breakeven verify`: the program against known answers, on the machine where it runs.
//!
//! Three kinds: draws against `rand_distr`, an independent library; the golden cases, computed by another implementation
//! of the model in another language; published answers, and closed forms that can be redone by hand.

mod closed;
mod decisions;
mod draws;
mod golden;
mod sampling;
mod shapes;

use serde::Serialize;

/// One thing that was checked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    /// What it belongs to: distributions, retention, …
    pub group: &'static str,
    /// Where the known answer is from.
    pub source: &'static str,
    /// Its address, where it was published.
    pub address: Option<&'static str>,
    /// What was checked.
    pub name: String,
    /// The known answer.
    pub expected: String,
    /// What the program gives.
    pub found: String,
    /// How far it may be off.
    pub allowed: String,
    /// Whether it is within that.
    pub passed: bool,
}

impl Check {
    /// A number against its known value.
    fn number(name: impl Into<String>, expected: f64, found: f64, allowed: f64) -> Self {
        Self {
            group: "",
            source: "",
            address: None,
            name: name.into(),
            expected: format!("{expected}"),
            found: format!("{found}"),
            allowed: format!("± {allowed:.1e}"),
            passed: (found - expected).abs() <= allowed,
        }
    }

    /// A distance that should be small.
    fn distance(name: impl Into<String>, found: f64, allowed: f64) -> Self {
        Self {
            group: "",
            source: "",
            address: None,
            name: name.into(),
            expected: "0".to_owned(),
            found: format!("{found:.2e}"),
            allowed: format!("≤ {allowed:.2e}"),
            passed: found <= allowed,
        }
    }

    /// A run that should have worked and did not.
    fn failed(name: impl Into<String>, why: &str) -> Self {
        Self {
            group: "",
            source: "",
            address: None,
            name: name.into(),
            expected: "a result".to_owned(),
            found: why.to_string(),
            allowed: String::new(),
            passed: false,
        }
    }
}

/// The larger of two errors; one that is no number is the worst.
fn worse(a: f64, b: f64) -> f64 {
    if b.is_nan() { f64::INFINITY } else { a.max(b) }
}

/// Some checks that belong together, or why they could not be run.
type Run = fn() -> Result<Vec<Check>, String>;

/// Checks with the source of their answers.
struct Section {
    group: &'static str,
    source: &'static str,
    address: Option<&'static str>,
    run: Run,
}

const BY_HAND: &str = "closed form";

const fn by_hand(group: &'static str, run: Run) -> Section {
    Section { group, source: BY_HAND, address: None, run }
}

const fn published(group: &'static str, source: &'static str, address: &'static str, run: Run) -> Section {
    Section { group, source, address: Some(address), run }
}

const SECTIONS: [Section; 25] = [
    Section {
        group: "distributions",
        source: "rand_distr, Kolmogorov and Smirnov’s test at 1%",
        address: Some("https://crates.io/crates/rand_distr"),
        run: || Ok(draws::checks()),
    },
    by_hand("distributions", shapes::closed_forms),
    published(
        "distributions",
        "NIST/SEMATECH e-Handbook, table of the normal distribution",
        "https://www.itl.nist.gov/div898/handbook/eda/section3/eda3671.htm",
        shapes::normal_table,
    ),
    by_hand("distributions", shapes::percentiles),
    published(
        "distributions",
        "Keelin, The Metalog Distributions, 2016",
        "https://doi.org/10.1287/deca.2016.0338",
        shapes::metalog,
    ),
    Section {
        group: "the model",
        source: "golden cases of an implementation in another language",
        address: None,
        run: || Ok(golden::checks()),
    },
    by_hand("diffusion", closed::geometric_uptake),
    published(
        "diffusion",
        "Bass 1969; fit of ten years of sales of video recorders",
        "https://doi.org/10.1287/mnsc.15.5.215",
        closed::bass,
    ),
    by_hand("demand", closed::demand),
    by_hand("retention", closed::geometric_churn),
    published(
        "retention",
        "Fader and Hardie, How to Project Customer Retention, 2007",
        "https://doi.org/10.1002/dir.20074",
        closed::beta_geometric,
    ),
    by_hand("break-even", closed::one_period),
    by_hand("break-even", closed::implied),
    by_hand("break-even", closed::lifetime),
    by_hand("cash flow and IRR", closed::npv),
    by_hand("cash flow and IRR", closed::rates_of_return),
    by_hand("cash flow and IRR", closed::annuity),
    published(
        "sampling",
        "Joe and Kuo, Constructing Sobol Sequences with Better Two-Dimensional Projections, 2008",
        "https://doi.org/10.1137/070709359",
        || Ok(sampling::points()),
    ),
    by_hand("sampling", || Ok(sampling::cells())),
    by_hand("statistics", sampling::errors),
    published(
        "statistics",
        "NIST Statistical Reference Datasets, NumAcc4",
        "https://www.itl.nist.gov/div898/strd/univ/numacc4.html",
        || Ok(decisions::accuracy()),
    ),
    by_hand("sensitivity", decisions::effects),
    by_hand("value of information", decisions::information),
    by_hand("rules", decisions::rules),
    by_hand("conditioning", decisions::posterior),
];

/// Runs every check. Seeds are fixed: the same machine gives the same table each time.
#[must_use]
pub fn checks() -> Vec<Check> {
    let run = |section: &Section| {
        let found = (section.run)().unwrap_or_else(|why| vec![Check::failed(section.group, &why)]);
        let Section { group, source, address, .. } = *section;
        found.into_iter().map(move |check| Check { group, source, address, ..check })
    };
    SECTIONS.iter().flat_map(run).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_missing_is_the_worst_error() {
        assert_eq!([0.5, f64::NAN, 0.1].into_iter().fold(0.0, super::worse), f64::INFINITY);
        assert_eq!([0.5, 0.1].into_iter().fold(0.0, super::worse), 0.5);
    }
}
