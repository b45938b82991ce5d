//! What is said of the drivers of a number.

use super::{Block, Grid, Says};
use crate::aggregate::Estimate;
use crate::results::{DriversRecord, Driving, FEWEST, FEWEST_TO_COMPARE, Lever, Results, SAYS_NOTHING, the};
use crate::scenario::called;
use crate::table::Row;
use crate::words;

/// Inputs in the grid.
const ROWS: usize = 10;
/// How many inputs are looked at for their grades.
const STRONGEST: usize = 5;
/// Small numbers in words.
const COUNTS: [&str; STRONGEST + 1] = ["none", "one", "two", "three", "four", "five"];
/// How many inputs are named that would do it, or would not.
const NAMED: usize = 3;

/// Results with what is behind the variance.
struct Drivers<'r> {
    results: &'r Results,
    driving: Driving<'r>,
    /// `mean NPV`, `the probability of payback`.
    what: String,
}

impl<'r> std::ops::Deref for Drivers<'r> {
    type Target = Driving<'r>;

    fn deref(&self) -> &Self::Target {
        &self.driving
    }
}

impl Says for DriversRecord {
    /// What decides, what would have to be true, what the futures have in common that succeed; then input by input.
    fn blocks(&self, results: &Results) -> Vec<Block> {
        let driving = Driving::new(results, self);
        let drivers = Drivers { results, what: driving.what(), driving };
        let mut sentences = vec![drivers.decide()];
        sentences.extend(drivers.strongest_swing());
        sentences.extend(drivers.needed());
        sentences.extend(drivers.common());
        sentences.extend(drivers.grades());
        let heading = format!("{}: what {} hangs on", results.record.scenario().title, drivers.what);
        let varies = drivers.record.sd > 0.0;
        let grid = varies.then(|| drivers.grid());
        let remarks = varies.then(|| drivers.remark()).into_iter().collect();
        vec![Block { heading, sentences, grid, remarks }]
    }
}

