"""Whole runs on the demo press and on real documents: what must hold at their end, and after every step."""
