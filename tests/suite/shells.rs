//! Completions in real shells, manual pages, colours, and a scenario from standard input.

use std::process::{Command, Stdio};

use crate::support::Workplace;

#[allow(clippy::print_stderr, reason = "a test that was not run says so")]
/// Runs a script in a shell that finds the program; none where there is no such shell.
fn shell(work: &Workplace, shell: &str, arguments: &[&str], script: &str) -> Option<String> {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_breakeven"));
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("timeout");
    command.args(["60", shell]).args(arguments).arg(script).env("PATH", path).env("HOME", work.path());
    let output = command.current_dir(work.path()).stdin(Stdio::null()).output().expect("timeout is there");
    if output.status.code() == Some(127) {
        eprintln!("SKIPPED: there is no {shell} here");
        return None;
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn bash_completes_commands_scenarios_and_keys() {
    let work = Workplace::new();
    work.file("mine.toml", "");
    let script = r#"
        source <(breakeven completions bash)
        try() {
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_TYPE=9
            _clap_complete_breakeven breakeven "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}"
            printf '%s;' "${COMPREPLY[@]}"; echo
        }
        try breakeven ver
        try breakeven run sc
        try breakeven run min
        try breakeven sweep baseline --vary price.mon
        try breakeven solve baseline --for retention.monthly_c
        try breakeven run baseline --theme d
        try breakeven run baseline --set price.monthly=
    "#;
    let Some(said) = shell(&work, "bash", &["-c"], script) else { return };
    let lines: Vec<&str> = said.lines().collect();
    let expected = ["verify;", "sceptics;", "mine.toml;", "price.monthly=;", "retention.monthly_churn;", "dark;", ";"];
    assert_eq!(lines, expected);
}

#[test]
fn fish_completes_commands_scenarios_and_keys() {
    let work = Workplace::new();
    let script = "breakeven completions fish | source
        complete -C 'breakeven run sc'
        complete -C 'breakeven compare baseline --with market.ref'";
    let Some(said) = shell(&work, "fish", &["-c"], script) else { return };
    assert!(said.starts_with("sceptics\tThe sceptics are right\nmarket.refusal_rate=\t"), "{said}");
}

/// In a terminal of its own, by the key.
#[test]
fn zsh_completes_scenarios_and_keys() {
    let work = Workplace::new();
    let script = r#"
        zmodload zsh/zpty
        zpty z zsh -f -i
        zpty -w z "PS1=; autoload -Uz compinit; compinit -u -D; source <(breakeven completions zsh); echo re''ady"
        zpty -r -m z out '*ready*'
        zpty -w -n z $'breakeven run sc\t'
        zpty -r -m z out '*breakeven run sceptics*'
        zpty -w -n z $'--set market.ref\t'
        zpty -r -m z out '*market.refusal_rate=*'
        print done
        zpty -d z
    "#;
    if let Some(said) = shell(&work, "zsh", &["-fc"], script) {
        assert_eq!(said, "done\n");
    }
}

#[test]
fn every_shell_gets_a_script_and_every_command_a_page() {
    let work = Workplace::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (status, script, _) = work.run(&["completions", shell]);
        assert!(status == 0 && script.contains("BREAKEVEN_COMPLETE") && script.contains("breakeven"), "{shell}");
    }
    let (status, _, said) = work.run(&["completions", "csh"]);
    assert!(status == 2 && said.contains("[possible values: bash, zsh, fish, powershell, elvish]"), "{said}");
    assert_eq!(work.run(&["man", "pages"]).0, 0);
    let page = std::fs::read_to_string(work.path().join("pages/breakeven-run.1")).unwrap();
    assert!(
        page.starts_with(".ie") && page.contains("breakeven run baseline \\-\\-paths") || page.contains("baseline"),
        "{page}"
    );
    let (_, help, _) = work.run(&["--help"]);
    let commands = help.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")).count();
    let pages = std::fs::read_dir(work.path().join("pages")).unwrap().count();
    assert!(pages > 20 && pages <= commands + 1, "{pages} pages");
}

#[test]
fn colours_are_used_where_they_are_wanted() {
    let work = Workplace::new();
    let run = ["run", "baseline", "--paths", "16", "--no-charts"];
    let says = |more: &[&str]| work.run(&[&run, more].concat()).1;
    assert!(!says(&[]).contains('\u{1b}') && !says(&["--color", "never"]).contains('\u{1b}'));
    assert!(says(&["--color", "always"]).starts_with("\u{1b}[1m"));
    // What is said is the same, and so is the command that a record remembers.
    let record = |name: &str| std::fs::read(work.path().join(name).join("baseline/run.json")).unwrap();
    says(&["--color", "always", "--out", "coloured"]);
    says(&["--out", "plain"]);
    assert_eq!(record("coloured"), record("plain"));
}

#[test]
fn a_scenario_comes_from_standard_input() {
    let work = Workplace::new();
    let text = "extends = \"baseline\"\ntitle = \"From elsewhere\"\nprice.monthly = 9.99\n";
    let piped = |arguments: &[&str]| work.command().args(arguments).write_stdin(text).output().unwrap();
    let run = ["run", "-", "--paths", "512", "--no-charts", "--out", "piped"];
    let output = piped(&run);
    assert!(output.status.success() && output.stdout.starts_with(b"From elsewhere\n"), "{output:?}");
    work.file("standard-input.toml", text);
    assert_eq!(work.run(&["run", "standard-input.toml", "--paths", "512", "--no-charts", "--out", "filed", "-q"]).0, 0);
    assert_eq!(work.files("piped"), work.files("filed"));
    // A command that looks at it twice, and one that makes it again.
    assert!(piped(&["compare", "-", "--with", "price.monthly=5", "--paths", "64", "--no-charts"]).status.success());
    assert_eq!(work.run(&["reproduce", "piped/standard-input"]).0, 0);
    let (status, _, said) = work.run(&["check", "-"]);
    assert!(status == 2 && said.contains("--> standard-input.toml"), "{said}");
}
