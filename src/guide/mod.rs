//! The guide: pages that the program prints (`breakeven help PAGE`) and that stand here for readers of the library.

macro_rules! pages {
    ($($page:ident)*) => {
        /// The name of each page and its text, in Markdown.
        pub const PAGES: &[(&str, &str)] = &[$((stringify!($page), include_str!(concat!(stringify!($page), ".md")))),*];

        $(#[doc = include_str!(concat!(stringify!($page), ".md"))]
        pub mod $page {})*
    };
}

pages! { questions format cases files charts statistics python words speed security source }
