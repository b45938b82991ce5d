//! SVG as a backend of plotters': elements in chart units, every text escaped, colours as a theme or a page's style sheet has them.

use std::fmt::Write;

use plotters::style::RGBColor;
use plotters_backend::text_anchor::HPos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
};

use super::theme::{Colour, Style, Tinted};

/// plotters counts in whole numbers: so many make a chart unit.
pub(super) const STEPS: f64 = 10.0;

/// The font that is built in; the others are for viewers of the SVG that lack it.
const FAMILY: &str = "Noto Sans, Helvetica, Arial, sans-serif";

/// What is drawn so far.
pub(super) struct Elements<'e> {
    elements: &'e mut String,
    style: &'e Style,
}

impl<'e> Elements<'e> {
    pub(super) fn new(elements: &'e mut String, style: &'e Style) -> Self {
        Self { elements, style }
    }

    /// ` fill="#0072b2" fill-opacity="0.3"`.
    fn paint(&mut self, what: &str, BackendColor { rgb, alpha }: BackendColor) -> std::fmt::Result {
        let colour = decoded(rgb);
        let colour = if self.style.inline.is_some() {
            colour.in_css()
        } else {
            let RGBColor(r, g, b) = colour.in_theme(self.style.theme);
            format!("#{r:02x}{g:02x}{b:02x}")
        };
        write!(self.elements, " {what}=\"{colour}\"")?;
        if alpha < 1.0 {
            write!(self.elements, " {what}-opacity=\"{alpha}\"")?;
        }
        Ok(())
    }

    fn points(&mut self, points: impl IntoIterator<Item = BackendCoord>) -> std::fmt::Result {
        self.elements.push_str(" points=\"");
        for (i, (x, y)) in points.into_iter().enumerate() {
            let gap = if i == 0 { "" } else { " " };
            write!(self.elements, "{gap}{},{}", units(x), units(y))?;
        }
        self.elements.push('"');
        Ok(())
    }

    fn stroke<S: BackendStyle>(&mut self, style: &S) -> std::fmt::Result {
        self.elements.push_str(" fill=\"none\"");
        self.paint("stroke", style.color())?;
        write!(self.elements, " stroke-width=\"{}\"", f64::from(style.stroke_width()) / STEPS)
    }

    fn rectangle(&mut self, from: BackendCoord, to: BackendCoord, colour: BackendColor) -> std::fmt::Result {
        let (width, height) = (units(to.0 - from.0), units(to.1 - from.1));
        write!(
            self.elements,
            "<rect x=\"{}\" y=\"{}\" width=\"{width}\" height=\"{height}\"",
            units(from.0),
            units(from.1)
        )?;
        self.paint("fill", colour)?;
        self.elements.push_str("/>\n");
        Ok(())
    }

    fn polyline<S: BackendStyle>(
        &mut self,
        path: impl IntoIterator<Item = BackendCoord>,
        style: &S,
    ) -> std::fmt::Result {
        self.elements.push_str("<polyline");
        self.stroke(style)?;
        self.points(path)?;
        self.elements.push_str("/>\n");
        Ok(())
    }

    fn polygon(&mut self, corners: impl IntoIterator<Item = BackendCoord>, colour: BackendColor) -> std::fmt::Result {
        self.elements.push_str("<polygon");
        self.paint("fill", colour)?;
        self.points(corners)?;
        self.elements.push_str("/>\n");
        Ok(())
    }

    fn circle<S: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> std::fmt::Result {
        let (x, y, r) = (units(centre.0), units(centre.1), f64::from(radius) / STEPS);
        write!(self.elements, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\"")?;
        if fill {
            self.paint("fill", style.color())?;
        } else {
            self.stroke(style)?;
        }
        self.elements.push_str("/>\n");
        Ok(())
    }

    fn text<T: BackendTextStyle>(&mut self, text: &str, style: &T, at: BackendCoord) -> std::fmt::Result {
        let size = style.size() / STEPS;
        write!(self.elements, "<text x=\"{}\" y=\"{}\" font-size=\"{size}\"", units(at.0), units(at.1))?;
        if matches!(style.style(), FontStyle::Bold) {
            self.elements.push_str(" font-weight=\"bold\"");
        }
        match style.anchor().h_pos {
            HPos::Left => {}
            HPos::Center => self.elements.push_str(" text-anchor=\"middle\""),
            HPos::Right => self.elements.push_str(" text-anchor=\"end\""),
        }
        self.paint("fill", style.color())?;
        self.elements.push('>');
        for c in text.chars() {
            match c {
                '&' => self.elements.push_str("&amp;"),
                '<' => self.elements.push_str("&lt;"),
                '>' => self.elements.push_str("&gt;"),
                // What XML cannot hold has no place on a chart.
                c if c.is_control() => self.elements.push(' '),
                c => self.elements.push(c),
            }
        }
        self.elements.push_str("</text>\n");
        Ok(())
    }
}

