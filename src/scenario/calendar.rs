//! Calendar months.

/// A calendar month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearMonth {
    year: u16,
    /// 1 to 12.
    month: u8,
}

impl YearMonth {
    /// Parses `YYYY-MM`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        if year.len() != 4 || month.len() != 2 || !text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            return None;
        }
        let (year, month) = (year.parse().ok()?, month.parse().ok()?);
        ((1..=12).contains(&month) && year > 0).then_some(Self { year, month })
    }

    /// The calendar month of month `t`: month 1 is this one, month 0 the one before.
    ///
    /// ```
    /// use breakeven::scenario::YearMonth;
    /// let start = YearMonth::parse("2025-03").unwrap();
    /// assert_eq!(start.of_month(0), "2025-02");
    /// assert_eq!(start.of_month(11), "2026-01");
    /// ```
    #[must_use]
    pub fn of_month(self, t: usize) -> String {
        let count = usize::from(self.year) * 12 + usize::from(self.month) - 1 + t - usize::from(t > 0);
        let count = if t == 0 { count - 1 } else { count };
        format!("{:04}-{:02}", count / 12, count % 12 + 1)
    }

    /// How many months after this one another is.
    pub(crate) fn months_to(self, other: Self) -> i64 {
        let count = |of: Self| i64::from(of.year) * 12 + i64::from(of.month);
        count(other) - count(self)
    }
}
