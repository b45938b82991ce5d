//! Sentences and the texts of charts say what was computed: digits, shares, whose figures they are, what can be done.

use crate::support::{Csv, Workplace};

/// Standard output of a command that ends well.
fn said(work: &Workplace, arguments: &[&str]) -> String {
    let (status, stdout, stderr) = work.run(arguments);
    assert_eq!(status, 0, "{arguments:?}: {stderr}");
    stdout.replace('\u{a0}', " ")
}

/// The texts of a chart in one line.
fn chart(work: &Workplace, file: &str) -> String {
    let text = std::fs::read_to_string(work.path().join(format!("output/{file}.svg"))).unwrap();
    let parts =
        text.split('>').filter_map(|part| part.split('<').next()).map(str::trim).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" ").replace('\u{a0}', " ")
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A number with its unit: `$423.1 million` is 423.1 and `million`.
fn number(text: &str) -> Option<(String, String)> {
    let text = text.trim_start_matches(['$', '−', '+', '(']);
    let digits: String = text.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
    let digits = digits.trim_end_matches(['.', ',']).to_owned();
    let unit = text[digits.len()..].trim_start().trim_end_matches(['.', ',', ';', ':', ')']).to_owned();
    (!digits.is_empty()).then_some((digits, unit))
}

/// Every value with its error in a text, as (value, error).
fn with_errors(text: &str) -> Vec<(String, String)> {
    let sized = |words: &[&str]| {
        let unit = words.get(1).filter(|word| word.starts_with("million") || word.starts_with("billion"));
        [words.first().copied().unwrap_or(""), unit.copied().unwrap_or("")].join(" ").trim().to_owned()
    };
    let mut out = Vec::new();
    for (at, _) in text.match_indices(" ± ") {
        let before: Vec<&str> = text[..at].split(' ').rev().take(2).collect();
        let value = if before[0].starts_with("million") || before[0].starts_with("billion") {
            format!("{} {}", before[1], before[0])
        } else {
            before[0].to_owned()
        };
        let after: Vec<&str> = text[at + " ± ".len()..].split(' ').take(2).collect();
        out.push((value, sized(&after)));
    }
    out
}

