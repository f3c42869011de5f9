"""Descriptions as European Digital Credentials, and out of them again."""

from testamur.model.microcredential.europass.credentials import from_elm, to_elm

__all__ = ["from_elm", "to_elm"]
