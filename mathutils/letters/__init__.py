"""Letters in place of arrays: their algebra, how they are written, and how NumPy feeds them."""
