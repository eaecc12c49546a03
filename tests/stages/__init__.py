"""The stages, with a real warehouse and archive, and a network that says what it is told to."""
