//! Quantile functions made ready to draw from: closed forms over lanes, or a table.
//!
//! A table is spaced evenly in the normal score z = Φ⁻¹(u) and not in u: there the quantile functions in
//! use are smooth out to the far tails, so that a monotone cubic on about a thousand nodes agrees with the exact
//! function to 1e-9 of p95 − p05, with no special case at the ends. The builder checks itself, doubles the
//! nodes until it agrees, and falls back to the exact function for a distribution too sharp to tabulate.

use std::sync::{Arc, Mutex, PoisonError};

use super::special::{Z_MAX, normal_cdf};
use super::{Dist, Kind};
use crate::lanes::{LANES, Lanes};

const FIRST_NODES: usize = 1024;
const MOST_NODES: usize = 16_384;
/// Agreement asked of the midpoints of cells, as a share of p95 − p05.
const TOLERANCE: f64 = 2e-10;

/// A distribution made ready to draw from.
#[derive(Clone, Debug)]
pub(crate) struct Drawer {
    way: Way,
    low: f64,
    high: f64,
}

#[derive(Clone, Debug)]
enum Way {
    Constant(f64),
    /// base + width · u
    Linear {
        base: f64,
        width: f64,
    },
    Triangular {
        min: f64,
        max: f64,
        split: f64,
        rise: f64,
        fall: f64,
    },
    /// mean + sd · z
    Normal {
        mean: f64,
        sd: f64,
    },
    /// exp(mean + sd · z)
    LogNormal {
        mean: f64,
        sd: f64,
    },
    Table(Arc<Table>),
    /// The exact function, one draw at a time.
    Exact(Dist),
}

/// Value and slope (per node step) at equidistant scores.
#[derive(Clone, Debug)]
struct Table {
    nodes: Vec<[f64; 2]>,
    per_step: f64,
}

impl Drawer {
    /// Tabulates where there is no closed form. The draws stay inside \[`low`, `high`\], the distribution's
    /// support as the input allows it.
    pub(crate) fn new(dist: &Dist, low: f64, high: f64) -> Self {
        let way = match &dist.0 {
            Kind::Constant(value) => Way::Constant(*value),
            Kind::Uniform { min, max } => Way::Linear { base: *min, width: max - min },
            Kind::Triangular { min, mode, max } => Way::Triangular {
                min: *min,
                max: *max,
                split: (mode - min) / (max - min),
                rise: (max - min) * (mode - min),
                fall: (max - min) * (max - mode),
            },
            Kind::Normal(n) if n.is_whole() => Way::Normal { mean: n.mean, sd: n.sd },
            Kind::LogNormal { normal } if normal.is_whole() => Way::LogNormal { mean: normal.mean, sd: normal.sd },
            Kind::Discrete { .. } | Kind::Empirical { .. } => Way::Exact(dist.clone()),
            Kind::LogUniform { .. }
            | Kind::Beta { .. }
            | Kind::Normal(_)
            | Kind::LogNormal { .. }
            | Kind::Gamma { .. }
            | Kind::Metalog { .. } => Table::known(dist).map_or_else(|| Way::Exact(dist.clone()), Way::Table),
        };
        Self { way, low, high }
    }

    /// Whether a draw costs the exact quantile function.
    #[cfg(test)]
    pub(super) fn is_slow(&self) -> bool {
        matches!(&self.way, Way::Exact(dist) if dist.is_continuous())
    }

    /// The number that is the same on every path, if it is.
    pub(crate) fn constant_value(&self) -> Option<f64> {
        if let Way::Constant(value) = self.way { Some(value) } else { None }
    }

    /// Whether draws are made from normal scores and not from uniform numbers.
    fn takes_scores(&self) -> bool {
        matches!(self.way, Way::Normal { .. } | Way::LogNormal { .. } | Way::Table(_))
    }

    /// Turns uniform numbers into draws, in place.
    #[inline(always)]
    pub(crate) fn draw_from_uniforms(&self, column: &mut [Lanes]) {
        if self.takes_scores() {
            for x in column.iter_mut() {
                *x = x.normal_quantile();
            }
        }
        self.draw(column);
    }

    /// Turns normal scores (of a correlated group) into draws, in place.
    #[inline(always)]
    pub(crate) fn draw_from_scores(&self, column: &mut [Lanes]) {
        let widest = Lanes::splat(Z_MAX);
        for x in column.iter_mut() {
            let z = x.max(-widest).min(widest);
            *x = if self.takes_scores() { z } else { z.map(normal_cdf) };
        }
        self.draw(column);
    }

    #[inline(always)]
    fn draw(&self, column: &mut [Lanes]) {
        match &self.way {
            Way::Constant(value) => column.fill(Lanes::splat(*value)),
            Way::Linear { base, width } => each(column, |u| *base + *width * u),
            Way::Triangular { min, max, split, rise, fall } => each(column, |u| {
                let below = *min + (u * *rise).sqrt();
                let above = *max - ((1.0 - u) * *fall).sqrt();
                u.le(Lanes::splat(*split)).select(below, above)
            }),
            Way::Normal { mean, sd } => each(column, |z| *mean + *sd * z),
            Way::LogNormal { mean, sd } => {
                for z in column.iter_mut() {
                    *z = (*mean + *sd * *z).exp();
                }
            }
            // Not by `each`: a closure of this size would not be inlined, and so not compiled for the level.
            Way::Table(table) => {
                for z in column.iter_mut() {
                    *z = table.at(*z);
                }
            }
            Way::Exact(dist) => each(column, |u| u.map(|u| dist.quantile(u))),
        }
        let (low, high) = (Lanes::splat(self.low), Lanes::splat(self.high));
        each(column, |x| x.max(low).min(high));
    }
}

