//! Numbers in words, the same in the terminal, on charts and in reports.

mod near;
mod shown;
mod uncertain;

pub(crate) use near::{nearest, no_such_figure};
pub use shown::{shown, shown_line};
pub use uncertain::{
    Frequency, amount_with_error, change_in_unit, change_with_error, dollars_short_with_error, dollars_with_error,
    percent_beside, percent_short_with_error, percent_with_error, points_with_error,
};

/// A whole number with separators: `100,000`.
#[must_use]
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Significant digits of numbers in a text.
const DIGITS: i32 = 3;

/// A few significant digits with a unit of size: `14M`, `4.09B`, `950`.
fn scaled(x: f64, units: [&str; 4], digits: i32) -> String {
    let size = x.abs();
    let mut power = if size >= 1e12 {
        3
    } else if size >= 1e9 {
        2
    } else {
        usize::from(size >= 1e6)
    };
    // 999,999,999 is 1B and not 1000M.
    if power < 3
        && power > 0
        && significant(size / 1000_f64.powi(power as i32 + 1), digits).parse::<f64>() == Ok(1000.0)
    {
        power += 1;
    }
    if power == 0 {
        return if size >= 1000.0 { count(size.round() as u64) } else { significant(size, digits) };
    }
    format!("{}{}", significant(size / 1000_f64.powi(power as i32 + 1), digits), units[power])
}

