"""Chapter 11's pictures: every place of every slider, compared with the table of products."""

from itertools import pairwise, product

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from convlib import conv1d_backward, conv_transpose1d, kernel_map, output_size
from figures.chapters import ch11_strides, ch11_zeros
from tests.figures.seen import kept, numbers, words


@pytest.mark.parametrize("H, R", [(9, 3), (8, 2), (10, 1)])
def test_touching_counts_the_rows_of_each_cell(H, R):
    scene, fig = ch11_strides.touching(H, R, range(1, 5), range(1, 4)), Figure()
    for stride, dilation in [*product(range(1, 5), range(1, 4)), (1, 1)]:
        caption = scene(fig, stride, dilation)
        table = kernel_map((H,), (R,), stride=stride, dilation=dilation)
        reads = [sum(row.inp == (i,) for row in table.rows()) for i in range(H)]
        assert f" reads {', '.join(map(str, reads))}. " in caption
        assert ("Every input" in caption) == (0 not in reads)
        cells, counts, _, rows = kept(fig)
        assert numbers(counts)[0].tolist() == list(map(str, reads))
        assert [bool(cells.boxes[0, i].get_hatch()) for i in range(H)] == [n == 0 for n in reads]
        drawn = {((p,), (r,), (round(box.get_x() - 0.1 - cells.at[0]),))
                 for p, (_, boxes, _, _) in enumerate(rows) for r, box in enumerate(boxes)
                 if box.get_visible()}
        assert drawn == set(table.rows())
        edges = [(box.get_y(), box.get_y() + box.get_height()) for _, boxes, _, _ in rows
                 for box in boxes[:1] if box.get_visible()]
        assert all(low < high for (_, low), (high, _) in pairwise(edges))  # no windows overlap
        assert edges[0][0] > cells.at[1] + 1 and edges[-1][1] < counts.at[1]


def test_the_example_of_the_chapter():
    scene = ch11_strides.touching(9, 3, range(1, 5), range(1, 4))
    assert "reads 1, 1, 2, 1, 2, 1, 2, 1, 1. Every" in scene(Figure(), 2, 1)


@pytest.mark.parametrize("R, stride", [(4, 3), (2, 3), (3, 1)])
def test_choosing_draws_the_transposed_convolution_and_the_sizes_that_share_its_outputs(R, stride):
    dy, w = np.array([1, 2, 5]), np.array([1000, 100, 10, 1])[:R]
    scene, fig = ch11_strides.choosing(dy, w, stride, range(2)), Figure()
    for extra, padding in [*product(range(stride), range(2)), (0, 0)]:
        caption = scene(fig, extra, padding)
        right = conv_transpose1d(dy, w, stride=stride, padding=padding, output_padding=extra)
        total, names, _ = kept(fig)
        real = [n for n in range(total.shape[1]) if names[n].get_text()]
        assert [int(numbers(total)[0, n]) for n in real] == right.tolist()
        assert [int(names[n].get_text()) for n in real] == list(range(len(right)))
        assert f"{len(right)} entries, {right.tolist()}." in caption
        same = [n for n in range(1, 40) if n + 2 * padding >= R
                and output_size(n, R, stride=stride, padding=padding) == 3]
        assert same[extra] == len(right)
        assert all(str(n) in words(fig)[-2] for n in same)


@pytest.mark.parametrize("stride, padding, dilation", [(2, 0, 1), (2, 1, 2), (3, 2, 1), (1, 0, 3)])
def test_zeros_lie_under_the_taps_that_the_table_pairs(stride, padding, dilation):
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    H, w = 9, np.array([4, 5, 7])
    table = kernel_map((H,), (3,), **options)
    dy = np.arange(1, table.y_shape[0] + 1)
    dx = conv1d_backward(dy, np.zeros(H, int), w, **options).dx
    for i in range(H):
        left, right, total = ch11_zeros.draw_zeros(dy, w, H, i, **options).split(" = ")
        assert left == f"dx[{i}]" and int(total) == dx[i]
        pairs = [f"{dy[row.out]}·{w[row.tap]}" for row in table.rows() if row.inp == (i,)]
        assert right == (" + ".join(pairs) or "0")
        plt.close("all")


def test_groups_mark_the_channels_that_a_filter_reads():
    ch11_zeros.draw_groups(4, 8, (1, 2, 4))
    pairs = [4 * 8 // groups for groups in (1, 2, 4)]
    assert [w for w in words() if w.endswith("pairs")] == [f"{n} pairs" for n in pairs]
    assert words().count("•") == sum(pairs)


def test_the_interior_is_even_where_the_stride_divides_the_kernel():
    for stride, (R, S) in product((2, 3), ((3, 4), (4, 6), (6, 3))):
        counts = ch11_zeros.covered(stride, (R, S), places=(5, 6))
        rows, columns = (len(set(line[k - stride : n * stride].tolist())) == 1
                         for line, k, n in ((counts[:, S], R, 5), (counts[R], S, 6)))
        assert (rows, columns) == (R % stride == 0, S % stride == 0)
    ch11_zeros.draw_covered(2, [(3, 3), (4, 4)])
    drawn = [int(w) for w in words() if w.isdigit()]
    expected = [ch11_zeros.covered(2, size).ravel() for size in ((3, 3), (4, 4))]
    assert drawn == np.concatenate(expected).tolist()
    frames = [patch.get_bbox().bounds for patch in plt.gcf().axes[0].patches
              if patch.get_linewidth() == 2]
    assert [(round(tall), round(wide)) for _, _, wide, tall in frames] == [(7, 7), (6, 6)]


def test_the_shuffle_puts_each_map_into_its_own_class():
    maps = np.arange(2 * 2 * 2 * 3).reshape(2, 2, 2, 3) * 7
    ch11_zeros.draw_shuffle(maps)
    drawn = [int(word) for word in words() if word.isdigit()]
    big = np.reshape(drawn[:24], (4, 6))
    for a, b in product(range(2), range(2)):
        assert np.array_equal(big[a::2, b::2], maps[a, b])
    assert drawn[24:] == maps.ravel().tolist()
    colours = {}
    for text in plt.gcf().axes[0].texts:
        if text.get_text().isdigit():
            box = next(p for p in plt.gcf().axes[0].patches if hasattr(p, "get_center")
                       and np.allclose(p.get_center(), text.get_position()))
            colours.setdefault(text.get_text(), set()).add(box.get_facecolor())
    assert all(len(found) == 1 for found in colours.values())
