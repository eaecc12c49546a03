"""The invented press: a dozen outlets that answer over real HTTP, so that the whole of Presswatch runs without the web.

    texts/*.yaml + outlets.yaml -> world (items, outlets) -> press (a pure answer to each request) -> server (sockets)

Nothing of the pipeline imports this package, and this package imports nothing of the pipeline.
"""
