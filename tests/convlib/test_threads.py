"""Threads: the same bits for every number of them, and a call that ends as it would on one."""

import multiprocessing
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from threadpoolctl import threadpool_info, threadpool_limits

import convlib
from convlib import (
    avg_pool2d,
    conv2d,
    conv2d_backward,
    linear,
    max_pool2d,
    max_pool2d_backward,
    parallel,
)
from convlib import cores as cores_module
from convlib.algorithms import METHODS
from convlib.cores import quota, usable_cores
from convlib.geometry import Geometry
from tests.convlib.backwards import TABLE, Sizes
from tests.convlib.strategies import cases

# Blocks so small that even these shapes have several.
CUTS = {"blocking.BLOCK": 2**8, "blocking.MAX_COPY": 2**8, "gemm.WIDE": 1, "gemm.FEW": 1,
        "gemm.UNPACKED": 20,
        "blocking.MANY": 9, "fft.BLOCK": 2**10, "choose.CHUNK": 2**7,
        "winograd.BLOCK": 2**10, "winograd.CHUNK": 2**8,
        "winograd.TILES": 1,
        "decompositions.BATCH": 2, "decompositions.FILTERS": 1,
        "padding.LARGE": 2**7}
NUMBERS = 1, 2, 3, 4


@pytest.fixture(autouse=True)
def never_alone(monkeypatch):
    """Helpers help however busy the machine is."""
    monkeypatch.setattr(parallel, "GAIN", 0)
    parallel._pause.__init__()


@pytest.fixture
def small_blocks(monkeypatch):
    for name, value in CUTS.items():
        monkeypatch.setattr(f"convlib.algorithms.{name}", value)


def for_each_number(call):
    """The bytes of all arrays that a call returns, once for each number of threads."""
    found = []
    for n in NUMBERS:
        with convlib.threads(n):
            results = call()
        arrays = results if isinstance(results, tuple) else (results,)
        found.append([np.asarray(a).tobytes() for a in arrays])
    return found


def same_bits(call):
    first, *others = for_each_number(call)
    return all(other == first for other in others)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, int])
@pytest.mark.parametrize("method", ["auto", *METHODS])
@settings(deadline=None, derandomize=True, max_examples=40)
@given(case=cases())
def test_a_convolution_has_the_same_bits(method, dtype, case):
    geometry = Geometry.of(case.x_shape, case.w_shape, **case.options)
    refused = method != "auto" and (METHODS[method].refuses(geometry.plane)
                                    or (dtype is int and not METHODS[method].exact))
    if refused:
        return
    rng = np.random.default_rng(0)
    x, w, dy = ((rng.normal(size=s) * 9).astype(dtype)
                for s in (case.x_shape, case.w_shape, geometry.y_shape))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CUTS.items():
            patch.setattr(f"convlib.algorithms.{name}", value)
        assert same_bits(lambda: case.conv(x, w, method=method, **case.options))
        assert same_bits(lambda: case.backward(dy, x, w, method=method, **case.options))


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry.name)
def test_every_function_has_the_same_bits(entry, small_blocks):
    sizes = Sizes(N=5, C=4, H=9, W=13)
    arrays = [a.astype(float) + 0.1 for a in entry.inputs(sizes)]
    if entry.loss:
        assert same_bits(lambda: entry.forward(*arrays, *entry.fixed(sizes), **entry.options))
    else:
        assert same_bits(lambda: entry.forward(*arrays, **entry.options))
    dy = entry.prices(arrays, sizes)
    assert same_bits(lambda: entry.gradients(dy, arrays, sizes))


@pytest.mark.parametrize("x_shape, w_shape, options", [
    ((4, 16, 40, 36), (24, 16, 3, 3), {"padding": 1}),
    ((1, 16, 60, 56), (24, 16, 3, 3), {"padding": 1}),
    ((3, 8, 50, 40), (8, 2, 5, 5), {"stride": (2, 1), "groups": 4}),
    ((1, 3, 150, 140), (8, 3, 11, 11), {}), ((1, 1, 300, 320), (1, 1, 31, 31), {}),
    ((6, 16, 28, 28), (16, 1, 3, 3), {"padding": 1, "groups": 16}),
    ((70, 6, 14, 14), (16, 6, 5, 5), {"dilation": 2})])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_layers_that_are_cut_as_they_come(x_shape, w_shape, options, dtype):
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=x_shape).astype(dtype), rng.normal(size=w_shape).astype(dtype)
    dy = rng.normal(size=conv2d(x, w, **options).shape).astype(dtype)
    assert same_bits(lambda: conv2d(x, w, **options))
    assert same_bits(lambda: conv2d_backward(dy, x, w, **options))


