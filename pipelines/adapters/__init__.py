"""The doors: one third-party library per file, our types on our side."""
