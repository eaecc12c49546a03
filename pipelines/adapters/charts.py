"""The one door to Pillow: a chart as PNG, for mail, which shows no SVG. The same chart gives the same bytes."""

import io
from typing import cast

from PIL import Image, ImageDraw, ImageFont

from pipelines.core.charts import Box, Chart, Label

_SCALE = 2  # for sharp screens
_PAPER, _INK = "#ffffff", "#53606e"
_FILL = {"bar": "#7c9cbf", "newest": "#0b57a4"}
_RULE = {"floor": "#53606e", "grid": "#d9dfe5", "usual": "#8a3b12"}
_HATCH, _HATCH_STEP = "#b9c2cb", 6
_ANCHOR = {"start": "ls", "middle": "ms", "end": "rs"}
_DASH = 6


def as_png(chart: Chart) -> bytes:
    """The chart on white paper, which a dark mail shows as a card."""
    image = Image.new("RGB", (chart.width * _SCALE, chart.height * _SCALE), _PAPER)
    draw = ImageDraw.Draw(image)
    for box in chart.boxes:
        _draw_gap(image, box) if box.kind == "gap" else draw.rectangle(_corners(box), fill=_FILL[box.kind])
    for rule in chart.rules:
        step = _DASH * _SCALE if rule.kind == "usual" else rule.width * _SCALE
        start, end, y = rule.x * _SCALE, (rule.x + rule.width) * _SCALE, rule.y * _SCALE
        while start < end:
            draw.line((start, y, min(start + step, end), y), fill=_RULE[rule.kind], width=_SCALE)
            start += 2 * step
    font = cast("ImageFont.FreeTypeFont", ImageFont.load_default(11 * _SCALE))
    for label in chart.labels:
        _write(draw, label, font)
    image = image.quantize(32)
    kept = io.BytesIO()
    image.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _corners(box: Box) -> tuple[float, float, float, float]:
    return (box.x * _SCALE, box.y * _SCALE, (box.x + box.width) * _SCALE, (box.y + box.height) * _SCALE)


def _draw_gap(image: Image.Image, box: Box) -> None:
    """Slanting lines, cut to the box."""
    left, top, right, bottom = (round(c) for c in _corners(box))
    patch = Image.new("RGB", (right - left, bottom - top), _PAPER)
    draw = ImageDraw.Draw(patch)
    first = -(-(left) // (_HATCH_STEP * _SCALE)) * _HATCH_STEP * _SCALE - left - (bottom - top)
    for x in range(first, right - left, _HATCH_STEP * _SCALE):
        draw.line((x, bottom - top, x + bottom - top, 0), fill=_HATCH, width=_SCALE)
    image.paste(patch, (left, top))


def _write(draw: ImageDraw.ImageDraw, label: Label, font: ImageFont.FreeTypeFont) -> None:
    draw.text((label.x * _SCALE, label.y * _SCALE), label.text, fill=_INK, font=font, anchor=_ANCHOR[label.anchor])
