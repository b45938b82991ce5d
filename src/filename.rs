//! Names of files and folders that are made from data: of one part, of bounded length, and visible.

use sha2::{Digest, Sha256};

/// The longest name in bytes; file systems take some 255, and endings are added.
const LONGEST: usize = 120;

/// A text as the name of a folder: letters, digits, `.`, `_`, `-`, `+`, `@` and `=` stay, quotes go, everything else becomes a dash. A
/// long one is cut, and told from others by a hash of the whole.
#[must_use]
pub fn folder_name(text: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '@' | '=') { c } else { '-' };
    let name: String = text.chars().filter(|c| !matches!(c, '"' | '\'')).map(plain).collect();
    shortened(visible(name), text)
}

/// A text as the name of a file, without its ending: what leads to another folder, or what no system takes, becomes a dash.
#[must_use]
pub fn file_name(text: &str) -> String {
    let refused = |c: char| c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    shortened(visible(text.chars().map(|c| if refused(c) { '-' } else { c }).collect()), text)
}

/// Not hidden, and neither this folder nor the one above.
fn visible(name: String) -> String {
    if name.is_empty() || name.starts_with('.') { format!("-{name}") } else { name }
}

fn shortened(name: String, of: &str) -> String {
    if name.len() <= LONGEST {
        return name;
    }
    let mut cut = LONGEST - 9;
    while !name.is_char_boundary(cut) {
        cut -= 1;
    }
    let mut hash = String::new();
    for byte in Sha256::digest(of).iter().take(4) {
        hash += &format!("{byte:02x}");
    }
    format!("{}-{hash}", &name[..cut])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_folder_and_within_bounds() {
        assert_eq!(folder_name("sweep-segments.\"a/b c\".price.monthly"), "sweep-segments.a-b-c.price.monthly");
        assert_eq!(file_name("why-npv-x/../../../pwned"), "why-npv-x-..-..-..-pwned");
        assert_eq!(file_name("../x"), "-..-x");
        assert_eq!(file_name("\u{1b}[31m"), "-[31m");
        assert_eq!(file_name("prix réel"), "prix réel");
        let (one, other) = (folder_name(&"ä".repeat(200)), folder_name(&"ä".repeat(201)));
        assert!(one.len() <= LONGEST && one != other, "{one}");
    }
}
