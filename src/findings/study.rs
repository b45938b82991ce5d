//! What is said of a study before a choice: its worth, whether it pays, and its best size.

use super::dollars_with_error;
use super::voi::{UNCLEAR, rounded};
use crate::aggregate::Estimate;
use crate::results::{LARGEST_STUDY, StudyRecord, Valued};
use crate::words;

/// What a study is worth, and at which size.
pub(super) fn studied(valued: &Valued<'_>, study: &StudyRecord) -> Vec<String> {
    let Some(value) = valued.study_at(&study.study, study.n) else { return Vec::new() };
    let what = words::upper_first(&study.said(study.n));
    let (low, high) = value.interval.unwrap_or((value.value, value.value));
    if !valued.counts(&value) && high > UNCLEAR * valued.everything().value {
        let most = words::dollars(rounded(high));
        return vec![format!(
            "What {} would be worth cannot be told from nothing, but is not above {most}. More --paths narrow that.",
            study.said(study.n)
        )];
    }
    if !valued.counts(&value) {
        return vec![format!("{what} would be worth nothing: its result would not change the choice.")];
    }
    let mut out = Vec::new();
    let worth = dollars_with_error(&value);
    let Some([fixed, per]) = valued.record.study_cost else {
        return vec![format!("{what} would be worth {worth}, so it pays up to that cost.")];
    };
    let cost = fixed + per * study.n as f64;
    let pays = if low > cost {
        "so it pays"
    } else if high < cost {
        "so it does not pay"
    } else {
        "so whether it pays cannot be told; more --paths would say"
    };
    out.push(format!("{what} would be worth {worth} and costs {}, {pays}.", words::dollars(cost)));
    out.push(match (study.best_n, study.pays_up_to) {
        (Some(best), Some(last)) => {
            let most = if last >= LARGEST_STUDY {
                "it pays at any larger size".to_owned()
            } else {
                format!("beyond about {} it no longer pays", words::count(last))
            };
            let good = about_as_good(valued, study, best).map_or_else(String::new, |(net, [from, to])| {
                format!(
                    ", worth {} more than it costs; from {} to {} it hardly matters",
                    words::dollars(net),
                    words::count(from),
                    words::count(to)
                )
            });
            format!("The best size is about {}{good}; {most}.", words::count(best))
        }
        _ => "At that cost no size pays.".to_owned(),
    });
    out
}

/// What the best size is worth above its cost, and the sizes around it that are so to its standard error.
fn about_as_good(valued: &Valued<'_>, study: &StudyRecord, best: u64) -> Option<(f64, [u64; 2])> {
    let sizes = valued.sizes(&study.study);
    let at = sizes.iter().position(|size| size.0 == best as f64)?;
    let (most, error) = (sizes[at].2?, sizes[at].1.se?);
    let is_as_good = |size: &&(f64, Estimate, Option<f64>)| size.2.is_some_and(|net| net >= most - error);
    let from = sizes[..=at].iter().rev().take_while(is_as_good).last()?.0;
    let to = sizes[at..].iter().take_while(is_as_good).last()?.0;
    Some((most, [from, to].map(|n| n as u64)))
}
