//! Who may hand out and redeem in a programme.

use diesel::prelude::*;

use super::connection::Conn;
use super::schema::{programme_prescribers, programme_venues};
use crate::domain::ids::{OrganisationId, ProgrammeId, VenueId};

/// Lets an organisation hand out passes of the programme; saying so twice is fine.
pub fn accept_prescriber(
    conn: &mut Conn,
    programme: ProgrammeId,
    organisation: OrganisationId,
) -> QueryResult<()> {
    if !accepts_prescriber(conn, programme, organisation)? {
        diesel::insert_into(programme_prescribers::table)
            .values((
                programme_prescribers::programme_id.eq(programme),
                programme_prescribers::organisation_id.eq(organisation),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Takes an organisation out of the programme; false when it was not in it.
pub fn remove_prescriber(
    conn: &mut Conn,
    programme: ProgrammeId,
    organisation: OrganisationId,
) -> QueryResult<bool> {
    let member = programme_prescribers::table.find((programme, organisation));
    Ok(diesel::delete(member).execute(conn)? == 1)
}

/// Whether the organisation may hand out passes of the programme.
pub fn accepts_prescriber(
    conn: &mut Conn,
    programme: ProgrammeId,
    organisation: OrganisationId,
) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        programme_prescribers::table.find((programme, organisation)),
    ))
    .get_result(conn)
}

/// Lets a venue redeem passes of the programme; saying so twice is fine.
pub fn accept_venue(conn: &mut Conn, programme: ProgrammeId, venue: VenueId) -> QueryResult<()> {
    if !accepts_venue(conn, programme, venue)? {
        diesel::insert_into(programme_venues::table)
            .values((
                programme_venues::programme_id.eq(programme),
                programme_venues::venue_id.eq(venue),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Takes a venue out of the programme; false when it was not in it.
pub fn remove_venue(conn: &mut Conn, programme: ProgrammeId, venue: VenueId) -> QueryResult<bool> {
    Ok(diesel::delete(programme_venues::table.find((programme, venue))).execute(conn)? == 1)
}

/// Whether the venue may redeem passes of the programme.
pub fn accepts_venue(conn: &mut Conn, programme: ProgrammeId, venue: VenueId) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(programme_venues::table.find((programme, venue))))
        .get_result(conn)
}

/// The programmes whose passes the venue may redeem.
pub fn of_venue(conn: &mut Conn, venue: VenueId) -> QueryResult<Vec<ProgrammeId>> {
    programme_venues::table
        .filter(programme_venues::venue_id.eq(venue))
        .select(programme_venues::programme_id)
        .load(conn)
}

/// The organisations that may hand out passes of the programme.
pub fn prescribers(conn: &mut Conn, programme: ProgrammeId) -> QueryResult<Vec<OrganisationId>> {
    programme_prescribers::table
        .filter(programme_prescribers::programme_id.eq(programme))
        .order(programme_prescribers::organisation_id)
        .select(programme_prescribers::organisation_id)
        .load(conn)
}

/// The venues that may redeem passes of the programme.
pub fn accepted_venues(conn: &mut Conn, programme: ProgrammeId) -> QueryResult<Vec<VenueId>> {
    programme_venues::table
        .filter(programme_venues::programme_id.eq(programme))
        .order(programme_venues::venue_id)
        .select(programme_venues::venue_id)
        .load(conn)
}
