"""A contest without an event: what comes in to be scored, and everything that comes of it, as data and in words."""

from api.evaluating.forms import EvaluateForm, read_contest
from api.evaluating.telling import Contest, Evaluated
from api.evaluating.views import Evaluation, StandingView

__all__ = ["Contest", "EvaluateForm", "Evaluated", "Evaluation", "StandingView", "read_contest"]