def test_large_pooling_and_dense_layers():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(8, 16, 64, 66))
    assert same_bits(lambda: max_pool2d(x, 3, stride=2, padding=1))
    assert same_bits(lambda: avg_pool2d(x, (3, 2)))
    assert same_bits(lambda: max_pool2d_backward(max_pool2d(x, 2), x, 2))
    rows, weights = rng.normal(size=(700, 600)), rng.normal(size=(500, 600))
    assert same_bits(lambda: linear(rows, weights))


# How many


@pytest.mark.parametrize("n, error, words", [
    (0, ValueError, "n must be at least 1, not 0"), (-1, ValueError, "at least 1, not -1"),
    (2.5, TypeError, "n must be an integer, not 2.5"), ("2", TypeError, "not '2'"),
    (True, TypeError, "n must be an integer, not True"), ([2], TypeError, "not [2]")])
def test_what_is_no_number_of_threads(n, error, words):
    before = convlib.threads()
    with pytest.raises(error) as refused:
        convlib.threads(n)
    assert words in str(refused.value) and convlib.threads() == before


def test_nested_contexts(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    before = convlib.threads()
    with convlib.threads(3):
        assert convlib.threads() == 3
        with convlib.threads(np.int64(1)):
            assert convlib.threads() == 1
        assert convlib.threads() == 3
        with pytest.raises(KeyError), convlib.threads(2):
            raise KeyError
        assert convlib.threads() == 3
    assert convlib.threads() == before


def test_a_context_holds_in_its_own_thread_alone(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "5")
    with convlib.threads(2), ThreadPoolExecutor(1) as other:
        assert other.submit(convlib.threads).result() == 5


@pytest.mark.parametrize("said, number", [("7", 7), (" 3 ", 3), ("4,2", 4), ("99", 99)])
def test_openmp_s_variable_is_followed(said, number, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", said)
    assert convlib.threads() == number


@pytest.mark.parametrize("said", ["", "0", "-2", "many", "2.5", ",3"])
def test_a_variable_that_is_no_number_is_left_aside(said, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 3, 5}, raising=False)
    monkeypatch.setattr(cores_module, "quota", lambda: None)
    monkeypatch.setenv("OMP_NUM_THREADS", said)
    assert convlib.threads() == 3
    monkeypatch.setattr(cores_module, "quota", lambda: 2)
    assert usable_cores() == 2
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert usable_cores() == 1


@pytest.mark.parametrize("groups, files, limit", [
    ("0::/", {"cpu.max": "150000 100000"}, 2), ("0::/", {"cpu.max": "max 100000"}, None),
    ("0::/a/b", {"a/b/cpu.max": "max 100000", "a/cpu.max": "300000 100000"}, 3),
    ("0::/a/b", {"a/b/cpu.max": "50000 100000", "a/cpu.max": "300000 100000"}, 1),
    ("0::/", {}, None), ("0::/", {"cpu.max": "rubbish"}, None), ("rubbish", {}, None),
    ("3:cpu,cpuacct:/a\n1:memory:/", {"cpu,cpuacct/a/cpu.cfs_quota_us": "400000",
                                      "cpu,cpuacct/a/cpu.cfs_period_us": "100000"}, 4),
    ("1:cpu:/", {"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, None)])
def test_a_container_s_quota(groups, files, limit, tmp_path):
    (tmp_path / "cgroup").write_text(groups)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text + "\n")
    assert quota.__wrapped__(tmp_path / "cgroup", tmp_path) == limit
    assert quota.__wrapped__(tmp_path / "none", tmp_path) is None


# Who works, and in which order


def test_several_threads_work_and_what_they_find_is_put_in_order():
    together, seen, order = threading.Barrier(3, timeout=60), set(), []

    def work(task):
        seen.add(threading.get_ident())
        if task < 3:
            together.wait()  # passes only with three at once
        time.sleep(0.002 * (task % 3 == 0))
        return task * task

    with convlib.threads(3):
        parallel.each(work, range(20), lambda task, value: order.append((task, value)))
    assert len(seen) == 3 and threading.get_ident() in seen
    assert order == [(task, task * task) for task in range(20)]


def test_one_thread_one_task_and_a_task_s_own_tasks_need_no_helper(monkeypatch):
    monkeypatch.setattr(parallel, "_submit", None)
    seen = set()

    def note(_):
        seen.add(threading.get_ident())

    with convlib.threads(1):
        parallel.each(note, range(9))
    with convlib.threads(4):
        parallel.each(note, [1])
        parallel.each(note, [])
    assert seen == {threading.get_ident()}
    monkeypatch.undo()
    inner = {}

    def outer(task):
        mine = inner.setdefault(task, set())
        parallel.each(lambda _: mine.add(threading.get_ident()), range(5))

    with convlib.threads(3):
        parallel.each(outer, range(6))
    assert all(len(threads) == 1 for threads in inner.values())


def test_objects_stay_on_the_caller_s_thread(small_blocks):
    seen = set()

    class Number(int):
        def __mul__(self, other):
            seen.add(threading.get_ident())
            return int(self) * int(other)

    x, w = (np.vectorize(Number, otypes=[object])(np.arange(np.prod(shape)).reshape(shape))
            for shape in ((3, 2, 6, 7), (2, 2, 3, 3)))
    with convlib.threads(4):
        for method in ("auto", "im2col", "shifted", "direct"):
            conv2d(x, w, method=method)
            conv2d_backward(np.ones((3, 2, 4, 5), object), x, w, method=method)
    assert seen == {threading.get_ident()}


def test_a_helper_sees_what_the_caller_has_set():
    with np.errstate(over="raise"), convlib.threads(2):
        found = []
        parallel.each(lambda _: found.append(np.geterr()["over"]), range(8))
    assert found == ["raise"] * 8


def test_where_no_thread_can_start_the_caller_works_alone(monkeypatch):
    class NoPool:
        def submit(self, *_):
            raise RuntimeError("can't start new thread")

    monkeypatch.setattr(parallel, "_pool", NoPool())
    done = []
    with convlib.threads(4):
        parallel.each(done.append, range(7))
    assert done == [*range(7)]


def test_on_a_busy_machine_short_calls_go_without_helpers(monkeypatch):
    monkeypatch.undo()
    pause = parallel._Pause()
    pause.judge(0.1, 0.1)  # a long call shares the cores with others, and more threads get more
    for _ in range(4):
        pause.judge(0.002, 0.0021)  # too few to judge by
        assert not pause.lasts()
    pause.judge(0.002, 0.0039)  # and the mean is what counts
    pause.judge(0.002, 0.0021)
    assert pause.lasts() and pause.length == 2 * parallel.SHORTEST
    for _ in range(100):
        pause.judge(0.002, 0.0021)
    assert pause.length == parallel.LONGEST
    pause.until, pause.calls = 0.0, int(parallel.CALLS * parallel.LONGEST)
    assert all(pause.lasts() for _ in range(int(parallel.CALLS * parallel.LONGEST)))
    assert not pause.lasts()  # the time is over, and so are the calls
    for _ in range(6):
        pause.judge(0.002, 0.0039)
    assert not pause.lasts() and pause.length == parallel.SHORTEST
    used = []
    monkeypatch.setattr(parallel, "_pause", pause)
    monkeypatch.setattr(parallel, "_submit", lambda *_: used.append(1) or [])
    monkeypatch.setattr(parallel, "LONG", 60)  # however long it takes here
    monkeypatch.setattr(parallel, "WINDOW", 0)
    with convlib.threads(2):
        parallel.each(lambda _: time.sleep(0.001), range(3))
        assert used == [1] and pause.lasts()  # nobody came to help
        parallel.each(lambda _: time.sleep(0.001), range(3))
        assert used == [1]
        done = []
        monkeypatch.setattr(parallel, "LONG", 0.02)
        parallel.each(lambda task: time.sleep(0.002) or done.append(task), range(30))
    assert used == [1, 1] and done == [*range(30)]  # it is long: worth it even so


# What goes wrong


@pytest.mark.parametrize("error", [ValueError("no such cell"), MemoryError(), KeyboardInterrupt()])
@pytest.mark.parametrize("put", [None, lambda task, value: None])
@pytest.mark.parametrize("where", ["helper", "caller"])
def test_an_error_comes_out_as_it_is(error, put, where):
    caller, done, both = threading.get_ident(), [], threading.Barrier(2, timeout=60)

    def work(task):
        if task < 2:
            both.wait()
            if (threading.get_ident() == caller) == (where == "caller"):
                raise error
        done.append(task)
        time.sleep(0.001)

    with convlib.threads(2), pytest.raises(type(error)) as raised:
        parallel.each(work, range(5000), put)
    assert raised.value is error and len(done) < 4999
    assert not parallel._working.get()
    before = len(done)
    time.sleep(0.05)
    assert len(done) == before  # nobody works on
    with convlib.threads(2):  # and the pool is as good as before
        parallel.each(done.append, range(10))
    assert len(done) == before + 10


def test_an_error_of_what_is_put():
    def put(task, _):
        if task == 3:
            raise ArithmeticError("at task 3")

    with convlib.threads(3), pytest.raises(ArithmeticError, match="at task 3"):
        parallel.each(lambda task: task, range(50), put)


def test_a_kernel_s_own_error(small_blocks, monkeypatch):
    x, w = np.ones((6, 2, 9, 9)), np.ones((3, 2, 3, 3))

    def fails(*_):
        raise MemoryError("no room")

    monkeypatch.setattr("convlib.algorithms.im2col.multiply", fails)
    with convlib.threads(3), pytest.raises(MemoryError, match="no room"):
        conv2d(x, w, method="im2col")


def test_ctrl_c_ends_a_call():
    """In a process of its own: the signal reaches the main thread, wherever it is."""
    code = """
import _thread, signal, threading, time
import numpy as np, convlib
from convlib import parallel
signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is ignored
def interrupt():
    time.sleep(0.3)
    _thread.interrupt_main()
threading.Thread(target=interrupt).start()
start = time.perf_counter()
try:
    with convlib.threads(2):
        parallel.each(lambda _: time.sleep(0.01), range(10**5))
except KeyboardInterrupt:
    print("interrupted", time.perf_counter() - start < 30)
x, w = np.ones((4, 16, 40, 40)), np.ones((16, 16, 3, 3))
with convlib.threads(2):
    print(convlib.conv2d(x, w)[0, 0, 0, 0])
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                           timeout=120, cwd=Path(convlib.__file__).parents[1])
    assert ended.stdout.splitlines()[0] == "interrupted True" and not ended.stderr
    assert float(ended.stdout.splitlines()[1]) == pytest.approx(144)


# Other threads and processes of the user's


def layer():
    rng = np.random.default_rng(0)
    return rng.normal(size=(4, 16, 40, 36)), rng.normal(size=(24, 16, 3, 3))


def test_two_threads_of_the_user_at_once():
    x, w = layer()
    right = conv2d(x, w).tobytes()

    def calls(n):
        with convlib.threads(n):
            return all(conv2d(x, w).tobytes() == right for _ in range(4))

    with ThreadPoolExecutor(4) as users:
        assert all(users.map(calls, [1, 2, 3, 2]))


def in_child(queue):
    together = threading.Barrier(2, timeout=30)
    with convlib.threads(2):
        parallel.each(lambda _: together.wait(), range(2))  # passes only with a helper
        queue.put(conv2d(*layer()).tobytes())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_fork_after_use_does_not_hang():
    with convlib.threads(3):
        right = conv2d(*layer()).tobytes()
    assert parallel._pool is not None
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=in_child, args=(queue,))
    child.start()
    try:
        assert queue.get(timeout=60) == right
        child.join(60)
        assert child.exitcode == 0
    finally:
        child.kill()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_fork_while_another_thread_computes_gives_blas_its_threads_back():
    with threadpool_limits(2, user_api="blas"):
        with parallel.one_blas_thread:
            with parallel.one_blas_thread.lock:  # as another thread may hold it
                child = os.fork()
                if not child:
                    try:
                        with parallel.one_blas_thread, convlib.threads(2):
                            conv2d(*layer())
                        os._exit(blas_threads() - 2)
                    finally:
                        os._exit(9)
            end = time.monotonic() + 60
            while not (ended := os.waitpid(child, os.WNOHANG))[0] and time.monotonic() < end:
                time.sleep(0.01)
            if not ended[0]:
                os.kill(child, 9)
                os.waitpid(child, 0)
        assert ended[0] and os.waitstatus_to_exitcode(ended[1]) == 0


def blas_threads():
    return max(each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas")


def test_blas_has_one_thread_while_a_large_call_computes_and_then_as_many_as_before(monkeypatch):
    counts = []
    matmul = np.matmul

    def noting(*args, **options):
        counts.append(blas_threads())
        return matmul(*args, **options)

    x, w = layer()
    monkeypatch.setattr("convlib.algorithms.gemm.np.matmul", noting)
    with threadpool_limits(3, user_api="blas"):
        conv2d(x, w, method="im2col")
        assert counts and set(counts) == {1} and blas_threads() == 3
        with pytest.raises(ValueError):
            conv2d(x * np.nan, w, method="fft")
        with parallel.one_blas_thread:
            conv2d(x, w)
            assert blas_threads() == 1
        assert blas_threads() == 3
