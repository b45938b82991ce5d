//! SVG to PNG, with the built-in font and nothing from the system.

use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb::Database};

use super::ChartError;
use super::theme::Style;

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

/// Renders a chart at its width times its scale.
///
/// # Errors
/// Where the drawing cannot be read or encoded.
pub fn png(svg: &str, style: &Style) -> Result<Vec<u8>, ChartError> {
    let tree = Tree::from_str(svg, options()).map_err(|error| ChartError(error.to_string()))?;
    let (width, height) = style.pixels();
    let scaled = |length: f64| (length * style.scale).round() as u32;
    let mut pixels = Pixmap::new(scaled(width), scaled(height)).ok_or_else(|| ChartError("no memory".to_owned()))?;
    resvg::render(&tree, Transform::from_scale(style.scale as f32, style.scale as f32), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| ChartError(error.to_string()))
}
