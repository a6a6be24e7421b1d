# `make lab` lets every kernel begin with this: after a restart, whichever cell is run first, a name
# that is missing is told where it comes from. Nothing is defined for the reader's cells.
if __import__("importlib.util").util.find_spec("course"):
    __import__("course")
