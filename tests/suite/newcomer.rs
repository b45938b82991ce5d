//! A newcomer's own case, as one would write it: a car's seat heating at $12 to $18, two segments, a rival, a price rise.

use breakeven::scenario::keys::KEYS;
use breakeven::scenario::topics::{DISTRIBUTION_TOPICS, PARTS};
use breakeven::table::{meaning, spec};

use crate::support::{Csv, Workplace};

/// Twelve inputs without a source, which is how everybody begins.
const SEATS: &str = r#"title = "Seat heating"
question = "Does seat heating by subscription pay back its software?"

[horizon]
months = 60

[target]
subscribers = 100_000

[market]
active_users = { pert = { min = 1e6, mode = 1.5e6, max = 2e6 } }
refusal_rate = { pert = { min = 0.5, mode = 0.7, max = 0.9 } }

[willingness]
median_price = { log_normal = { p10 = 8, p90 = 20 } }
steepness = 2.5

[uptake]
annual_innovation = 0.3
annual_imitation = 0.4

[retention]
monthly_churn = { pert = { min = 0.01, mode = 0.03, max = 0.06 } }

[price]
monthly = { uniform = { min = 12, max = 18 } }
changes = [{ month = 13, times = 1.2 }]

[costs]
investment = 15e6
monthly_fixed = 100_000

[segments.premium]
share = 0.3
[segments.premium.willingness]
median_price = { log_normal = { p10 = 12, p90 = 30 } }

[segments.volume]
share = 0.7

[[events]]
name = "A rival gives it away"
annual_probability = 0.15
churn_multiplier = 1.5
uptake_multiplier = 0.6
"#;

fn seats() -> Workplace {
    let work = Workplace::new();
    work.file("seats.toml", SEATS);
    work
}

#[test]
fn the_case_runs_sweeps_and_solves() {
    let work = seats();
    let (status, stdout, stderr) = work.run(&["run", "seats.toml", "--paths", "2000", "--no-charts"]);
    assert_eq!(status, 0, "{stderr}");
    assert!(
        stdout.starts_with("Seat heating\n  100,000 paying subscribers are reached within 60 months in "),
        "{stdout}"
    );
    assert_eq!(stderr.matches("warning").count(), 1, "{stderr}");
    assert!(stderr.contains("12 inputs have no source: ") || stderr.contains("13 inputs have no source: "), "{stderr}");
    let sweep = ["sweep", "seats.toml", "--vary", "price.monthly=8:20:4", "--paths", "500", "--no-charts", "-q"];
    assert_eq!(work.run(&sweep).0, 0);
    let solve = ["solve", "seats.toml", "--for", "price.changes.13.monthly", "--until", "npv=0", "--between", "5:60"];
    let (status, stdout, stderr) = work.run(&[&solve[..], &["--paths", "500", "--no-charts"]].concat());
    assert_eq!(status, 0, "{stderr}");
    assert!(stdout.contains("price from month 13 on"), "{stdout}");
}

#[test]
fn one_mistake_among_many_warnings_is_what_is_read_first() {
    let work = seats();
    work.file("wrong.toml", SEATS.replace("annual_imitation", "annual_imitaton"));
    let (status, _, stderr) = work.run(&["check", "wrong.toml"]);
    assert_eq!(status, 2);
    assert!(stderr.starts_with("error: unknown key `annual_imitaton`"), "{stderr}");
    assert!(stderr.contains("did you mean `annual_imitation`?"));
    assert_eq!(stderr.matches("warning").count(), 1, "{stderr}");
    assert!(stderr.lines().count() < 14, "{stderr}");
    // `check` of a right file shows each, `--strict` makes errors of them.
    let (status, _, stderr) = work.run(&["check", "seats.toml"]);
    assert_eq!((status, stderr.matches("has no source").count() > 10), (0, true), "{stderr}");
    assert_eq!(work.run(&["check", "--strict", "seats.toml"]).0, 2);
}

