//! What is said of the worth of knowing more.

use super::study::studied;
use super::{Block, Grid, Says, dollars_with_error};
use crate::aggregate::Estimate;
use crate::results::{BestAlong, Results, Valued, VoiRecord, the};
use crate::scenario::called;
use crate::table::Row;
use crate::words;

/// Rows of a grid.
const ROWS: usize = 10;
/// What may be worth more than this part of everything is not said to be worth nothing.
pub(super) const UNCLEAR: f64 = 0.02;
/// Inputs that are named in a sentence.
const NAMED: usize = 3;
/// Stretches that a sentence can hold.
const STRETCHES: usize = 3;

impl Says for VoiRecord {
    /// Which option is best, what knowing more would be worth, and of what.
    fn blocks(&self, results: &Results) -> Vec<Block> {
        let valued = Valued::new(results, self);
        let heading = format!("{}: what it would be worth to know more", results.record.scenario().title);
        if valued.hardly_differ() {
            return vec![Block { heading, ..Block::said(vec![no_matter(&valued)]) }];
        }
        let mut sentences: Vec<String> =
            best(&valued).into_iter().chain(beyond(&valued)).chain(loses(&valued)).collect();
        sentences.extend(worth(&valued));
        sentences.extend(together(&valued));
        for study in &self.studies {
            sentences.extend(studied(&valued, study));
        }
        sentences.extend(most(&valued));
        sentences.extend(where_best(&valued));
        let options = Block { grid: Some(options(&valued)), ..Block::default() };
        vec![Block { heading, sentences, grid: Some(known(&valued)), remarks: remarks(self) }, options]
    }
}

/// What a reader of the numbers should know.
fn remarks(record: &VoiRecord) -> Vec<String> {
    let mut out = vec![
        "Worth: how much higher mean NPV would be if this were known before choosing. Worths do not add up: two inputs may help against the same mistake, or only together. The rule for choosing is fitted on three quarters of the futures and tested on the others, so that luck is not counted as worth.".to_owned(),
    ];
    if !record.studies.is_empty() {
        out.push("A study is taken to be unbiased: those asked stand for all, and mean what they say.".to_owned());
    }
    out
}

fn no_matter(valued: &Valued<'_>) -> String {
    let apart = valued.most_behind();
    if apart == 0.0 && valued.everything().value == 0.0 {
        return "The choice does not matter: all options earn the same in every simulated future.".to_owned();
    }
    format!(
        "The choice hardly matters: on average the options are at most {} apart, and who knew everything beforehand would gain {}.",
        words::dollars(rounded(apart)),
        words::dollars(rounded(valued.everything().value))
    )
}

/// To two digits, of what is said to be small.
pub(super) fn rounded(x: f64) -> f64 {
    format!("{x:.1e}").parse().unwrap_or(x)
}

/// That a better value may lie beyond those that were offered.
fn beyond(valued: &Valued<'_>) -> Option<String> {
    let (best, [vary]) = (valued.best()?, valued.record.choose.as_slice()) else { return None };
    let (at, (low, high)) = (best.number("first")?, vary.ends());
    let (end, other) = if at == high { ("highest", low) } else { ("lowest", high) };
    let is_end = vary.values.len() > 2 && at != other && (at == low || at == high) && vary.goes_beyond(at);
    is_end.then(|| {
        format!("It is the {end} value tried: a wider range may hold a better one, and change what is worth knowing.")
    })
}

/// That the best option is no more than the smallest loss.
fn loses(valued: &Valued<'_>) -> Option<String> {
    let (_, high) = valued.best()?.estimate("npv_mean")?.interval?;
    (valued.record.instead.is_none() && high < 0.0).then(|| {
        "Every option loses money on average, and this is the smallest loss; --or-nothing compares with not going ahead."
            .to_owned()
    })
}

