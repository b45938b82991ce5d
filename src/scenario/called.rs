//! What an input is called in a sentence.

use super::keys::Key;

/// An input by name, as it is said: `monthly price`, `refusal rate`, `monthly price of prime`.
#[must_use]
pub fn called(name: &str) -> String {
    if let Some(event) = name.strip_prefix("events.") {
        return format!("event “{event}”");
    }
    if name == "shocks" {
        return "monthly noise".to_owned();
    }
    if let Some((before, rest)) = name.rsplit_once("price.changes.")
        && let Some(month) = rest.strip_suffix(".monthly")
    {
        let segment = before.strip_prefix("segments.").map(|segment| segment.trim_matches(['"', '\'', '.']));
        return format!("price from month {month} on{}", segment.map_or(String::new(), |name| format!(" of {name}")));
    }
    if let Some((segment, rest)) = name.strip_prefix("segments.").and_then(|rest| {
        let (before, key) = rest.rsplit_once('.')?;
        let (segment, table) = before.rsplit_once('.')?;
        Some((segment, format!("{table}.{key}")))
    }) {
        return format!("{} of {}", called(&rest), segment.trim_matches(['"', '\'']));
    }
    Key::by_name(name)
        .map_or_else(|| name.rsplit('.').next().unwrap_or(name).replace('_', " "), |key| key.spec().words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::called;

    #[test]
    fn inputs_are_called_as_people_do() {
        for (name, said) in [
            ("price.monthly", "monthly price"),
            ("market.refusal_rate", "refusal rate"),
            ("segments.\"prime users\".price.monthly", "monthly price of prime users"),
            ("price.changes.13.monthly", "price from month 13 on"),
            ("events.rival", "event “rival”"),
            ("segments.premium.price.changes.13.monthly", "price from month 13 on of premium"),
        ] {
            assert_eq!(called(name), said);
        }
    }
}
