"""The demonstration: the whole line, out and in, on real micro-credentials."""
