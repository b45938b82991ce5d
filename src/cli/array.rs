//! Which part of a run a job of an array makes, from the variables that its scheduler sets.

use crate::engine::{MOST_SHARDS, Shard};

/// How many parts there are, where the scheduler does not say, or says it of the jobs that are submitted again.
const SHARDS: &str = "BREAKEVEN_SHARDS";
/// … and the number of the first.
const FIRST: &str = "BREAKEVEN_SHARD_FIRST";

/// The variables of a scheduler.
struct Scheduler {
    name: &'static str,
    /// The job's number.
    index: &'static str,
    /// The first job's number: a variable, or what it always is.
    first: Result<&'static str, u64>,
    /// How far two numbers are apart, where that may be more than 1.
    step: Option<&'static str>,
    /// How many jobs there are, or the number of the last.
    end: End,
}

enum End {
    Count(&'static str),
    Last(&'static str),
    Unknown,
}

const SCHEDULERS: [Scheduler; 5] = [
    Scheduler {
        name: "Slurm",
        index: "SLURM_ARRAY_TASK_ID",
        first: Ok("SLURM_ARRAY_TASK_MIN"),
        step: Some("SLURM_ARRAY_TASK_STEP"),
        end: End::Count("SLURM_ARRAY_TASK_COUNT"),
    },
    Scheduler {
        name: "Grid Engine",
        index: "SGE_TASK_ID",
        first: Ok("SGE_TASK_FIRST"),
        step: Some("SGE_TASK_STEPSIZE"),
        end: End::Last("SGE_TASK_LAST"),
    },
    Scheduler { name: "PBS", index: "PBS_ARRAY_INDEX", first: Err(1), step: None, end: End::Unknown },
    Scheduler { name: "Torque", index: "PBS_ARRAYID", first: Err(1), step: None, end: End::Unknown },
    Scheduler { name: "Kubernetes", index: "JOB_COMPLETION_INDEX", first: Err(0), step: None, end: End::Unknown },
];

/// The part of this job.
///
/// # Errors
/// Where no scheduler has set its variables, or they make no part.
pub(super) fn shard(variable: impl Fn(&str) -> Option<String>) -> Result<Shard, String> {
    // Grid Engine says `undefined` outside of an array.
    let number = |name: &str| variable(name).and_then(|text| text.trim().parse::<u64>().ok());
    let Some((scheduler, index)) = SCHEDULERS.iter().find_map(|known| Some((known, number(known.index)?))) else {
        let names: Vec<&str> = SCHEDULERS.iter().map(|known| known.name).collect();
        return Err(format!(
            "this is no job of an array: none of {} has set its variable; say which part with --shard K/N",
            names.join(", ")
        ));
    };
    let (first, step, of) = if let Some(of) = number(SHARDS) {
        // The scheduler may know a part of the jobs alone.
        (number(FIRST).unwrap_or(scheduler.first.err().unwrap_or(1)), 1, Some(of))
    } else {
        let first = scheduler.first.map_or_else(Some, &number).unwrap_or(1);
        let step = scheduler.step.and_then(number).filter(|step| *step > 0).unwrap_or(1);
        let of = match scheduler.end {
            End::Count(name) => number(name),
            End::Last(name) => number(name).and_then(|last| Some(last.checked_sub(first)? / step + 1)),
            End::Unknown => None,
        };
        // An array of one is what is left of a larger one.
        (first, step, of.filter(|of| *of > 1))
    };
    let Some(of) = of else {
        return Err(format!(
            "{} does not say how many parts there are: set {SHARDS} to that number, and {FIRST} if the first job is not number {} (this one is {index})",
            scheduler.name,
            scheduler.first.err().unwrap_or(1)
        ));
    };
    let at = index.checked_sub(first).filter(|from| from % step == 0).map(|from| from / step + 1);
    at.filter(|at| *at <= of && of <= MOST_SHARDS).map(|number| Shard { number, of }).ok_or_else(|| {
        format!("job {index} is none of {of} that start at {first} by steps of {step}: at most {MOST_SHARDS} are taken")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Result<(u64, u64), String> {
        let found =
            shard(|name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()));
        found.map(|shard| (shard.number, shard.of))
    }

    #[test]
    fn every_scheduler_says_which_part_a_job_makes() {
        let slurm = |id, min, step, count| {
            of(&[
                ("SLURM_ARRAY_TASK_ID", id),
                ("SLURM_ARRAY_TASK_MIN", min),
                ("SLURM_ARRAY_TASK_STEP", step),
                ("SLURM_ARRAY_TASK_COUNT", count),
            ])
        };
        assert_eq!(slurm("0", "0", "1", "8"), Ok((1, 8)));
        assert_eq!(slurm("8", "1", "1", "8"), Ok((8, 8)));
        assert_eq!(slurm("13", "5", "4", "4"), Ok((3, 4)));
        assert!(slurm("9", "1", "1", "8").unwrap_err().contains("none of 8"));
        // One that is submitted again is not the first of one.
        assert!(slurm("3", "3", "1", "1").unwrap_err().contains("set BREAKEVEN_SHARDS"));
        let again = |more: &[(&str, &str)]| {
            of(&[
                &[
                    ("SLURM_ARRAY_TASK_ID", "3"),
                    ("SLURM_ARRAY_TASK_MIN", "3"),
                    ("SLURM_ARRAY_TASK_COUNT", "1"),
                    (SHARDS, "8"),
                ],
                more,
            ]
            .concat())
        };
        assert_eq!(again(&[]), Ok((3, 8)));
        assert_eq!(again(&[(FIRST, "0")]), Ok((4, 8)));
        assert_eq!(of(&[("PBS_ARRAYID", "0"), (SHARDS, "8"), (FIRST, "0")]), Ok((1, 8)));
        let grid = [("SGE_TASK_ID", "5"), ("SGE_TASK_FIRST", "1"), ("SGE_TASK_LAST", "7"), ("SGE_TASK_STEPSIZE", "2")];
        assert_eq!(of(&grid), Ok((3, 4)));
        for (name, index) in [("PBS_ARRAY_INDEX", "3"), ("PBS_ARRAYID", "3"), ("JOB_COMPLETION_INDEX", "2")] {
            assert_eq!(of(&[(name, index), (SHARDS, "8")]), Ok((3, 8)), "{name}");
            assert!(of(&[(name, index)]).unwrap_err().contains("set BREAKEVEN_SHARDS"), "{name}");
        }
    }

    #[test]
    fn without_an_array_it_is_said_what_to_do() {
        for none in [&[][..], &[("SGE_TASK_ID", "undefined")]] {
            assert!(of(none).unwrap_err().ends_with("say which part with --shard K/N"));
        }
    }
}
