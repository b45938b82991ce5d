//! What is said of a scenario after its actual numbers: how the verdict moved, and what was learned.

use super::{Block, Grid, run, share_of};
use crate::results::{ConditionRecord, Kind, Results, the};
use crate::table::Row;
use crate::words;

/// What has become narrower than this was learned.
const LEARNED: f64 = 0.9;
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
/// Events of the verdict.
const VERDICT: [(&str, &str); 2] = [("payback", "payback"), ("target_reached", "reaching the target")];

/// How the verdict moved, what was learned, then all that a run says.
pub(super) fn blocks(results: &Results, record: &ConditionRecord) -> Vec<Block> {
    let title = &results.record.scenario().title;
    let heading = format!("{title}: what {} of actual numbers change", months(record.last_month));
    let mut sentences = vec![moved(results)];
    sentences.extend(npv(results));
    sentences.extend(learned(results));
    sentences.extend(events(results, record));
    sentences.extend(scored(record));
    let mut out = vec![Block { heading, sentences, grid: Some(grid(results)), remarks: remarks(record) }];
    out.extend(run::blocks(results, &[]));
    if let Some(of_run) = out.get_mut(1) {
        "After them".clone_into(&mut of_run.heading);
    }
    out
}

fn months(n: usize) -> String {
    words::counted(n, "month")
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
        let apart = after.interval.zip(before.interval).is_none_or(|(a, b)| a.0 > b.1 || a.1 < b.0);
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

/// `12.5% ± 2.1%`, of the middle 90%.
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

/// What was learned of the inputs, the most first.
fn learned(results: &Results) -> Vec<String> {
    let mut rows: Vec<(Row<'_>, f64)> =
        results.rows("learned").filter_map(|row| Some((row, row.number("sd_ratio")?))).collect();
    rows.sort_by(|a, b| a.1.total_cmp(&b.1));
    let said = |row: &Row<'_>| {
        let (after, before) = (spread(row, "posterior")?, spread(row, "prior")?);
        Some(format!("{}, now {after} (before: {before})", the(row.text("input")?)))
    };
    let (narrower, others): (Vec<_>, Vec<_>) = rows.iter().partition(|(_, ratio)| *ratio < LEARNED);
    let towards = |sign: f64| {
        let moved = others.iter().filter(move |(row, _)| shift(row).is_some_and(|by| sign * by > SHIFTED));
        moved.take(NAMED).filter_map(|(row, _)| said(row)).collect::<Vec<String>>()
    };
    let narrower: Vec<String> = narrower.iter().take(NAMED).filter_map(|(row, _)| said(row)).collect();
    let nothing: Vec<String> = rows
        .iter()
        .filter(|(row, ratio)| *ratio > NOT_LEARNED && shift(row).is_none_or(|by| by.abs() <= UNMOVED))
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
        n if n > NAMED => out.push(format!("Of {} and {} others nothing was learned.", nothing[0], n - 1)),
        _ => out.push(format!("Of {} nothing was learned.", words::list(&nothing))),
    }
    out
}

/// Which events have probably begun.
fn events(results: &Results, record: &ConditionRecord) -> Vec<String> {
    let said = |row: Row<'_>| {
        let (before, after) = (row.number("prior_begun")?, row.number("posterior_begun")?);
        ((before - after).abs() > 0.02).then(|| {
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
    let ([half, most], as_far) = (record.coverage?, record.as_far?);
    let count = |share: f64| (share * record.held_out as f64).round();
    let held = format!(
        "Of {} held out, {} in the forecast’s 50% interval and {} in its 90% interval",
        words::counted(record.held_out, "number"),
        if count(half) == 1.0 { "1 lies".to_owned() } else { format!("{} lie", none_or(count(half))) },
        none_or(count(most))
    );
    Some(format!("{held}: {}.", judged(as_far)))
}

/// A count in a sentence.
pub(super) fn none_or(n: f64) -> String {
    if n == 0.0 { "none".to_owned() } else { format!("{n}") }
}

/// What the surprise of a forecast says of it.
pub(super) fn judged(as_far: f64) -> String {
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

/// Which of several scenarios the numbers favour.
pub(super) fn side_by_side(all: &[&Results]) -> Option<Block> {
    let weighed = |results: &&Results| match &results.record.kind {
        Kind::Condition(record) => {
            Some((results.record.scenario().title.clone(), record.log_evidence, record.log_evidence_se))
        }
        _ => None,
    };
    let weighed: Vec<(String, f64, f64)> = all.iter().map(weighed).collect::<Option<_>>()?;
    if weighed.len() < 2 {
        return None;
    }
    let most = weighed.iter().map(|(_, log, _)| *log).fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = weighed.iter().map(|(_, log, _)| libm::exp(log - most)).sum();
    let share = |log: f64| libm::exp(log - most) / sum;
    let (best, log, _) = weighed.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let next = weighed.iter().filter(|other| other.0 != *best).map(|other| other.1).fold(f64::NEG_INFINITY, f64::max);
    let times = words::times(libm::exp((log - next).min(20.0)));
    let rows = weighed.iter().map(|(title, log, se)| {
        vec![title.clone(), format!("{} ± {:.2}", signed(*log), 2.0 * se), words::percent(share(*log))]
    });
    Some(Block {
        heading: "Which scenario the actual numbers favour".to_owned(),
        sentences: vec![format!("Of these scenarios they favour {best}: {times} as much as the next.")],
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
