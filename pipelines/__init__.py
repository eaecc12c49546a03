"""Presswatch: watches the press for a policy topic, from feeds to a daily digest."""

__version__ = "0.1.0"
