"""Measures how fast this machine issues and verifies, beside the raw Ed25519 limit."""
