"""The API described: the OpenAPI document for programs, and a page to read and try it for people."""

from api.openapi.serving import ROUTES

__all__ = ["ROUTES"]