/// The best option, and how far it is ahead.
fn best(valued: &Valued<'_>) -> Option<String> {
    let (best, second) = (valued.best()?, valued.second()?);
    let behind = second.estimate("behind")?;
    let mean = dollars_with_error(&best.estimate("npv_mean")?);
    let (first, other) = (valued.said(&best), valued.label(&second));
    let sure = behind.interval.is_none_or(|(low, _)| low > 0.0);
    Some(if sure {
        format!("{first} is best: mean NPV {mean}, better than {other} by {}.", dollars_with_error(&behind))
    } else {
        format!(
            "{first} is best as far as can be told: mean NPV {mean}, with {other} behind by {}.",
            dollars_with_error(&behind)
        )
    })
}

/// What everything and single inputs are worth.
fn worth(valued: &Valued<'_>) -> Vec<String> {
    let everything = valued.everything();
    if !valued.counts(&everything) {
        let share = valued.best().and_then(|best| best.number("best_share")).unwrap_or(1.0);
        let often =
            if share >= 1.0 { "in every simulated future".to_owned() } else { format!("in {}", futures(share)) };
        let nothing = if everything.value > 0.0 { "next to nothing" } else { "nothing" };
        return vec![format!("Knowing more beforehand would be worth {nothing}: that choice is best {often}.")];
    }
    let worthwhile = valued.worthwhile();
    let known = format!("Knowing everything beforehand would be worth {}", dollars_with_error(&everything));
    let named: Vec<String> = worthwhile
        .iter()
        .take(NAMED)
        .map(|known| format!("{} alone {}", the(known.know), dollars_with_error(&known.value)))
        .collect();
    let high = |value: &Estimate| value.interval.map_or(value.value, |(_, high)| high);
    let most = valued.known().iter().filter(|known| known.is_single()).map(|one| high(&one.value)).fold(0.0, f64::max);
    vec![if named.is_empty() && most > UNCLEAR * everything.value {
        format!(
            "{known}; what an input alone is worth cannot be told from nothing, but is not above {}. More --paths narrow that.",
            words::dollars(rounded(most))
        )
    } else if named.is_empty() {
        format!("{known}, but no input alone is worth knowing: none by itself would change the choice for the better.")
    } else {
        format!("{known}; knowing {}.", words::list(&named))
    }]
}

fn futures(share: f64) -> String {
    format!("{} of simulated futures", words::percent(share))
}

/// What groups are worth.
fn together(valued: &Valued<'_>) -> Vec<String> {
    let groups = valued.known().into_iter().filter(|known| !known.is_single());
    let said = |known: crate::results::Worthwhile<'_>| {
        let names: Vec<String> = known.names().into_iter().map(the).collect();
        let worth = if valued.counts(&known.value) { dollars_with_error(&known.value) } else { "nothing".to_owned() };
        format!("Knowing {} together would be worth {worth}.", words::list(&names))
    };
    groups.map(said).collect()
}

/// What is most worth knowing, and how well it is known today.
fn most(valued: &Valued<'_>) -> Vec<String> {
    let worthwhile = valued.worthwhile();
    let Some(first) = worthwhile.first() else { return Vec::new() };
    let name = the(first.know);
    let grade = match first.grade {
        _ if first.know.starts_with("events.") => String::new(),
        Some("X") => ", which is an assumption of grade X".to_owned(),
        Some(grade) => format!(", which has a source of grade {grade}"),
        None => ", which has no source".to_owned(),
    };
    let mut out = vec![format!("Most worth knowing: {name}{grade}.")];
    let assumed: Vec<String> =
        worthwhile.iter().filter(|known| known.is_assumed()).map(|known| the(known.know)).collect();
    if assumed.len() > 1 {
        let (named, others) = assumed.split_at(assumed.len().min(4));
        let more = if others.is_empty() { String::new() } else { format!(" (and {} more)", others.len()) };
        out.push(format!("Worth knowing, and only assumed so far: {}{more}.", words::list(named)));
    }
    out
}

