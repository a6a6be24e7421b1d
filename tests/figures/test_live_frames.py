"""What a page asks of a live figure: the present picture, and its neighbours between two cells."""

import gc
import io
import threading
import weakref
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from figures.chapters.ch03_sizes import stairs
from figures.widgets import idle
from figures.widgets import live as live_module
from figures.widgets.live import live
from figures.widgets.scene import Scene, scene


class Shell:
    """As much of IPython as cells need: its events, and a loop on the thread that runs cells."""

    def __init__(self):
        self.heard, self.waiting = {}, []
        self.events = SimpleNamespace(register=lambda name, act: self.heard.update({name: act}))
        self.kernel = SimpleNamespace(io_loop=SimpleNamespace(add_callback=self.waiting.append))

    def between_cells(self):
        while self.waiting:
            self.waiting.pop(0)()

    def begin(self):
        self.heard["pre_run_cell"](None)

    def end(self):
        self.heard["post_run_cell"](None)


@pytest.fixture
def shell(monkeypatch):
    shell = Shell()
    monkeypatch.setattr(idle, "get_ipython", lambda: shell)
    monkeypatch.setattr(live_module, "cells", idle.Cells())
    return shell


@scene(size=(3, 2), build=lambda fig: fig.add_subplot(xlim=(0, 9), ylim=(0, 9)).plot([], [])[0])
def draw(fig, line, H):
    if H == 4:
        raise ValueError("4 does not fit")
    line.set_data([0, H], [0, 9])
    return f"H is {H}."


def asked(widget):
    """What the widget sends, and a function that asks it as a page does."""
    sent = []
    widget.send = lambda content, buffers=None: sent.append((content, buffers))
    return sent, lambda k, wish=False: widget._asked(widget, {"at": [k], "wish": wish}, [])


@pytest.fixture
def slider(shell):
    widget = live(draw, alt="", H=range(5))
    shell.end()  # the cell that made it
    return widget, *asked(widget)


def test_what_is_answered_is_the_picture_of_a_move(slider, shell):
    widget, sent, ask = slider
    for wish, k in ((True, 2), (False, 3)):
        ask(k, wish)
        shell.between_cells()
        answer, (image,) = sent.pop()
        assert (widget.at, sent) == ([0], [])  # the reader stays where they are
        twin = live(draw, alt="", H=range(5), start={"H": k}).picture
        assert (answer["at"], answer["text"], answer["keep"]) == ([k], f"H is {k}.", True)
        assert answer["took"] > 0 and answer["click"] is None
        shown, expected = (np.asarray(Image.open(io.BytesIO(i))) for i in (image, twin["image"]))
        assert np.array_equal(shown, expected)


def test_a_neighbour_waits_for_the_thread_that_runs_cells(slider, shell):
    _, sent, ask = slider
    threads = []
    draw_here = draw.draw
    try:
        draw.draw = lambda *args, **values: threads.append(threading.current_thread())
        other = threading.Thread(target=ask, args=(1,))
        other.start()
        other.join()
        assert (sent, threads) == ([], [])
        shell.between_cells()
        assert threads == [threading.main_thread()] and len(sent) == 1
    finally:
        draw.draw = draw_here


def test_a_cell_comes_before_a_neighbour_and_not_before_a_wish(slider, shell):
    _, sent, ask = slider
    ask(1)
    shell.begin()  # before the neighbour's turn
    assert sent == [({"at": [1], "later": True}, None)]
    shell.between_cells()
    ask(2)
    assert sent[1:] == [({"at": [2], "later": True}, None)]
    ask(3, wish=True)
    assert sent[2][0]["text"] == "H is 3." and not sent[2][0]["keep"]  # a cell may change it yet
    shell.end()
    assert sent[3:] == [({"forget": True}, None)]
    assert shell.waiting == []


def test_a_cell_drops_what_was_drawn_before_it_and_says_so_once(slider, shell):
    _, sent, ask = slider
    shell.begin()
    shell.end()
    assert sent == []  # nothing was drawn
    ask(1)
    shell.between_cells()
    assert sent.pop()[0]["keep"]
    for _ in range(2):
        shell.begin()
        shell.end()
    assert sent == [({"forget": True}, None)]


def test_a_picture_drawn_across_a_cell_is_not_kept(shell):
    widget = live(Scene(lambda fig, H: H and shell.end(), size=(3, 2)), alt="{H}", H=range(3))
    sent, ask = asked(widget)
    ask(1, wish=True)
    assert [content["keep"] for content, _ in sent if "took" in content] == [False]


def test_a_neighbour_that_cannot_be_drawn_disturbs_nobody(slider, shell):
    widget, sent, ask = slider
    ask(4)
    shell.between_cells()
    with pytest.raises(ValueError, match="4 does not fit"):
        ask(4, wish=True)
    assert sent == 2 * [({"at": [4], "error": "ValueError: 4 does not fit"}, None)]
    assert "error" not in widget.picture


def test_a_cell_that_runs_another_is_one_cell(shell):
    cells = idle.Cells()
    cells.listen(Listener())
    assert cells.running  # the cell that listens
    shell.end()
    shell.end()  # an empty cell only ends
    assert not cells.running
    shell.begin()
    shell.begin()
    shell.end()
    assert cells.running
    shell.end()
    assert not cells.running and cells.ended == 4


class Listener:
    def cell_begins(self):
        pass

    def cell_ended(self):
        pass


def test_without_a_kernel_there_is_nothing_to_wait_for():
    sent, ask = asked(live(draw, alt="", H=range(5)))
    ask(3)
    assert sent[0][0]["text"] == "H is 3."


def test_a_widget_that_is_gone_hears_of_no_cell(shell):
    cells, listener = idle.Cells(), Listener()
    gone = weakref.ref(listener)
    cells.listen(listener)
    del listener
    gc.collect()
    assert gone() is None


def test_scenes_of_one_kind_share_no_parts(fig):
    """Two staircases on one figure are two, though their code is the same."""
    narrow = stairs(R=2, stride=1, sizes=range(2, 5))
    wide = stairs(R=3, stride=2, sizes=range(3, 9))
    for H in (3, 4):
        assert narrow(fig, H).startswith(f"H = {H}: the windows start at 0")
        assert wide(fig, H).startswith(f"H = {H}: the window starts at 0, so P = 1")
    assert narrow.parts(fig) is not wide.parts(fig)
    assert [len(s.parts(fig)[0]) for s in (narrow, wide)] == [4, 8]


def test_parts_are_built_once_a_figure_and_go_with_it():
    made = Scene(draw.draw, size=(3, 2), build=draw.build, widths=[3, 4])
    first, second = Figure(), Figure()
    assert made.parts(first) is made.parts(first) is not made.parts(second)
    gone = weakref.ref(first)
    del first
    gc.collect()
    assert gone() is None
    assert (made.size, made.widths, made.controls) == ((3, 2), [3, 4], {"widths": [3, 4]})
    assert (made.__name__, repr(made)) == ("draw", "Scene(draw, size=(3, 2))")
    with pytest.raises(AttributeError, match="has no heights"):
        made.heights  # noqa: B018
