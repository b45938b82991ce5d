#!/usr/bin/env python3
"""Plants one fault after another in a copy of the checkout and asks whether the tests notice, or `breakeven verify` does.

    python3 tests/mutants.py            all of them
    python3 tests/mutants.py 3 5        some of them
    python3 tests/mutants.py verify     those that `breakeven verify` should notice

Exit status 1 where a fault survives, or no longer applies. CARGO_TARGET_DIR says where the copy is built, and
CARGO_PROFILE_DEV_OPT_LEVEL=0 builds it faster than it runs.
"""
import os, pathlib, shutil, subprocess, sys, tempfile

VERIFY = "verify"
# The file, what stands there, what is put in its place, and the tests that should fail.
FAULTS = [
    ("src/aggregate/estimate.rs", "se: Some(0.5 * (at(p + se) - at(p - se)))", "se: Some(at(p + se) - at(p - se))",
     "--test suite stated_errors_of_quantiles"),
    ("src/aggregate/fan.rs", "const REACH: f64 = 5.0;", "const REACH: f64 = 1.0;", "--lib fan::"),
    ("src/aggregate/fan.rs", "((rank + n - before) as f64 + 0.5) / n as f64", "1.0", "--lib fan::"),
    ("src/aggregate/ranked.rs", "((self.len() - 1) as f64 * p).floor()", "((self.len() - 1) as f64 * p).ceil()", "--lib ranked::"),
    ("src/aggregate/differences.rs", "    Outcome::RequiredPeakSubscribers,\n", "    Outcome::Investment,\n", "--lib differences::"),
    ("src/model/retention.rs", "before * kept * price_step", "natural * price_step", "--lib model::"),
    ("src/sampler/sobol.rs", "(3, 1, &[1, 3, 1])", "(3, 1, &[1, 3, 3])", "--lib every_dimension"),
    ("src/sampler/sobol.rs", "(6, 13, &[1, 1, 1, 15, 21, 21])", "(6, 13, &[1, 1, 1, 15, 21, 23])", "--lib every_dimension"),
    ("src/analysis/best.rs", "two_sided(0.05 / (plain.len() - 1) as f64)", "two_sided(0.05)", "--lib best::"),
    ("src/scenario/correlation.rs", "|(j, x)| x - explained(j)", "|(j, x)| x + 0.0 * explained(j)", "--test suite second_draws"),
    ("src/sampler/redraw.rs", "for (weight, member) in law.weights[row].iter().zip(&law.kept) {",
     "for (weight, member) in law.weights[row].iter().zip(&law.kept).skip(1) {", "--test suite second_draws"),
    # One constant each of the model, the draws and the estimators: whoever has only the program notices too.
    ("src/model/uptake.rs", "setup.input(inputs, Key::AnnualImitation) / 12.0", "setup.input(inputs, Key::AnnualImitation) / 11.0", VERIFY),
    ("src/model/demand.rs", "get(Key::AnnualGrowth)).pow(Lanes::splat(1.0 / 12.0))", "get(Key::AnnualGrowth)).pow(Lanes::splat(1.0 / 11.0))", VERIFY),
    ("src/model/retention.rs", "let mut below = 1.0 - spread;", "let mut below = 1.001 - spread;", VERIFY),
    ("src/model/cash.rs", "const DAYS: f64 = 365.25 / 12.0;", "const DAYS: f64 = 365.0 / 12.0;", VERIFY),
    ("src/model/subscriber.rs", "pow(Lanes::splat(-1.0 / 12.0))", "pow(Lanes::splat(-1.0 / 12.01))", VERIFY),
    ("src/distribution/construct.rs", "const Z95: f64 = 1.644_853", "const Z95: f64 = 1.644_863", VERIFY),
    ("src/distribution/construct.rs", "libm::log(mean) - 0.5 * variance", "libm::log(mean) - 0.4 * variance", VERIFY),
    ("src/sampler/sobol.rs", "(6, 13, &[1, 1, 1, 15, 21, 21])", "(6, 13, &[1, 1, 1, 15, 21, 23])", VERIFY),
    ("src/aggregate/replicates.rs", "libm::sqrt(squares / ((size - 1.0) * size))", "libm::sqrt(squares / (size - 1.0))", VERIFY),
    ("src/aggregate/exact.rs", "const FRACTION_BITS: i32 = 104;", "const FRACTION_BITS: i32 = 24;", VERIFY),
    ("src/analysis/effects.rs", "of_input[*input][0] += gain / inputs as f64;", "of_input[*input][0] += gain / (inputs as f64 + 1.0);", VERIFY),
    ("src/analysis/payoffs.rs", "worth(sums((0..self.paths()).map(gain)), self.paths())", "worth(sums((0..self.paths()).map(|path| 1.05 * gain(path))), self.paths())", VERIFY),
    ("src/analysis/prim.rs", "const PEEL: f64 = 0.05;", "const PEEL: f64 = 0.2;", VERIFY),
    ("src/analysis/likelihood.rs", "const LN_ROOT_TAU: f64 = 0.918_938", "const LN_ROOT_TAU: f64 = 0.928_938", VERIFY),
]


def main() -> int:
    here = pathlib.Path(__file__).resolve().parent.parent
    if sys.argv[1:] == [VERIFY]:
        chosen = [i for i, fault in enumerate(FAULTS) if fault[3] == VERIFY]
    else:
        chosen = [int(number) for number in sys.argv[1:]] or range(len(FAULTS))
    failed = False
    with tempfile.TemporaryDirectory() as place:
        copy = pathlib.Path(place) / "copy"
        for name in subprocess.check_output(["git", "ls-files"], cwd=here, text=True).splitlines():
            if (here / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(here / name, copy / name)
        environment = {**os.environ, "CARGO_TARGET_DIR": os.environ.get("CARGO_TARGET_DIR", str(here / "target"))}
        for i in chosen:
            name, old, new, tests = FAULTS[i]
            right = (here / name).read_text()
            if right.count(old) != 1:
                print(f"{i}: {name} has what the fault replaces {right.count(old)} times", flush=True)
                failed = True
                continue
            (copy / name).write_text(right.replace(old, new))
            test = ["cargo", "test", "--locked", "--quiet", *tests.split()]
            if tests == VERIFY:
                test = ["cargo", "run", "--locked", "--quiet", "--", "verify", "--quiet"]
            done = subprocess.run(test, cwd=copy, env=environment, capture_output=True, text=True)
            (copy / name).write_text(right)
            noticed = done.returncode != 0 and ("test result: FAILED" in done.stdout or "checks are off" in done.stderr)
            print(f"{i}: {'caught' if noticed else 'SURVIVED'}: {name}: {new.strip()}", flush=True)
            if not noticed and done.returncode != 0:
                print(done.stderr[-2000:])
            failed |= not noticed
    return int(failed)


sys.exit(main())
