//! What people see: charts in every theme and size, drawn again from files, and the report.

use std::path::Path;

use crate::support::Workplace;

const QUICK: [&str; 3] = ["--paths", "300", "-q"];

fn ran(work: &Workplace, arguments: &[&str]) {
    let (status, _, stderr) = work.run(&[arguments, &QUICK].concat());
    assert_eq!((status, stderr.as_str()), (0, ""), "{arguments:?}");
}

/// Width and height of a PNG, from its header.
fn size(png: &[u8]) -> (u32, u32) {
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[test]
fn charts_are_drawn_again_from_the_files_alone_to_the_same_bytes() {
    let work = Workplace::new();
    ran(&work, &["run", "baseline", "--theme", "dark"]);
    ran(&work, &["sweep", "baseline", "--vary", "price.monthly=5:10:2.5", "--theme", "dark"]);
    ran(
        &work,
        &[
            "sweep",
            "baseline",
            "--vary",
            "price.monthly=5,10",
            "--vary",
            "market.refusal_rate=0.3,0.6",
            "--theme",
            "dark",
        ],
    );
    ran(&work, &["solve", "baseline", "--for", "price.monthly", "--until", "npv=0", "--each-path", "--theme", "dark"]);
    ran(&work, &["compare", "baseline", "music-like", "as-launched", "--theme", "dark"]);
    let folders = [
        "output/baseline",
        "output/baseline/sweep-price.monthly",
        "output/baseline/sweep-price.monthly-market.refusal_rate",
        "output/baseline/solve-price.monthly",
        "output/compare-baseline-music-like-as-launched",
    ];
    for folder in folders {
        let before = work.files(&format!("{folder}/charts"));
        assert!(before.len() >= 4, "{folder}");
        let (status, stdout, stderr) = work.run(&["chart", folder, "--theme", "dark", "--to", "again"]);
        assert_eq!(status, 0, "{stderr}");
        assert!(stdout.starts_with(&format!("again: {} chart", before.len() / 2)), "{stdout}");
        assert!(work.files("again") == before, "{folder}");
        std::fs::remove_dir_all(work.path().join("again")).unwrap();
        // In place, in another theme, and back.
        for theme in ["print", "dark"] {
            let (status, ..) = work.run(&["chart", folder, "--theme", theme, "-q"]);
            assert_eq!(status, 0);
            assert_eq!(work.files(&format!("{folder}/charts")) == before, theme == "dark", "{folder}");
        }
    }
}

#[test]
fn sweeps_are_drawn_side_by_side_again() {
    let work = Workplace::new();
    ran(&work, &["sweep", "baseline", "music-like", "--vary", "price.monthly=5:10:2.5"]);
    let folders = ["output/baseline/sweep-price.monthly", "output/music-like/sweep-price.monthly"];
    let (status, _, stderr) = work.run(&["chart", folders[0], folders[1], "--together", "--to", "again"]);
    assert_eq!(status, 0, "{stderr}");
    assert!(work.files("again") == work.files("output/sweep-price.monthly-baseline-music-like/charts"));
    let (status, _, stderr) = work.run(&["chart", "output/sweep-price.monthly-baseline-music-like"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("with --together"), "{stderr}");
    ran(&work, &["sweep", "music-like", "--vary", "price.monthly=5:10:5"]);
    let (status, _, stderr) = work.run(&["chart", folders[0], folders[1], "--together", "--to", "again"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("no sweep of one input over the same values"), "{stderr}");
}

#[test]
fn sizes_and_themes_are_what_was_asked() {
    let work = Workplace::new();
    ran(&work, &["run", "baseline", "--no-charts"]);
    let draw = |arguments: &[&str]| {
        let all = [&["chart", "output/baseline", "--only", "payback", "--to", "to", "-q"], arguments].concat();
        let (status, _, stderr) = work.run(&all);
        assert_eq!(status, 0, "{stderr}");
        let files = work.files("to");
        (files[Path::new("payback.png")].clone(), String::from_utf8(files[Path::new("payback.svg")].clone()).unwrap())
    };
    let (png, svg) = draw(&[]);
    assert_eq!(size(&png), (1600, 900));
    assert!(svg.starts_with("<svg width=\"1600\" height=\"900\""), "{}", &svg[..80]);
    let (png, retina) = draw(&["--scale", "2"]);
    assert_eq!(size(&png), (3200, 1800));
    assert_eq!(retina, svg, "the drawing is the same");
    assert_eq!(size(&draw(&["--width", "960"]).0), (960, 540));
    assert_eq!(size(&draw(&["--width", "3840", "--theme", "dark"]).0), (3840, 2160));
    assert_eq!(size(&draw(&["--width", "480", "--scale", "0.5"]).0), (240, 135));
    // Print is black, white and greys.
    let (_, print) = draw(&["--theme", "print"]);
    for colour in print.split("\"#").skip(1).map(|rest| &rest[..6]) {
        assert!(colour[..2] == colour[2..4] && colour[2..4] == colour[4..], "#{colour} in print");
    }
    let (_, dark) = draw(&["--theme", "dark"]);
    assert!(dark.contains("fill=\"#14171a\"") && !dark.contains("#ffffff"), "dark paper");
    for arguments in [["--theme", "sepia"], ["--width", "100"], ["--scale", "9"]] {
        let (status, _, stderr) = work.run(&[&["chart", "output/baseline"][..], &arguments].concat());
        assert_eq!(status, 2, "{stderr}");
    }
}

#[test]
fn what_is_missing_is_said_and_the_rest_is_drawn() {
    let work = Workplace::new();
    ran(&work, &["run", "baseline", "--no-charts"]);
    std::fs::remove_file(work.path().join("output/baseline/histogram.csv")).unwrap();
    let (status, stdout, stderr) = work.run(&["chart", "output/baseline"]);
    assert_eq!((status, stdout.as_str()), (1, "output/baseline/charts: 9 charts\n"));
    assert_eq!(
        stderr,
        "output/baseline: cannot draw the chart `npv`: there is no histogram.csv\n\
         error: 1 chart could not be drawn, 9 are drawn: charts are drawn from CSV files; run the command that made the folder again\n"
    );
    let told = |arguments: &[&str]| {
        let (status, _, stderr) = work.run(arguments);
        assert_eq!(status, 2, "{stderr}");
        stderr
    };
    assert_eq!(
        told(&["chart", "nowhere"]),
        "error: there is no folder `nowhere`: give one that `breakeven run` wrote, such as output/baseline\n"
    );
    assert!(told(&["chart", "output"]).contains(
        "none of run.json, sweep.json, solve.json, compare.json, drivers.json, discover.json, voi.json, condition.json, score.json is there"
    ));
    work.file("output/baseline/monthly.csv", "month,series\n1\n");
    assert!(told(&["chart", "output/baseline"]).starts_with("error: cannot read `output/baseline/monthly.csv`: "));
    work.file("output/baseline/monthly.csv", "month,series,mean\n1,paying,much\n");
    assert!(told(&["chart", "output/baseline"]).contains("line 2: `much` is not a number"));
    work.file("output/baseline/run.json", "{\"program\": 3}");
    assert!(told(&["chart", "output/baseline"]).starts_with("error: cannot read `output/baseline/run.json`: "));
    ran(&work, &["run", "baseline", "--no-charts"]);
    assert!(
        told(&["chart", "output/baseline", "--only", "nvp"])
            .contains("there is no chart `nvp`: there are paying-subscribers,")
    );
}

/// A title of HTML and a note that a spreadsheet would run.
const HOSTILE: &str = "extends = \"baseline\"\ntitle = \"<script>alert(1)</script> & \\\"=1+1\\\" </svg><img src=x onerror=alert(2)>\"\n\
    question = \"<b>bold?</b>\"\n[costs]\nsupport = { value = 0.5, source = \"mine\", note = \"=HYPERLINK(\\\"http://evil\\\")\" }\n\
    [sources.mine]\ntitle = \"<i>mine</i>\"\nurl = \"https://example.org/?a=1&b=2\"\ngrade = \"X\"\n";

#[test]
fn text_of_a_scenario_stays_text_in_html_csv_and_charts() {
    let work = Workplace::new();
    let file = work.file("hostile.toml", HOSTILE);
    ran(&work, &["run", &file, "--format", "csv,xlsx"]);
    let inputs = std::fs::read_to_string(work.path().join("output/hostile/inputs.csv")).unwrap();
    assert!(inputs.contains("\"'=HYPERLINK(") && !inputs.contains(",=") && !inputs.contains(",\"="), "{inputs}");
    let (status, _, stderr) = work.run(&["chart", "output/hostile", "-q"]);
    assert_eq!(status, 0, "the apostrophe does no harm: {stderr}");
    let svg = std::fs::read_to_string(work.path().join("output/hostile/charts/npv.svg")).unwrap();
    assert!(svg.contains("&lt;script&gt;") && !svg.contains("<script") && !svg.contains("<img"));
    ran(&work, &["report", &file, "--to", "r.html"]);
    let html = std::fs::read_to_string(work.path().join("r.html")).unwrap();
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && html.contains("&lt;b&gt;bold?&lt;/b&gt;"));
    assert_eq!(html.matches("<script").count(), 1, "our own script alone");
    assert!(!html.contains("<img") && !html.contains("<i>mine") && !html.contains("<b>bold"));
    assert!(html.contains("href=\"https://example.org/?a=1&amp;b=2\""));
}

#[test]
fn an_explorer_stands_alone_and_texts_of_a_scenario_stay_texts() {
    let work = Workplace::new();
    let file = work.file("hostile.toml", format!("{HOSTILE}\n# </script><script>alert(1)</script><!--\n"));
    let explore = |arguments: &[&str]| work.run(&[&["explore"], arguments].concat());
    let (status, said, stderr) = explore(&[&file, "--paths", "512", "--to", "pages/e.html"]);
    assert_eq!((status, said.as_str()), (0, "pages/e.html: written; open it in a browser\n"), "{stderr}");
    let html = std::fs::read_to_string(work.path().join("pages/e.html")).unwrap();
    assert!(html.len() < 2_000_000, "{} bytes", html.len());
    assert_eq!(
        (html.matches("<script").count(), html.matches("</script").count()),
        (4, 4),
        "data, worker, engine, page"
    );
    assert!(html.contains("default-src 'none'") && !html.contains("alert(1)</script>") && !html.contains("<!--"));
    // (The text of the scenario itself has an image in it.)
    let own = html.replace("<img src=x onerror=alert(2)>", "").replace("img src=x onerror", "");
    for elsewhere in [" src=", "<link", "url(", "@import", "xlink:href", "fetch("] {
        assert!(!own.contains(elsewhere), "{elsewhere}");
    }
    // The same page again, whatever the threads.
    explore(&[&file, "--paths", "512", "--threads", "1", "--to", "again.html", "-q"]);
    assert_eq!(html, std::fs::read_to_string(work.path().join("again.html")).unwrap());
    for (arguments, message) in [
        (&["baseline", "--given", "price.monthly=9"][..], "for the command line"),
        (&["baseline", "--sampler", "random"], "for the command line"),
        (&["baseline", "--paths", "1e8"], "at most 1,048,576 paths"),
        (&["baseline", "--to", "pages"], "it is a folder"),
        (&["no-such"], "there is no scenario"),
        (&["baseline", "--set", "price.monthly=cheap"], "--set"),
    ] {
        let (status, _, stderr) = explore(arguments);
        assert!(status == 2 && stderr.contains(message), "{arguments:?}: {stderr}");
    }
    // Nothing is uncertain: there is nothing to rank, and a page all the same.
    let certain = "[horizon]\nmonths = 12\n[target]\nsubscribers = 1\n[market]\nactive_users = 1000\nrefusal_rate = 0\n\
                   [willingness]\nmedian_price = 10\nsteepness = 2\n[uptake]\nannual_innovation = 1\nannual_imitation = 0\n\
                   [retention]\nmonthly_churn = 0.1\n[price]\nmonthly = 5\n[costs]\ninvestment = 100\n";
    let certain = work.file("certain.toml", certain);
    assert_eq!(explore(&[&certain, "--to", "certain.html", "-q"]).0, 0);
}

#[test]
fn a_link_that_is_no_address_of_the_web_is_no_link() {
    let work = Workplace::new();
    let file = work.file("hostile.toml", HOSTILE.replace("https://example.org/?a=1&b=2", "javascript:alert(1)"));
    let (status, _, _) = work.run(&["report", &file, "--to", "r.html", "--paths", "50", "-q"]);
    let html = std::fs::read_to_string(work.path().join("r.html")).unwrap_or_default();
    assert!(!html.contains("href=\"javascript"), "status {status}");
}

#[test]
fn a_report_stands_alone_and_is_the_same_for_any_threads() {
    let work = Workplace::new();
    let report = |scenarios: &[&str], threads: &str, to: &str| {
        ran(&work, &[&["report"], scenarios, &["--threads", threads, "--to", to]].concat());
        std::fs::read_to_string(work.path().join(to)).unwrap()
    };
    let one = report(&["baseline"], "1", "pages/one.html");
    assert_eq!(one, report(&["baseline"], "2", "pages/again.html"));
    let three = report(&["baseline", "as-launched", "music-like"], "2", "three.html");
    for html in [&one, &three] {
        assert!(html.len() < 3_000_000, "{} bytes", html.len());
        for elsewhere in [" src=", "<link", "url(", "@import", "xlink:href"] {
            assert!(!html.contains(elsewhere), "{elsewhere}");
        }
        for part in ["id=\"assumptions\"", "id=\"method\"", "id=\"caveats\"", "id=\"again\"", "natural survivors"] {
            assert!(html.contains(part), "{part}");
        }
    }
    assert!(one.contains("breakeven report baseline --paths 300 --seed 1 --sampler sobol"));
    assert_eq!((one.matches("<figure").count(), one.matches("<svg").count()), (10, 20), "each for two sizes");
    assert!(three.contains("Side by side") && three.contains("what drives the differences"));
    let (status, _, stderr) = work.run(&["report", "baseline", "--to", "pages"]);
    assert_eq!((status, stderr.as_str()), (2, "error: cannot write `pages`: it is a folder\n"));
    let (status, ..) = work.run(&["report", "no-such"]);
    assert_eq!(status, 2);
}

#[cfg(unix)]
#[test]
fn charts_are_not_drawn_through_a_link_that_came_with_a_folder() {
    let work = Workplace::new();
    ran(&work, &["run", "baseline", "--no-charts"]);
    std::fs::create_dir(work.path().join("others")).unwrap();
    std::fs::write(work.path().join("others/npv.png"), "precious").unwrap();
    std::os::unix::fs::symlink("../../others", work.path().join("output/baseline/charts")).unwrap();
    let (status, _, stderr) = work.run(&["chart", "output/baseline", "--only", "npv"]);
    assert!(status == 2 && stderr.contains("is a symbolic link: say where to draw with --to"), "{stderr}");
    assert_eq!(std::fs::read_to_string(work.path().join("others/npv.png")).unwrap(), "precious");
}

#[test]
fn one_path_and_extremes_are_drawn() {
    let work = Workplace::new();
    let title = "A title of ninety characters, which is more than most people would write, and so a test of it";
    let long = work.file("long.toml", format!("extends = \"baseline\"\ntitle = \"{title}\"\n"));
    for (arguments, folder) in [
        (&["--paths", "1"][..], "long"),
        (&["--paths", "50", "--set", "costs.investment=1e12"], "long@costs.investment=1e12"),
    ] {
        let (status, _, stderr) = work.run(&[&["run", &long, "-q"], arguments].concat());
        assert_eq!(status, 0, "{stderr}");
        assert_eq!(work.files(&format!("output/{folder}/charts")).len(), 20);
    }
}

#[test]
fn a_report_shows_results_that_are_there_without_simulating() {
    let work = Workplace::new();
    let few = ["--paths", "256", "--no-charts", "--quiet"];
    work.run(&[&["run", "baseline", "--set", "price.monthly=9"][..], &few].concat());
    work.run(&[&["sweep", "baseline", "--vary", "price.monthly=5,10"][..], &few].concat());
    work.run(&[&["solve", "baseline", "--for", "price.monthly", "--until", "npv=0"][..], &few].concat());
    work.run(&[&["compare", "baseline", "music-like"][..], &few].concat());
    let folders = [
        "output/baseline@price.monthly=9",
        "output/baseline/sweep-price.monthly",
        "output/baseline/solve-price.monthly",
        "output/compare-baseline-music-like",
    ];
    let (status, _, stderr) = work.run(&[&["report"][..], &folders, &["--to", "all.html", "--quiet"]].concat());
    assert_eq!((status, stderr.as_str()), (0, ""));
    let html = std::fs::read_to_string(work.path().join("all.html")).unwrap();
    for expected in [
        "The article's claim, with monthly price $9</h1>",
        "set on the command line",
        "monthly price from $5 to $10 (2 values)",
        "brings mean NPV to $0",
        "Retention like music streaming compared with The article's claim",
        "The scenario file ",
        "href=\"#assumptions\"",
    ] {
        assert!(html.contains(expected), "{expected}");
    }
    // The numbers are those of the folder, however many paths a report would simulate.
    assert!(html.contains("256 paths, seed 1") && !html.contains("131,072") && !html.contains("--paths"));
    work.run(&["report", "baseline", "--given", "price.monthly=9", "--paths", "64", "--to", "given.html", "--quiet"]);
    let html = std::fs::read_to_string(work.path().join("given.html")).unwrap();
    assert!(html.contains("breakeven report baseline --given price.monthly=9 --paths 64 --seed 1"));
    let (status, _, stderr) = work.run(&["report", "output", "--to", "none.html"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("`output` has no record of results"), "{stderr}");
}

#[test]
fn an_assumption_keeps_its_mark_where_names_are_cut() {
    let work = Workplace::new();
    let few = ["--paths", "4096", "--max-paths", "4096", "--width", "960", "--quiet"];
    work.run(&[&["drivers", "as-launched", "--of", "npv"][..], &few].concat());
    let svg = work.path().join("output/as-launched/drivers-npv/charts/variance.svg");
    let svg = std::fs::read_to_string(svg).unwrap();
    assert!(svg.contains("* an assumption"));
    assert!(svg.contains("\u{2026} *"), "no name is cut, or its mark is");
}

#[test]
fn a_report_shows_the_checks_of_the_program_where_it_was_made() {
    let work = Workplace::new();
    work.run(&["run", "baseline", "--paths", "64", "--no-charts", "--quiet"]);
    let (status, _, stderr) = work.run(&["report", "output/baseline", "--verify", "--to", "checked.html", "--quiet"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    let html = std::fs::read_to_string(work.path().join("checked.html")).unwrap();
    let (status, checks, _) = work.run(&["verify", "--json"]);
    assert_eq!(status, 0);
    let checks: Vec<serde_json::Value> = serde_json::from_str(&checks).unwrap();
    assert!(html.contains(&format!("Checked on this machine: {0} of {0}</h2>", checks.len())));
    // Every check is there, with what was found and the address of what is known.
    for check in &checks {
        for key in ["name", "found", "address"] {
            let Some(text) = check[key].as_str() else { continue };
            assert!(html.contains(&text.replace('&', "&amp;").replace('<', "&lt;")), "{text}");
        }
    }
    assert!(html.contains("breakeven report output/baseline --verify"));
    work.run(&["report", "output/baseline", "--to", "plain.html", "--quiet"]);
    assert!(!std::fs::read_to_string(work.path().join("plain.html")).unwrap().contains("Checked on"));
}

#[test]
fn results_of_another_layout_are_refused_with_what_to_do() {
    let work = Workplace::new();
    work.run(&["run", "baseline", "--paths", "64", "--no-charts", "--quiet"]);
    let file = work.path().join("output/baseline/run.json");
    let record = std::fs::read_to_string(&file).unwrap();
    for (layout, said) in
        [("\"format\": 1,", "it is of layout 1 of breakeven"), ("", "it is of an earlier version of breakeven")]
    {
        std::fs::write(&file, record.replace("\"format\": 2,", layout)).unwrap();
        let (status, _, stderr) = work.run(&["chart", "output/baseline"]);
        assert_eq!(status, 2);
        assert!(stderr.contains(said) && stderr.contains("run the command that made the folder again"), "{stderr}");
    }
}

#[test]
fn scheduled_prices_are_marked_where_they_bend_a_fan() {
    let work = Workplace::new();
    let changes = "changes = [{ month = 13, monthly = 12 }, { month = 25, monthly = 9 }, { month = 37, times = 0.5 }]";
    work.file("steps.toml", format!("extends = \"baseline\"\n[price]\n{changes}\n"));
    work.run(&["run", "steps.toml", "--paths", "64", "--quiet"]);
    let svg = std::fs::read_to_string(work.path().join("output/steps/charts/paying-subscribers.svg")).unwrap();
    for mark in ["price rises to $12", "price falls to $9", "price × 0.5"] {
        assert!(svg.contains(mark), "{mark}");
    }
}
