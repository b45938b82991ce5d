//! Problems of a scenario file as a person reads them: file, line, column, caret, what is accepted. Errors first.

use std::borrow::Cow;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::scenario::{Problem, Problems, Severity, SourceFile, Topic};
use crate::words;

/// So many problems are told; whoever has more has one to begin with.
const MOST: usize = 50;
/// So many inputs without a source are named.
const MOST_NAMED: usize = 40;
/// The longest message, in characters.
const LONGEST: usize = 500;
/// The widest line of a file that is shown.
const WIDEST: usize = 140;

/// What is wrong with a file, errors first, and how many there are.
pub(super) fn told(problems: &Problems) -> String {
    let Problems { files, main, list } = problems;
    let files = shown_files(files);
    let (errors, warnings): (Vec<&Problem>, Vec<&Problem>) = list.iter().partition(|p| p.severity == Severity::Error);
    let mut out = some(&files, *main, &errors);
    let (without_source, others): (Vec<&Problem>, Vec<&Problem>) =
        warnings.into_iter().partition(|p| matches!(p.topic, Topic::NoSource(_)));
    out += &some(&files, *main, &others);
    out.extend(without_sources(&without_source).map(|text| super::warning(&text)));
    let count = errors.len();
    let noun = if count == 1 { "error" } else { "errors" };
    let shown = if count > MOST { format!(" (the first {MOST} are shown)") } else { String::new() };
    let mut wrong: Vec<usize> = errors.iter().map(|p| p.place.as_ref().map_or(*main, |place| place.file)).collect();
    wrong.sort_unstable();
    wrong.dedup();
    // What is wrong may be an override of the command line alone.
    let path = match wrong.as_slice() {
        [only] => files.get(*only).map_or("", |file| &file.path),
        _ => files.get(*main).map_or("", |file| &file.path),
    };
    out + &format!("{} {noun} in {path}{shown}: nothing was run\n", words::count(count as u64))
}

/// Tells some problems of a scenario on stderr, each by itself.
pub(super) fn tell_list(files: &[SourceFile], main: usize, list: &[Problem]) {
    super::tell(&some(&shown_files(files), main, &list.iter().collect::<Vec<_>>()));
}

/// Inputs without a source as one sentence.
pub(super) fn without_sources(problems: &[&Problem]) -> Option<String> {
    let names: Vec<String> = problems
        .iter()
        .filter_map(|problem| if let Topic::NoSource(input) = &problem.topic { Some(input.clone()) } else { None })
        .collect();
    match names.as_slice() {
        [] => None,
        [only] => Some(format!("`{only}` has no source")),
        many if many.len() > MOST_NAMED => {
            let (named, others) = many.split_at(MOST_NAMED);
            Some(format!("{} inputs have no source: {} and {} more", many.len(), named.join(", "), others.len()))
        }
        many => Some(format!("{} inputs have no source: {}", many.len(), words::list(many))),
    }
}

fn some(files: &[SourceFile], main: usize, list: &[&Problem]) -> String {
    let shown = list.iter().take(MOST).flat_map(|problem| [rendered(files, main, problem), "\n\n".to_owned()]);
    shown.collect()
}

/// Files without what would control a terminal, every byte where it was.
fn shown_files(files: &[SourceFile]) -> Vec<SourceFile> {
    let shown = |file: &SourceFile| SourceFile {
        path: words::shown_line(&file.path),
        text: words::shown(&file.text.replace("\r\n", " \n")).into_owned(),
    };
    files.iter().map(shown).collect()
}

/// A message without what would control a terminal, and not longer than anyone reads.
fn message(text: &str) -> String {
    let shown = words::shown(text);
    let cut: Option<(usize, char)> = shown.char_indices().nth(LONGEST);
    match cut {
        Some((end, _)) => format!("{}…", &shown[..end]),
        None => shown.into_owned(),
    }
}

fn rendered(files: &[SourceFile], main: usize, problem: &Problem) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let (said, label) = (message(&problem.message), message(&problem.label));
    let title = level.primary_title(&said);
    let place = problem.place.as_ref().and_then(|place| Some((files.get(place.file)?, &place.span)));
    let part;
    let group = match place {
        Some((file, span)) => {
            part = around(&file.text, span.start, span.end);
            let Excerpt { text, line, start, end } = &part;
            title.element(
                Snippet::source(text.as_ref())
                    .path(&file.path)
                    .line_start(*line)
                    .annotation(AnnotationKind::Primary.span(*start..*end).label(&label)),
            )
        }
        None => title.element(Origin::path(files.get(main).map_or("", |file| &file.path))),
    };
    let help = problem.help.as_deref().map(message);
    let group: Group<'_> = match &help {
        Some(help) => group.element(Level::HELP.message(help)),
        None => group,
    };
    Renderer::styled().term_width(WIDEST).render(&[group])
}

/// The lines of a file that a span stands in, and where in them.
struct Excerpt<'t> {
    text: Cow<'t, str>,
    line: usize,
    start: usize,
    end: usize,
}

/// The lines around a span alone: a file is not searched for it again and again.
fn around(text: &str, start: usize, end: usize) -> Excerpt<'_> {
    let start = start.min(text.len());
    let end = end.clamp(start, text.len());
    let first = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let last = text[end..].find('\n').map_or(text.len(), |at| end + at);
    let line = text[..first].matches('\n').count() + 1;
    Excerpt { text: Cow::Borrowed(&text[first..last]), line, start: start - first, end: end - first }
}
