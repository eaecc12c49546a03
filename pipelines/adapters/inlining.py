"""The one door to css-inline: a page whose styles stand on its elements, as mail clients want it."""

import css_inline


def inlined(page: str) -> str:
    """The page with its styles on its elements; the style sheet stays too, for dark mode and narrow screens.

    Nothing is ever loaded: a page with a linked style sheet would keep its link.
    """
    return css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False).inline(page)
