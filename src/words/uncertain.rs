//! Numbers with the simulation's own error: no more digits than the error allows, and both in the same unit.

use super::{count, signed, with_units};

/// How often something happens among the simulated futures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frequency {
    /// The share of paths on which it does.
    pub share: f64,
    /// How many paths those are.
    pub count: u64,
    /// Of how many.
    pub paths: u64,
    /// The 95% interval of the share; none for a single path.
    pub interval: Option<(f64, f64)>,
}

/// Fewer than so many paths are counted rather than told as a percentage.
const FEW: u64 = 10;
/// Rarer than this, a percentage is hard to picture.
const RARE: f64 = 0.01;

impl Frequency {
    /// Of a share whose count follows from it.
    #[must_use]
    pub fn of_share(share: f64, paths: u64) -> Self {
        Self { share, count: (share * paths as f64).round() as u64, paths, interval: None }
    }

    /// In a sentence: `in 27.8% ± 0.3% of simulated futures`, `in 5 of 10,000 simulated futures`.
    ///
    /// ```
    /// use breakeven::words::Frequency;
    /// let rare = Frequency { share: 0.004, count: 400, paths: 100_000, interval: Some((0.0037, 0.0043)) };
    /// assert_eq!(rare.said(), "in 0.40% ± 0.03% of simulated futures (about 1 in 250)");
    /// let few = Frequency { share: 0.0005, count: 5, paths: 10_000, interval: Some((0.0002, 0.0012)) };
    /// assert_eq!(few.said(), "in 5 of 10,000 simulated futures");
    /// ```
    #[must_use]
    pub fn said(&self) -> String {
        match (self.count, self.paths) {
            (0, 1) => "not in the only simulated future".to_owned(),
            (1, 1) => "in the only simulated future".to_owned(),
            (0, paths) => format!("in none of {} simulated futures", count(paths)),
            (yes, paths) if yes == paths => format!("in all {} simulated futures", count(paths)),
            (yes, paths) if yes < FEW => format!("in {} of {} simulated futures", count(yes), count(paths)),
            _ => {
                let picture = self.one_in().map_or_else(String::new, |n| format!(" (about 1 in {n})"));
                format!("in {} of simulated futures{picture}", percent_with_error(self.share, self.interval))
            }
        }
    }

    /// In a list: `12%`, `1 of 131,072`.
    #[must_use]
    pub fn short(&self) -> String {
        if (1..FEW).contains(&self.count) && self.paths > 1 && self.share < RARE {
            return format!("{} of {}", count(self.count), count(self.paths));
        }
        super::percent(self.share)
    }

    /// As the subject of a headline, which has no room for errors: `28% of simulated futures`, `About 1 in 250 simulated futures`.
    #[must_use]
    pub fn subject(&self) -> String {
        match (self.count, self.paths) {
            (0, 1) => "No future".to_owned(),
            (1, 1) => "The only simulated future".to_owned(),
            (0, _) => "None of the simulated futures".to_owned(),
            (yes, paths) if yes == paths => "All simulated futures".to_owned(),
            (yes, paths) if yes < FEW => format!("{} of {} simulated futures", count(yes), count(paths)),
            _ => match self.one_in() {
                Some(n) => format!("About 1 in {n} simulated futures"),
                None => format!("{} of simulated futures", super::percent(self.share)),
            },
        }
    }

    /// The verb of the subject: `pays` for one future, `pay` for several.
    #[must_use]
    pub fn verb(&self, singular: &'static str, plural: &'static str) -> &'static str {
        if self.paths == 1 { singular } else { plural }
    }

    /// `250` where it happens on one path of about 250; none where it is not rare.
    fn one_in(&self) -> Option<String> {
        let n = self.paths as f64 / self.count as f64;
        (self.share < RARE && self.count > 0).then(|| {
            let rounded: f64 = format!("{n:.1e}").parse().unwrap_or(n);
            count(rounded as u64)
        })
    }
}

/// An interval that is wider on one side by more than this part of its mean half is told by its ends.
const UNEVEN: f64 = 0.25;

/// Decimals that show one digit of an error, or two where the first is a 1.
fn decimals(half: f64) -> i32 {
    let power = libm::floor(libm::log10(half));
    // 0.0996 is shown as 0.10 and not as 0.100.
    let leading = (half / libm::pow(10.0, power) * 10.0).round() / 10.0;
    let digits = i32::from(leading < 1.95);
    -(power as i32) + digits
}

