"""The parts of `python -m benchmarks.poll`: invented feeds, their server, and one module a contestant.

Nothing is imported here, and `plan` needs the standard library alone: a peer runs in an environment without ours.
"""
