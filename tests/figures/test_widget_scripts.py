"""The widgets' scripts as they are written: bundles, types, format, and verdicts like Python's."""

import json
import re
import subprocess
from ast import literal_eval

import numpy as np
import pytest

from course.exercises import all_exercises, grading
from course.exercises.entry import entry, plain
from course.exercises.equivalence import opened
from course.exercises.exercise import Exercise
from course.exercises.grading import judge
from figures.widgets.ask import ask
from tests.figures.test_explorer_page import ROOT, node, npx

SOURCE, TESTS = ROOT / "figures/widgets/src", ROOT / "tests/figures/widgets"
PURE = ("judging", "entry", "literal", "progress", "frames", "asking")
LINES = {number: made for number, asked in all_exercises().items() if (made := entry(asked))}


def test_no_module_is_long_and_pure_ones_know_no_page():
    for path in SOURCE.glob("*.js"):
        text = path.read_text()
        assert text.count("\n") <= 200, path.name
        if path.stem in PURE:
            assert not re.search(r"\b(document|window|matchMedia|localStorage)\.|\./dom.js", text)


def test_elements_are_made_in_one_place():
    sources = [*SOURCE.glob("*.js"), *(ROOT / "figures/explorer/src").glob("*.js")]
    makers = [path.name for path in sources if "document.createElement(" in path.read_text()]
    assert makers == ["dom.js"]


@node
def test_the_bundles_are_what_the_modules_make(tmp_path):
    script = json.loads((ROOT / "package.json").read_text())["scripts"]["widgets"]
    banner = re.search(r'--banner:js="(.*?)"', script)[1]
    plain_script = re.sub(r' --banner:js=".*?"', "", script)
    assert "--outdir=figures/widgets" in plain_script
    made = plain_script.replace("--outdir=figures/widgets", f"--outdir={tmp_path}")
    done = npx(*made.split(), f"--banner:js={banner}")
    assert done.returncode == 0, done.stderr
    bundles = sorted(path.name for path in tmp_path.glob("*.js"))
    assert bundles == sorted(path.name for path in (ROOT / "figures/widgets").glob("*.js"))
    for name in bundles:
        assert (tmp_path / name).read_bytes() == (ROOT / "figures/widgets" / name).read_bytes(), (
            f"figures/widgets/src has changed: npm run widgets makes another {name}")


@node
def test_the_site_loads_what_its_modules_make(tmp_path):
    script = json.loads((ROOT / "package.json").read_text())["scripts"]["reader"]
    banner = re.search(r'--banner:js="(.*?)"', script)[1]
    target = "site/scripts/reader.js"
    made = re.sub(r' --banner:js=".*?"', "", script).replace(target, str(tmp_path / "made.js"))
    done = npx(*made.split(), f"--banner:js={banner}")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "made.js").read_bytes() == (ROOT / target).read_bytes(), (
        "site/reader or figures/widgets/src has changed: npm run reader")


@node
def test_types_and_format_are_checked():
    for folder in ("figures/widgets/src", "site/reader"):
        types = npx("tsc", "-p", folder)
        assert types.returncode == 0, types.stdout
    form = npx("biome", "check", "figures/widgets/src", "site/reader", "tests/figures/widgets")
    assert form.returncode == 0, form.stdout + form.stderr


@node
def test_the_pure_modules_in_node():
    files = sorted(str(path.relative_to(ROOT)) for path in TESTS.glob("*.test.js"))
    done = subprocess.run(["node", "--test", "--test-reporter=tap", "--experimental-test-coverage",
                           *files], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    covered = dict(re.findall(r"^# +(?:\S*/)?(\w+)\.js +\| +([\d.]+) ", done.stdout, re.M))
    short = {name: covered[name] for name in PURE if name != "entry" and float(covered[name]) < 95}
    assert short == {}  # entry is driven by the comparison below


def typed(value):
    """A value as a reader types it."""
    value = opened(value)
    if isinstance(value, np.ndarray):
        return repr(value.tolist())
    if isinstance(value, set | frozenset):
        return "{" + ", ".join(map(typed, sorted(value, key=str))) + "}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{typed(k)}: {typed(v)}" for k, v in value.items()) + "}"
    if isinstance(value, tuple):
        return "(" + "".join(f"{typed(part)}, " for part in value) + ")"
    if isinstance(value, list):
        return "[" + ", ".join(map(typed, value)) + "]"
    return str(value) if hasattr(value, "numerator") else repr(value)


