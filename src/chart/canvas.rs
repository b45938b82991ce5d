//! Drawing in chart units: text by its baseline, lines, areas. Measures text with the built-in font.

use std::cell::RefCell;

use plotters::coord::Shift;
use plotters::prelude::{Circle, DrawingArea, IntoDrawingArea, PathElement, Polygon};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, IntoFont, ShapeStyle, TextStyle};
use ttf_parser::Face;

use super::ChartError;
use super::svg::{Elements, STEPS, coded};
use super::theme::{Colour, Layout, PAPER, Style};

/// Which end of a text stands at its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Start,
    Middle,
    End,
}

/// A text's look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Type {
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) colour: Colour,
}

impl Type {
    pub(super) const fn plain(size: f64, colour: Colour) -> Self {
        Self { size, bold: false, colour }
    }

    pub(super) const fn bold(size: f64, colour: Colour) -> Self {
        Self { size, bold: true, colour }
    }
}

/// The words around a chart.
#[derive(Clone, Debug)]
pub(super) struct Page {
    pub(super) headline: String,
    pub(super) subtitle: String,
    pub(super) footer: String,
}

/// A number of a chart that a reader can ask for: where on the chart, and the cells of its row in the chart's table.
#[derive(Clone, Debug)]
pub struct Spot {
    /// Left, top, right and bottom, in chart units.
    pub place: [f64; 4],
    /// As many as the table has columns.
    pub cells: Vec<String>,
}

/// A finished drawing.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    /// Elements of SVG in chart units.
    pub(super) elements: String,
    /// Width and height of the chart, in chart units.
    pub(super) size: (f64, f64),
    pub(super) page: Page,
    pub(super) columns: Vec<String>,
    pub(super) spots: Vec<Spot>,
}

/// A chart being drawn.
pub(super) struct Canvas<'a> {
    area: DrawingArea<Elements<'a>, Shift>,
    pub(super) layout: Layout,
    regular: Face<'static>,
    bold: Face<'static>,
    page: RefCell<Option<Page>>,
    columns: RefCell<Vec<String>>,
    spots: RefCell<Vec<Spot>>,
}

