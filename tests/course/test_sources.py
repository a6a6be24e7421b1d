"""The bibliography reads every entry of references.bib, and writes each as a reader expects it."""

from importlib import resources

import pytest

from course.sources import bibliography

SOURCES = bibliography()


@pytest.mark.parametrize(("name", "line"), [
    ("Winograd (1980)",
     "- Winograd (1980). [*Arithmetic complexity of computations*]"
     "(https://doi.org/10.1137/1.9781611970364). "
     "CBMS-NSF Regional Conference Series in Applied Mathematics 33."),
    ("Lavin and Gray (2016)",
     "- Lavin and Gray (2016). [*Fast algorithms for convolutional neural networks*]"
     "(https://doi.org/10.1109/CVPR.2016.435). "
     "IEEE Conference on Computer Vision and Pattern Recognition, 4013\u20134021."),
    ("Baydin et al. (2018)",  # without a DOI
     "- Baydin et al. (2018). [*Automatic differentiation in machine learning: a survey*]"
     "(https://jmlr.org/papers/v18/17-468.html). "
     "Journal of Machine Learning Research 18(153), 1\u201343.")])
def test_one_two_and_many_authors(name, line):
    assert SOURCES[name].line == line


def test_an_address_in_brackets_holds_no_bracket():
    paper = SOURCES["Polyak (1964)"].paper
    assert paper == "https://doi.org/10.1016/0041-5553%2864%2990137-5"
    assert not [source for source in SOURCES.values() if set(source.paper) & set("() ")]


def test_no_entry_is_left_out_and_no_two_have_one_name():
    text = resources.files("course").joinpath("references.bib").read_text(encoding="utf-8")
    keys = [line[1:].split("{")[1].rstrip(",") for line in text.splitlines() if line[:1] == "@"]
    assert [source.key for source in SOURCES.values()] == keys and len(set(keys)) == len(keys)


def test_the_list_is_shown_by_name():
    shown = repr(SOURCES).splitlines()
    assert shown == SOURCES._repr_markdown_().splitlines()
    assert shown == sorted(shown, key=str.casefold) and len(shown) == len(SOURCES)
    assert shown[0].startswith("- Alpaydin and Kaynak (1998)")
