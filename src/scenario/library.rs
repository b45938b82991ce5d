//! The scenarios that are built into the program, so that an installed copy works anywhere.

/// A scenario file that is part of the program.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// The name to run it by.
    pub name: &'static str,
    /// The text of the file.
    pub text: &'static str,
}

macro_rules! built_in {
    ($($name:literal)*) => {
        /// All of them, in the order in which they are best read.
        pub const BUILT_IN: &[BuiltIn] =
            &[$(BuiltIn { name: $name, text: include_str!(concat!("../../scenarios/", $name, ".toml")) }),*];
    };
}

built_in! {
    "baseline" "bottom-of-band" "top-of-band" "as-launched" "prime-uplift" "sceptics" "music-like" "ai-app-like" "own-silicon"
    "price-war" "capex-share" "legacy-losses" "meal-kit" "car-feature" "news-site"
}
