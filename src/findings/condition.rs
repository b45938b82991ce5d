//! What is said of a scenario after its actual numbers: how the verdict moved, and what was learned.

use super::{Block, Grid, Says, run, share_of};
use crate::results::{ConditionRecord, Kind, Results, the};
use crate::table::Row;
use crate::words;

/// What has become narrower than this was learned.
const LEARNED: f64 = 0.9;
/// … if the middle 90% has become narrower too.
const NARROWER: f64 = 0.95;
/// What has not become narrower than this was not.
const NOT_LEARNED: f64 = 0.97;
/// A mean that has moved by more, in standard deviations, is elsewhere than was thought.
const SHIFTED: f64 = 0.3;
/// One that has moved by no more has not.
const UNMOVED: f64 = 0.1;
/// Inputs that are named in a sentence.
const NAMED: usize = 3;
/// Fewer of the forecast's own futures being as far out is a surprise.
const SURPRISE: f64 = 0.01;
/// Logarithms of evidence that differ by more are not told as a factor: a thousand.
const FAR_APART: f64 = 6.907_755_278_982_137;
/// Events of the verdict.
const VERDICT: [(&str, &str); 2] = [("payback", "payback"), ("target_reached", "reaching the target")];

impl Says for ConditionRecord {
    /// How the verdict moved, what was learned, then all that a run says.
    fn blocks(&self, results: &Results) -> Vec<Block> {
        let title = &results.record.scenario().title;
        let heading = format!("{title}: what actual numbers up to month {} change", self.last_month);
        let mut sentences: Vec<String> = unforeseen(results).into_iter().collect();
        sentences.push(moved(results));
        sentences.extend(npv(results));
        sentences.extend(learned(results, self));
        sentences.extend(events(results, self));
        sentences.extend(scored(self));
        let mut out = vec![Block { heading, sentences, grid: Some(grid(results)), remarks: remarks(self) }];
        out.extend(run::blocks(results, &[]));
        if let Some(of_run) = out.get_mut(1) {
            "After them".clone_into(&mut of_run.heading);
        }
        out
    }
}

/// Numbers that the scenario did not foresee: what follows from them rests on its tails.
fn unforeseen(results: &Results) -> Option<String> {
    let is_learned_from = |row: &Row<'_>| row.text("use") == Some("learned from");
    let beyond = |row: &Row<'_>| {
        let number = |column: &str| row.number(column);
        let (value, low, high) = (number("value")?, number("prior_p05")?, number("prior_p95")?);
        let width = high - low;
        (value < low - width || value > high + width).then_some((value, low, high))
    };
    let all = results.rows("observed").filter(is_learned_from).count();
    let mut out = results.rows("observed").filter(is_learned_from).filter_map(|row| Some((row, beyond(&row)?)));
    let (row, (value, low, high)) = out.next()?;
    let count = out.count() + 1;
    let unit = row.text("unit").unwrap_or("");
    let [value, low, high] = [value, low, high].map(|x| words::amount_about(x, unit));
    let (series, month) = (row.text("series")?.replace('_', " "), row.number("month")?);
    let which = if all == 1 { "The number is".to_owned() } else { format!("{count} of the {all} numbers are") };
    Some(format!(
        "{which} far from what the scenario foresaw (month {month}: {series} of {value}, foreseen {low} to {high}): \
         what follows rests on its tails, so doubt the scenario or the numbers first."
    ))
}

/// `Payback moves from 0.10% to 0.02%`.
fn moved(results: &Results) -> String {
    let said = VERDICT.iter().filter_map(|(event, name)| {
        let row = results.row("moved", "of", event)?;
        let share = |prefix: &str| {
            let names = ["", "_se", "_ci95_low", "_ci95_high"].map(|suffix| format!("{prefix}{suffix}"));
            let names = [names[0].as_str(), names[1].as_str(), names[2].as_str(), names[3].as_str()];
            row.frequency_in(names, results.record.simulation.paths)
        };
        let (before, after) = (share("before")?, share("after")?);
        if before.share == 0.0 && after.share == 0.0 {
            return Some(format!("the chance of {name} is nil in all simulated futures, as it was before"));
        }
        let apart = after.interval.zip(before.interval).is_some_and(|(a, b)| a.0 > b.1 || a.1 < b.0);
        let (before, after) = (share_of(&before), share_of(&after));
        Some(if apart {
            format!("the chance of {name} moves from {before} to {after}")
        } else {
            format!("the chance of {name} stays where it was as far as can be told: {before} before, {after} now")
        })
    });
    words::upper_first(&format!("{}.", said.collect::<Vec<_>>().join("; ")))
}

fn npv(results: &Results) -> Option<String> {
    let row = results.row("moved", "of", "npv")?;
    let (before, after) = (row.estimate("before")?, row.estimate("after")?);
    Some(format!("Mean NPV was {}, and is {}.", super::dollars_with_error(&before), super::dollars_with_error(&after)))
}

