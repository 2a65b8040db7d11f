"""Makes the words of a PDF findable: Qt 6.9 says the radical ⾦ for the letter 金 where one shape of the font serves both.

A search for 金水 in the file would find nothing. The table from shapes to letters stands in the file as plain text with
four digits a letter, so that a letter is exchanged in its place. Needed until Qt prefers letters to radicals.
"""

from __future__ import annotations

import re
import unicodedata

RADICALS = "⺂⺃⺅⺉⺏⺐⺒⺓⺔⺕⺖⺘⺙⺛⺞⺠⺡⺣⺤⺦⺨⺭⺯⺰⺱⺹⺺⺾⻂⻅⻆⻈⻉⻋⻌⻐⻑⻒⻓⻔⻖⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻮⻯⻰⻱⻲⼾"
LETTERS = "乛乚亻刂尣尢巳幺彑彐忄扌攵旡歺民氵灬爫丬犭礻糹纟罓耂肀艹衤见角讠贝车辶钅長镸长门阝青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐齿竜龙龜亀户"
KANGXI = range(0x2F00, 0x2FE0)
_LETTER_OF = {
    **{code: ord(unicodedata.normalize("NFKC", chr(code))) for code in KANGXI if unicodedata.name(chr(code), "")},
    **dict(zip(map(ord, RADICALS), map(ord, LETTERS), strict=True)),
}
_TABLE = re.compile(rb"beginbfrange.*?endbfrange", re.DOTALL)
_LETTERS = re.compile(rb"\[[^\]]*\]")
_CODE = re.compile(rb"<([0-9A-F]{4})>")


def findable(pdf: bytes) -> bytes:
    """The same file, of the same length, whose words are letters and no radicals."""
    return _TABLE.sub(lambda table: _LETTERS.sub(_said_in_letters, table[0]), pdf)


def _said_in_letters(found: re.Match[bytes]) -> bytes:
    return _CODE.sub(_letter, found[0])


def _letter(found: re.Match[bytes]) -> bytes:
    code = int(found[1], 16)
    return b"<%04X>" % _LETTER_OF.get(code, code)
