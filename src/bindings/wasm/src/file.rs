//! A setting as a scenario file that extends the one that the page is of.

use std::collections::BTreeMap;

use breakeven::scenario::{self, Scenario, SourceFile, quoted_text};

use crate::answer::said;
use crate::describe::safe_name;

/// The text of a file that extends `extends` and says what is changed; `files` are those of the scenario without changes. It is checked before it
/// is given away.
pub(crate) fn text(
    changed: &Scenario,
    set: &[String],
    files: &[SourceFile],
    main: usize,
    extends: &str,
) -> Result<String, String> {
    let base = checked(files.to_vec(), main)?;
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut add = |name: &str, value: &str| {
        let (table, key) = name.rsplit_once('.').unwrap_or(("", name));
        tables.entry(table.to_owned()).or_default().push(format!("{key} = {value}\n"));
    };
    for (name, _, value) in changed.ledger() {
        if changed.is_set(value) {
            add(&safe_name(&name), &value.written.as_toml());
        }
    }
    // Events and price changes are no inputs: their lists are replaced as they are.
    for (name, value) in set.iter().filter_map(|set| set.split_once('=')) {
        if name == "events" || name.ends_with("price.changes") {
            add(name.trim(), value.trim());
        }
    }
    let correlations = correlations(&base, changed);
    let mut out = format!("extends = {}\ntitle = {}\n", quoted_text(extends), quoted_text(changed.title()));
    out += if correlations.as_deref() == Some("") { "correlations = []\n" } else { "" };
    out += &tables.remove("").unwrap_or_default().concat();
    for (table, lines) in tables {
        out.extend(["\n[", table.as_str(), "]\n", lines.concat().as_str()]);
    }
    out += &correlations.unwrap_or_default();
    let own = SourceFile { path: "saved.toml".to_owned(), text: out.clone() };
    checked([&files[..=main], &[own]].concat(), main + 1)?;
    Ok(out)
}

fn checked(files: Vec<SourceFile>, main: usize) -> Result<Scenario, String> {
    scenario::parse_given("saved", files, main, &[], &[]).map_err(|error| said(&error))
}

/// The correlations that are left, where they are not those of the file that is extended: a plain number has none.
fn correlations(base: &Scenario, changed: &Scenario) -> Option<String> {
    let list = |scenario: &Scenario| -> Vec<String> {
        let line = |pair: &scenario::Correlation| {
            let [a, b] = pair.inputs.map(|input| quoted_text(&safe_name(&input.name(scenario.segments()))));
            format!("\n[[correlations]]\ninputs = [{a}, {b}]\nrank = {}\n", pair.rank)
        };
        scenario.correlations().iter().map(line).collect()
    };
    let (before, after) = (list(base), list(changed));
    (before != after).then(|| after.concat())
}
