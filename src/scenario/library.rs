//! The scenarios that are built into the program, so that an installed copy works anywhere.

/// A scenario file that is part of the program.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// The name to run it by.
    pub name: &'static str,
    /// The text of the file.
    pub text: &'static str,
}

/// All of them, the first one first in lists.
pub const BUILT_IN: &[BuiltIn] = &[BuiltIn { name: "baseline", text: include_str!("../../scenarios/baseline.toml") }];