#[inline(always)]
fn each(column: &mut [Lanes], f: impl Fn(Lanes) -> Lanes) {
    for x in column {
        *x = f(*x);
    }
}

/// Tables of distributions that were met before, the newest last. A sweep, a solution or a page asks for the same ones again and again,
/// and what a table says follows from its distribution alone.
static KNOWN: Mutex<Vec<(Dist, Arc<Table>)>> = Mutex::new(Vec::new());
/// So many are kept: 16 kB each, mostly.
const MOST_KNOWN: usize = 64;

impl Table {
    /// The table of a distribution, made once.
    fn known(dist: &Dist) -> Option<Arc<Self>> {
        let find =
            |known: &[(Dist, Arc<Self>)]| known.iter().find(|(other, _)| other == dist).map(|(_, table)| table.clone());
        let locked = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(table) = find(&locked()) {
            return Some(table);
        }
        // Not under the lock: others may want theirs.
        let table = Arc::new(Self::new(dist)?);
        let mut known = locked();
        if known.len() == MOST_KNOWN {
            known.remove(0);
        }
        known.push((dist.clone(), table.clone()));
        Some(table)
    }

    /// None where even the largest table is not good enough.
    fn new(dist: &Dist) -> Option<Self> {
        let spread = dist.quantile(0.95) - dist.quantile(0.05);
        let mut cells = FIRST_NODES;
        while cells <= MOST_NODES {
            let table = Self::with_cells(dist, cells);
            if table.agrees(dist, spread) {
                return Some(table);
            }
            cells *= 2;
        }
        None
    }

    fn with_cells(dist: &Dist, cells: usize) -> Self {
        let step = 2.0 * Z_MAX / cells as f64;
        let values: Vec<f64> = dist.at_scores((0..=cells).map(|i| i as f64 * step - Z_MAX));
        let nodes = (0..=cells).map(|i| [values[i], slope(&values, i)]).collect();
        Self { nodes, per_step: 1.0 / step }
    }

    fn agrees(&self, dist: &Dist, spread: f64) -> bool {
        let cells = self.nodes.len() - 1;
        // The middle of every cell that is likely to be drawn, and a quarter of it in turn from either side.
        (0..2 * cells).all(|i| {
            let inside = [0.5, 0.25, 0.5, 0.75][i % 4];
            let z = ((i / 2) as f64 + inside) / self.per_step - Z_MAX;
            let x = self.at(Lanes::splat(z)).0[0];
            let error = dist.miss(x, z).unwrap_or_else(|| (x - dist.at_score(z)).abs());
            // Outside 1e-6 … 1 − 1e-6 of the probability a longer tail may be a little off in proportion.
            let size = if z.abs() < 4.76 { spread } else { spread.max(dist.at_score(z).abs()) };
            error <= TOLERANCE * size
        })
    }

    #[inline(always)]
    fn at(&self, z: Lanes) -> Lanes {
        let position = ((z + Z_MAX) * self.per_step).max(Lanes::ZERO);
        let last = self.nodes.len() - 2;
        let mut out = [0.0; LANES];
        for i in 0..LANES {
            let cell = (position.0[i] as usize).min(last);
            let t = position.0[i] - cell as f64;
            let ([y0, m0], [y1, m1]) = (self.nodes[cell], self.nodes[cell + 1]);
            // Hermite's cubic in Horner form.
            let rise = y1 - y0;
            let c = m0 + m1 - 2.0 * rise;
            out[i] = y0 + t * (m0 + t * ((rise - m0 - c) + t * c));
        }
        Lanes(out)
    }
}

/// Slope per step at node `i` by differences of fourth order, limited after Fritsch and Carlson (1980) so that the cubic
/// never falls.
fn slope(values: &[f64], i: usize) -> f64 {
    let last = values.len() - 1;
    // One-sided at the ends: at the first and the second of five nodes that run inward.
    let inward = |k: usize| if i <= 1 { values[k] } else { -values[last - k] };
    let raw = match i.min(last - i) {
        0 => (-25.0 * inward(0) + 48.0 * inward(1) - 36.0 * inward(2) + 16.0 * inward(3) - 3.0 * inward(4)) / 12.0,
        1 => (-3.0 * inward(0) - 10.0 * inward(1) + 18.0 * inward(2) - 6.0 * inward(3) + inward(4)) / 12.0,
        _ => (8.0 * (values[i + 1] - values[i - 1]) - (values[i + 2] - values[i - 2])) / 12.0,
    };
    let before = if i == 0 { f64::INFINITY } else { values[i] - values[i - 1] };
    let after = if i == last { f64::INFINITY } else { values[i + 1] - values[i] };
    raw.clamp(0.0, 3.0 * before.min(after).max(0.0))
}
