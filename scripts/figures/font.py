"""Makes figures/font/figureFont.generated.ts: the letters of figures, as two small TrueType files.

Needs Debian's fonts-dejavu-extra and python3-fonttools. Run: python3 scripts/figures/font.py
"""

import base64
import io
import pathlib

from fontTools import subset
from fontTools.ttLib import TTFont

SOURCE = pathlib.Path("/usr/share/fonts/truetype/dejavu")
TARGET = pathlib.Path(__file__).parents[2] / "figures/font/figureFont.generated.ts"
GREEK = [*range(0x391, 0x3A2), *range(0x3A3, 0x3AA), *range(0x3B1, 0x3CA)]
MARKS = "ḡĝ†‡•…–—‘’“”‖′−×÷±·≈≠≤≥∞∇∂∑√→←↑↓⁰¹²³⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉ₛᵢⱼ€⌈⌉ℓ∈ℝ"
UPRIGHT = [*range(0x20, 0x7F), *range(0xA0, 0x180), *GREEK, *map(ord, MARKS)]
ITALIC = [*range(0x20, 0x7F), *GREEK, *map(ord, "ḡĝ∇ℓ")]


def shrink(name: str, letters: list[int]) -> str:
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.name_IDs = []
    options.notdef_outline = True
    options.drop_tables += ["DSIG", "GDEF", "GPOS", "GSUB", "kern", "name", "post", "FFTM", "gasp"]
    font = TTFont(SOURCE / name, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    bytes_ = io.BytesIO()
    font.save(bytes_)
    return base64.b64encode(bytes_.getvalue()).decode()


def main() -> None:
    upright = shrink("DejaVuSansCondensed.ttf", UPRIGHT)
    italic = shrink("DejaVuSansCondensed-Oblique.ttf", ITALIC)
    TARGET.write_text(
        "/**\n * DejaVu Sans Condensed, upright and oblique, as base64: the letters that figures need.\n"
        " * Licence: resources/licences/dejavu.txt. Made by scripts/figures/font.py.\n */\n"
        f"export const uprightFont =\n  '{upright}'\n\nexport const italicFont =\n  '{italic}'\n"
    )


main()