/// `12.5% to 14%`: the middle 90%.
fn spread(row: &Row<'_>, of: &str) -> Option<String> {
    let at = |p: &str| row.number(&format!("{of}_{p}"));
    let (low, high) = (at("p05")?, at("p95")?);
    let unit = row.text("unit").unwrap_or("");
    Some(format!("{} to {}", words::amount_about(low, unit), words::amount_about(high, unit)))
}

/// How far the mean has moved, in standard deviations of what was thought before.
fn shift(row: &Row<'_>) -> Option<f64> {
    let (before, after) = (row.number("prior_mean")?, row.number("posterior_mean")?);
    row.number("prior_sd").filter(|sd| *sd > 0.0).map(|sd| (after - before) / sd)
}

/// What is more than luck: twice the error of a standard deviation, of so many independent paths, over itself.
fn luck(paths: f64) -> f64 {
    2.0 / libm::sqrt(2.0 * paths.max(2.0))
}

/// Independent paths that the posterior is made of.
fn independent(results: &Results, record: &ConditionRecord) -> f64 {
    record.effective_paths.min(results.record.simulation.paths as f64)
}

/// What was learned of the inputs, the most first.
fn learned(results: &Results, record: &ConditionRecord) -> Vec<String> {
    let paths = independent(results, record);
    let mut rows: Vec<(Row<'_>, f64)> =
        results.rows("learned").filter_map(|row| Some((row, row.number("sd_ratio")?))).collect();
    rows.sort_by(|a, b| a.1.total_cmp(&b.1));
    let said = |row: &Row<'_>| {
        let (after, before) = (spread(row, "posterior")?, spread(row, "prior")?);
        Some(format!("{}, now {after} (before: {before})", the(row.text("input")?)))
    };
    let width = |row: &Row<'_>, of: &str| {
        Some(row.number(&format!("{of}_p95"))? - row.number(&format!("{of}_p05"))?).filter(|width| *width > 0.0)
    };
    // A few far values make a standard deviation of a skewed input: its middle must have narrowed too.
    let is_narrower = |(row, ratio): &&(Row<'_>, f64)| {
        let widths = width(row, "posterior").zip(width(row, "prior"));
        1.0 - ratio > luck(paths).max(1.0 - LEARNED) && widths.is_some_and(|(after, before)| after < NARROWER * before)
    };
    let has_moved = |row: &Row<'_>, least: f64| {
        let by = shift(row)?;
        let luck = 2.0 * row.number("posterior_mean_se")? / row.number("prior_sd")?;
        (by.abs() > least.max(luck)).then_some(by)
    };
    let (narrower, others): (Vec<_>, Vec<_>) = rows.iter().partition(is_narrower);
    let towards = |sign: f64| {
        let moved = others.iter().filter(move |(row, _)| has_moved(row, SHIFTED).is_some_and(|by| sign * by > 0.0));
        moved.take(NAMED).filter_map(|(row, _)| said(row)).collect::<Vec<String>>()
    };
    let narrower: Vec<String> = narrower.iter().take(NAMED).filter_map(|(row, _)| said(row)).collect();
    let nothing: Vec<String> = others
        .iter()
        .filter(|(row, ratio)| *ratio > NOT_LEARNED && has_moved(row, UNMOVED).is_none())
        .filter_map(|(row, _)| row.text("input").map(the))
        .collect();
    let mut out = Vec::new();
    let groups = [("Less uncertain", narrower), ("Higher than was thought", towards(1.0)), ("Lower", towards(-1.0))];
    for (what, names) in groups.iter().filter(|(_, names)| !names.is_empty()) {
        out.push(format!("{what}: {}.", names.join("; ")));
    }
    if out.is_empty() && !rows.is_empty() {
        out.push("No input is much better known than before.".to_owned());
    }
    match nothing.len() {
        0 => {}
        n if n > NAMED => out.push(format!("Of {} and {} others next to nothing was learned.", nothing[0], n - 1)),
        _ => out.push(format!("Of {} next to nothing was learned.", words::list(&nothing))),
    }
    out
}

/// Which events have probably begun.
fn events(results: &Results, record: &ConditionRecord) -> Vec<String> {
    let paths = independent(results, record);
    let said = |row: Row<'_>| {
        let (before, after) = (row.number("prior_begun")?, row.number("posterior_begun")?);
        let luck = 2.0 * libm::sqrt(before.max(after) * (1.0 - before.min(after)) / paths.max(1.0));
        ((before - after).abs() > luck.max(0.02)).then(|| {
            format!(
                "That {} has begun by month {} was {} likely, and is {}.",
                the(row.text("input").unwrap_or("")),
                record.last_month,
                words::percent(before),
                words::percent(after)
            )
        })
    };
    results.rows("learned").filter_map(said).collect()
}

/// How the months that were held out were forecast.
fn scored(record: &ConditionRecord) -> Option<String> {
    let [half, most] = record.coverage?;
    let count = |share: f64| (share * record.held_out as f64).round();
    let held = format!(
        "Of {} held out, {} in the forecast’s 50% interval and {} in its 90% interval",
        words::counted(record.held_out, "number"),
        if count(half) == 1.0 { "1 lies".to_owned() } else { format!("{} lie", none_or(count(half))) },
        none_or(count(most))
    );
    Some(format!("{held}: {}.", judged(record.as_far)))
}

