"""People and their real-name membership of unions."""

from events.people.duplicates import merge, preview_merge, suspected_duplicates
from events.people.finding import exactly, history, is_number, look, own, own_city, search
from events.people.forms import Membership, MergePreview, PersonForm, PersonView, SuspectedDuplicate
from events.people.identity import has_figures
from events.people.keeping import change, end_membership, flaws_of, register

__all__ = [
    "Membership",
    "MergePreview",
    "PersonForm",
    "PersonView",
    "SuspectedDuplicate",
    "change",
    "end_membership",
    "exactly",
    "flaws_of",
    "has_figures",
    "history",
    "is_number",
    "look",
    "merge",
    "own",
    "own_city",
    "preview_merge",
    "register",
    "search",
    "suspected_duplicates",
]