#[test]
fn a_structural_mistake_is_shown_its_right_form() {
    let work = seats();
    for (from, to, form) in [
        ("[segments.premium]\nshare", "[[segments]]\nname = \"premium\"\nshare", "[segments.premium]\n"),
        ("[[events]]", "[events]", "[[events]]\n"),
        ("[[events]]", "[sources]\nmine = \"me\"\n[[events]]", "[sources.survey]\n"),
        ("changes = [{ month = 13, times = 1.2 }]", "changes = 17.99", "changes = [{ month = 13, monthly = 17.99 }]"),
        ("[horizon]", "refusal_rate = 0.5\n[horizon]", "[market]\n"),
        ("[costs]\n", "[correlations]\nrank = 1\n[costs]\n", "[[correlations]]\n"),
        ("[horizon]", "costs = 5\n[horizon]", "[costs]\n"),
    ] {
        let mut text = SEATS.to_owned();
        if to.contains("[[segments]]") {
            let start = text.find("[segments.premium]").unwrap();
            let end = text.find("[[events]]").unwrap();
            text.replace_range(start..end, "[[segments]]\nname = \"premium\"\nshare = 0.3\n\n");
        } else {
            if to.starts_with("costs") {
                text = text.replace("[costs]\ninvestment = 15e6\nmonthly_fixed = 100_000\n", "");
            }
            assert!(text.contains(from), "{from}");
            text = text.replacen(from, to, 1);
        }
        work.file("wrong.toml", text);
        let (status, _, stderr) = work.run(&["check", "wrong.toml"]);
        assert_eq!(status, 2);
        let shown = stderr.lines().map(str::trim).collect::<Vec<_>>().join("\n");
        assert!(shown.contains(form), "{form}: {stderr}");
    }
}

#[test]
fn explain_knows_every_part_distribution_and_figure_with_an_example_that_checks() {
    let work = seats();
    for topic in PARTS.iter().chain(DISTRIBUTION_TOPICS) {
        // The example is laid over a whole scenario.
        let (extends, rest) = match topic.example.strip_prefix("extends = \"baseline\"") {
            Some(rest) => ("baseline", rest),
            None => ("whole", topic.example),
        };
        work.file("whole.toml", SEATS.split("[segments.premium]").next().unwrap());
        work.file("example.toml", format!("extends = \"{extends}\"\n{rest}\n"));
        let (status, _, stderr) = work.run(&["check", "example.toml"]);
        assert_eq!(status, 0, "{}: {stderr}", topic.name);
        for name in topic.also.iter().chain([&topic.name]) {
            let (status, stdout, _) = work.run(&["explain", name]);
            assert_eq!(status, 0, "{name}");
            assert!(stdout.contains(topic.summary.get(1..).unwrap()), "{name}: {stdout}");
        }
    }
    let figures = meaning::OUTCOMES.iter().chain(meaning::QUESTIONS).chain(meaning::SERIES).map(|known| known.0);
    let columns = spec::columns().map(|(_, column)| column.name);
    let keys = KEYS.iter().map(|spec| spec.name);
    for name in figures.chain(keys).chain(columns.take(12)) {
        let (status, stdout, stderr) = work.run(&["explain", name]);
        assert_eq!((status, stdout.contains(name)), (0, true), "{name}: {stderr}");
    }
    let (status, stdout, _) = work.run(&["explain"]);
    assert_eq!(status, 0);
    for group in ["Parts of a scenario file", "Inputs", "Distributions", "Outcomes of a path", "Questions about a path"]
    {
        assert!(stdout.contains(group), "{stdout}");
    }
    for (near, meant) in
        [("segmets", "segments"), ("log_nromal", "log_normal"), ("refusal", "refusal_rate"), ("nvp", "npv")]
    {
        let (status, _, stderr) = work.run(&["explain", near]);
        assert_eq!(status, 2);
        assert!(stderr.contains(&format!("did you mean `{meant}`?")), "{stderr}");
    }
}

