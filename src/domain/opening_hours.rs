//! Opening hours as the national schema has them (OSM `opening_hours`), in French.

const DAYS: [(&str, &str); 8] = [
    ("Mo", "lundi"),
    ("Tu", "mardi"),
    ("We", "mercredi"),
    ("Th", "jeudi"),
    ("Fr", "vendredi"),
    ("Sa", "samedi"),
    ("Su", "dimanche"),
    ("PH", "jours fériés"),
];

/// The lines people read: `lundi à vendredi : 9 h à 12 h et 14 h à 17 h 30`. What is written in
/// another way stays as it is.
#[must_use]
pub fn in_french(hours: &str) -> Vec<String> {
    let rules = hours.split(';').map(str::trim).filter(|rule| !rule.is_empty());
    let lines: Option<Vec<String>> = rules.map(line).collect();
    lines.unwrap_or_else(|| vec![hours.trim().to_owned()])
}

fn line(rule: &str) -> Option<String> {
    let (days, hours) = rule.split_once(char::is_whitespace)?;
    let days: Option<Vec<String>> = days.split(',').map(day_or_days).collect();
    let hours = match hours.trim() {
        "off" | "closed" => "fermé".to_owned(),
        hours => {
            let spans: Option<Vec<String>> = hours.split(',').map(span).collect();
            joined(&spans?)
        }
    };
    Some(format!("{}\u{a0}: {hours}", joined(&days?)))
}

fn day_or_days(text: &str) -> Option<String> {
    let day = |short: &str| DAYS.iter().find(|(known, _)| *known == short).map(|(_, day)| *day);
    match text.trim().split_once('-') {
        Some((from, to)) => Some(format!("{} à {}", day(from)?, day(to)?)),
        None => day(text.trim()).map(str::to_owned),
    }
}

fn span(text: &str) -> Option<String> {
    let (from, to) = text.trim().split_once('-')?;
    Some(format!("{} à {}", hour(from)?, hour(to)?))
}

fn hour(text: &str) -> Option<String> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (u8, u8) = (hour.parse().ok()?, minute.parse().ok()?);
    match minute {
        0 if hour <= 24 => Some(format!("{hour}\u{a0}h")),
        1..=59 if hour < 24 => Some(format!("{hour}\u{a0}h\u{a0}{minute:02}")),
        _ => None,
    }
}

fn joined(parts: &[String]) -> String {
    match parts {
        [all @ .., last] if !all.is_empty() => format!("{} et {last}", all.join(", ")),
        _ => parts.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::in_french;

    fn plain(hours: &str) -> Vec<String> {
        in_french(hours).into_iter().map(|line| line.replace('\u{a0}', " ")).collect()
    }

    #[test]
    fn hours_are_told_in_french() {
        assert_eq!(
            plain("Mo-Th 09:00-12:00,14:00-18:00; Fr 09:00-12:15"),
            ["lundi à jeudi : 9 h à 12 h et 14 h à 18 h", "vendredi : 9 h à 12 h 15"]
        );
        assert_eq!(plain("Tu,Th,Sa 10:00-12:00"), ["mardi, jeudi et samedi : 10 h à 12 h"]);
        assert_eq!(plain("PH off"), ["jours fériés : fermé"]);
    }

    #[test]
    fn what_is_not_understood_stays_as_it_is() {
        for odd in ["24/7", "Mo-Fr", "sur rendez-vous", "Mo 09:00+", "Lu 09:00-12:00"] {
            assert_eq!(plain(odd), [odd]);
        }
        assert_eq!(plain(""), Vec::<String>::new());
    }
}
