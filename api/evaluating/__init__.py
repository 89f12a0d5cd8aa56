"""A contest without an event: what comes in to be scored, and everything that comes of it, as data and in words."""

from api.evaluating.forms import EvaluateForm, Rules, document_of, read_contest
from api.evaluating.telling import Contest, Evaluated
from api.evaluating.views import Evaluation, StandingView

__all__ = ["Contest", "EvaluateForm", "Evaluated", "Evaluation", "Rules", "StandingView", "document_of", "read_contest"]