/// Which option is best where, if a sentence can hold it.
fn where_best(valued: &Valued<'_>) -> Option<String> {
    let BestAlong { know, unit, stretches } = valued.best_along()?;
    if know.starts_with("events.") || !(2..=STRETCHES).contains(&stretches.len()) || valued.worthwhile().is_empty() {
        return None;
    }
    let amount = |x: f64| words::amount_about(x, unit);
    let last = stretches.len() - 1;
    let said = |(i, (low, option)): (usize, &(f64, &str))| {
        let best = valued.option(option).map_or_else(String::new, |row| valued.label(&row));
        let to = stretches.get(i + 1).map_or(0.0, |next| next.0);
        match i {
            0 => format!("below {}, {best} is best", amount(to)),
            i if i == last => format!("from {} on, {best}", amount(*low)),
            _ => format!("from {} to {}, {best}", amount(*low), amount(to)),
        }
    };
    let parts: Vec<String> = stretches.iter().enumerate().map(said).collect();
    Some(format!("With {} {}.", words::a(&called(know)), parts.join("; ")))
}

/// What is worth knowing, in numbers.
fn known(valued: &Valued<'_>) -> Grid {
    let everything = valued.everything();
    let share = |x: f64| {
        if everything.value > 0.0 { format!("{:.0}", x / everything.value * 100.0) } else { String::new() }
    };
    let mut rows =
        vec![vec!["everything".to_owned(), dollars_with_error(&everything), share(everything.value), String::new()]];
    let (shown, worthless): (Vec<_>, Vec<_>) =
        valued.known().into_iter().partition(|known| known.value.value > 0.0 || !known.is_single());
    for known in shown.iter().take(ROWS) {
        let names: Vec<String> = known.names().into_iter().map(called).collect();
        let grade = match known.grade {
            Some(grade) => grade.to_owned(),
            None if known.is_assumed() => "no source".to_owned(),
            None => String::new(),
        };
        rows.push(vec![words::list(&names), dollars_with_error(&known.value), share(known.value.value), grade]);
    }
    let others = worthless.len() + shown.len().saturating_sub(ROWS);
    if others > 0 {
        let less = if shown.len() > ROWS { "less" } else { "$0" };
        let name = if shown.is_empty() { "input" } else { "other" };
        rows.push(vec![words::counted(others, name), less.to_owned(), String::new(), String::new()]);
    }
    Grid {
        caption: "What it would be worth to know beforehand".to_owned(),
        header: ["", "worth", "% of everything", "grade"].map(str::to_owned).to_vec(),
        rows,
    }
}

/// The options: the best ones, in their order.
fn options(valued: &Valued<'_>) -> Grid {
    let mut all: Vec<(usize, Row<'_>)> = valued.options().into_iter().enumerate().collect();
    all.sort_by(|a, b| {
        let behind = |row: &Row<'_>| row.number("behind").unwrap_or(f64::INFINITY);
        behind(&a.1).total_cmp(&behind(&b.1))
    });
    let count = all.len();
    all.truncate(ROWS);
    all.sort_by_key(|(i, _)| *i);
    let row = |(_, row): &(usize, Row<'_>)| {
        let told = |column: &str| row.estimate(column).map_or_else(String::new, |x| dollars_with_error(&x));
        let is_best = row.text("option") == Some(&valued.record.best);
        let behind = if is_best { "best".to_owned() } else { told("behind") };
        let share = row.number("best_share").map_or_else(String::new, words::percent);
        vec![valued.label(row), told("npv_mean"), behind, share]
    };
    let mut rows: Vec<Vec<String>> = all.iter().map(row).collect();
    if count > ROWS {
        // The worst of those that are shown, below which all others are.
        let behind = all.iter().filter_map(|(_, row)| row.number("behind")).fold(0.0, f64::max);
        let others = words::counted(count - ROWS, "other");
        rows.push(vec![others, String::new(), format!("more than {}", words::dollars(behind)), String::new()]);
    }
    let header = [valued.chosen().as_str(), "mean NPV", "below the best by", "best in"].map(str::to_owned);
    Grid { caption: "The options".to_owned(), header: header.to_vec(), rows }
}
