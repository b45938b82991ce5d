//! `breakeven help`: the help of a command, or a page of the guide.

use clap::{Args, CommandFactory, Parser};
use comfy_table::{ContentArrangement, Table, presets};

use super::{CliError, Runs, terminal};
use crate::guide::PAGES;
use crate::scenario::nearest;

/// Arguments of `help`.
#[derive(Debug, Args)]
#[command(after_help = "\
Pages: questions, format, cases, files, charts, statistics, python, words, speed, security, source

Examples:
  breakeven help statistics    where the errors come from, how many paths it takes
  breakeven help files         every table and its columns
  breakeven help sweep         the same as `breakeven sweep --help`")]
pub(super) struct HelpArguments {
    /// A command or a page
    #[arg(value_name = "COMMAND|PAGE")]
    about: Option<String>,
}

impl Runs for HelpArguments {
    /// Prints the help of a command, or a page.
    fn run(&self) -> Result<(), CliError> {
        let Some(about) = self.about.as_deref() else { return super::print(&help_of(&[])) };
        if let Some((_, text)) = PAGES.iter().find(|(name, _)| *name == about) {
            return super::print(&page(text));
        }
        let command = super::Arguments::command();
        if command.find_subcommand(about).is_some() {
            return super::print(&help_of(&[about]));
        }
        let known = command.get_subcommands().map(clap::Command::get_name).chain(PAGES.iter().map(|page| page.0));
        let near = nearest(about, known).map_or_else(String::new, |near| format!(": did you mean `{near}`?"));
        let pages: Vec<&str> = PAGES.iter().map(|page| page.0).collect();
        Err(CliError::Usage(format!("there is no command or page `{about}`{near} (pages: {})", pages.join(", "))))
    }
}

/// What `--help` prints after these words.
fn help_of(words: &[&str]) -> String {
    let all = std::iter::once("breakeven").chain(words.iter().copied()).chain(std::iter::once("--help"));
    super::Arguments::try_parse_from(all).err().map_or_else(String::new, |help| help.render().ansi().to_string())
}

/// A page for the terminal: headings bold, paragraphs and tables as wide as it is, no pictures.
fn page(text: &str) -> String {
    let (mut out, mut paragraph, mut rows): (String, Vec<&str>, Vec<&str>) = (String::new(), Vec::new(), Vec::new());
    let mut in_code = false;
    // An empty line at the end closes what is open.
    for line in text.lines().chain(std::iter::once("")) {
        let breaks = line.is_empty()
            || line.starts_with(['#', '`', '|', '!', '<']) && !line.starts_with("`b")
            || line.starts_with("- ");
        if !paragraph.is_empty() && (breaks || in_code) {
            out += &terminal::wrapped(&plain(&paragraph.join(" ")), if paragraph[0].starts_with("- ") { 2 } else { 0 });
            paragraph.clear();
        }
        if !rows.is_empty() && !line.starts_with('|') {
            out += &format!("{}\n", table(&rows));
            rows.clear();
        }
        match line {
            line if line.starts_with("```") => in_code = !in_code,
            line if in_code => out += &format!("    {line}\n"),
            line if line.starts_with('#') => {
                let bold = anstyle::Style::new().bold();
                out += &format!("{bold}{}{bold:#}\n", line.trim_start_matches(['#', ' ']));
            }
            line if line.starts_with("![") || line.starts_with("<!--") => {}
            line if line.starts_with('|') => rows.push(line),
            "" if out.ends_with("\n\n") || out.is_empty() => {}
            "" => out.push('\n'),
            line => paragraph.push(line),
        }
    }
    format!("{}\n", out.trim_end())
}

/// A text without the marks of emphasis, and with the words of a link alone.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        out += before;
        let link = after.split_once("](").and_then(|(words, rest)| Some((words, rest.split_once(')')?.1)));
        match link {
            Some((words, behind)) if !words.contains('[') => {
                out += words;
                rest = behind;
            }
            _ => {
                out.push('[');
                rest = after;
            }
        }
    }
    (out + rest).replace("**", "")
}

fn table(rows: &[&str]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(terminal::width()).unwrap_or(u16::MAX));
    for row in rows.iter().filter(|row| !row.starts_with("|--") && !row.contains("![")) {
        let cells = row.trim_matches('|').split('|').map(|cell| plain(cell.trim()));
        let cells: Vec<String> = cells.collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            table.add_row(cells);
        }
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}