def answers(exercise):
    """What readers may type: what is right, the known mistakes, and things that are neither."""
    right = opened(exercise.answer())
    given = [right, *(wrong() for wrong in exercise.wrong.values())]
    given += [0, 1, -7.25, 10**6, "x", "w 1", True, (), (1, 2), (1, 2, 3), [[1, 2], [3, 4]],
              [[1, 2], [3]], [1, [2, 3]], {1, 2}, {"w": 1}, {"w": (4, 3, 3, 2), "b": (4,)},
              ({1}, 2), ("x", 361), (361, "W")]
    if isinstance(right, set | frozenset):
        given += [set(list(right)[1:]), right | {99}, list(right)]
    if isinstance(right, dict):
        given += [right | {key: 0} for key in right] + [right | {"zz": 1}]
    if isinstance(right, tuple | list | np.ndarray):
        parts = list(right)
        given += [parts[:-1], [*parts[:-1], 99], [98, *parts[1:]], [parts], tuple(parts)]
    return given


@node
def test_a_line_is_judged_word_for_word_as_in_a_notebook():
    asked, expected = [], []
    for number, made in LINES.items():
        exercise = all_exercises()[number]
        for answer in answers(exercise):
            if isinstance(answer, set) and not answer:
                continue  # Python reads {} as a dictionary
            text = typed(answer)
            asked.append((made, text))
            right, words = grading.judge(exercise, eval(text))
            expected.append(f"Right. {words}" if right else f"Not right yet: {words}.")
    done = subprocess.run(["node", TESTS / "compare.js"], input=json.dumps(asked), text=True,
                          capture_output=True, check=True)
    stranger = re.compile(r": .* cannot be compared with")  # which part of it is quoted may differ
    differ = [(text, words, wanted) for (_, text), words, wanted in zip(
        asked, json.loads(done.stdout), expected, strict=True)
        if stranger.sub(": cannot be compared with", words)
        != stranger.sub(": cannot be compared with", wanted)]
    assert len(asked) > 1500 and differ == []


def test_most_exercises_are_answered_in_a_line_and_the_others_refused():
    others = set(all_exercises()) - set(LINES)
    assert all(all_exercises()[number].cases or not LINES.get(number) for number in others)
    assert len(LINES) > 1.4 * len(others)
    assert ask("4.1").entry == LINES["4.1"]
    with pytest.raises(ValueError, match=r'answered in a notebook: check\("4.6", ...\)'):
        ask("4.6")


def test_an_answer_that_nobody_types_has_no_line():
    import sympy as sp

    for answer in (sp.Symbol("x"), np.zeros((9, 9)), object(), (1, sp.Symbol("x"))):
        assert entry(Exercise(answer=lambda answer=answer: answer, hints=("a", "b"))) is None
    assert plain({"w": (1, 2.5)}) == {"dict": [["w", [1, 2.5]]]}
    assert plain(frozenset("ba")) == {"set": ["a", "b"]}


@pytest.mark.parametrize("number", [name for name, line in LINES.items()
                                    if "parentheses" in line["form"]])
def test_several_answers_are_asked_for_by_as_many_of_their_kind(number):
    right, form = opened(all_exercises()[number].answer()), LINES[number]["form"]
    example = literal_eval(form.removeprefix("your answers in parentheses, such as "))
    assert [np.shape(part) != () for part in example] == [np.shape(part) != () for part in right]
    assert [isinstance(part, str) for part in example] == [isinstance(p, str) for p in right]
    assert not judge(all_exercises()[number], example).right
