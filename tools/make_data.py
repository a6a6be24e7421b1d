"""Write the files of convlib/data from scikit-learn, so that readers need not install it.

    python tools/make_data.py
"""

from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits, load_sample_image

FOLDER = Path(__file__).resolve().parent.parent / "convlib/data"


def write(folder: Path) -> None:
    """PNG keeps every pixel; the decoder of a JPEG may differ from machine to machine."""
    for name in "flower", "china":
        photo = Image.fromarray(load_sample_image(f"{name}.jpg"))
        photo.save(folder / f"{name}.png", optimize=True)
    digits = load_digits()
    np.savez_compressed(folder / "digits.npz", images=digits.images.astype(np.uint8),
                        classes=digits.target.astype(np.uint8))


if __name__ == "__main__":
    write(FOLDER)
