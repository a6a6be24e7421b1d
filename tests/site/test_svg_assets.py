"""Drawings are shown as SVG in the size of their PNG, photographs stay pixels."""

import base64
import io

import nbformat.v4 as v4
import svg_assets
from PIL import Image


def picture(colour, drawing):
    buffer = io.BytesIO()
    Image.new("RGB", (1376, 240), colour).save(buffer, "PNG")
    png = base64.b64encode(buffer.getvalue()).decode()
    return v4.new_output("display_data", {"image/png": png, "image/svg+xml": drawing})


def test_a_page_shows_drawings_as_svg_and_photographs_as_png(tmp_path):
    site, vectors = tmp_path / "html", tmp_path / "vectors"
    (site / "_images").mkdir(parents=True)
    (site / "chapters").mkdir()
    box = 'viewBox="0 0 495.36 86.4"'  # points: 688 by 120 pixels, half of those of the PNG
    outputs = [picture("red", f"<svg {box}><path/></svg>"),
               picture("blue", f"<svg {box}><image/></svg>")]
    svg_assets.set_aside({"one": v4.new_notebook(cells=[v4.new_code_cell(outputs=outputs)])},
                         vectors)
    assert all("image/svg+xml" not in output.data for output in outputs)
    drawing, photograph = (file.stem for file in sorted(
        vectors.iterdir(), key=lambda file: "<image" in file.read_text()))
    for output, name in zip(outputs, (drawing, photograph), strict=True):
        (site / f"_images/{name}.png").write_bytes(base64.b64decode(output.data["image/png"]))
    page = site / "chapters/01.html"
    page.write_text(f'<p><img alt="A drawing > of cells" src="../_images/{drawing}.png" />'
                    f'<img alt="A flower" src="../_images/{photograph}.png">'
                    '<img alt="elsewhere" src="../_images/other.png"></p>')
    svg_assets.show_vectors(site, vectors)
    assert page.read_text() == (
        f'<p><span class="picture"><img alt="A drawing > of cells" class="drawing" width="688" '
        f'height="120" src="../_images/{drawing}.svg"></span>'
        f'<span class="picture"><img alt="A flower" class="photograph" width="688" height="120" '
        f'src="../_images/{photograph}.png"></span>'
        '<img alt="elsewhere" src="../_images/other.png"></p>')
    assert sorted(file.name for file in (site / "_images").iterdir()) == sorted(
        [f"{drawing}.svg", f"{photograph}.png"])