/// A whole file: `width` and `height` in pixels, around elements of `size` chart units.
pub(super) fn document(elements: &str, (width, height): (f64, f64), size: (f64, f64)) -> String {
    format!(
        "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {} {}\" font-family=\"{FAMILY}\" xmlns=\"http://www.w3.org/2000/svg\">\n{elements}</svg>\n",
        size.0, size.1
    )
}

fn units(steps: i32) -> f64 {
    f64::from(steps) / STEPS
}

/// A colour by its meaning as plotters carries it to the backend, in the place of red, green and blue.
pub(super) fn coded(colour: Colour) -> RGBColor {
    let plain = |at: u8| RGBColor(0, 0, at);
    match colour {
        Colour::Paper => plain(0),
        Colour::Ink => plain(1),
        Colour::Grey => plain(2),
        Colour::Grid => plain(3),
        Colour::Context => plain(4),
        Colour::Accent => plain(5),
        Colour::Reference => plain(6),
        Colour::Category(k) => RGBColor(1, 0, k),
        Colour::Tint(of, per_mille) => {
            let [high, low] = per_mille.to_be_bytes();
            RGBColor(if of == Tinted::Accent { 2 } else { 3 }, high, low)
        }
    }
}

fn decoded(code: (u8, u8, u8)) -> Colour {
    match code {
        (0, _, 0) => Colour::Paper,
        (0, _, 1) => Colour::Ink,
        (0, _, 2) => Colour::Grey,
        (0, _, 3) => Colour::Grid,
        (0, _, 4) => Colour::Context,
        (0, _, 5) => Colour::Accent,
        (0, ..) => Colour::Reference,
        (1, _, k) => Colour::Category(k),
        (2, high, low) => Colour::Tint(Tinted::Accent, u16::from_be_bytes([high, low])),
        (_, high, low) => Colour::Tint(Tinted::Grey, u16::from_be_bytes([high, low])),
    }
}

type Drawn = Result<(), DrawingErrorKind<std::fmt::Error>>;

impl DrawingBackend for Elements<'_> {
    type ErrorType = std::fmt::Error;

    fn get_size(&self) -> (u32, u32) {
        let layout = self.style.layout();
        ((layout.width * STEPS) as u32, (layout.height * STEPS) as u32)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, at: BackendCoord, colour: BackendColor) -> Drawn {
        self.rectangle(at, (at.0 + 1, at.1 + 1), colour).map_err(DrawingErrorKind::DrawingError)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, fill: bool) -> Drawn {
        if fill {
            return self.rectangle(from, to, style.color()).map_err(DrawingErrorKind::DrawingError);
        }
        self.draw_path([from, (to.0, from.1), to, (from.0, to.1), from], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.polyline(path, style).map_err(DrawingErrorKind::DrawingError)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, corners: I, style: &S) -> Drawn {
        self.polygon(corners, style.color()).map_err(DrawingErrorKind::DrawingError)
    }

    fn draw_circle<S: BackendStyle>(&mut self, centre: BackendCoord, radius: u32, style: &S, fill: bool) -> Drawn {
        self.circle(centre, radius, style, fill).map_err(DrawingErrorKind::DrawingError)
    }

    /// The text's baseline starts, has its middle or ends at `at`, whatever its vertical anchor.
    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, at: BackendCoord) -> Drawn {
        self.text(text, style, at).map_err(DrawingErrorKind::DrawingError)
    }
}

#[cfg(test)]
mod tests {
    use super::super::theme::{CATEGORIES, Theme};
    use super::*;

    #[test]
    fn colours_go_through_plotters_unchanged() {
        let plain = [Colour::Paper, Colour::Ink, Colour::Grey, Colour::Grid, Colour::Context, Colour::Accent];
        let tints = [Colour::Tint(Tinted::Accent, 0), Colour::Tint(Tinted::Grey, 1000), Colour::Reference];
        for colour in plain.into_iter().chain(tints).chain((0..CATEGORIES).map(Colour::Category)) {
            let RGBColor(r, g, b) = coded(colour);
            assert_eq!(decoded((r, g, b)), colour);
        }
    }

    #[test]
    fn elements_are_in_chart_units_and_escaped() {
        let (mut elements, style) = (String::new(), Style::new(Theme::Light, 1600, 1.0));
        let mut backend = Elements::new(&mut elements, &style);
        let accent = BackendColor { rgb: (0, 0, 5), alpha: 0.3 };
        backend.fill_polygon([(0, 5), (120, 5), (120, 133)], &accent).unwrap();
        backend.draw_line((10, 10), (25, 10), &BackendColor { alpha: 1.0, ..accent }).unwrap();
        assert_eq!(
            elements,
            "<polygon fill=\"#0072b2\" fill-opacity=\"0.3\" points=\"0,0.5 12,0.5 12,13.3\"/>\n\
             <polyline fill=\"none\" stroke=\"#0072b2\" stroke-width=\"0.1\" points=\"1,1 2.5,1\"/>\n"
        );
    }
}