#[test]
fn a_relative_price_change_moves_with_the_list_price() {
    let work = Workplace::new();
    // Everybody pays whatever it costs: revenue is the price times the same people.
    let text = "[horizon]\nmonths = 2\n[target]\nsubscribers = 1\n[market]\nactive_users = 1000\nrefusal_rate = 0\n\
        [willingness]\nmedian_price = 1e9\nsteepness = 50\n[uptake]\nannual_innovation = 12\nannual_imitation = 0\n\
        [retention]\nmonthly_churn = 0\n[price]\nmonthly = 10\nchanges = [CHANGE]\n";
    work.file("times.toml", text.replace("CHANGE", "{ month = 2, times = 1.5 }"));
    work.file("fixed.toml", text.replace("CHANGE", "{ month = 2, monthly = 15 }"));
    let npv = |scenario: &str, key: &str, values: &str| {
        let vary = format!("{key}={values}");
        let (status, _, stderr) = work.run(&["sweep", scenario, "--vary", &vary, "--paths", "64", "--no-charts", "-q"]);
        assert_eq!(status, 0, "{stderr}");
        let table = Csv::read(&work, &format!("output/{}/sweep-{key}/sweep.csv", scenario.trim_end_matches(".toml")));
        (0..table.rows.len()).map(|row| table.number(row, "npv_mean")).collect::<Vec<_>>()
    };
    // 1,000 people: at $10 they pay 10 and 15, at $20 20 and 30; a price of its own stays 15.
    assert_eq!(npv("times.toml", "price.monthly", "10,20"), [25_000.0, 50_000.0]);
    assert_eq!(npv("fixed.toml", "price.monthly", "10,20"), [25_000.0, 35_000.0]);
    assert_eq!(npv("fixed.toml", "price.changes.2.monthly", "15,40"), [25_000.0, 50_000.0]);
    let set = ["run", "fixed.toml", "--set", "price.changes.2.times=2", "--paths", "64", "--no-charts", "--out", "set"];
    assert_eq!(work.run(&set).0, 0);
    let (status, _, stderr) = work.run(&["check", "fixed.toml", "--set", "price.changes.3.monthly=2"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("expected a whole number from 1 to 2"), "{stderr}");
    let (status, _, stderr) = work.run(&["solve", "fixed.toml", "--for", "price.changes.2.monthly", "--each-path"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("a scheduled price is the same in all"), "{stderr}");
}

#[test]
fn a_blank_file_runs_and_knows_nothing_of_any_product() {
    let work = Workplace::new();
    assert_eq!(work.run(&["new", "ours", "--blank"]).0, 0);
    let text = std::fs::read_to_string(work.path().join("ours.toml")).unwrap();
    for part in ["[[events]]", "[segments.premium]", "[[correlations]]", "changes = [", "[sources.mine]"] {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.to_lowercase().contains("alexa") && !text.contains("extends"));
    let (status, _, stderr) = work.run(&["check", "--strict", "ours.toml"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    assert_eq!(work.run(&["run", "ours.toml", "-q", "--no-charts", "--paths", "64"]).0, 0);
    // Each block, once it is opened, is one that could be taken.
    let (_, blocks) = text.split_once("\n# Parts of the market").unwrap();
    let mut opened = String::new();
    for line in blocks.lines().skip(1) {
        let open = line
            .strip_prefix("# ")
            .filter(|rest| rest.starts_with('[') || rest.contains(" = ") && !rest.contains("; "));
        opened += open.unwrap_or(line);
        opened.push('\n');
    }
    let opened = opened.split("[sources.mine]").next().unwrap();
    work.file("open.toml", format!("extends = \"ours\"\n{opened}"));
    let (status, _, stderr) = work.run(&["run", "open.toml", "-q", "--no-charts", "--paths", "64"]);
    assert_eq!(status, 0, "{stderr}\n{opened}");
}

#[test]
fn words_and_defaults_assume_no_product() {
    let work = seats();
    let (_, stdout, _) = work.run(&["run", "seats.toml", "--paths", "64"]);
    let said = stdout.to_lowercase();
    assert!(!said.contains("alexa") && !said.contains("14 million") && !said.contains("amazon"), "{stdout}");
    for name in ["meal-kit", "car-feature", "news-site"] {
        let (status, stdout, stderr) = work.run(&["run", name, "--paths", "64", "--no-charts"]);
        assert_eq!((status, stderr.as_str()), (0, ""), "{stdout}");
        assert!(!stdout.to_lowercase().contains("alexa"));
    }
}

#[test]
fn help_prints_every_page_of_the_guide_and_the_help_of_every_command() {
    let work = Workplace::new();
    for (page, text) in breakeven::guide::PAGES {
        let (status, stdout, stderr) = work.run(&["help", page]);
        assert_eq!((status, stderr.as_str()), (0, ""), "{page}");
        let title = text.lines().next().unwrap().trim_start_matches("# ");
        assert!(stdout.starts_with(title), "{page}: {stdout}");
        assert!(!["```", "![", "**", "<!--"].iter().any(|mark| stdout.contains(mark)), "{page}: {stdout}");
        assert!(include_str!("../../README.md").contains(&format!("(src/guide/{page}.md)")), "{page}");
    }
    assert_eq!(work.run(&["help", "sweep"]).1, work.run(&["sweep", "--help"]).1);
    let (status, _, stderr) = work.run(&["help", "statistic"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("there is no command or page `statistic`: did you mean `statistics`?"), "{stderr}");
}
