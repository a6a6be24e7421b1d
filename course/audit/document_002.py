"""The machine checks of document 002, notes on both gradients, in the order of its four parts."""

from course.audit import notes_input, notes_kernel, notes_row, notes_square

CHECKS = notes_kernel.CHECKS | notes_input.CHECKS | notes_row.CHECKS | notes_square.CHECKS
