"""One stage a file: read what is in its state, decide with core, write in transactions. No stage knows another."""
