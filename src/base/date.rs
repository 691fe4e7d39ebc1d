//! Dates as authors write them: a day, a month, or only a year.

use std::fmt;

/// A day of the civil calendar.
pub type Date = jiff::civil::Date;

/// A date known to the day, the month or only the year, written `2025-05-31`, `2025-05` or `2025`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    /// Four digits.
    pub year: i16,
    /// 1 to 12.
    pub month: Option<i8>,
    /// 1 to 31; known only when the month is.
    pub day: Option<i8>,
}

impl PartialDate {
    /// Reads one of the three forms; `None` for any other text or a day that does not exist.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('-').collect();
        let digits = |part: &str, count: usize| -> Option<i16> {
            (part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse().ok())?
        };
        let year = digits(parts.first()?, 4)?;
        let month = parts.get(1).map(|part| digits(part, 2).ok_or(())).transpose().ok()?;
        let day = parts.get(2).map(|part| digits(part, 2).ok_or(())).transpose().ok()?;
        if parts.len() > 3 {
            return None;
        }
        let (month, day) = (month.map(|month| month as i8), day.map(|day| day as i8));
        Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).ok()?;
        Some(Self { year, month, day })
    }

    /// The last day it can mean.
    #[must_use]
    pub fn last_day(self) -> Date {
        let first = Date::new(self.year, self.month.unwrap_or(12), 1).unwrap_or(Date::MAX);
        match self.day {
            Some(day) => Date::new(self.year, self.month.unwrap_or(1), day).unwrap_or(first),
            None => first.last_of_month(),
        }
    }
}

impl fmt::Display for PartialDate {
    /// As a reader expects it in English: `31 May 2025`, `May 2025`, `2025`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(day) = self.day {
            write!(formatter, "{day} ")?;
        }
        if let Some(month) = self.month {
            write!(formatter, "{} ", month_name(month))?;
        }
        write!(formatter, "{}", self.year)
    }
}

/// A day as `23 November 2026`.
#[must_use]
pub fn long_date(date: Date) -> String {
    format!("{} {} {}", date.day(), month_name(date.month()), date.year())
}

/// A day written `YYYY-MM-DD`, and nothing else.
#[must_use]
pub fn parse_day(text: &str) -> Option<Date> {
    let date = PartialDate::parse(text)?;
    Date::new(date.year, date.month?, date.day?).ok()
}

fn month_name(month: i8) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    usize::try_from(month - 1).ok().and_then(|index| NAMES.get(index)).copied().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partial_dates_read_and_print() {
        for (text, printed) in [("2025", "2025"), ("2025-05", "May 2025"), ("2024-02-29", "29 February 2024")] {
            assert_eq!(PartialDate::parse(text).map(|date| date.to_string()).as_deref(), Some(printed));
        }
        for text in ["", "25", "2025-5", "2025-13", "2025-02-29", "2025-01-01-01", "+025", "May 2025"] {
            assert_eq!(PartialDate::parse(text), None, "{text:?}");
        }
    }
}
