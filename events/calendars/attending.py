"""Who is in a session: conditions in SQL, shared by private feeds and by the search for clashes."""

# `registration` is for `session`: the session is for all, or for a contest that the person chose or was entered in.
TAKES_PART = """(session.contest_id IS NULL OR registration.contest_id = session.contest_id OR EXISTS (
    SELECT 1 FROM entry WHERE entry.event_id = session.event_id AND entry.contest_id = session.contest_id
    AND entry.registration_id = registration.id AND entry.state <> 'withdrawn'))"""

# From a panel's seat to every `session` of the contest that it marks.
SEAT_TO_SESSION = """panel_seat
    JOIN panel ON panel.event_id = panel_seat.event_id AND panel.id = panel_seat.panel_id
    JOIN stage ON stage.event_id = panel.event_id AND stage.id = panel.stage_id
    JOIN session ON session.event_id = stage.event_id AND session.contest_id = stage.contest_id"""