/// Draws a chart.
pub(super) fn draw(
    style: &Style,
    picture: impl FnOnce(&Canvas<'_>) -> Result<(), ChartError>,
) -> Result<Picture, ChartError> {
    let (mut elements, layout) = (String::new(), style.layout());
    let (mut page, mut columns, mut spots) = (None, Vec::new(), Vec::new());
    {
        let area = Elements::new(&mut elements, style).into_drawing_area();
        let face = |bytes| Face::parse(bytes, 0).map_err(|error| ChartError(format!("the built-in font: {error}")));
        let canvas = Canvas {
            area,
            layout,
            regular: face(notosans::REGULAR_TTF)?,
            bold: face(notosans::BOLD_TTF)?,
            page: RefCell::default(),
            columns: RefCell::default(),
            spots: RefCell::default(),
        };
        if style.inline.is_none() {
            canvas.area.fill(&coded(PAPER))?;
        }
        picture(&canvas)?;
        canvas.area.present()?;
        std::mem::swap(&mut page, &mut canvas.page.borrow_mut());
        std::mem::swap(&mut columns, &mut canvas.columns.borrow_mut());
        std::mem::swap(&mut spots, &mut canvas.spots.borrow_mut());
    }
    let (width, height) = (layout.width, layout.height);
    let page = page.ok_or_else(|| ChartError("it has no words".to_owned()))?;
    Ok(Picture { elements, size: (width, height), page, columns, spots })
}

fn unit(x: f64) -> i32 {
    (x * STEPS).round() as i32
}

impl Canvas<'_> {
    /// Keeps the words around the chart.
    pub(super) fn set_page(&self, page: &Page) {
        *self.page.borrow_mut() = Some(page.clone());
    }

    /// Names the columns of the table that stands behind the chart.
    pub(super) fn columns(&self, names: &[&str]) {
        *self.columns.borrow_mut() = names.iter().map(|name| (*name).to_owned()).collect();
    }

    /// A row of that table, and where on the chart a reader asks for it: left, top, right and bottom.
    pub(super) fn spot(&self, place: [f64; 4], cells: Vec<String>) {
        self.spots.borrow_mut().push(Spot { place, cells });
    }

    /// Rows that each have the column of the plot around their place on the horizontal axis.
    pub(super) fn upright_spots(&self, rows: Vec<(f64, Vec<String>)>) {
        let Layout { plot_left, plot_right, plot_bottom, .. } = self.layout;
        let places: Vec<f64> = rows.iter().map(|row| row.0).collect();
        for (i, (x, cells)) in rows.into_iter().enumerate() {
            let before = i.checked_sub(1).map_or(plot_left, |k| f64::midpoint(places[k], x));
            let after = places.get(i + 1).map_or(plot_right, |next| f64::midpoint(x, *next));
            self.spot([before, 0.0, after, plot_bottom], cells);
        }
    }

    /// Text with its baseline at y.
    pub(super) fn text(&self, text: &str, at: (f64, f64), align: Align, look: Type) -> Result<(), ChartError> {
        let h_pos = match align {
            Align::Start => HPos::Left,
            Align::Middle => HPos::Center,
            Align::End => HPos::Right,
        };
        let style = if look.bold { FontStyle::Bold } else { FontStyle::Normal };
        let font = ("", look.size * STEPS).into_font().style(style);
        let colour = coded(look.colour);
        let style = TextStyle::from(font).color(&colour).pos(Pos::new(h_pos, VPos::Bottom));
        self.area.draw_text(text, &style, (unit(at.0), unit(at.1)))?;
        Ok(())
    }

    /// The width of a text in chart units.
    pub(super) fn width(&self, text: &str, look: Type) -> f64 {
        let face = if look.bold { &self.bold } else { &self.regular };
        let advance = |c| face.glyph_index(c).and_then(|g| face.glyph_hor_advance(g)).unwrap_or(600);
        let units: u32 = text.chars().map(|c| u32::from(advance(c))).sum();
        f64::from(units) * look.size / f64::from(face.units_per_em())
    }

    /// Breaks a text at its plain spaces into at most `lines` lines of `width`, as even as they can be; what does not
    /// fit ends in an ellipsis.
    pub(super) fn wrapped(&self, text: &str, look: Type, width: f64, lines: usize) -> Vec<String> {
        let broken = self.broken(text, look, width);
        if broken.len() > lines || broken.iter().any(|line| self.width(line, look) > 4.0 * width) {
            return self.cut(broken, look, width, lines);
        }
        // The narrowest that needs no more lines has no orphans.
        let narrower = (1..100).map(|i| width * f64::from(i) / 100.0);
        let even = narrower.map(|w| self.broken(text, look, w)).find(|even| even.len() == broken.len());
        let fits = |even: &Vec<String>| even.iter().all(|line| self.width(line, look) <= width);
        even.filter(fits).unwrap_or(broken)
    }

    fn broken(&self, text: &str, look: Type, width: f64) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in text.split(' ') {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if line.is_empty() || self.width(&longer, look) <= width {
                line = longer;
            } else {
                out.push(std::mem::replace(&mut line, word.to_owned()));
            }
        }
        out.push(line);
        out
    }

    fn cut(&self, mut broken: Vec<String>, look: Type, width: f64, lines: usize) -> Vec<String> {
        broken.truncate(lines);
        if let Some(last) = broken.last_mut() {
            // As many characters as leave room for the ellipsis.
            let room = width - self.width("…", look);
            let mut used = 0.0;
            let fits = |c: &char| {
                used += self.width(c.encode_utf8(&mut [0; 4]), look);
                used <= room
            };
            let shorter: String = last.chars().take_while(fits).collect();
            *last = format!("{}…", shorter.trim_end());
        }
        broken
    }

    pub(super) fn line(&self, points: &[(f64, f64)], colour: Colour, width: f64) -> Result<(), ChartError> {
        let style = ShapeStyle { color: coded(colour).to_rgba(), filled: false, stroke_width: unit(width) as u32 };
        self.area.draw(&PathElement::new(to_units(points), style))?;
        Ok(())
    }

    /// A line that is told apart from whatever it crosses.
    pub(super) fn mark(&self, points: &[(f64, f64)], colour: Colour, width: f64) -> Result<(), ChartError> {
        self.line(points, PAPER, width + 2.0)?;
        self.line(points, colour, width)
    }

    /// A straight line of dashes.
    pub(super) fn dashed(
        &self,
        from: (f64, f64),
        to: (f64, f64),
        colour: Colour,
        width: f64,
    ) -> Result<(), ChartError> {
        const DASH: f64 = 10.0;
        const GAP: f64 = 7.0;
        let length = libm::hypot(to.0 - from.0, to.1 - from.1);
        let at = |s: f64| {
            let t = if length > 0.0 { s.min(length) / length } else { 0.0 };
            (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t)
        };
        let count = (length / (DASH + GAP)).ceil() as u32;
        for i in 0..count {
            let start = f64::from(i) * (DASH + GAP);
            self.line(&[at(start), at(start + DASH)], colour, width)?;
        }
        Ok(())
    }

    /// A filled circle.
    pub(super) fn dot(&self, at: (f64, f64), radius: f64, colour: Colour) -> Result<(), ChartError> {
        let (x, y) = (unit(at.0), unit(at.1));
        self.area.draw(&Circle::new((x, y), unit(radius), coded(colour).filled()))?;
        Ok(())
    }

    /// A circle's outline.
    pub(super) fn ring(&self, at: (f64, f64), radius: f64, colour: Colour) -> Result<(), ChartError> {
        let style = ShapeStyle { color: coded(colour).to_rgba(), filled: false, stroke_width: unit(2.5) as u32 };
        self.area.draw(&Circle::new((unit(at.0), unit(at.1)), unit(radius), style))?;
        Ok(())
    }

    pub(super) fn area(&self, points: &[(f64, f64)], colour: Colour, opacity: f64) -> Result<(), ChartError> {
        self.area.draw(&Polygon::new(to_units(points), coded(colour).mix(opacity).filled()))?;
        Ok(())
    }

    /// The area between an upper and a lower line.
    pub(super) fn band(
        &self,
        upper: &[(f64, f64)],
        lower: &[(f64, f64)],
        colour: Colour,
        opacity: f64,
    ) -> Result<(), ChartError> {
        let outline: Vec<_> = upper.iter().copied().chain(lower.iter().rev().copied()).collect();
        self.area(&outline, colour, opacity)
    }
}

fn to_units(points: &[(f64, f64)]) -> Vec<(i32, i32)> {
    points.iter().map(|&(x, y)| (unit(x), unit(y))).collect()
}
