"""The machine checks of document 004, lecture slides on one and two convolutional layers.

One module a part; the parts take turns on the slides.
"""

from course.audit import (
    slides_chain,
    slides_filters,
    slides_layer,
    slides_loss,
    slides_matrix,
    slides_two,
)

PARTS = slides_layer, slides_loss, slides_chain, slides_filters, slides_matrix, slides_two
CHECKS = dict(sorted(item for part in PARTS for item in part.CHECKS.items()))
