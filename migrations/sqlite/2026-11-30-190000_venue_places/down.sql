DROP INDEX venues_by_latitude;
