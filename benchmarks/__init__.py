"""What Presswatch costs, beside others on the same input. See README.md in this folder."""
