//! `breakeven verify`: the program against known answers, on the machine where it runs.
//!
//! Three kinds: draws against `rand_distr`, an independent library; the golden cases, computed by another implementation
//! of the model in another language; closed forms that can be redone by hand.

mod closed;
mod draws;
mod golden;

/// One thing that was checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
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
            name: name.into(),
            expected: "a result".to_owned(),
            found: why.to_string(),
            allowed: String::new(),
            passed: false,
        }
    }
}

/// Runs every check. Seeds are fixed: the same machine gives the same table each time.
#[must_use]
pub fn checks() -> Vec<Check> {
    let mut out = draws::checks();
    out.extend(golden::checks());
    out.extend(closed::checks());
    out
}
