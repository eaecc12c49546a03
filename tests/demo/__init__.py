"""Tests of the invented press. They use nothing of Presswatch itself."""