impl Drivers<'_> {
    fn decide(&self) -> String {
        let of = self.varies();
        if self.record.sd <= 0.0 {
            if self.record.is_probability {
                let never = self.record.mean <= 0.0;
                let which = if never { "in none of" } else { "in all of" };
                let clause = words::upper_first(&words::happens(&self.record.of, false));
                let futures = self.record.happens.map_or(self.results.record.simulation.paths, |[with, without]| {
                    if (if never { with } else { without }) == 0 {
                        with + without
                    } else {
                        self.results.record.simulation.paths
                    }
                });
                return format!("{clause} {which} {} simulated futures: nothing drives it.", words::count(futures));
            }
            return format!("{} is the same in every simulated future: nothing drives it.", words::upper_first(&of));
        }
        if self.variance.is_empty() {
            return format!(
                "Which inputs are behind the variance of {of} cannot be said: it takes {FEWEST} simulated futures of either kind for that. More --paths find more; the swings below hold all the same."
            );
        }
        if !self.is_ranked() {
            let paths = words::count(self.results.record.simulation.paths);
            return format!(
                "Which inputs are behind the variance of {of} cannot be said from {paths} paths: a share may be off by more than {:.0} points. More --paths narrow that; the swings below hold all the same.",
                SAYS_NOTHING * 100.0
            );
        }
        let (who, count, share) = self.driving.decide();
        let together = if count == 1 { "" } else { "together " };
        format!("{who}: {together}{:.0}% of the variance of {of}.", share * 100.0)
    }

    /// How far the input with the largest swing goes, and whether it does so alone.
    fn strongest_swing(&self) -> Option<String> {
        let row = self.results.rows("swing").find(|row| row.number("swing").is_some())?;
        let (name, unit) = (row.text("input")?, row.text("unit")?);
        let (swing, alone) = (row.estimate("swing")?, row.estimate("alone_swing")?);
        if name.starts_with("events.") || swing.value == 0.0 {
            return None;
        }
        let [low, high] = [row.number("low_value")?, row.number("high_value")?].map(|x| words::amount_about(x, unit));
        let apart = swing.value - alone.value;
        let error = swing.se.zip(alone.se).map_or(f64::INFINITY, |(a, b)| libm::hypot(a, b));
        // Of what is correlated with nothing, the difference is no more than a bend.
        let correlated = self.record.correlated.iter().any(|other| other == name);
        let along = if correlated && apart.abs() > 3.0 * error && apart.abs() > 0.1 * swing.value.abs() {
            format!("; moved alone it brings {}: the rest is what usually comes along with it", self.change(&alone))
        } else {
            String::new()
        };
        let rises = if swing.value > 0.0 { "rises" } else { "falls" };
        Some(format!(
            "From the lowest tenth of {} (about {low}) to the highest (about {high}) {} {rises} by {}{along}.",
            the(name),
            self.what,
            self.change(&swing).trim_start_matches(['+', '\u{2212}'])
        ))
    }

    /// Which inputs alone would do it, and which would not; where it is so already, which would end it.
    fn needed(&self) -> Vec<String> {
        let (level, ways) = (self.level(), self.levers());
        let said = |way: &Lever<'_>| {
            let odds = match way.odds {
                odds if odds > 0.0 => format!("the scenario gives that {}", words::percent(way.share)),
                _ if self.is_reached() => "the scenario holds nothing else possible".to_owned(),
                _ => "the scenario does not hold that possible".to_owned(),
            };
            let name = words::a(&called(way.row.text("input").unwrap_or_default()));
            format!("{name} of {} (today {}; {odds})", way.place(), way.today())
        };
        let list: Vec<String> = ways.iter().take(NAMED).map(said).collect();
        if self.is_reached() {
            let what = words::upper_first(&self.what);
            return vec![match list.as_slice() {
                [] => format!("{what} is {level} or more as it stands, and no input alone was found to change that."),
                list => format!(
                    "{what} is {level} or more as it stands; alone, each of these keeps it there: {}.",
                    list.join("; ")
                ),
            }];
        }
        let mut out = vec![match list.as_slice() {
            [] => format!("No input alone was found to bring {} to {level}.", self.what),
            [only] => format!("Alone, {only} would bring {} to {level}.", self.what),
            several => format!("Any one of these would alone bring {} to {level}: {}.", self.what, several.join("; ")),
        }];
        let powerless: Vec<String> = self.powerless().iter().filter_map(|row| row.text("input")).map(called).collect();
        let (named, others) = powerless.split_at(powerless.len().min(NAMED));
        if !named.is_empty() {
            let others = match others.len() {
                0 => String::new(),
                n => format!(", nor of {n} other{},", if n == 1 { "" } else { "s" }),
            };
            // So far the search goes, where an input has no end of its own.
            out.push(format!(
                "No value up to ten times today’s of {}{others} would do it alone.",
                words::either(named)
            ));
        }
        out
    }

    /// What tells the futures apart in which an event happens.
    fn common(&self) -> Option<String> {
        let [with, without] = self.record.happens?;
        let event = self.varies();
        if with == 0 || without == 0 {
            return None;
        }
        let rarer = with.min(without);
        if rarer < FEWEST {
            let which = if with < without { "with" } else { "without" };
            let futures = words::counted(rarer as usize, "future");
            return Some(format!(
                "Only {futures} of {} are {which} {event}: too few to say what they have in common.",
                words::count(with + without)
            ));
        }
        let said = |row: Row<'_>| {
            let unit = row.text("unit")?;
            let amount = |column: &str| row.number(column).map(|x| words::amount_about(x, unit));
            let name = words::a(&called(row.text("input")?));
            Some(format!("{name} around {} (elsewhere {})", amount("p50_with")?, amount("p50_without")?))
        };
        let inputs = self
            .results
            .rows("common")
            .filter(|row| row.text("input").is_some_and(|name| !name.starts_with("events.")) && self.tells_apart(row));
        let list: Vec<String> = inputs.take(2).filter_map(said).collect();
        let few = if rarer < FEWEST_TO_COMPARE {
            format!(" Of the rarer kind there are only {} futures.", words::count(rarer))
        } else {
            String::new()
        };
        (!list.is_empty()).then(|| {
            format!(
                "The {} futures with {event} have in common above all {}; these are medians.{few}",
                words::count(self.record.described.map_or(with, |described| described[0])),
                list.join(" and ")
            )
        })
    }

    /// How many of the strongest inputs are assumptions.
    fn grades(&self) -> Option<String> {
        if !self.is_ranked() || self.record.sd <= 0.0 {
            return None;
        }
        let strongest: Vec<&str> = self
            .variance
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| *name != "shocks" && !name.starts_with("events."))
            .take(STRONGEST)
            .collect();
        let assumed = strongest.iter().filter(|name| self.is_assumed(name));
        let assumed: Vec<String> = assumed.map(|name| the(name)).collect();
        let whole = match strongest.len() {
            0 | 1 => return None,
            n => COUNTS[n.min(STRONGEST)],
        };
        Some(match assumed.len() {
            0 => format!("The {whole} strongest inputs all have a published source."),
            n if n == strongest.len() => {
                format!("The {whole} strongest inputs are all assumptions (grade X or without a source).")
            }
            n => format!(
                "Of the {whole} strongest inputs {} {} (grade X or without a source): {}. Research should begin there.",
                COUNTS[n.min(STRONGEST)],
                if n == 1 { "is an assumption" } else { "are assumptions" },
                words::list(&assumed)
            ),
        })
    }

    fn grid(&self) -> Grid {
        let value = |table: &str, name: &str, column: &str| {
            self.results.rows(table).find(|row| row.text("input") == Some(name)).and_then(|row| row.estimate(column))
        };
        let order = self.order();
        let told = |x: Option<Estimate>| x.map_or_else(String::new, |x| self.change(&x));
        let row = |name: &&str| {
            let mut row = vec![called(name)];
            if self.is_ranked() {
                let share = value("variance", name, "shapley");
                row.push(share.map_or_else(String::new, |share| part(&share)));
            }
            row.extend([told(value("swing", name, "swing")), told(value("swing", name, "alone_swing"))]);
            row
        };
        let mut header = vec![String::new()];
        header.extend(self.is_ranked().then(|| "part of the variance".to_owned()));
        header.extend(["lowest to highest tenth", "moved alone"].map(str::to_owned));
        let caption = format!("What moves {}", self.what);
        Grid { caption, header, rows: order.iter().take(ROWS).map(row).collect() }
    }

    fn remark(&self) -> String {
        let rows = self.variance.len();
        let more = if rows > ROWS {
            format!(" {} more are in variance.csv and swing.csv.", rows - ROWS)
        } else {
            String::new()
        };
        format!(
            "Parts are Shapley effects: correlated inputs share what they explain together. From the lowest to the highest tenth, what usually comes along does so; moved alone, the input goes from its 5% to its 95% value and nothing else changes.{more}"
        )
    }
}

/// `45% ± 3%`.
pub(super) fn part(share: &Estimate) -> String {
    let half = super::half_width(share).unwrap_or(0.0);
    if half < 0.0005 {
        return words::percent(share.value.max(0.0));
    }
    let places = usize::from(half < 0.0095);
    format!("{:.places$}% ± {:.places$}%", (share.value * 100.0).max(0.0), half * 100.0)
}
