//! The look of every chart: colours by what they mean, sizes of type, and the layout of a page.

use plotters::style::RGBColor;

/// Who the charts are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// On white, for slides and documents.
    #[default]
    Light,
    /// On near-black.
    Dark,
    /// On white without a hue: what a laser printer or a fax leaves of it is all there is.
    Print,
}

impl Theme {
    /// Every theme.
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::Print];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Print => "print",
        }
    }
}

/// How a chart is drawn: its theme and its size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// Colours.
    pub theme: Theme,
    /// Width in pixels; the height follows, 16:9.
    pub width: u32,
    /// Pixels of the PNG for each pixel of the width: 2 for a retina screen.
    pub scale: f64,
    /// Without headline, footer and background, and with colours as variables of a style sheet: for a page that has its own.
    pub(super) inline: Option<(f64, f64)>,
}

impl Default for Style {
    fn default() -> Self {
        Self { theme: Theme::Light, width: 1600, scale: 1.0, inline: None }
    }
}

impl Style {
    /// The narrowest and the widest chart.
    pub const WIDTHS: (u32, u32) = (480, 8000);

    /// A chart with its words, on its own paper.
    #[must_use]
    pub fn new(theme: Theme, width: u32, scale: f64) -> Self {
        Self { theme, width, scale, inline: None }
    }

    /// For a page of HTML: the plot alone, so many units wide and high.
    #[must_use]
    pub fn inline(width: f64, height: f64) -> Self {
        Self { inline: Some((width, height)), ..Self::default() }
    }

    /// What the answer's colour and that of what is not the answer are called.
    pub(super) fn hues(&self) -> [&'static str; 2] {
        match self.theme {
            Theme::Light | Theme::Dark => ["blue", "grey"],
            Theme::Print => ["dark", "light"],
        }
    }

    /// The layout: type keeps its size between 1,100 and 1,600 pixels, and beyond them grows and shrinks with the chart.
    pub(super) fn layout(&self) -> Layout {
        if let Some((width, height)) = self.inline {
            return Layout::plot_alone(width, height);
        }
        let width = f64::from(self.width).clamp(1100.0, 1600.0);
        Layout::page(width, (width * 9.0 / 16.0).round())
    }

    /// Width and height in pixels before scaling.
    pub(super) fn pixels(&self) -> (f64, f64) {
        self.inline.unwrap_or_else(|| (f64::from(self.width), (f64::from(self.width) * 9.0 / 16.0).round()))
    }
}

/// Where things stand, in chart units.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub(super) width: f64,
    pub(super) height: f64,
    /// Where headline, footer and axis titles start.
    pub(super) left: f64,
    /// Nothing is drawn nearer to the right edge.
    pub(super) right: f64,
    /// The plot's own edges: room for tick labels on the left, for direct labels on the right.
    pub(super) plot_left: f64,
    pub(super) plot_right: f64,
    pub(super) plot_bottom: f64,
    /// How wide a direct label may be.
    pub(super) label_width: f64,
    /// Whether headline and footer are drawn.
    pub(super) words: bool,
}

impl Layout {
    fn page(width: f64, height: f64) -> Self {
        let (plot_right, right) = (width - 270.0, width - 48.0);
        Self {
            width,
            height,
            left: 64.0,
            right,
            plot_left: 150.0,
            plot_right,
            plot_bottom: height - 128.0,
            label_width: right - plot_right - 7.0,
            words: true,
        }
    }

    fn plot_alone(width: f64, height: f64) -> Self {
        let column = (width * 0.27).clamp(150.0, 230.0);
        let (plot_right, right) = (width - column, width - 4.0);
        Self {
            width,
            height,
            left: 4.0,
            right,
            plot_left: 88.0,
            plot_right,
            plot_bottom: height - 72.0,
            label_width: right - plot_right - 20.0,
            words: false,
        }
    }
}

pub(super) const HEADLINE: f64 = 31.0;
pub(super) const SUBTITLE: f64 = 18.0;
pub(super) const LABEL: f64 = 17.0;
/// Labels of panels, and of marks inside a chart.
pub(super) const SMALL: f64 = 14.0;
pub(super) const FOOTER: f64 = 13.0;

/// A colour by what it means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Colour {
    /// What is drawn upon.
    Paper,
    /// What is read first.
    Ink,
    /// What is read second.
    Grey,
    /// Grid lines.
    Grid,
    /// Areas that are not the answer.
    Context,
    /// The answer.
    Accent,
    /// The reference.
    Reference,
    /// One of several that are told apart by their hue, from 0.
    Category(u8),
    /// So many per mille of the way from paper to another.
    Tint(Tinted, u16),
}

/// What may be mixed with paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tinted {
    Accent,
    Grey,
}

pub(super) const PAPER: Colour = Colour::Paper;
pub(super) const INK: Colour = Colour::Ink;
pub(super) const GREY: Colour = Colour::Grey;
pub(super) const GRID: Colour = Colour::Grid;
pub(super) const CONTEXT: Colour = Colour::Context;
pub(super) const ACCENT: Colour = Colour::Accent;
pub(super) const REFERENCE: Colour = Colour::Reference;

/// How many hues there are.
pub(super) const CATEGORIES: u8 = 5;