/// `digits` significant digits, without trailing zeros.
fn significant(x: f64, digits: i32) -> String {
    if x == 0.0 || !x.is_finite() {
        return if x.is_finite() { "0" } else { "∞" }.to_owned();
    }
    let whole = libm::floor(libm::log10(x.abs())) as i32 + 1;
    let text = format!("{x:.*}", (digits - whole).clamp(0, 12) as usize);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Puts a true minus sign before the text of a negative number.
fn signed(x: f64, text: &str) -> String {
    if x < 0.0 && text.chars().any(|c| ('1'..='9').contains(&c)) { format!("\u{2212}{text}") } else { text.to_owned() }
}

/// People or another count with half the width of its interval, in the same unit of size.
fn with_units(x: f64, half: f64, unit: &str) -> String {
    let text = uncertain::dollars_with_error(x, half).replace('$', "");
    if unit == "months" || unit == "month" { format!("{text} months") } else { text }
}

/// People, short, for an axis: `14M`, `250,000`.
#[must_use]
pub fn people_short(x: f64) -> String {
    if x.is_infinite() {
        return "∞".to_owned();
    }
    signed(x, &scaled(x, ["", "M", "B", "T"], DIGITS))
}

/// People, in a sentence: `14 million`, with a space that does not break.
#[must_use]
pub fn people(x: f64) -> String {
    signed(x, &scaled(x, IN_SENTENCES, DIGITS))
}

/// Dollars, short: `$4.09B`, `−$180M`.
#[must_use]
pub fn dollars_short(x: f64) -> String {
    dollars_in(x, ["", "M", "B", "T"], DIGITS)
}

/// Dollars, in a sentence: `$4.09 billion`.
#[must_use]
pub fn dollars(x: f64) -> String {
    dollars_in(x, IN_SENTENCES, DIGITS)
}

/// Units of size, after a space that does not break.
const IN_SENTENCES: [&str; 4] = ["", "\u{a0}million", "\u{a0}billion", "\u{a0}trillion"];

fn dollars_in(x: f64, units: [&str; 4], digits: i32) -> String {
    if x.is_infinite() {
        return if x > 0.0 { "∞".to_owned() } else { "\u{2212}∞".to_owned() };
    }
    let text = if x.abs() < 1000.0 && x.fract() != 0.0 {
        let whole = libm::floor(libm::log10(x.abs())) as i32 + 1;
        let cents = format!("{:.2}", x.abs());
        // Whole cents are written as such.
        if cents.parse() == Ok(x.abs()) {
            cents
        } else {
            format!("{:.*}", (digits - whole).clamp(2, 12) as usize, x.abs())
        }
    } else {
        scaled(x, units, digits)
    };
    signed(x, &format!("${text}"))
}

/// Dollars and cents below a thousand, short above: `$17.35`, `−$0.40`, `$1.2M`.
#[must_use]
pub fn dollars_about(x: f64) -> String {
    if x.abs() < 1000.0 { signed(x, &format!("${:.2}", x.abs())) } else { dollars_short(x) }
}

/// A value of an input in its unit: `$7.50`, `68%`, `14 million`, `0.05`.
#[must_use]
pub fn amount(x: f64, unit: &str) -> String {
    amount_to(x, unit, DIGITS)
}

/// The same to at least so many significant digits.
fn amount_to(x: f64, unit: &str, digits: i32) -> String {
    match unit {
        _ if unit.starts_with('$') => dollars_in(x, IN_SENTENCES, digits),
        "persons" => signed(x, &scaled(x, IN_SENTENCES, digits)),
        "share" | "1/year" | "1/month" => signed(x, &format!("{}%", significant(x.abs() * 100.0, digits.max(4)))),
        "months" | "month" => format!("{x}"),
        _ => signed(x, &significant(x.abs(), digits.max(6))),
    }
}

/// The same, short, for an axis: `$200M`, `14M`.
#[must_use]
pub fn amount_short(x: f64, unit: &str) -> String {
    match unit {
        _ if unit.starts_with('$') => dollars_short(x),
        "persons" => people_short(x),
        _ => amount(x, unit),
    }
}

/// The same, short, to three significant digits: `0.586`, `13,300`, `29.7%`.
#[must_use]
pub fn amount_about(x: f64, unit: &str) -> String {
    let rounded = format!("{x:.2e}").parse().unwrap_or(x);
    amount_short(rounded, unit)
}

/// The size of a difference of shares: `0.4 points`, `1 point`.
pub(crate) fn points(x: f64) -> String {
    match percent(x.abs()).replace('%', "").as_str() {
        "1" => "1 point".to_owned(),
        size => format!("{size} points"),
    }
}

/// A difference with its sign: `+$1.2M`, `−0.4 points` of a share.
#[must_use]
pub fn change_short(x: f64, unit: &str) -> String {
    let size = match unit {
        "share" => points(x),
        _ => amount_short(x.abs(), unit),
    };
    if x == 0.0 { "0".to_owned() } else { format!("{}{size}", if x < 0.0 { '\u{2212}' } else { '+' }) }
}

/// Names in a row: `a, b and c`.
#[must_use]
pub fn list(names: &[String]) -> String {
    joined(names, "and")
}

/// Names of which one is meant: `a, b or c`.
#[must_use]
pub fn either(names: &[String]) -> String {
    joined(names, "or")
}

fn joined(names: &[String], word: &str) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

/// A value to the digits that tell it from others `width` away.
#[must_use]
pub fn amount_within(x: f64, unit: &str, width: f64) -> String {
    let digits = if width > 0.0 && x != 0.0 { libm::ceil(libm::log10(x.abs() / width)) as i32 + 1 } else { DIGITS };
    amount_to(x, unit, digits.clamp(DIGITS, 12))
}

/// A name with its indefinite article, where it takes one: `a price`, `an investment`, `active users`.
#[must_use]
pub fn a(name: &str) -> String {
    if name.ends_with("users") || name.ends_with("months") {
        return name.to_owned();
    }
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {name}")
}

/// An outcome by name, as it is said: `NPV`, `peak subscribers`.
#[must_use]
pub fn outcome(name: &str) -> String {
    match name {
        "npv" => "NPV".to_owned(),
        "ltv" => "LTV".to_owned(),
        other => other.replace('_', " "),
    }
}

/// An event by name, as what its probability is of: `payback`, `the target being reached`.
#[must_use]
pub fn event(name: &str) -> String {
    match name {
        "target_reached" => "the target being reached".to_owned(),
        "npv_nonnegative" => "an NPV of zero or more".to_owned(),
        other => other.replace('_', " "),
    }
}

/// An event by name as a clause, or its opposite: `the target is reached`, `the target is not reached`.
#[must_use]
pub fn happens(name: &str, not: bool) -> String {
    let is = if not { "is not" } else { "is" };
    match name {
        "target_reached" => format!("the target {is} reached"),
        "payback" => format!("the investment {is} paid back"),
        "discounted_payback" => format!("the investment {is} paid back with the cost of capital"),
        "npv_nonnegative" => if not { "NPV is below zero" } else { "NPV is zero or more" }.to_owned(),
        "operating_break_even" => format!("{} covers its fixed cost", if not { "no month" } else { "a month" }),
        other => format!("there is {}{}", if not { "no " } else { "" }, event(other)),
    }
}

/// A ratio, before what it is of: `2.3 times`, `4.9 million times`, `3% of`.
#[must_use]
pub fn times(ratio: f64) -> String {
    if ratio < 0.1 {
        return format!("{} of", percent(ratio));
    }
    let text = if ratio < 1000.0 { significant(ratio, 2) } else { people(ratio) };
    format!("{text}\u{a0}times")
}

/// A share as a percentage with as many digits as it needs: `0.41%`, `28%`.
#[must_use]
pub fn percent(p: f64) -> String {
    if p < 0.0 {
        return format!("−{}", percent(-p));
    }
    let size = p * 100.0;
    let rounded = if size.abs() >= 10.0 && size < 99.5 || size == 100.0 {
        format!("{size:.0}")
    } else if size >= 99.5 {
        // Not quite all must not read as all.
        let missing = significant(100.0 - size, 1);
        let decimals = missing.split('.').nth(1).map_or(0, str::len);
        format!("{size:.decimals$}")
    } else {
        significant(size, 2)
    };
    format!("{rounded}%")
}

/// A share on an axis, where 12.5% must not read as 12%.
#[must_use]
pub fn percent_tick(p: f64) -> String {
    signed(p, &format!("{}%", significant(p.abs() * 100.0, 4)))
}

/// How many of something: `1 chart`, `6 charts`.
#[must_use]
pub fn counted(n: usize, what: &str) -> String {
    format!("{} {what}{}", count(n as u64), if n == 1 { "" } else { "s" })
}

/// How many paths: `1 path`, `131,072 paths`.
#[must_use]
pub fn paths(n: u64) -> String {
    if n == 1 { "1 path".to_owned() } else { format!("{} paths", count(n)) }
}

/// A sentence's beginning inside a sentence.
#[must_use]
pub fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}

