"""People and their real-name membership of unions."""

from events.people.duplicates import merge, suspected_duplicates
from events.people.finding import exactly, is_number, look, own, search
from events.people.forms import PersonForm, PersonView, SuspectedDuplicate
from events.people.keeping import change, end_membership, register

__all__ = [
    "PersonForm",
    "PersonView",
    "SuspectedDuplicate",
    "change",
    "end_membership",
    "exactly",
    "is_number",
    "look",
    "merge",
    "own",
    "register",
    "search",
    "suspected_duplicates",
]
