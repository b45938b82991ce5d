//! Findings on a terminal: sentences broken at its width, grids with aligned columns.

use comfy_table::{CellAlignment, Table, presets};

use crate::findings::{self, Block, Grid};
use crate::results::Results;

/// The widest line: longer ones are hard to read.
const WIDEST: usize = 100;
/// The narrowest: a terminal that says less is not believed.
const NARROWEST: usize = 40;

/// What results say, and where they are.
pub(super) fn findings(results: &Results, place: &str) -> String {
    let mut out = findings_alone(results);
    let kinds = if results.record.files.iter().any(|file| file.starts_with("charts/")) {
        "Tables and charts"
    } else {
        "Tables"
    };
    out += &wrapped(&format!("{} {kinds}: {place}", findings::made(&results.record)), 2);
    out
}

/// What results say.
pub(super) fn findings_alone(results: &Results) -> String {
    findings::of(results).iter().map(block).collect()
}

/// One block.
pub(super) fn block(block: &Block) -> String {
    let Block { heading, sentences, grid, remarks } = block;
    let mut out = String::new();
    if !heading.is_empty() {
        let bold = anstyle::Style::new().bold();
        out += &format!("{bold}{heading}{bold:#}\n");
    }
    out.extend(sentences.iter().map(|sentence| wrapped(sentence, 2)));
    if let Some(grid) = grid {
        if !out.is_empty() {
            out.push('\n');
        }
        out += &format!("{}\n", aligned(grid));
        out.extend(remarks.iter().map(|remark| wrapped(remark, 2)));
        out.push('\n');
    }
    out
}

/// Rows of cells, all but the first column aligned to the right.
fn aligned(grid: &Grid) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let header = Some(&grid.header).filter(|header| !header.is_empty());
    for row in header.into_iter().chain(&grid.rows) {
        let cells = row.iter().enumerate().map(|(i, cell)| if i == 0 { format!("  {cell}") } else { cell.clone() });
        table.add_row(cells);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
        column.set_padding((3, 0));
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// The width of lines: that of the terminal, where there is one.
pub(super) fn width() -> usize {
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    terminal.unwrap_or(WIDEST).clamp(NARROWEST, WIDEST)
}

/// Breaks a text between words, indented.
pub(super) fn wrapped(text: &str, indent: usize) -> String {
    let width = width();
    let mut out = String::new();
    let mut line = " ".repeat(indent);
    for word in text.split(' ') {
        if line.trim().is_empty() {
            line += word;
        } else if line.chars().count() + 1 + word.chars().count() > width {
            out += &line;
            out.push('\n');
            line = format!("{}{word}", " ".repeat(indent));
        } else {
            line.push(' ');
            line += word;
        }
    }
    out + &line + "\n"
}
