//! Texts from files and arguments as they may be shown: without what would control a terminal.

use std::borrow::Cow;

/// A text from a file or an argument as it may be shown: what would control a terminal, or turn the direction of what follows, is
/// replaced by a visible character of the same length in bytes. Line ends and tabs stay.
///
/// ```
/// assert_eq!(breakeven::words::shown("\u{1b}[31mred\r"), "?[31mred?");
/// ```
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    if !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let replaced = |c: char| match c {
        c if !is_control(c) => c,
        c if c.len_utf8() == 1 => '?',
        c if c.len_utf8() == 2 => '¿',
        _ => '\u{fffd}',
    };
    Cow::Owned(text.chars().map(replaced).collect())
}

/// C0, DEL and C1, and what controls the direction of text or breaks lines invisibly.
fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The same for a text of one line.
#[must_use]
pub fn shown_line(text: &str) -> String {
    shown(text).split_whitespace().collect::<Vec<_>>().join(" ")
}
