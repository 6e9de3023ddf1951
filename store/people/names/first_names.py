"""First names: what somebody is called where they have not said so themselves. A name that cannot be split stays whole.

Only a name of which the first word is surely the given one is split: in Latin letters, without title, initial or
particle in front, no family name that comes first, and no first half of a double name (María José, Ana Paula).
"""

import re
import unicodedata

_TITLES = (
    "dr dra prof profa mr mrs ms miss mx sr sra srta don doña dona dom sir lady rev fr herr frau mme mlle monsieur"
)
_PARTICLES = (
    "abd abdel abdul abu al ben bin da dal de del della den der di do dos das du el ibn la le mac mc o of san "
    "santa st saint ter um umm van von y zu"
)
_FAMILY_NAMES_THAT_COME_FIRST = (
    "bui cai cao chan chang chen cheng cho choi chung dang deng do dong duong fan feng gao guo han he ho hoang "
    "hu huang huynh jang jiang jung kang kim kwon le lee li liang lim lin liu lu luo ly ma ngo nguyen oh pan "
    "park peng pham phan seo shen shin song sun tan tang tran vo vu wang wei wong wu xiao xie xu yang ye yoon "
    "yu yuan zeng zhang zhao zheng zhou zhu"
)
_HALF_OF_A_DOUBLE_NAME = "ana anna anne jean joao jose juan luis luiz maria marie mary"
_NO_FIRST_NAME = {*f"{_TITLES} {_PARTICLES} {_FAMILY_NAMES_THAT_COME_FIRST}".split()}
_DOUBLE, _BEFORE_A_FAMILY_NAME = {*_HALF_OF_A_DOUBLE_NAME.split()}, {*_PARTICLES.split()}
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_FEWEST = 2  # letters: one alone is an initial


def first_name(name: str) -> str:
    """ "Rosa" of "Rosa Prieto"; "田中 花子", "Dr. Ada Byron" and "María José Pérez" as they are."""
    first, *rest = name.split() or [""]
    return first if rest and _is_given(first, rest) else name


def _is_given(first: str, rest: list[str]) -> bool:
    plain = _plain(first)
    if not _WORD.fullmatch(first) or len(first) < _FEWEST or not _is_latin(first) or plain in _NO_FIRST_NAME:
        return False
    if not all(_WORD.fullmatch(each.rstrip(".")) for each in rest):
        return False  # a comma, an "and", a nickname in quotes
    followed_by_family_name = len(rest) == 1 or _plain(rest[0]) in _BEFORE_A_FAMILY_NAME
    return followed_by_family_name or plain not in _DOUBLE


def _plain(word: str) -> str:
    bare = unicodedata.normalize("NFD", word.rstrip(".").casefold())
    return "".join(each for each in bare if not unicodedata.combining(each)).partition("-")[0]


def _is_latin(word: str) -> bool:
    return all(unicodedata.name(each, "").startswith("LATIN") for each in word if each.isalpha())
