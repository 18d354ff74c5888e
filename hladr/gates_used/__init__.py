"""The gates that a result rests on: the tree, the plots, a strategy to redraw, a file of it."""
