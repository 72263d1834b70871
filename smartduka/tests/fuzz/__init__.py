"""Random requests to every address of the project, from everybody, with values that break programs."""
