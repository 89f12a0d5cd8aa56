"""The schedule in its iCalendar form: a VEVENT is rendered once when a session changes; a feed joins what is stored."""

from events.calendars.feeds import FeedQuery, feed, private_feed, union_of
from events.calendars.joining import Feed
from events.calendars.keeping import hold, refresh, refresh_all
from events.calendars.rendering import degrees

__all__ = ["Feed", "FeedQuery", "degrees", "feed", "hold", "private_feed", "refresh", "refresh_all", "union_of"]
