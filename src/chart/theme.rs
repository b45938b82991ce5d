//! The look of every chart: sizes, colours, type.

use plotters::style::RGBColor;

/// Width of a chart.
pub(super) const WIDTH: f64 = 1600.0;
/// Height of a chart.
pub(super) const HEIGHT: f64 = 900.0;
/// Where headline, footer and axis titles start.
pub(super) const LEFT: f64 = 64.0;
/// Nothing is drawn nearer to the right edge.
pub(super) const RIGHT: f64 = WIDTH - 48.0;
/// The plot's own edges: room for tick labels on the left, for direct labels on the right.
pub(super) const PLOT_LEFT: f64 = 150.0;
pub(super) const PLOT_RIGHT: f64 = WIDTH - 270.0;
pub(super) const PLOT_BOTTOM: f64 = HEIGHT - 128.0;

pub(super) const HEADLINE: f64 = 31.0;
pub(super) const SUBTITLE: f64 = 18.0;
pub(super) const LABEL: f64 = 17.0;
pub(super) const FOOTER: f64 = 13.0;

pub(super) const INK: RGBColor = RGBColor(0x1a, 0x1a, 0x1a);
pub(super) const GREY: RGBColor = RGBColor(0x5f, 0x63, 0x68);
pub(super) const GRID: RGBColor = RGBColor(0xe3, 0xe5, 0xe8);
pub(super) const CONTEXT: RGBColor = RGBColor(0xb4, 0xb9, 0xbf);
/// The answer: Okabe and Ito's blue.
pub(super) const ACCENT: RGBColor = RGBColor(0x00, 0x72, 0xb2);
/// The reference: their vermilion, told apart from the blue by anyone, and darker than the bands in print.
pub(super) const REFERENCE: RGBColor = RGBColor(0xd5, 0x5e, 0x00);

/// Opacity of the wide and of the narrow band of a fan.
pub(super) const WIDE_BAND: f64 = 0.18;
pub(super) const NARROW_BAND: f64 = 0.30;

/// Noto Sans, which is built in; the others are for viewers of the SVG that lack it.
pub(super) const FAMILY: &str = "Noto Sans, Helvetica, Arial, sans-serif";
