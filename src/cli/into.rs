//! Puts lines of a scenario file into another one, and leaves the rest of that as it is.

use std::io::Write;
use std::path::Path;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, Value};

use super::CliError;
use crate::output;
use crate::scenario::{self, Scenario, SourceFile};
use crate::words;

/// Puts `lines` into the scenario file, if it still is a scenario afterwards. Says what was changed.
pub(super) fn put(file: &Path, lines: &str) -> Result<Vec<String>, CliError> {
    let shown = words::shown_line(&file.display().to_string());
    if !file.is_file() {
        return Err(CliError::Usage(format!("there is no file {shown}: `breakeven new` writes one to start from")));
    }
    let path = file.to_str().ok_or_else(|| CliError::Usage(format!("{shown} is no name of a scenario file")))?;
    // A name without a slash would be looked for among the scenarios unless it ends in `.toml`.
    let is_path = file.extension().is_some_and(|end| end == "toml") || path.contains(std::path::is_separator);
    let path = if is_path { path.to_owned() } else { format!("./{path}") };
    output::check_file(file)?;
    let before = scenario::load(&path)?;
    let (mut files, main) = (before.files().to_vec(), before.main());
    let parsed = |text: &str| text.parse::<DocumentMut>().map_err(|error| CliError::Failed(error.to_string()));
    let (mut document, new) = (parsed(&files[main].text)?, parsed(lines)?);
    let mut changed = Vec::new();
    for (name, item) in new.iter() {
        match (name, item) {
            ("correlations", Item::ArrayOfTables(pairs)) => correlate(&mut document, pairs, &before, &mut changed)?,
            ("sources", Item::Table(sources)) => add_sources(&mut document, sources, &shown)?,
            (_, Item::Table(table)) => {
                let own = table_of(document.as_table_mut(), name, &shown)?;
                replace(own, table, name, &shown, &mut changed)?;
            }
            _ => {}
        }
    }
    let text = document.to_string();
    // The lines end as those of the file do.
    let windows = files[main].text.matches('\n').count() == files[main].text.matches("\r\n").count();
    let text = if windows && files[main].text.contains('\n') {
        text.replace("\r\n", "\n").replace('\n', "\r\n")
    } else {
        text
    };
    files[main] = SourceFile { path: files[main].path.clone(), text: text.clone() };
    // Nothing is written that could not be run.
    scenario::reload(before.name(), files, main)?;
    output::write_file(file, |writer| writer.write_all(text.as_bytes()))?;
    Ok(changed)
}

/// The table of a name, a new one if need be.
fn table_of<'t>(parent: &'t mut Table, name: &str, shown: &str) -> Result<&'t mut Table, CliError> {
    let item = parent.entry(name).or_insert_with(|| Item::Table(Table::new()));
    item.as_table_mut().ok_or_else(|| {
        CliError::Usage(format!(
            "`{name}` stands in braces in {shown}: write it as [{name}], or paste the lines yourself"
        ))
    })
}

/// Sets every value of `new`, at any depth; what stands before and behind a value stays.
fn replace(own: &mut Table, new: &Table, path: &str, shown: &str, changed: &mut Vec<String>) -> Result<(), CliError> {
    for (name, item) in new {
        let path = format!("{path}.{name}");
        match item {
            Item::Table(table) => replace(table_of(own, name, shown)?, table, &path, shown, changed)?,
            Item::Value(value) => {
                let mut value = value.clone();
                // The key stays with what is written above it.
                match own.get_mut(name) {
                    Some(item) => {
                        if let Item::Value(before) = item {
                            *value.decor_mut() = before.decor().clone();
                        }
                        *item = Item::Value(value);
                    }
                    None => drop(own.insert(name, Item::Value(value))),
                }
                changed.push(path);
            }
            Item::None | Item::ArrayOfTables(_) => {}
        }
    }
    Ok(())
}

/// The two inputs of a correlation, in the order of their names.
fn pair(table: &Table) -> Option<[String; 2]> {
    let inputs = table.get("inputs")?.as_array()?;
    let name = |i: usize| Some(inputs.get(i)?.as_str()?.to_owned());
    let mut pair = [name(0)?, name(1)?];
    pair.sort();
    Some(pair)
}

/// Sets the rank of each pair that is there, and adds the others. Correlations of a file replace those that it inherits: where it has
/// had none of its own, those come along that are not of an input that was fitted. What was assumed to move it is not what its
/// estimate's error moves with.
fn correlate(
    document: &mut DocumentMut,
    new: &ArrayOfTables,
    before: &Scenario,
    changed: &mut Vec<String>,
) -> Result<(), CliError> {
    let (is_first, mut left_out) = (document.get("correlations").is_none(), Vec::new());
    let item = document.entry("correlations").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let Item::ArrayOfTables(own) = item else {
        let message = "`correlations` stands in brackets: write each as [[correlations]], or paste the lines yourself";
        return Err(CliError::Usage(message.to_owned()));
    };
    for table in new {
        let there = own.iter().position(|known| pair(known) == pair(table));
        match there.and_then(|at| own.get_mut(at)) {
            Some(known) => known["rank"] = table["rank"].clone(),
            None => own.push(table.clone()),
        }
        changed.extend(pair(table).map(|[a, b]| format!("the correlation of {a} and {b}")));
    }
    if is_first {
        for inherited in before.correlations() {
            let [a, b] = inherited.inputs.map(|input| input.name(before.segments()));
            if changed.contains(&a) || changed.contains(&b) {
                left_out.push(format!("{a} with {b}"));
                continue;
            }
            let mut table = Table::new();
            table["inputs"] = Item::Value(Value::from_iter([a.as_str(), b.as_str()]));
            table["rank"] = Item::Value(Value::from(inherited.rank));
            table.decor_mut().set_prefix("\n# Inherited: a file with correlations of its own has no others.\n");
            own.push(table);
        }
    }
    if !left_out.is_empty() {
        changed.push(format!("inherited correlations are left out: {}", left_out.join(", ")));
    }
    Ok(())
}

/// Adds sources; one of that name with another title is someone else's.
fn add_sources(document: &mut DocumentMut, new: &Table, shown: &str) -> Result<(), CliError> {
    let own = table_of(document.as_table_mut(), "sources", shown)?;
    own.set_implicit(true);
    for (name, source) in new {
        let title = |item: &Item| item.get("title").and_then(Item::as_str).map(str::to_owned);
        match own.get(name) {
            Some(there) if title(there) != title(source) => {
                return Err(CliError::Usage(format!(
                    "{shown} has a source `{name}` already, with another title: give --source another name"
                )));
            }
            Some(_) => {}
            None => {
                own.insert(name, source.clone());
            }
        }
    }
    Ok(())
}
