"""A kernel stores twice the pixels, at the same size."""

import base64
import struct

import nbformat.v4 as v4
from nbclient import NotebookClient
from run_chapters import kernel_environment

SOURCE = """import matplotlib.pyplot as plt
from figures import draw_grids
draw_grids(x=[1, 2])
plt.show()"""


def outputs(tmp_path, formats=""):
    environment = kernel_environment(tmp_path)
    if formats:
        profile = tmp_path / "profile_default"
        profile.mkdir()
        (profile / "ipython_kernel_config.py").write_text(
            f"c.InlineBackend.figure_formats = {formats}\n")
    notebook = v4.new_notebook(cells=[v4.new_code_cell(SOURCE)])
    NotebookClient(notebook, kernel_name="python3").execute(env=environment)
    (output,) = notebook.cells[0].outputs
    return output


def test_a_picture_has_two_pixels_for_each_that_it_is_wide(tmp_path):
    output = outputs(tmp_path)
    pixels = struct.unpack(">II", base64.b64decode(output.data["image/png"])[16:24])
    shown = output.metadata["image/png"]
    assert pixels == (2 * shown["width"], 2 * shown["height"])


def test_other_formats_are_left_to_whoever_asked_for_them(tmp_path):
    output = outputs(tmp_path, '{"png", "svg"}')
    assert {"image/png", "image/svg+xml"} <= set(output.data)
    assert "image/png" in output.metadata
