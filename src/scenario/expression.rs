//! A value as a file says it: as a text for people, and as TOML.

use std::fmt;

use super::ImpliedBy;

/// A value with its numbers as they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// A number.
    Number(String),
    /// A distribution, its parameters in the order of the file.
    Distribution {
        /// Its name, such as `pert`.
        kind: String,
        /// Names and values; a list is in brackets.
        parameters: Vec<(String, String)>,
    },
    /// An investment that follows from the target.
    Implied(ImpliedBy),
    /// An investment that followed from the target of another scenario.
    Settled(String),
    /// Draws of a caller of the library: from … to ….
    Drawn(String),
}

impl ImpliedBy {
    /// Its name in a file.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::TargetRamp => "target_ramp",
        }
    }
}

impl Expression {
    /// As a file could write it, without source and note.
    #[must_use]
    pub fn as_toml(&self) -> String {
        match self {
            Self::Distribution { kind, parameters } => {
                let parameters: Vec<String> =
                    parameters.iter().map(|(name, value)| format!("{name} = {value}")).collect();
                format!("{{ {kind} = {{ {} }} }}", parameters.join(", "))
            }
            Self::Implied(by) => format!("{{ implied_by = \"{}\" }}", by.name()),
            Self::Number(text) | Self::Settled(text) | Self::Drawn(text) => text.clone(),
        }
    }
}

/// `10`, `pert(min=0.45, mode=0.68, max=0.95)`, `implied by target`.
impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Distribution { kind, parameters } => {
                let parameters: Vec<String> =
                    parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
                write!(f, "{kind}({})", parameters.join(", "))
            }
            Self::Implied(by) => write!(f, "implied by {}", by.name().replace('_', " ")),
            Self::Settled(text) => write!(f, "{text} (implied)"),
            Self::Number(text) | Self::Drawn(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_reads_as_text_and_as_toml() {
        let parameters =
            [("values", "[1, 2]"), ("min", "0.5")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let distribution = Expression::Distribution { kind: "metalog".to_owned(), parameters: parameters.into() };
        assert_eq!(distribution.to_string(), "metalog(values=[1, 2], min=0.5)");
        assert_eq!(distribution.as_toml(), "{ metalog = { values = [1, 2], min = 0.5 } }");
        let implied = Expression::Implied(ImpliedBy::TargetRamp);
        assert_eq!(
            (implied.to_string().as_str(), implied.as_toml().as_str()),
            ("implied by target ramp", "{ implied_by = \"target_ramp\" }")
        );
    }
}
