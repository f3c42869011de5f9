"""Build, sign, carry and verify Open Badges 3.0 and other verifiable credentials."""

__version__ = "0.1.0"
