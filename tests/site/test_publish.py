"""Publishing keeps what readers have cited: every edition stays, and none is changed."""

import pytest
from publish import publish


def built(folder, words):
    (folder / "chapters").mkdir(parents=True)
    (folder / "index.html").write_text(words)
    (folder / "chapters/05.html").write_text(words)
    return folder


def test_the_newest_edition_is_at_the_root_and_the_older_ones_stay(tmp_path):
    served = tmp_path / "served"
    served.mkdir()
    (served / "CNAME").write_text("the host's")
    (served / ".git").mkdir()
    first = built(tmp_path / "first", "one")
    (first / "gone.html").write_text("only in the first")
    assert publish(first, served, "0.9.0") == ["0.9.0"]
    assert publish(built(tmp_path / "second", "two"), served, "0.10.0") == ["0.10.0", "0.9.0"]
    assert (served / "chapters/05.html").read_text() == "two"
    assert (served / "editions/0.9.0/chapters/05.html").read_text() == "one"
    assert (served / "editions/0.9.0/gone.html").exists() and not (served / "gone.html").exists()
    assert (served / "CNAME").read_text() == "the host's" and (served / ".git").exists()
    listed = (served / "editions/index.html").read_text()
    assert listed.index('"0.10.0/index.html"') < listed.index('"0.9.0/index.html"')


def test_an_edition_is_published_once(tmp_path):
    served = tmp_path / "served"
    site = built(tmp_path / "site", "one")
    publish(site, served, "1.0.0")
    assert publish(site, served, "1.0.0") == ["1.0.0"]  # again, with the same bytes
    (site / "index.html").write_text("changed")
    with pytest.raises(ValueError, match=r"1\.0\.0 is published already.*raise the version"):
        publish(site, served, "1.0.0")
    assert (served / "index.html").read_text() == "one"


def test_a_site_that_is_not_built_is_not_published(tmp_path):
    with pytest.raises(ValueError, match="run make book"):
        publish(tmp_path, tmp_path / "served", "1.0.0")
