//! The nearest of the names that exist, for a misspelt one.

/// Nothing longer is a slip of the pen, and comparing takes time.
const MOST: usize = 200;

/// "did you mean" for a misspelt name: the nearest candidate, if one is near enough.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    if length > MOST {
        return None;
    }
    let allowed = (length / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= allowed || is_start(candidate, name))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Whether one is an abbreviation of the other: `max` and `maximum`.
fn is_start(a: &str, b: &str) -> bool {
    a.len().min(b.len()) > 2 && (a.starts_with(b) || b.starts_with(a))
}

/// That there is no figure of that name, with what there is.
pub(crate) fn no_such_figure(name: &str, events: &[&str], outcomes: &[&str]) -> String {
    let near = nearest(name, events.iter().chain(outcomes).copied());
    let hint = near.map_or(String::new(), |near| format!(": did you mean `{near}`?"));
    format!("there is no `{name}`{hint}\n  probabilities: {}\n  outcomes: {}", events.join(", "), outcomes.join(", "))
}
