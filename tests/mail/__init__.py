"""Mail, end to end, on loopback."""
