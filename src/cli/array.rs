//! Which part of a run a job of an array makes, from the variables that its scheduler sets.

use crate::engine::{MOST_SHARDS, Shard};

/// How many parts there are, where the scheduler does not say.
const SHARDS: &str = "BREAKEVEN_SHARDS";

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
    let first = scheduler.first.map_or_else(Some, &number).unwrap_or(1);
    let step = scheduler.step.and_then(number).filter(|step| *step > 0).unwrap_or(1);
    let said = match scheduler.end {
        End::Count(name) => number(name),
        End::Last(name) => number(name).and_then(|last| Some(last.checked_sub(first)? / step + 1)),
        End::Unknown => None,
    };
    let Some(of) = number(SHARDS).or(said) else {
        return Err(format!(
            "{} does not say how many jobs the array has: set {SHARDS} to that number (this one is {})",
            scheduler.name, index
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
