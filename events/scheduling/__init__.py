"""When and where: venues and their stations, sessions and their officials, and the clashes between them."""

from events.scheduling.clashing import clashes
from events.scheduling.duties import (
    assign_official,
    duties_of_event,
    officials,
    own_duties,
    remove_official,
    tell_officials,
)
from events.scheduling.forms import (
    Clash,
    OfficialForm,
    OfficialView,
    ProgrammeQuery,
    SessionDuty,
    SessionForm,
    SessionView,
    StationForm,
    StationView,
    VenueForm,
    VenueView,
)
from events.scheduling.reading import gives_way, programme, session, sessions
from events.scheduling.saving import add_session, cancel_session, change_session, drop_contest
from events.scheduling.station_keeping import add_station, change_station, remove_station, stations
from events.scheduling.venue_keeping import add_venue, change_venue, venue, venues
from events.scheduling.whole import copy_sessions, first_session, shift

__all__ = [
    "Clash",
    "OfficialForm",
    "OfficialView",
    "ProgrammeQuery",
    "SessionDuty",
    "SessionForm",
    "SessionView",
    "StationForm",
    "StationView",
    "VenueForm",
    "VenueView",
    "add_session",
    "add_station",
    "add_venue",
    "assign_official",
    "cancel_session",
    "change_session",
    "change_station",
    "change_venue",
    "clashes",
    "copy_sessions",
    "drop_contest",
    "duties_of_event",
    "first_session",
    "gives_way",
    "officials",
    "own_duties",
    "programme",
    "remove_official",
    "remove_station",
    "session",
    "sessions",
    "shift",
    "stations",
    "tell_officials",
    "venue",
    "venues",
]
