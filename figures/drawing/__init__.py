"""The drawing system: what more than one chapter draws."""