/// A share with its error: `0.41% ± 0.04%`; where the interval is not even on both sides, `0.3% (95% interval 0.1% to 0.7%)`.
#[must_use]
pub fn percent_with_error(p: f64, interval: Option<(f64, f64)>) -> String {
    let Some((low, high)) = interval else { return super::percent(p) };
    let half = 50.0 * (high - low);
    if !(half > 0.0) {
        return super::percent(p);
    }
    let places = decimals(half).clamp(0, 6) as usize;
    let shown = |x: f64| format!("{:.places$}", (x * 100.0).max(0.0));
    if is_even(p, low, high) {
        format!("{}% ± {half:.places$}%", shown(p))
    } else {
        format!("{}% (95% interval {}% to {}%)", shown(p), shown(low), shown(high))
    }
}

/// A share to the digits that an error of a difference of it allows: `1.01%` beside `0.91 ± 0.04 points`.
#[must_use]
pub fn percent_beside(p: f64, half: Option<f64>) -> String {
    let half = half.map(|half| half * 100.0).filter(|half| *half > 1e-9);
    half.map_or_else(|| super::percent(p), |half| format!("{:.*}%", decimals(half).clamp(0, 6) as usize, p * 100.0))
}

/// The same for a cell of a table: `0.3% (0.1 to 0.7)`.
#[must_use]
pub fn percent_short_with_error(p: f64, interval: Option<(f64, f64)>) -> String {
    let text = percent_with_error(p, interval);
    match text.split_once(" (95% interval ") {
        Some((share, ends)) => format!("{share} ({})", ends.trim_end_matches(')').replace('%', "")),
        None => text,
    }
}

/// Whether an interval is about as wide on both sides.
fn is_even(p: f64, low: f64, high: f64) -> bool {
    let (below, above) = (p - low, high - p);
    (above - below).abs() <= UNEVEN * 0.5 * (above + below)
}

/// What a change adds, with its error: `+$78.9M ± $0.4M`, `−0.035 ± 0.004 points` of a share.
#[must_use]
pub fn change_with_error(x: f64, half: Option<f64>, unit: &str) -> String {
    let Some(half) = half.filter(|half| *half > 0.0 && x != 0.0) else { return super::change_short(x, unit) };
    let size = match unit {
        "share" => points_with_error(x, Some(half)),
        _ => dollars_short_with_error(x.abs(), half),
    };
    format!("{}{size}", if x < 0.0 { '\u{2212}' } else { '+' })
}

/// The same in any unit.
#[must_use]
pub fn change_in_unit(x: f64, half: Option<f64>, unit: &str) -> String {
    match half {
        Some(half) if unit != "share" && !unit.starts_with('$') && x != 0.0 => {
            format!("{}{}", if x < 0.0 { '\u{2212}' } else { '+' }, amount_with_error(x.abs(), half, unit))
        }
        half => change_with_error(x, half, unit),
    }
}

/// A difference of shares in points: `0.9 ± 0.1 points`.
#[must_use]
pub fn points_with_error(x: f64, half: Option<f64>) -> String {
    let size = x.abs() * 100.0;
    match half.map(|half| half * 100.0).filter(|half| *half > 1e-9) {
        Some(half) => {
            let places = decimals(half).clamp(0, 6) as usize;
            format!("{size:.places$} ± {half:.places$} points")
        }
        None => super::points(x),
    }
}

/// Units of size in a sentence, the largest first.
const SIZES: [(&str, f64); 4] = [("\u{a0}trillion", 1e12), ("\u{a0}billion", 1e9), ("\u{a0}million", 1e6), ("", 1.0)];
/// The same on an axis or in a table.
const SHORT_SIZES: [(&str, f64); 4] = [("T", 1e12), ("B", 1e9), ("M", 1e6), ("", 1.0)];
/// More decimals than these are read as a smaller unit.
const MOST_DECIMALS: i32 = 3;

/// A sum of money with half the width of its interval, in the same unit: `$423.1 million ± $0.4 million`.
///
/// ```
/// use breakeven::words::dollars_with_error;
/// assert_eq!(dollars_with_error(423_130_000.0, 383_615.0), "$423.1\u{a0}million ± $0.4\u{a0}million");
/// assert_eq!(dollars_with_error(-4_149_976_123.0, 24_100.0), "−$4,149.98\u{a0}million ± $0.02\u{a0}million");
/// assert_eq!(dollars_with_error(12.3456, 0.012), "$12.346 ± $0.012");
/// ```
#[must_use]
pub fn dollars_with_error(x: f64, half: f64) -> String {
    money(x, half, &SIZES)
}

