"""The parts of `python -m benchmarks.stories`: invented news with its truth, and one module a contestant.

Nothing is imported here, and `contest` needs the standard library alone: a peer runs in an environment without ours.
"""
