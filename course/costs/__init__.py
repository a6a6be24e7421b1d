"""What a convolution costs: products and sums that were counted, beside the formulas for them."""
