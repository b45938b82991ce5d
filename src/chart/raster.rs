//! SVG to PNG, with the built-in font and nothing from the system.

use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb::Database};

use super::ChartError;
use super::theme::{HEIGHT, WIDTH};

fn options() -> &'static Options<'static> {
    static OPTIONS: OnceLock<Options<'static>> = OnceLock::new();
    OPTIONS.get_or_init(|| {
        let mut fonts = Database::new();
        fonts.load_font_data(notosans::REGULAR_TTF.to_vec());
        fonts.load_font_data(notosans::BOLD_TTF.to_vec());
        fonts.set_sans_serif_family("Noto Sans");
        Options { fontdb: Arc::new(fonts), font_family: "Noto Sans".to_owned(), ..Options::default() }
    })
}

/// Renders a chart at 1600 × 900 pixels.
///
/// # Errors
/// Where the drawing cannot be read or encoded.
pub fn png(svg: &str) -> Result<Vec<u8>, ChartError> {
    let tree = Tree::from_str(svg, options()).map_err(|error| ChartError(error.to_string()))?;
    let mut pixels = Pixmap::new(WIDTH as u32, HEIGHT as u32).ok_or_else(|| ChartError("no memory".to_owned()))?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| ChartError(error.to_string()))
}
