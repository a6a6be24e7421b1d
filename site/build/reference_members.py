"""Sphinx extension: what the reference leaves out of a module that it lists whole."""

import inspect

import convlib


def skip(app, what, name, thing, skipped, options):
    """A named tuple's fields say nothing; what convlib itself offers has its entry there."""
    field = (inspect.getdoc(thing) or "").startswith("Alias for field number")
    offered = what == "module" and name in convlib.__all__ and thing is getattr(convlib, name)
    return True if field or offered else None


def setup(app):
    app.connect("autodoc-skip-member", skip)
    return {"parallel_read_safe": True}
