//! Conditions of the command line: an input that is known to have a value, so that what it is correlated with moves along.

use super::check::{Layers, check};
use super::overrides::{GIVEN, parts};
use super::problem::{Place, Problem, Problems, SourceFile, Topic};
use super::{Correlation, InputId, Scenario, Segment};
use crate::distribution::Dist;
use crate::distribution::normal_quantile;
use crate::words;

/// A given value beyond this score, one in a thousand at either end, pulls what is correlated with it to its own extremes.
const FAR: f64 = 3.09;
/// Halvings that bring a rank to the last digit.
const HALVINGS: usize = 100;

/// What is given, each with its score under the scenario without the conditions.
pub(super) fn scores(name: &str, files: &[SourceFile], main: usize) -> Result<Vec<(InputId, f64)>, Problems> {
    if files.iter().all(|file| file.path != GIVEN) {
        return Ok(Vec::new());
    }
    let before = files.iter().filter(|file| file.path != GIVEN).cloned().collect();
    let before = check(name, Layers { files: before, main })?;
    let mut out: Vec<(InputId, f64)> = Vec::new();
    for file in files.iter().filter(|file| file.path == GIVEN) {
        for line in file.text.lines() {
            let score = score_of(&before, line).map_err(|(message, label)| {
                let place = Place { file: 0, span: 0..line.len() };
                let list = vec![Problem::error(place, message, label)];
                let line = SourceFile { path: GIVEN.to_owned(), text: line.to_owned() };
                Problems { files: vec![line], main: 0, list }
            })?;
            // What is given last holds, as its value does.
            out.retain(|(id, _)| score.is_none_or(|(new, _)| new != *id));
            out.extend(score);
        }
    }
    Ok(out)
}

/// Warnings of values that lie so far out that what is correlated with them is pulled to its extremes.
pub(super) fn far_out(given: &[(InputId, f64)], scenario: &[Segment], pairs: &[Correlation]) -> Vec<Problem> {
    let is_far = |(id, score): &&(InputId, f64)| {
        score.abs() > FAR && pairs.iter().any(|pair| pair.inputs.contains(id) && pair.rank != 0.0)
    };
    let said = |(id, score): &(InputId, f64)| {
        let side = if *score < 0.0 { "lowest" } else { "highest" };
        Problem::remark(format!(
            "the given `{}` is among its {side} values, beyond one in a thousand: inputs correlated with it are drawn near \
             their own extremes, so read the result with care",
            id.name(scenario)
        ))
    };
    given.iter().filter(is_far).map(|one| Problem { topic: Topic::Set, ..said(one) }).collect()
}

/// The input of `KEY=VALUE` with the score of its value. None where the key or the value is wrong, which the checks tell.
fn score_of(before: &Scenario, line: &str) -> Result<Option<(InputId, f64)>, (String, String)> {
    let Some((keys, value)) = parts(line) else { return Ok(None) };
    let [key] = keys.as_slice() else { return Ok(None) };
    let Some(id) = InputId::by_name(key, &before.segments) else { return Ok(None) };
    let value: f64 = value.replace('_', "").parse().map_err(|_| {
        let label = "expected a number: a factor or a distribution is for --set".to_owned();
        (format!("`{key}` cannot be given as `{value}`"), label)
    })?;
    let dist = &before.value_of(id).dist;
    if dist.is_constant() {
        let label = "set it instead, with --set".to_owned();
        return Err((format!("`{key}` is a plain number: nothing is known by its being given"), label));
    }
    let score = score_at(dist, value).ok_or_else(|| {
        let (low, high) = dist.support();
        let show = |x| words::amount(x, id.key.spec().unit);
        let label = if dist.is_continuous() {
            format!("expected a value between {} and {}; --set takes any", show(low), show(high))
        } else {
            "an input that takes some values only cannot be given; --set takes any".to_owned()
        };
        (format!("{} is outside the range of `{key}`", show(value)), label)
    })?;
    Ok(Some((id, score)))
}

/// The normal quantile of a value's rank; none where the value cannot be drawn, or has a probability of its own.
fn score_at(dist: &Dist, value: f64) -> Option<f64> {
    let (low, high) = dist.support();
    if !dist.is_continuous() || !(low..=high).contains(&value) {
        return None;
    }
    let (mut below, mut above) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (below + above);
        if dist.quantile(middle) < value { below = middle } else { above = middle }
    }
    let rank = 0.5 * (below + above);
    (rank > 0.0 && rank < 1.0).then(|| normal_quantile(rank))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_the_normal_quantile_of_the_rank() {
        let uniform = Dist::uniform(10.0, 20.0).unwrap();
        assert!(score_at(&uniform, 15.0).unwrap().abs() < 1e-12);
        assert!((score_at(&uniform, 19.75).unwrap() - 1.959_963_984_540_054).abs() < 1e-12);
        let normal = Dist::normal(5.0, 2.0, None, None).unwrap();
        assert!((score_at(&normal, 2.0).unwrap() + 1.5).abs() < 1e-12);
        assert_eq!(score_at(&uniform, 9.0), None);
        assert_eq!(score_at(&Dist::discrete(&[1.0, 2.0], None).unwrap(), 1.0), None);
    }
}
