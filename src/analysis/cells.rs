//! An input's range in cells of about equal probability.

/// The most cells of equal probability into which the range of an input is cut.
const MOST_CELLS: usize = 512;
/// Each has about so many paths. What is chosen is chosen for a cell, so one must be small beside what a choice hangs on.
const PATHS_PER_CELL: usize = 16;
/// The outermost ones are halved so often, since a choice may change in the tail.
const HALVED: u32 = 4;

/// An input's range in cells.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    /// The cell of each path.
    pub(super) of_path: Vec<u16>,
    /// The mean of the input in each cell, rising. What never comes stands as far beyond the last month as that is from the first.
    pub(super) places: Vec<f64>,
    /// The lowest and the highest value in each.
    pub(super) ends: Vec<(f64, f64)>,
}

impl Cells {
    pub(super) fn new(drawn: &[f64]) -> Self {
        let mut sorted = drawn.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let cells = (drawn.len() / PATHS_PER_CELL).clamp(1, MOST_CELLS);
        // Equal values fall into one cell.
        let mut starts: Vec<usize> = (0..cells).map(|i| i * drawn.len() / cells).collect();
        let size = drawn.len() / cells;
        starts.extend((1..=HALVED).flat_map(|k| [size >> k, drawn.len() - (size >> k).max(1)]));
        starts.sort_unstable();
        let mut edges: Vec<f64> = starts.into_iter().map(|start| sorted[start]).collect();
        edges.dedup();
        // What is infinite does not share a cell with what is not.
        if sorted.last().is_some_and(|x| x.is_infinite()) && edges.last().is_some_and(|edge| edge.is_finite()) {
            edges.push(f64::INFINITY);
        }
        let of_path: Vec<u16> =
            drawn.iter().map(|x| (edges.partition_point(|edge| edge <= x).max(1) - 1) as u16).collect();
        let mut ends = vec![(f64::INFINITY, f64::NEG_INFINITY); edges.len()];
        let mut means = vec![(0.0, 0.0); edges.len()];
        for (cell, x) in of_path.iter().zip(drawn) {
            let (low, high) = ends[usize::from(*cell)];
            ends[usize::from(*cell)] = (low.min(*x), high.max(*x));
            let (sum, count) = means[usize::from(*cell)];
            means[usize::from(*cell)] = (sum + x, count + 1.0);
        }
        let mut places: Vec<f64> = means.into_iter().map(|(sum, count)| sum / count).collect();
        if let Some(last) = places.iter().rposition(|x| x.is_finite()) {
            let beyond = 2.0 * places[last] - places[0] + 1.0;
            places.iter_mut().filter(|x| x.is_infinite()).for_each(|x| *x = beyond);
        } else {
            places.fill(0.0);
        }
        Self { of_path, places, ends }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_comes_has_a_cell_of_its_own() {
        let drawn: Vec<f64> = (0..4096).map(|i| if i % 3 == 0 { f64::from(i % 24) } else { f64::INFINITY }).collect();
        let cells = Cells::new(&drawn);
        let last = cells.places.len() - 1;
        assert!(cells.places.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", cells.places);
        assert!(drawn.iter().zip(&cells.of_path).all(|(x, cell)| x.is_infinite() == (usize::from(*cell) == last)));
    }
}
