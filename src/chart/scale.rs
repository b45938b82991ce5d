//! Axes: a range of numbers onto a range of the chart, with round ticks.

/// No axis reaches further: results do not.
const LARGEST: f64 = 1e21;

/// What an axis can end at, whatever a file says.
fn bounded(x: f64) -> f64 {
    if x.is_nan() { 0.0 } else { x.clamp(-LARGEST, LARGEST) }
}

/// A linear axis.
#[derive(Clone, Debug)]
pub(super) struct Scale {
    pub(super) low: f64,
    pub(super) high: f64,
    from: f64,
    to: f64,
    pub(super) ticks: Vec<f64>,
}

impl Scale {
    /// An axis that holds `low` and `high`, widened to round numbers, with about `count` ticks.
    pub(super) fn round(low: f64, high: f64, from: f64, to: f64, count: f64) -> Self {
        let (low, high) = (bounded(low), bounded(high));
        let (low, high) = if high > low { (low, high) } else { (low - low.abs().max(1.0), high + high.abs().max(1.0)) };
        let step = crate::round::step_above((high - low) / count);
        let (first, last) = ((low / step + 1e-9).floor() as i64, (high / step - 1e-9).ceil() as i64);
        let ticks = (first..=last).map(|k| k as f64 * step).collect();
        Self { low: first as f64 * step, high: last as f64 * step, from, to, ticks }
    }

    /// An axis that ends exactly at `low` and `high`, with the given ticks.
    pub(super) fn exact(low: f64, high: f64, from: f64, to: f64, ticks: Vec<f64>) -> Self {
        let (low, high) = (bounded(low), bounded(high));
        Self { low, high: if high > low { high } else { low + 1.0 }, from, to, ticks }
    }

    /// Months 0 or 1 to T, ticks at whole years where there are some.
    pub(super) fn months(first: usize, last: usize, from: f64, to: f64) -> Self {
        let step = [1, 2, 3, 6, 12, 24, 60, 120].into_iter().find(|step| last / step <= 10).unwrap_or(120);
        let ticks = (first..=last).filter(|t| t % step == 0).map(|t| t as f64).collect();
        Self::exact(first as f64, last as f64, from, to, ticks)
    }

    /// Where a number stands; numbers beyond the axis stand at its end.
    pub(super) fn at(&self, x: f64) -> f64 {
        let t = (x.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        self.from + (self.to - self.from) * t
    }
}

/// Moves labels apart so that none overlap: at least `gap` between neighbours, inside [low, high], each as near to
/// where it wants to be as the others let it. Returns the places in the order of the wishes.
pub(super) fn spread_labels(wishes: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by(|&a, &b| wishes[a].total_cmp(&wishes[b]));
    // Clusters of labels that touch: each sits centred on its wishes.
    let mut clusters: Vec<(f64, usize)> = Vec::new();
    for &i in &order {
        let mut cluster = (wishes[i], 1);
        while let Some(&(middle, n)) = clusters.last() {
            let reach = gap * (n + cluster.1) as f64 / 2.0;
            if cluster.0 - middle >= reach {
                break;
            }
            clusters.pop();
            let total = n + cluster.1;
            cluster = ((middle * n as f64 + cluster.0 * cluster.1 as f64) / total as f64, total);
            let half = gap * (total - 1) as f64 / 2.0;
            cluster.0 = cluster.0.clamp(low + half, (high - half).max(low + half));
        }
        clusters.push(cluster);
    }
    let mut places = vec![0.0; wishes.len()];
    let mut next = order.into_iter();
    for (middle, n) in clusters {
        for k in 0..n {
            if let Some(i) = next.next() {
                places[i] = middle + gap * (k as f64 - (n - 1) as f64 / 2.0);
            }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_at_round_numbers() {
        let scale = Scale::round(0.0, 14.3e6, 0.0, 100.0, 6.0);
        assert_eq!((scale.low, scale.high), (0.0, 15e6));
        assert_eq!(scale.at(7.5e6), 50.0);
        let negative = Scale::round(-4.1e9, 2e8, 0.0, 1.0, 6.0);
        assert_eq!((negative.low, negative.high), (-5e9, 1e9));
        assert!(Scale::round(3.0, 3.0, 0.0, 1.0, 6.0).high > 3.0);
    }

    #[test]
    fn labels_never_overlap() {
        let places = spread_labels(&[100.0, 101.0, 102.0, 300.0], 20.0, 0.0, 400.0);
        assert_eq!(places, [81.0, 101.0, 121.0, 300.0]);
        let crowded = spread_labels(&[0.0, 0.0, 0.0], 20.0, 0.0, 100.0);
        assert_eq!(crowded, [0.0, 20.0, 40.0]);
    }
}