impl Colour {
    /// Its colour in a theme. Hues are of Okabe and Ito's set, which anyone tells apart; on dark paper their lighter ones.
    pub(super) fn in_theme(self, theme: Theme) -> RGBColor {
        let [light, dark, print] = match self {
            Self::Paper => [0xff_ffff, 0x14_171a, 0xff_ffff],
            Self::Ink => [0x1a_1a1a, 0xf1_f3f4, 0x00_0000],
            Self::Grey => [0x5f_6368, 0xb0_b6bc, 0x4d_4d4d],
            Self::Grid => [0xe3_e5e8, 0x2c_3136, 0xdd_dddd],
            Self::Context => [0xb4_b9bf, 0x5d_646b, 0xc4_c4c4],
            Self::Accent => [0x00_72b2, 0x56_b4e9, 0x55_5555],
            Self::Reference => [0xd5_5e00, 0xff_9e4a, 0x00_0000],
            Self::Category(k) => match k % CATEGORIES {
                0 => return Self::Accent.in_theme(theme),
                1 => [0xe6_9f00, 0xe6_9f00, 0x8c_8c8c],
                2 => [0xcc_79a7, 0xe0_9cc3, 0x5a_5a5a],
                3 => [0x56_b4e9, 0x4f_8fd0, 0xa6_a6a6],
                _ => return Self::Ink.in_theme(theme),
            },
            Self::Tint(of, per_mille) => {
                let (paper, full) = (Self::Paper.in_theme(theme), of.colour().in_theme(theme));
                let mix = |a: u8, b: u8| {
                    (f64::from(a) + (f64::from(b) - f64::from(a)) * f64::from(per_mille) / 1000.0).round() as u8
                };
                return RGBColor(mix(paper.0, full.0), mix(paper.1, full.1), mix(paper.2, full.2));
            }
        };
        let of: u32 = match theme {
            Theme::Light => light,
            Theme::Dark => dark,
            Theme::Print => print,
        };
        RGBColor((of >> 16) as u8, (of >> 8) as u8, of as u8)
    }

    /// Ink or paper, whichever is read better on it.
    pub(super) fn text_on(self, theme: Theme) -> Self {
        let luminance = |colour: Self| {
            let RGBColor(r, g, b) = colour.in_theme(theme);
            0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
        };
        // The contrast of WCAG 2.
        let contrast = |other: Self| {
            let (a, b) = (luminance(self), luminance(other));
            (a.max(b) + 0.05) / (a.min(b) + 0.05)
        };
        if contrast(Self::Ink) >= contrast(Self::Paper) { Self::Ink } else { Self::Paper }
    }

    /// The same as an expression of a style sheet that has the theme's colours as variables.
    pub(super) fn in_css(self) -> String {
        match self {
            Self::Paper => "var(--paper)".to_owned(),
            Self::Ink => "var(--ink)".to_owned(),
            Self::Grey => "var(--grey)".to_owned(),
            Self::Grid => "var(--grid)".to_owned(),
            Self::Context => "var(--context)".to_owned(),
            Self::Accent => "var(--accent)".to_owned(),
            Self::Reference => "var(--reference)".to_owned(),
            Self::Category(k) => match k % CATEGORIES {
                0 => Self::Accent.in_css(),
                k if k == CATEGORIES - 1 => Self::Ink.in_css(),
                k => format!("var(--category-{k})"),
            },
            Self::Tint(of, per_mille) => {
                format!("color-mix(in srgb, {} {}%, var(--paper))", of.colour().in_css(), f64::from(per_mille) / 10.0)
            }
        }
    }
}

/// A channel of sRGB as light.
fn linear(channel: u8) -> f64 {
    libm::pow(f64::from(channel) / 255.0, 2.2)
}

impl Tinted {
    fn colour(self) -> Colour {
        match self {
            Self::Accent => Colour::Accent,
            Self::Grey => Colour::Grey,
        }
    }
}

/// The colours of a theme as variables of a style sheet.
#[must_use]
pub fn css_variables(theme: Theme) -> String {
    let plain = [PAPER, INK, GREY, GRID, CONTEXT, ACCENT, REFERENCE];
    let hues = (1..CATEGORIES - 1).map(Colour::Category);
    let mut out = String::new();
    for colour in plain.into_iter().chain(hues) {
        let name = colour.in_css();
        let name = name.trim_start_matches("var(").trim_end_matches(')');
        let RGBColor(r, g, b) = colour.in_theme(theme);
        out += &format!("{name}:#{r:02x}{g:02x}{b:02x};");
    }
    out
}

/// Opacity of the wide and of the narrow band of a fan.
pub(super) const WIDE_BAND: f64 = 0.18;
pub(super) const NARROW_BAND: f64 = 0.30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_on_a_tint_is_read_in_every_theme() {
        for theme in Theme::ALL {
            assert_eq!(PAPER.text_on(theme), INK, "{}", theme.name());
            assert_eq!(INK.text_on(theme), PAPER, "{}", theme.name());
            assert_eq!(Colour::Tint(Tinted::Accent, 0).text_on(theme), INK, "{}", theme.name());
            assert_eq!(Colour::Tint(Tinted::Accent, 1000).text_on(theme), PAPER, "{}", theme.name());
        }
    }

    #[test]
    fn colours_of_a_page_are_variables_that_the_page_has() {
        let variables = css_variables(Theme::Light);
        assert!(variables.starts_with("--paper:#ffffff;--ink:#1a1a1a;"), "{variables}");
        let used = [Colour::Category(0), Colour::Category(2), Colour::Category(4), Colour::Tint(Tinted::Grey, 125)];
        assert_eq!(
            used.map(Colour::in_css),
            ["var(--accent)", "var(--category-2)", "var(--ink)", "color-mix(in srgb, var(--grey) 12.5%, var(--paper))"]
        );
        assert!(variables.contains("--category-2:#cc79a7;"));
    }
}