/// A text that begins a sentence.
#[must_use]
pub fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// A sampler as it is said in a sentence: `Sobol sampling`.
#[must_use]
pub fn sampling(name: &str) -> String {
    let said = match name {
        "sobol" => "Sobol",
        "latin-hypercube" => "Latin hypercube",
        other => other,
    };
    format!("{said} sampling")
}

/// A month of the horizon as a span of time: `month 36`.
#[must_use]
pub fn within(months: usize) -> String {
    if months == 1 { "within a month".to_owned() } else { format!("within {months} months") }
}

/// The shortest text that reads back to the same number; plain digits where they are not too many.
#[must_use]
pub fn number_text(x: f64) -> String {
    let size = x.abs();
    if x.is_infinite() {
        return if x > 0.0 { "inf".to_owned() } else { "-inf".to_owned() };
    }
    if size >= 1e16 || size < 1e-5 && size > 0.0 { format!("{x:e}") } else { format!("{x}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_to_the_same_bits() {
        for x in [0.1, 1.0 / 3.0, 14e6, 1e15, 1e16, 1.5e-7, -2.5, f64::MAX, f64::MIN_POSITIVE, 4_086_827_592.338_128_6]
        {
            assert_eq!(number_text(x).parse::<f64>().unwrap(), x);
        }
        assert_eq!(number_text(f64::INFINITY), "inf");
        assert_eq!(number_text(14e6), "14000000");
    }

    #[test]
    fn sizes_read_as_people_say_them() {
        assert_eq!(people(14e6), "14\u{a0}million");
        assert_eq!(people(999_600.0), "999,600");
        assert_eq!(people_short(999_999_999.0), "1B");
        assert_eq!(people(7.0), "7");
        assert_eq!(dollars(4_086_827_592.0), "$4.09\u{a0}billion");
        assert_eq!(dollars_short(-179_788_831.0), "−$180M");
        assert_eq!(dollars(7.5), "$7.50");
        assert_eq!(dollars(0.0), "$0");
        assert_eq!(dollars(1e12), "$1\u{a0}trillion");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(people_short(f64::INFINITY), "∞");
    }

    #[test]
    fn values_are_said_as_people_do() {
        assert_eq!(amount(7.75, "$/month"), "$7.75");
        assert_eq!(amount(5.0, "$/month"), "$5");
        assert_eq!(amount(0.5, "$/month"), "$0.50");
        assert_eq!(amount(0.685, "share"), "68.5%");
        assert_eq!(amount(14e6, "persons"), "14\u{a0}million");
        assert_eq!(amount(2.5, "1"), "2.5");
        assert_eq!(amount_within(3.296_578, "$/month", 0.0008), "$3.2966");
        assert_eq!(amount_within(14_123_456.0, "persons", 1000.0), "14.1235\u{a0}million");
        assert_eq!(
            ["ancillary margin", "active users", "target"].map(a),
            ["an ancillary margin", "active users", "a target"]
        );
        assert_eq!(change_short(-0.0091, "share"), "−0.91 points");
        assert_eq!(change_short(423e6, "$"), "+$423M");
        assert_eq!(list(&["a", "b", "c"].map(str::to_owned)), "a, b and c");
    }

    #[test]
    fn shares_are_said_with_the_digits_that_they_need() {
        assert_eq!(["sobol", "latin-hypercube", "random"].map(sampling)[1], "Latin hypercube sampling");
        assert_eq!(percent(0.9996), "99.96%");
        assert_eq!(percent(0.995), "99.5%");
        assert_eq!(percent(1.0), "100%");
        assert_eq!([0.125, 0.0, 0.0015, 1.0].map(percent_tick), ["12.5%", "0%", "0.15%", "100%"]);
    }
}
