//! Problems of a scenario file as a person reads them: file, line, column, caret, what is accepted.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::scenario::{Problem, Problems, Severity, SourceFile};

/// Tells every problem of a file on stderr, and how many there are.
pub(super) fn tell(problems: &Problems) {
    tell_list(&problems.files, problems.main, &problems.list);
    let errors = problems.errors();
    let noun = if errors == 1 { "error" } else { "errors" };
    super::tell(&format!("{errors} {noun} in {}: nothing was run\n", problems.main_path()));
}

/// Tells some problems of a scenario on stderr.
pub(super) fn tell_list(files: &[SourceFile], main: usize, list: &[Problem]) {
    for problem in list {
        super::tell(&format!("{}\n\n", rendered(files, main, problem)));
    }
}

fn rendered(files: &[SourceFile], main: usize, problem: &Problem) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(&problem.message);
    let place = problem.place.as_ref().and_then(|place| Some((files.get(place.file)?, &place.span)));
    let group = match place {
        Some((file, span)) => title.element(
            Snippet::source(&file.text)
                .path(&file.path)
                .annotation(AnnotationKind::Primary.span(span.clone()).label(&problem.label)),
        ),
        None => title.element(Origin::path(files.get(main).map_or("", |file| &file.path))),
    };
    let group: Group<'_> = match &problem.help {
        Some(help) => group.element(Level::HELP.message(help)),
        None => group,
    };
    Renderer::styled().render(&[group])
}
