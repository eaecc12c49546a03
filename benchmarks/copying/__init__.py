"""The parts of `python -m benchmarks.duplicates`: texts with their truth, the score, and one module a contestant.

Nothing is imported here, and `contest` needs the standard library alone: a peer runs in an environment without ours.
"""
