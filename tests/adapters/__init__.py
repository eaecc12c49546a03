"""The doors, each against the real thing behind it."""
