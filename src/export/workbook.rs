//! Tables as an Excel workbook: a sheet for each, with typed columns, number formats, a frozen header, and native charts.

use std::io::{self, Write};

use rust_xlsxwriter::{Chart, ChartType, DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::results::{Record, Results};
use crate::table::{Cell, Table, spec};

/// Room for a chart is left beside the table.
const GAP: u16 = 1;
/// The widest column, in characters.
const WIDEST: f64 = 60.0;
/// What a cell of Excel holds, in UTF-16 units; a character has at most two.
const MOST_CHARACTERS: usize = 32_767 / 2;

/// Writes tables as one workbook, with a cover that says what was run; infinity, which Excel has not, is the text `inf`.
///
/// # Errors
/// Where the writer fails, or a table is larger than a sheet.
pub fn write_workbook(results: &Results, mut writer: impl Write) -> io::Result<()> {
    let bytes = workbook(Some(&results.record), &results.tables).map_err(io::Error::other)?;
    writer.write_all(&bytes)
}

fn workbook(record: Option<&Record>, tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // No time of day: the same run gives the same bytes.
    let made = ExcelDateTime::from_ymd(2025, 2, 26)?;
    if let Some(record) = record {
        let titles: Vec<&str> = record.scenarios.iter().map(|scenario| scenario.title.as_str()).collect();
        book.set_properties(&DocProperties::new().set_title(titles.join(", ")).set_creation_datetime(&made));
        cover(book.add_worksheet(), record)?;
    }
    if let Some(months) = months(tables) {
        overview(book.add_worksheet(), &months)?;
    }
    for table in tables {
        let sheet = book.add_worksheet();
        sheet.set_name(&table.name)?;
        fill(sheet, table)?;
        if let Some(chart) = native(table) {
            let beside = u16::try_from(table.columns.len()).unwrap_or(u16::MAX).saturating_add(GAP);
            sheet.insert_chart(1, beside, &chart)?;
        }
    }
    book.save_to_buffer()
}

/// The first sheet: what was run, so that anyone can run it again.
fn cover(sheet: &mut Worksheet, record: &Record) -> Result<(), XlsxError> {
    sheet.set_name("cover")?;
    let (bold, title) = (Format::new().set_bold(), Format::new().set_bold().set_font_size(16));
    sheet.set_column_width(0, 26)?;
    sheet.set_column_width(1, 90)?;
    let mut row = 0;
    let simulation = &record.simulation;
    for run in &record.scenarios {
        sheet.write_string_with_format(row, 0, &run.title, &title)?;
        row += 1;
        let implied = run.implied_investment.map(crate::words::dollars);
        let inputs = format!("{}, of which {} are assumptions of grade X", run.inputs, run.inputs_assumed);
        let lines: [(&str, Option<String>); 14] = [
            ("scenario", Some(run.name.clone())),
            ("extends", (!run.extends.is_empty()).then(|| run.extends.join(", "))),
            ("overrides", (!run.set.is_empty()).then(|| run.set.join("; "))),
            ("given", (!run.given.is_empty()).then(|| run.given.join("; "))),
            ("target, subscribers", Some(crate::words::people(run.target_subscribers))),
            ("horizon, months", Some(run.horizon_months.to_string())),
            ("implied investment", implied),
            ("inputs", Some(inputs)),
            ("paths", Some(crate::words::count(simulation.paths))),
            ("seed", Some(simulation.seed.to_string())),
            ("sampler", Some(simulation.sampler.clone())),
            ("program", Some(record.program.clone())),
            ("SHA-256 of the scenario", Some(run.scenario_sha256.clone())),
            (
                "errors",
                Some(
                    "columns _se and ci95 are the simulation's own error; sd and percentiles are the spread".to_owned(),
                ),
            ),
        ];
        for (name, text) in lines {
            if let Some(text) = text {
                sheet.write_string_with_format(row, 0, name, &bold)?;
                sheet.write_string(row, 1, text)?;
                row += 1;
            }
        }
        row += 1;
    }
    Ok(())
}

/// Paying subscribers and cumulative cash by month: month, then both at the 5th, 50th and 95th percentile.
fn months(tables: &[Table]) -> Option<Vec<[f64; 7]>> {
    let table = tables.iter().find(|table| table.name == "monthly" && table.columns[0] == "month")?;
    let of = |series: &'static str| {
        let read = |row: &[Cell]| {
            let number = |column| table.number(row, column);
            Some([number("month")?, number("p05")?, number("p50")?, number("p95")?])
        };
        table.rows_where("series", series).filter_map(read).collect::<Vec<_>>()
    };
    let both = of("paying").into_iter().zip(of("cumulative_cash"));
    Some(both.map(|(a, b)| [a[0], a[1], a[2], a[3], b[1], b[2], b[3]]).collect())
}

