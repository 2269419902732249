"""One module for each step from the tables of one release to those of the next."""
