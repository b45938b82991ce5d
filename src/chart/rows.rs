//! A chart of rows: a name at the left of each, then what is drawn of it.

use super::ChartError;
use super::canvas::{Align, Canvas, Type};
use super::theme::{LABEL, SMALL};

/// The highest row: three of them fill a chart.
const HIGHEST: f64 = 190.0;
/// The thickest bar.
const BAR: f64 = 54.0;

/// Rows below each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    /// Where the names begin, and where they end.
    names: (f64, f64),
    top: f64,
    height: f64,
    count: usize,
}

/// One row's place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Its upper edge.
    pub(super) top: f64,
    /// Its height.
    pub(super) height: f64,
}

/// Behind the name of an input that is an assumption: one letter, which stays where names have to be cut.
pub(super) const ASSUMED: &str = " *";

/// What a subtitle says of that mark, where there is one.
pub(super) fn assumed_says(any: bool) -> &'static str {
    if any { "; * an assumption" } else { "" }
}

impl Rows {
    /// So many rows from `top` down to `bottom` at most, with names between the left margin and `names_end`.
    pub(super) fn new(canvas: &Canvas<'_>, count: usize, (top, bottom): (f64, f64), names_end: f64) -> Self {
        let height = ((bottom - top) / count.max(1) as f64).min(HIGHEST);
        Self { names: (canvas.layout.left, names_end), top, height, count }
    }

    /// The lower edge of the last row.
    pub(super) fn bottom(&self) -> f64 {
        self.top + self.height * self.count as f64
    }

    pub(super) fn row(&self, i: usize) -> Row {
        Row { top: self.top + self.height * i as f64, height: self.height }
    }

    /// The name of row `i`, in two lines at most; smaller, and then in one, where the rows are low.
    pub(super) fn name(&self, canvas: &Canvas<'_>, i: usize, text: &str, look: Type) -> Result<(), ChartError> {
        self.marked_name(canvas, i, text, "", look)
    }

    /// The same with a mark behind it, which stays where the name has to be cut.
    pub(super) fn marked_name(
        &self,
        canvas: &Canvas<'_>,
        i: usize,
        text: &str,
        mark: &str,
        look: Type,
    ) -> Result<(), ChartError> {
        const GAP: f64 = 18.0;
        /// From line to line, in sizes of the type.
        const LINE: f64 = 1.24;
        let (left, right) = self.names;
        let has_room = |size: f64| self.height >= 2.0 * LINE * size;
        let size = if has_room(LABEL) { look.size } else { look.size.min(SMALL) };
        let look = Type { size, ..look };
        let (width, most) = (right - left - GAP, if has_room(size) { 2 } else { 1 });
        let mut lines = canvas.wrapped(&format!("{text}{mark}"), look, width, most);
        if !mark.is_empty() && lines.last().is_some_and(|last| last.ends_with('…')) {
            lines = canvas.wrapped(text, look, width - canvas.width(mark, look), most);
            lines.last_mut().into_iter().for_each(|last| last.push_str(mark));
        }
        let start = self.row(i).middle() + size * 0.35 - (lines.len() as f64 - 1.0) * size * LINE / 2.0;
        for (k, line) in lines.iter().enumerate() {
            canvas.text(line, (right - GAP, start + k as f64 * size * LINE), Align::End, look)?;
        }
        Ok(())
    }

    /// Makes row `i` a place that a reader can point at, with its numbers.
    pub(super) fn spot(&self, canvas: &Canvas<'_>, i: usize, cells: Vec<String>) {
        let Row { top, height } = self.row(i);
        canvas.spot([canvas.layout.left, top, canvas.layout.right, top + height], cells);
    }
}

impl Row {
    pub(super) fn middle(self) -> f64 {
        self.top + self.height / 2.0
    }

    /// The upper and lower edge of its bar.
    pub(super) fn bar(self) -> (f64, f64) {
        let half = (self.height * 0.34).min(BAR / 2.0);
        (self.middle() - half, self.middle() + half)
    }
}
