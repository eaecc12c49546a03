"""Property tests draw the same examples on every run."""

from tests.builders import steady_examples

steady_examples()
