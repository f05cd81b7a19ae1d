//! A moment in time, as captures write it.

use std::fmt;

const DAY: i64 = 24 * 60 * 60;

/// A moment, in seconds since 1970 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment {
    /// The seconds since 1970-01-01T00:00:00Z; before it they are negative.
    pub seconds: i64,
}

impl Moment {
    /// A moment of the Gregorian calendar; `None` where a number is none of a date or time.
    pub fn new(date: [u32; 3], time: [u32; 3]) -> Option<Self> {
        let [year, month, day] = date.map(i64::from);
        let [hour, minute, second] = time.map(i64::from);
        let is_time = hour < 24 && minute < 60 && second < 61;
        let moment = Self {
            seconds: days(year, month, day) * DAY + hour * 3600 + minute * 60 + second,
        };
        let (same_year, same_month, same_day) = civil(moment.seconds.div_euclid(DAY));
        let is_date = (same_month, same_day) == (month, day) && same_year == year;
        (is_time && (is_date || second == 60)).then_some(moment)
    }

    /// How long ago this was, in words: `3 days ago`; `None` for a moment yet to come.
    pub fn ago(self, now: Moment) -> Option<String> {
        let seconds = now.seconds.checked_sub(self.seconds)?;
        let (count, unit) = match seconds {
            ..0 => return None,
            0..120 => (seconds, "second"),
            120..7200 => (seconds / 60, "minute"),
            7200..172_800 => (seconds / 3600, "hour"),
            _ => (seconds / DAY, "day"),
        };
        let plural = if count == 1 { "" } else { "s" };
        Some(format!("{count} {unit}{plural} ago"))
    }

    /// The whole days from this moment to `now`; negative for a moment yet to come.
    pub fn days_until(self, now: Moment) -> i64 {
        now.seconds.saturating_sub(self.seconds).div_euclid(DAY)
    }
}

impl fmt::Display for Moment {
    /// `2026-11-22T14:54:05Z`
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil(self.seconds.div_euclid(DAY));
        let rest = self.seconds.rem_euclid(DAY);
        let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
        write!(
            formatter,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
        )
    }
}

// The days from 1970-01-01 to a date. Years are taken to begin in March, so that the leap day is
// the last one; 400 of them have 146097 days.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

// The date so many days after 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_it_was_read() {
        for (date, time, seconds) in [
            ([1970, 1, 1], [0, 0, 0], 0),
            ([2000, 2, 29], [23, 59, 59], 951_868_799),
            ([2026, 11, 22], [14, 54, 5], 1_795_359_245),
            ([1969, 12, 31], [0, 0, 0], -86_400),
        ] {
            let moment = Moment::new(date, time).unwrap();
            assert_eq!(moment.seconds, seconds);
            let [year, month, day] = date;
            let [hour, minute, second] = time;
            assert_eq!(
                moment.to_string(),
                format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
            );
        }
    }

    #[test]
    fn what_no_calendar_has_is_no_moment() {
        assert_eq!(Moment::new([2026, 2, 29], [0, 0, 0]), None);
        assert_eq!(Moment::new([2026, 13, 1], [0, 0, 0]), None);
        assert_eq!(Moment::new([2026, 1, 0], [0, 0, 0]), None);
        assert_eq!(Moment::new([2026, 1, 1], [24, 0, 0]), None);
    }

    #[test]
    fn an_age_is_said_in_the_largest_unit_that_fits() {
        let now = Moment { seconds: 1_000_000 };
        let ago = |seconds| {
            Moment {
                seconds: now.seconds - seconds,
            }
            .ago(now)
        };
        assert_eq!(ago(1).as_deref(), Some("1 second ago"));
        assert_eq!(ago(7199).as_deref(), Some("119 minutes ago"));
        assert_eq!(ago(3 * 3600).as_deref(), Some("3 hours ago"));
        assert_eq!(ago(3 * DAY).as_deref(), Some("3 days ago"));
        assert_eq!(ago(-1), None);
    }
}
