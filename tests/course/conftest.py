"""A progress file of its own for every test."""

import pytest

from course.exercises import record


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    place = tmp_path / "mine" / "progress.json"
    monkeypatch.setenv("FLIPPED_KERNEL_PROGRESS", str(place))
    monkeypatch.setattr(record, "_hints_here", {})
    monkeypatch.setattr(record, "_unsaved", [])
    return place
