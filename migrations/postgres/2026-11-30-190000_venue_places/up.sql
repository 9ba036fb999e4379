-- The nearest venues are looked for in a rectangle of the map.
CREATE INDEX venues_by_latitude ON venues (latitude, longitude);
