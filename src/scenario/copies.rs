//! Copies of a scenario's files that run again from wherever they are put: each stands to the others as the originals do.

use std::path::{Component, Path};

use super::lookup::{extends, is_path};
use super::{Scenario, SourceFile};

/// The folder of the copies.
const FOLDER: &str = "scenario";

/// Folders from a common root, and a file's name.
type Position = Vec<String>;

impl Scenario {
    /// Copies of the files that the scenario was read from, itself first: their names, with folders and `/`, and their texts.
    ///
    /// Whoever runs the first of them gets the very same scenario: a file that is extended by name stands beside the file that
    /// names it, one that is extended by path at that path. Only where that cannot be, the path is written anew.
    #[must_use]
    pub fn copies(&self) -> Vec<(String, String)> {
        let mut files: Vec<SourceFile> = self.document.files[..=self.document.main].iter().rev().cloned().collect();
        let mut positions: Vec<Position> = vec![position_of(&files[0].path)];
        for child in 0..files.len() - 1 {
            let Some((parent, span)) = extends(&files[child]) else { break };
            let folder = &positions[child][..positions[child].len() - 1];
            let wanted = beside(folder, &parent);
            if let Some(position) = wanted.filter(|position| !positions.contains(position)) {
                positions.push(position);
                continue;
            }
            // An absolute path, or a second file of that name: it gets a name of its own, and is named by it.
            let stem = Path::new(&parent).file_stem().map_or("base".into(), |stem| stem.to_string_lossy());
            let named = |n: usize| [folder, &[format!("{stem}-{n}.toml")]].concat();
            let position =
                (2..=usize::MAX).map(named).find(|position| !positions.contains(position)).unwrap_or_default();
            let name = position.last().map_or("", String::as_str);
            files[child].text.replace_range(span, &toml::Value::from(format!("./{name}")).to_string());
            positions.push(position);
        }
        let shared = (0..).take_while(|&i| {
            let first = &positions[0];
            i + 1 < first.len() && positions.iter().all(|other| i + 1 < other.len() && other[i] == first[i])
        });
        let shared = shared.count();
        let name = |position: &Position| format!("{FOLDER}/{}", position[shared..].join("/"));
        positions.iter().map(name).zip(files.into_iter().map(|file| file.text)).collect()
    }
}

/// Where a file stands, as folders from the root.
fn position_of(path: &str) -> Position {
    let path = Path::new(path);
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    beneath(Vec::new(), &absolute).unwrap_or_else(|| vec!["scenario.toml".to_owned()])
}

/// Where the file is that `extends` names in a file of this folder; none for an absolute path.
fn beside(folder: &[String], extends: &str) -> Option<Position> {
    if !is_path(extends) {
        return Some([folder, &[format!("{extends}.toml")]].concat());
    }
    let path = Path::new(extends);
    if path.has_root() { None } else { beneath(folder.to_vec(), path) }
}

/// A path from a folder on, without `.` and `..`.
fn beneath(mut folder: Vec<String>, path: &Path) -> Option<Position> {
    for part in path.components() {
        match part {
            Component::Normal(name) => folder.push(name.to_string_lossy().into_owned()),
            Component::ParentDir => drop(folder.pop()),
            Component::Prefix(_) | Component::RootDir | Component::CurDir => {}
        }
    }
    (!folder.is_empty()).then_some(folder)
}

#[cfg(test)]
mod tests {
    use super::super::reload;

    const REST: &str = "[horizon]\nmonths = 12\n[target]\nsubscribers = 1\n[market]\nactive_users = 1\nrefusal_rate = 0\n\
        [willingness]\nmedian_price = 1\nsteepness = 1\n[uptake]\nannual_innovation = 1\nannual_imitation = 1\n\
        [retention]\nmonthly_churn = 0\n[price]\nmonthly = 1\n";

    /// The copies of a chain of files, the last of which is the scenario itself.
    fn copies(chain: &[(&str, &str)]) -> Vec<(String, String)> {
        let file = |(i, (path, text)): (usize, &(&str, &str))| super::SourceFile {
            path: (*path).to_owned(),
            text: if i == 0 { format!("{text}{REST}") } else { (*text).to_owned() },
        };
        let files = chain.iter().enumerate().map(file).collect();
        reload("leaf", files, chain.len() - 1).unwrap().copies()
    }

    fn names(copies: &[(String, String)]) -> Vec<&str> {
        copies.iter().map(|copy| copy.0.as_str()).collect()
    }

    #[test]
    fn a_file_extended_by_name_stands_beside_the_one_that_names_it() {
        let found = copies(&[("<built in>/base.toml", ""), ("scenarios/leaf.toml", "extends = \"base\"\n")]);
        assert_eq!(names(&found), ["scenario/leaf.toml", "scenario/base.toml"]);
    }

    #[test]
    fn two_files_of_one_name_keep_their_folders() {
        let found = copies(&[
            ("b/base.toml", ""),
            ("a/base.toml", "extends = \"../b/base.toml\"\n"),
            ("leaf.toml", "extends = \"./a/base.toml\"\n"),
        ]);
        assert_eq!(names(&found), ["scenario/leaf.toml", "scenario/a/base.toml", "scenario/b/base.toml"]);
        let above =
            copies(&[("up/base.toml", ""), ("up/cases/leaf.toml", "title = \"x\"\nextends = \"../base.toml\"\n")]);
        assert_eq!(names(&above), ["scenario/cases/leaf.toml", "scenario/base.toml"]);
        assert!(above[0].1.contains("extends = \"../base.toml\""), "texts stay as they are");
    }

    #[test]
    fn an_absolute_path_is_written_anew() {
        let found = copies(&[("/x/base.toml", ""), ("leaf.toml", "title = \"x\"\nextends = \"/x/base.toml\"\n")]);
        assert_eq!(names(&found), ["scenario/leaf.toml", "scenario/base-2.toml"]);
        assert_eq!(found[0].1, "title = \"x\"\nextends = \"./base-2.toml\"\n");
        // `mid` is found in the folder of scenarios, where it extends a sibling with the name of the first.
        let found = copies(&[
            ("scenarios/leaf.toml", ""),
            ("scenarios/mid.toml", "extends = \"leaf\"\n"),
            ("cases/leaf.toml", "extends = \"mid\"\n"),
        ]);
        assert_eq!(names(&found), ["scenario/leaf.toml", "scenario/mid.toml", "scenario/leaf-2.toml"]);
        assert_eq!(found[1].1, "extends = \"./leaf-2.toml\"\n");
    }
}