#[test]
fn values_have_the_digits_and_the_unit_of_their_errors() {
    let work = Workplace::new();
    let mut seen = 0;
    for arguments in [
        &["run", "baseline"][..],
        &["run", "prime-uplift"],
        &["run", "meal-kit"],
        &["sweep", "baseline", "--vary", "price.monthly=5:10:1"],
        &["sweep", "car-feature", "--vary", "price.monthly=8:20:4"],
        &["compare", "baseline", "prime-uplift", "music-like"],
        &["solve", "prime-uplift", "--for", "segments.prime.revenue.ancillary", "--until", "payback=50%"],
    ] {
        for paths in ["600", "2000"] {
            let text = flat(&said(&work, &[arguments, &["--paths", paths, "--no-charts"]].concat()));
            for (value, error) in with_errors(&text) {
                let (Some((value, unit)), Some((error, unit_of_error))) = (number(&value), number(&error)) else {
                    continue;
                };
                let unit_of_error = if unit.is_empty() { String::new() } else { unit_of_error };
                assert_eq!(unit, unit_of_error, "{arguments:?}: {value} ± {error} in {text}");
                let decimals = |number: &str| number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
                assert_eq!(decimals(&value), decimals(&error), "{value} ± {error} in {text}");
                let figures = error.replace([',', '.'], "");
                let figures = figures.trim_start_matches('0');
                let figures = if error.contains('.') { figures } else { figures.trim_end_matches('0') };
                assert!(figures.len() <= 2, "{value} ± {error} in {text}");
                seen += 1;
            }
        }
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn an_uneven_interval_is_told_by_its_ends_and_few_paths_by_their_count() {
    let work = Workplace::new();
    let text = flat(&said(&work, &["run", "baseline", "--paths", "4096", "--no-charts"]));
    assert!(text.contains("(95% interval "), "{text}");
    assert!(!text.contains("0.4% ± 0.4%"), "{text}");
    let text = flat(&said(&work, &["run", "baseline", "--paths", "1024", "--no-charts"]));
    assert!(text.contains(" of 1,024 simulated futures"), "{text}");
    // The count is that of the table.
    let table = Csv::read(&work, "output/baseline/probabilities.csv");
    let row = (0..table.rows.len()).find(|row| table.rows[*row].iter().any(|cell| cell == "target_reached")).unwrap();
    let count = table.number(row, "count");
    assert!((table.number(row, "probability") * 1024.0 - count).abs() < 1e-9);
    assert!(text.contains(&format!("{count} of 1,024 simulated futures")), "{text}");
}

#[test]
fn shares_of_failures_are_shares_of_failures() {
    let work = Workplace::new();
    for scenario in ["baseline", "car-feature", "music-like"] {
        let text = flat(&said(&work, &["run", scenario, "--paths", "4096", "--no-charts"]));
        let reasons = text.split_once("Of the futures without payback: ").unwrap().1.split_once(". ").unwrap().0;
        let shares = |text: &str| -> f64 {
            let number = |word: &str| word.strip_suffix('%').and_then(|number| number.parse::<f64>().ok());
            text.split([' ', ',']).filter_map(number).sum()
        };
        assert!((shares(reasons) - 100.0).abs() < 1.6, "{scenario}: {reasons}");
        let cells = text.split_once("Of all futures: ").unwrap().1.split_once(". ").unwrap().0;
        assert!((shares(cells) - 100.0).abs() < 1.6, "{scenario}: {cells}");
    }
}

#[test]
fn advice_can_be_followed() {
    let work = Workplace::new();
    let solve =
        |more: &[&str]| flat(&said(&work, &[&["solve", "baseline", "--paths", "512", "--no-charts"], more].concat()));
    let text = solve(&["--for", "market.refusal_rate", "--until", "payback=90%"]);
    assert!(text.contains("No refusal rate between 0% and 100%"), "{text}");
    assert!(!text.contains("wider --between"), "{text}");
    let text = solve(&["--for", "price.monthly", "--until", "payback=90%", "--between", "5:10"]);
    assert!(text.contains("A wider --between, or another input, may do it."), "{text}");
    // A whole number of months.
    let text = solve(&["--for", "costs.investment_months", "--until", "npv=-4.1e9", "--between", "1:36"]);
    assert!(!text.contains("95% interval") || !text.contains(".5 months"), "{text}");
    // A near miss of a name.
    let (status, _, stderr) = work.run(&["solve", "baseline", "--for", "market.refusal_rate", "--until", "target=50%"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("did you mean `target_reached`?"), "{stderr}");
}

#[test]
fn figures_of_some_segments_say_whose_they_are() {
    let work = Workplace::new();
    said(&work, &["run", "as-launched", "--paths", "1024"]);
    assert!(
        chart(&work, "as-launched/charts/unit-economics").starts_with("A subscriber of alone (25% of users) brings $")
    );
    for name in ["unit-economics", "retention", "uptake"] {
        let text = chart(&work, &format!("as-launched/charts/{name}"));
        assert!(text.contains("alone (25% of users)"), "{name}: {text}");
    }
    for table in ["unit-economics.csv", "curves.csv"] {
        let table = Csv::read(&work, &format!("output/as-launched/{table}"));
        assert!(table.columns().iter().any(|column| column == "segment"));
    }
    // The sources in the footer are those of the inputs really used: the price is the authors' own, of a segment.
    let npv = chart(&work, "as-launched/charts/npv");
    assert!(npv.contains("have a negative NPV within 60 months") && !npv.contains("lose money"), "{npv}");
    let record = std::fs::read_to_string(work.path().join("output/as-launched/run.json")).unwrap();
    assert!(record.contains("\"segments\""));
}

#[test]
fn the_inputs_chart_counts_as_its_footer_and_has_a_key() {
    let work = Workplace::new();
    for (scenario, count) in
        [("baseline", "10 of 28 inputs are assumptions"), ("as-launched", "12 of 34 inputs are assumptions")]
    {
        said(&work, &["run", scenario, "--paths", "512"]);
        let text = chart(&work, &format!("{scenario}/charts/inputs"));
        assert!(text.contains(count), "{text}");
        for key in ["A official", "X assumption", "Median, then the range"] {
            assert!(text.contains(key), "{text}");
        }
        let shown: usize = text.split(' ').next().unwrap().parse().unwrap();
        let plain = text.split_once("Not shown: ").unwrap().1.split(' ').next().unwrap().parse::<usize>().unwrap();
        let all: usize = count.split(' ').nth(2).unwrap().parse().unwrap();
        assert_eq!(shown + plain, all, "{text}");
        let text = chart(&work, &format!("{scenario}/charts/required-peak"));
        assert!(text.contains("median peak: "), "{text}");
    }
}

#[test]
fn a_key_added_to_one_segment_is_explained_by_that_key() {
    let work = Workplace::new();
    let text = flat(&said(&work, &["compare", "as-launched", "prime-uplift", "--paths", "1024"]));
    assert!(text.contains("ancillary margin of prime 0 uniform(min=0, max=3.75) +$"), "{text}");
    assert!(!text.contains(" segments "), "{text}");
    assert!(text.contains("“What bundled users must be worth to Prime” has a higher NPV than"), "{text}");
    let folder = "compare-as-launched-prime-uplift";
    let table = Csv::read(&work, &format!("output/{folder}/contributions.csv"));
    for row in 0..table.rows.len() {
        assert_eq!(table.cell(row, "change"), "segments.prime.revenue.ancillary");
        let [low, value, high] =
            ["contribution_ci95_low", "contribution", "contribution_ci95_high"].map(|c| table.number(row, c));
        assert!(low <= value && value <= high);
    }
    let text = chart(&work, &format!("{folder}/charts/why-npv-prime-uplift"));
    assert!(
        text.contains("change in mean NPV") && text.contains("whiskers are the simulation’s own 95% error"),
        "{text}"
    );
}

#[test]
fn futures_in_prose_and_no_odd_words() {
    let work = Workplace::new();
    let mut text = String::new();
    for arguments in [
        &["run", "baseline"][..],
        &["sweep", "baseline", "--vary", "price.monthly=5:10:5"],
        &["compare", "baseline", "music-like"],
    ] {
        let answer = flat(&said(&work, &[arguments, &["--paths", "512", "--no-charts"]].concat()));
        let before_the_last_line = answer.split("512 paths").next().unwrap();
        assert!(before_the_last_line.contains("simulated futures"), "{answer}");
        assert!(!before_the_last_line.contains(" paths"), "{answer}");
        text += &answer;
    }
    for command in ["run", "sweep", "solve", "compare", "chart", "report", "check"] {
        text += &flat(&said(&work, &[command, "--help"]));
    }
    for odd in ["is told", "are told", "lose money", "1 in N"] {
        assert!(!text.contains(odd), "`{odd}` in {text}");
    }
    assert!(text.contains("Keep simulating until each 95% interval is within ±WIDTH"), "{text}");
    assert!(text.contains("peak funding need"), "{text}");
}
