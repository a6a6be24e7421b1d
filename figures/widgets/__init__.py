"""Widgets: each is Python beside its script and its style."""
