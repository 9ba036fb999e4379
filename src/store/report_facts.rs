//! The facts of reports: one narrow row a posting, with everything that reports group by as a
//! small code. No pass and no redemption is read again for a report.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer};

use super::connection::Conn;
use super::dialect;
use super::report_scope::{Scope, month};
use super::report_sums::ONE_POSTING;
use super::sql_types::Kind;
use super::watermark::{Part, watermark};
use crate::domain::report::Group;

/// A column of the facts that holds codes.
struct Dimension {
    /// The column, and the name its codes are kept under.
    name: &'static str,
    /// What reports call what a code stands for.
    value: &'static str,
    /// Where the journal has it.
    journal: &'static str,
    kind: Kind,
}

const DIMENSIONS: [Dimension; 8] = [
    Dimension::word("kind", "p.kind"),
    Dimension::id("agreement", "agreement_id", "p.agreement_id"),
    Dimension::id("venue", "venue_id", "p.venue_id"),
    Dimension::id("prescriber", "prescriber_id", "s.prescriber_id"),
    Dimension::word("home_commune", "s.home_commune"),
    Dimension::word("theme", "r.theme"),
    Dimension::word("age_band", "s.age_band"),
    Dimension::word("publics", "s.publics"),
];

/// The journal with what the dimensions need of it.
const JOURNAL: &str = "postings p LEFT JOIN passes s ON s.id = p.origin_id \
    LEFT JOIN redemptions r ON r.id = p.redemption_id";

impl Dimension {
    const fn word(name: &'static str, journal: &'static str) -> Self {
        Self { name, value: name, journal, kind: Kind::Text }
    }

    const fn id(name: &'static str, value: &'static str, journal: &'static str) -> Self {
        Self { name, value, journal, kind: Kind::Id }
    }

    /// The column of `report_codes` that holds what a code stands for.
    fn column(&self) -> &'static str {
        if self.kind == Kind::Id { "id" } else { "word" }
    }

    /// Whether a report by these groups reads it. Communes and départements follow from venue and
    /// commune of residence, programmes from agreements. Every counter looks at the kind.
    fn is_read_by(&self, groups: &[Group]) -> bool {
        let of_group = |group: &Group| match group {
            Group::Month => "",
            Group::Programme | Group::Agreement => "agreement",
            Group::Theme => "theme",
            Group::Venue | Group::VenueCommune | Group::VenueDepartement => "venue",
            Group::HomeCommune | Group::Departement => "home_commune",
            Group::Public => "publics",
            Group::AgeBand => "age_band",
            Group::Prescriber => "prescriber",
        };
        self.name == "kind" || groups.iter().any(|group| of_group(group) == self.name)
    }

    /// Its codes, joined to the facts `f`.
    fn join(&self) -> String {
        let name = self.name;
        format!(
            " LEFT JOIN report_codes c_{name} \
             ON c_{name}.dimension = '{name}' AND c_{name}.code = f.{name}"
        )
    }

    /// Its codes, joined to the journal.
    fn join_journal(&self) -> String {
        let (name, column, journal) = (self.name, self.column(), self.journal);
        format!(
            " LEFT JOIN report_codes c_{name} \
             ON c_{name}.dimension = '{name}' AND c_{name}.{column} = {journal}"
        )
    }
}

fn each(dimensions: &[&Dimension], text: impl Fn(&Dimension) -> String) -> String {
    dimensions.iter().map(|one| text(one)).collect()
}

/// The relation `p` that a report by these groups adds up: the columns of the groups, `kind`,
/// `lead`, and the sums `postings`, `workshops`, `starts` and `amount_cents`. Facts are added up
/// by their codes before the codes are looked up. The postings after the watermark are joined.
/// The statement has the parameters of [`Scope::bind`].
pub fn relation(conn: &mut Conn, scope: &Scope, groups: &[Group]) -> QueryResult<String> {
    let part = watermark(conn, Part::Facts)?;
    let agreements = agreements(conn, scope)?;
    let read: Vec<&Dimension> = DIMENSIONS.iter().filter(|one| one.is_read_by(groups)).collect();
    let months = groups.contains(&Group::Month).then(|| month(scope.by));
    let month = |table: &str| months.map(|month| format!("{table}{month}, ")).unwrap_or_default();
    let codes = format!("{}{}f.lead", month("f."), each(&read, |one| format!("f.{}, ", one.name)));
    let whole_sum = dialect::whole_sum(conn);
    let recorded =
        if part.is_before(scope.as_of) { "1 = 1".to_owned() } else { scope.recorded(conn, "f.") };
    // Facts are never changed, so the number that was read first holds in any later snapshot too.
    let up_to = part.up_to;
    let added_up = format!(
        "SELECT {codes}, count(*) AS postings, CAST(sum(f.workshops) AS BIGINT) AS workshops, \
         CAST(sum(f.starts) AS BIGINT) AS starts, {whole_sum}(f.amount_cents) AS amount_cents \
         FROM report_facts f \
         WHERE f.number <= {up_to} AND {} AND {agreements} AND {recorded} GROUP BY {codes}",
        scope.months("f."),
    );
    let looked_up =
        each(&read, |one| format!("c_{}.{} AS {}, ", one.name, one.column(), one.value));
    let of_journal = each(&read, |one| format!("{} AS {}, ", one.journal, one.value));
    Ok(format!(
        "(SELECT {}{looked_up}f.lead, f.postings, f.workshops, f.starts, f.amount_cents \
         FROM ({added_up}) f{} UNION ALL SELECT {}{of_journal}p.lead, {ONE_POSTING} \
         FROM {JOURNAL} WHERE p.number > {up_to} AND {} AND {} AND {}) p",
        month("f."),
        each(&read, Dimension::join),
        month("p."),
        scope.months("+p."),
        scope.of_agreements(conn),
        scope.recorded(conn, "p."),
    ))
}