/// The second sheet: subscribers and cash by month as charts of Excel's own, beside their numbers.
fn overview(sheet: &mut Worksheet, months: &[[f64; 7]]) -> Result<(), XlsxError> {
    const NAMES: [&str; 7] =
        ["month", "paying p05", "paying median", "paying p95", "cash p05", "cash median", "cash p95"];
    sheet.set_name("charts")?;
    let header = Format::new().set_bold();
    for (column, name) in NAMES.into_iter().enumerate() {
        let column = column_number(column)?;
        sheet.set_column_width(column, 18)?;
        sheet.write_string_with_format(0, column, name, &header)?;
    }
    for (row, numbers) in months.iter().enumerate() {
        for (column, x) in numbers.iter().enumerate() {
            let unit = ["months", "persons", "$"][column.div_ceil(3)];
            let format = Format::new().set_num_format(number_format(unit, *x));
            let row = u32::try_from(row + 1).map_err(|_| XlsxError::RowColumnLimitError)?;
            sheet.write_number_with_format(row, column_number(column)?, *x, &format)?;
        }
    }
    let last = u32::try_from(months.len()).map_err(|_| XlsxError::RowColumnLimitError)?;
    for (title, columns, at) in [("Paying subscribers", 1..4_u16, 1), ("Cumulative cash, dollars", 4..7, 23)] {
        let mut chart = Chart::new(ChartType::Line);
        chart.title().set_name(title);
        for column in columns {
            let series = chart.add_series().set_name(NAMES[usize::from(column)]);
            series.set_categories(("charts", 1, 0, last, 0)).set_values(("charts", 1, column, last, column));
        }
        chart.set_width(720).set_height(400);
        sheet.insert_chart(at, 8, &chart)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// A calendar month as a date of Excel's: its first day.
fn month_date(table: &str, column: &str, text: &str) -> Option<ExcelDateTime> {
    let (year, month) = text.split_once('-').filter(|_| column == "date" && matches!(table, "monthly" | "timing"))?;
    ExcelDateTime::from_ymd(year.parse().ok()?, month.parse().ok()?, 1).ok()
}

fn fill(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let header = Format::new().set_bold();
    let unit_column = table.columns.iter().position(|name| name == "unit");
    for (i, name) in table.columns.iter().enumerate() {
        let at = column_number(i)?;
        sheet.write_string_with_format(0, at, name, &header)?;
        let own = spec::describe(&table.name, name).map_or(spec::OF_ROW, |column| column.unit);
        for (row, cells) in table.rows.iter().enumerate() {
            let row = u32::try_from(row + 1).map_err(|_| XlsxError::RowColumnLimitError)?;
            match &cells[i] {
                Cell::Missing => {}
                // A text is written as a text, also where it looks like a formula.
                Cell::Text(text) if month_date(&table.name, name, text).is_some() => {
                    if let Some(date) = month_date(&table.name, name, text) {
                        let format = Format::new().set_num_format("mmm yyyy");
                        sheet.write_datetime_with_format(row, at, &date, &format)?;
                    }
                }
                Cell::Text(text) => {
                    let fits: String = text.chars().take(MOST_CHARACTERS).collect();
                    sheet.write_string(row, at, fits)?;
                }
                Cell::Number(x) if x.is_finite() => {
                    let of_row = unit_column.and_then(|unit| cells[unit].text()).unwrap_or_default();
                    let format =
                        Format::new().set_num_format(number_format(if own == spec::OF_ROW { of_row } else { own }, *x));
                    sheet.write_number_with_format(row, at, *x, &format)?;
                }
                Cell::Number(x) => drop(sheet.write_string(row, at, crate::words::number_text(*x))?),
            }
        }
        let longest = table.rows.iter().filter_map(|row| row[i].text()).map(|text| text.chars().count()).max();
        let characters = longest.map_or(18.0, |n| n as f64).max(name.chars().count() as f64 + 2.0);
        sheet.set_column_width(at, characters.min(WIDEST))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    if !table.rows.is_empty() {
        sheet.autofilter(0, 0, last_row(table)?, column_number(table.columns.len() - 1)?)?;
    }
    Ok(())
}

fn column_number(i: usize) -> Result<u16, XlsxError> {
    u16::try_from(i).map_err(|_| XlsxError::RowColumnLimitError)
}

fn last_row(table: &Table) -> Result<u32, XlsxError> {
    u32::try_from(table.rows.len()).map_err(|_| XlsxError::RowColumnLimitError)
}

/// How a number of a unit is shown; the cell holds all of its digits.
fn number_format(unit: &str, x: f64) -> &'static str {
    match unit {
        _ if unit.starts_with('$') && x.abs() >= 1000.0 => "$#,##0;\u{2212}$#,##0",
        _ if unit.starts_with('$') => "$#,##0.00;\u{2212}$#,##0.00",
        "share" | "1/year" | "1/month" => "0.00%",
        "persons" | "persons/month" => "#,##0",
        "month" | "months" | "0 or 1" => "0",
        _ => "General",
    }
}

/// What a table shows best as a chart of Excel's own.
fn native(table: &Table) -> Option<Chart> {
    let at = |name: &str| table.columns.iter().position(|column| column == name).and_then(|i| u16::try_from(i).ok());
    let rows = |column: &str, text: &str| {
        let column = table.columns.iter().position(|name| name == column)?;
        let is_it = |row: &Vec<Cell>| row[column].text() == Some(text);
        let first = table.rows.iter().position(is_it)?;
        let count = table.rows[first..].iter().take_while(|row| is_it(row)).count();
        Some((u32::try_from(first + 1).ok()?, u32::try_from(first + count).ok()?))
    };
    let all = (1, u32::try_from(table.rows.len()).ok().filter(|last| *last > 0)?);
    let first_column = table.columns.first().map_or("", String::as_str);
    let (kind, title, (first, last), x, ys): (_, _, _, _, Vec<&str>) = match table.name.as_str() {
        "histogram" => (ChartType::Column, "NPV: share of paths", all, at("low")?, vec!["share"]),
        "timing" => {
            let payback = rows("outcome", "payback_month")?;
            (ChartType::Line, "Share of paths paid back, by month", payback, at("month")?, vec!["share"])
        }
        "curves" => {
            let retention = rows("curve", "retention")?;
            (ChartType::Line, "Retention by month", retention, at("month")?, vec!["p05", "p50", "p95"])
        }
        "unit-economics" => {
            let of_all = rows("segment", "all")?;
            (ChartType::Column, "Dollars per subscriber and month", of_all, at("component")?, vec!["mean"])
        }
        "sweep" => {
            let npv = vec!["npv_mean", "npv_p05", "npv_p95"];
            (ChartType::ScatterStraightWithMarkers, "NPV", all, at(first_column)?, npv)
        }
        "curve" => {
            let value = table.columns.get(1)?.as_str();
            (ChartType::ScatterStraight, value, all, at(first_column)?, vec![value])
        }
        "contributions" => (ChartType::Bar, "What each change adds", all, at("change")?, vec!["contribution"]),
        _ => return None,
    };
    let mut chart = Chart::new(kind);
    chart.title().set_name(title);
    for y in ys {
        let column = at(y)?;
        let series = chart.add_series().set_name(y);
        series.set_categories((table.name.as_str(), first, x, last, x));
        series.set_values((table.name.as_str(), first, column, last, column));
    }
    chart.set_width(720).set_height(400);
    Some(chart)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_longer_than_a_cell_is_cut_and_loses_nobody_the_workbook() {
        let mut table = Table::new("inputs", ["key", "note"]);
        table.push([Cell::from("price.monthly"), Cell::from("long ".repeat(20_000).as_str())]);
        let bytes = workbook(None, &[table]).unwrap();
        assert!(bytes.starts_with(b"PK"));
    }

    #[test]
    fn numbers_are_shown_in_their_unit() {
        assert_eq!(number_format("$", -4.15e9), "$#,##0;\u{2212}$#,##0");
        assert_eq!(number_format("$/month", 7.5), "$#,##0.00;\u{2212}$#,##0.00");
        assert_eq!(number_format("share", 0.004), "0.00%");
        assert_eq!(number_format("1", 2.0), "General");
    }
}
