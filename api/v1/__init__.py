"""The API, version 1: one file a resource, each a list of routes."""

from api.v1 import events, registrations

ROUTES = [*events.ROUTES, *registrations.ROUTES]