/// The agreements of the scope as a condition on the facts `f`: numbers in the statement, so that
/// the planner knows how many facts they have.
fn agreements(conn: &mut Conn, scope: &Scope) -> QueryResult<String> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Integer)]
        code: i32,
        #[diesel(sql_type = Bool)]
        wanted: bool,
    }
    // The third parameter is bound with the others and filters nothing here.
    let sql = format!(
        "SELECT c.code AS code, ({}) AS wanted FROM report_codes c \
         JOIN agreements a ON a.id = c.id JOIN programmes g ON g.id = a.programme_id \
         WHERE c.dimension = 'agreement' AND ({parameter} IS NULL OR 1 = 1) ORDER BY c.code",
        scope.agreements(conn),
        parameter = dialect::parameter(conn, 3),
    );
    let rows: Vec<Row> = scope.bind(sql).load(conn)?;
    if rows.iter().all(|row| row.wanted) {
        return Ok("1 = 1".to_owned());
    }
    let wanted = rows.iter().filter(|row| row.wanted).map(|row| row.code.to_string());
    let codes: Vec<String> = wanted.chain(["0".to_owned()]).collect();
    Ok(format!("f.agreement IN ({})", codes.join(", ")))
}

/// The facts of the postings within a condition.
fn derived(condition: &str) -> String {
    let all: Vec<&Dimension> = DIMENSIONS.iter().collect();
    let codes = each(&all, |one| format!("coalesce(c_{0}.code, 0), ", one.name));
    format!(
        "SELECT {codes}p.number, p.amount_cents, p.recorded_at, p.month, p.workshop_month, \
         p.workshops, p.starts, p.lead FROM {JOURNAL}{} WHERE {condition}",
        each(&all, Dimension::join_journal),
    )
}

/// The columns of [`derived`], in its order.
fn columns() -> String {
    let all: Vec<&Dimension> = DIMENSIONS.iter().collect();
    let codes = each(&all, |one| format!("{}, ", one.name));
    format!(
        "{codes}number, amount_cents, recorded_at, month, workshop_month, workshops, starts, lead"
    )
}

/// Appends the facts of the postings after a number up to another. They are ordered by agreement
/// and month, so that a funder's facts lie on few pages.
pub fn append(conn: &mut Conn, after: i64, up_to: i64) -> QueryResult<()> {
    let condition = format!("p.number > {after} AND p.number <= {up_to}");
    give_codes(conn, &condition)?;
    let sql = format!(
        "INSERT INTO report_facts ({}) {} ORDER BY c_agreement.code, p.month, p.number",
        columns(),
        derived(&condition)
    );
    diesel::sql_query(sql).execute(conn).map(drop)
}

/// Gives a code to each value that has none yet. The journal is joined once for all dimensions.
fn give_codes(conn: &mut Conn, condition: &str) -> QueryResult<()> {
    // The ids come first: PostgreSQL takes the types of the columns from them.
    let (mut ordered, words): (Vec<&Dimension>, Vec<&Dimension>) =
        DIMENSIONS.iter().partition(|one| one.kind == Kind::Id);
    ordered.extend(words);
    let piece = each(&ordered, |one| format!("{} AS {}, ", one.journal, one.name));
    let values = ordered.iter().map(|one| {
        let name = one.name;
        let value = match one.kind {
            Kind::Id => format!("{name} AS id, NULL AS word"),
            _ => format!("NULL, {name}"),
        };
        format!("SELECT '{name}' AS dimension, {value} FROM piece GROUP BY {name}")
    });
    let sql = format!(
        "WITH piece AS (SELECT {piece}p.number FROM {JOURNAL} WHERE {condition}) \
         INSERT INTO report_codes (dimension, code, id, word) SELECT n.dimension, \
         row_number() OVER (PARTITION BY n.dimension ORDER BY n.id, n.word) + coalesce(l.code, 0), \
         n.id, n.word FROM ({} EXCEPT SELECT dimension, id, word FROM report_codes) n LEFT JOIN \
         (SELECT dimension, max(code) AS code FROM report_codes GROUP BY dimension) l \
         ON l.dimension = n.dimension WHERE n.id IS NOT NULL OR n.word IS NOT NULL",
        values.collect::<Vec<_>>().join(" UNION ALL ")
    );
    diesel::sql_query(sql).execute(conn).map(drop)
}

/// How many facts are not those of the postings, and how many are too few or too many.
pub fn differences(conn: &mut Conn) -> QueryResult<i64> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        rows: i64,
    }
    let up_to = Part::Facts.up_to();
    // No number is there twice in the journal. Where as many facts are there as postings and each
    // posting's fact is one of them, none is left over.
    let unlike = format!(
        "SELECT count(*) AS rows FROM ({} EXCEPT SELECT {} FROM report_facts) d",
        derived(&format!("p.number <= {up_to}")),
        columns()
    );
    let many = format!(
        "SELECT abs((SELECT count(*) FROM report_facts) - \
         (SELECT count(*) FROM postings WHERE number <= {up_to})) AS rows"
    );
    let unlike: Row = diesel::sql_query(unlike).get_result(conn)?;
    let many: Row = diesel::sql_query(many).get_result(conn)?;
    Ok(unlike.rows + many.rows)
}