/// The same, short: `$423.1M ± $0.4M`.
#[must_use]
pub fn dollars_short_with_error(x: f64, half: f64) -> String {
    money(x, half, &SHORT_SIZES)
}

fn money(x: f64, half: f64, sizes: &[(&str, f64)]) -> String {
    let size = x.abs().max(half);
    let fits = |(_, unit): &&(&str, f64)| size >= *unit && decimals(half / unit) <= MOST_DECIMALS;
    let (name, unit) = sizes.iter().find(fits).copied().unwrap_or(("", 1.0));
    let decimals = decimals(half / unit);
    let places = decimals.clamp(0, 9) as usize;
    // Digits before the point that the error does not allow are zeros.
    let step = libm::pow(10.0, f64::from((-decimals).max(0)));
    let shown = |x: f64| {
        let text =
            format!("{:.places$}", if step > 1.0 { (x.abs() / unit / step).round() * step } else { x.abs() / unit });
        let (whole, rest) = text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
        let whole = whole.parse().map_or_else(|_| whole.to_owned(), count);
        signed(x, &format!("${whole}{}{name}", rest.map_or(String::new(), |rest| format!(".{rest}"))))
    };
    format!("{} ± {}", shown(x), shown(half))
}

/// A value in its unit with half the width of its interval.
#[must_use]
pub fn amount_with_error(x: f64, half: f64, unit: &str) -> String {
    if unit.starts_with('$') {
        return dollars_with_error(x, half);
    }
    if matches!(unit, "share" | "1/year" | "1/month") {
        return percent_with_error(x, Some((x - half, x + half)));
    }
    with_units(x, half, unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(share: f64, paths: u64, interval: (f64, f64)) -> Frequency {
        Frequency { interval: Some(interval), ..Frequency::of_share(share, paths) }
    }

    #[test]
    fn frequencies_are_said_well_however_rare() {
        assert_eq!(of(0.27792, 100_000, (0.2750, 0.2808)).said(), "in 27.8% ± 0.3% of simulated futures");
        assert_eq!(of(0.0, 1000, (0.0, 0.004)).said(), "in none of 1,000 simulated futures");
        assert_eq!(of(1.0, 1000, (0.996, 1.0)).said(), "in all 1,000 simulated futures");
        assert_eq!(of(1e-4, 10_000, (0.0, 5e-4)).said(), "in 1 of 10,000 simulated futures");
        assert_eq!(Frequency::of_share(1.0, 1).said(), "in the only simulated future");
        assert_eq!(Frequency::of_share(0.278, 1000).subject(), "28% of simulated futures");
        assert_eq!(Frequency::of_share(0.0004, 100_000).subject(), "About 1 in 2,500 simulated futures");
        assert_eq!(Frequency::of_share(0.004, 100_000).subject(), "About 1 in 250 simulated futures");
        assert_eq!(Frequency::of_share(0.0, 100_000).subject(), "None of the simulated futures");
    }

    #[test]
    fn an_uneven_interval_is_told_as_one() {
        assert_eq!(percent_with_error(0.003, Some((0.001, 0.007))), "0.3% (95% interval 0.1% to 0.7%)");
        assert_eq!(percent_short_with_error(0.003, Some((0.001, 0.007))), "0.3% (0.1 to 0.7)");
        assert_eq!(percent_with_error(0.28, Some((0.221, 0.345))), "28% ± 6%");
        assert_eq!(percent_with_error(0.5, Some((0.5, 0.5))), "50%");
    }

    #[test]
    fn one_or_two_digits_of_an_error_are_shown() {
        assert_eq!([0.4, 0.04, 3.0, 24.0, 0.12, 1.2, 0.0996].map(decimals), [1, 2, 0, -1, 2, 1, 2]);
        assert_eq!(points_with_error(-0.0091, Some(0.0012)), "0.91 ± 0.12 points");
        assert_eq!(dollars_with_error(0.0, 5e8), "$0\u{a0}million ± $500\u{a0}million");
        assert_eq!(dollars_short_with_error(1.5e9, 2e6), "$1.500B ± $0.002B");
        assert_eq!(dollars_with_error(535_732.0, 7_734.0), "$536,000 ± $8,000");
        assert_eq!(amount_with_error(14_123_456.0, 51_000.0, "persons"), "14.12\u{a0}million ± 0.05\u{a0}million");
    }
}
