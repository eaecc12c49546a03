"""The tests, in the shape of the package; one folder a layer."""