/// A count in a sentence.
pub(super) fn none_or(n: f64) -> String {
    if n == 0.0 { "none".to_owned() } else { format!("{n}") }
}

/// What the surprise of a forecast says of it.
pub(super) fn judged(as_far: Option<f64>) -> String {
    let Some(as_far) = as_far else {
        return "there are too few futures to judge so many numbers together".to_owned();
    };
    if as_far < SURPRISE {
        let share = if as_far == 0.0 { "none".to_owned() } else { format!("only {}", words::percent(as_far)) };
        format!("the forecast was over-confident, since {share} of its own futures lie as far out as what came")
    } else if as_far > 1.0 - SURPRISE {
        format!(
            "the forecast was too wide, since {} of its own futures lie farther out than what came",
            words::percent(as_far)
        )
    } else {
        format!(
            "no sign of over-confidence, since {} of its own futures lie as far out as what came",
            words::percent(as_far)
        )
    }
}

fn grid(results: &Results) -> Grid {
    let rows = results.rows("learned").filter_map(|row| {
        let ratio = row.number("sd_ratio").map_or_else(String::new, |ratio| format!("{ratio:.2}"));
        let cells = [row.text("input")?.to_owned(), spread(&row, "prior")?, spread(&row, "posterior")?, ratio];
        Some(cells.to_vec())
    });
    Grid {
        caption: "What was learned: the middle 90% before and after, and how much of the standard deviation is left"
            .to_owned(),
        header: ["input", "before", "after", "left"].map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }
}

fn of_condition(results: &Results) -> Option<&ConditionRecord> {
    if let Kind::Condition(record) = &results.record.kind { Some(record) } else { None }
}

/// Which of several scenarios the numbers favour.
pub(super) fn side_by_side(all: &[&Results]) -> Option<Block> {
    let mut weighed: Vec<(&str, &ConditionRecord)> = Vec::new();
    for results in all {
        let scenario = results.record.scenario();
        let titled = all.iter().filter(|other| other.record.scenario().title == scenario.title).count();
        weighed.push((if titled > 1 { &scenario.name } else { &scenario.title }, of_condition(results)?));
    }
    let mut order: Vec<usize> = (0..weighed.len()).collect();
    order.sort_by(|&a, &b| weighed[b].1.log_evidence.total_cmp(&weighed[a].1.log_evidence));
    let ([best, next, ..], most) = (order.as_slice(), weighed.get(*order.first()?)?.1.log_evidence) else {
        return None;
    };
    let (best, next) = (weighed[*best], weighed[*next]);
    let share =
        |log: f64| libm::exp(log - most) / weighed.iter().map(|(_, of)| libm::exp(of.log_evidence - most)).sum::<f64>();
    let apart = most - next.1.log_evidence;
    let error = 2.0 * libm::hypot(best.1.log_evidence_se, next.1.log_evidence_se);
    let sentence = if apart <= error {
        format!("They favour {} and {} alike, as far as can be told.", best.0, next.0)
    } else if apart > FAR_APART {
        format!("They favour {}: more than {} as much as any other.", best.0, words::times(libm::exp(FAR_APART)))
    } else {
        format!("They favour {}: {} as much as the next, {}.", best.0, words::times(libm::exp(apart)), next.0)
    };
    let rows = weighed.iter().map(|(name, of)| {
        let evidence = format!("{} ± {:.2}", signed(of.log_evidence), 2.0 * of.log_evidence_se);
        vec![(*name).to_owned(), evidence, words::percent(share(of.log_evidence))]
    });
    Some(Block {
        heading: "Which scenario the actual numbers favour".to_owned(),
        sentences: vec![sentence],
        grid: Some(Grid {
            caption: "Evidence".to_owned(),
            header: ["scenario", "log evidence", "weight, if all were equally likely before"].map(str::to_owned).to_vec(),
            rows: rows.collect(),
        }),
        remarks: vec!["Evidence is how likely a scenario said the actual numbers were before it learned from them. A scenario that allows almost anything gets little, whatever comes.".to_owned()],
    })
}

/// With a true minus.
fn signed(x: f64) -> String {
    format!("{x:.2}").replace('-', "−")
}

fn remarks(record: &ConditionRecord) -> Vec<String> {
    let way = if record.adapted { "near what was observed" } else { "as the scenario says" };
    let mut out = vec![format!(
        "{}, tried {way}, were weighed by how well they fit {}; they are worth {} independent ones. Log evidence {} ± {:.2}.",
        words::upper_first(&words::paths(record.weighed_paths)),
        words::counted(record.learned_from, "number"),
        words::count(record.effective_paths as u64),
        signed(record.log_evidence),
        2.0 * record.log_evidence_se
    )];
    if !record.is_precise {
        out.push(
            "That is fewer than the 2,000 aimed at: errors are large. A higher --max-paths or a larger --error helps."
                .to_owned(),
        );
    }
    out
}
