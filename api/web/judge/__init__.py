"""Judges' pages: their duties, the sheet on the tablet, signing."""

from api.web.judge import duties, marking, signing

ROUTES = [duties.judge_home, marking.sheet_page, marking.take, signing.panel_page, signing.sign]
