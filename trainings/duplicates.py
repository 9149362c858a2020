"""Whether two records are the same business or the same person: one scorer, and the keys under which likely pairs meet.

Pure: no database. A pair is likely from `LIKELY` points on; every point that speaks for it has a reason that can be read out.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import combinations
from typing import Final, Literal

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ikm_program.searching import normalised

LIKELY: Final = 50
ASKED: Final = 30  # on entry, where somebody is there to look: a similar name that nothing speaks against
CERTAIN: Final = 100
MAX_NAME_WORDS: Final = 6  # of a longer name the first words make the keys
TYPO_LENGTH: Final = 4  # shorter words must be written the same

# Words that say nothing about which business or person it is.
NOISE: Final = frozenset(
    {"ud", "cv", "pt", "kub", "ikm", "umkm", "ukm", "usaha", "kelompok", "koperasi", "toko", "rumah", "produksi", "industri"}
    | {"h", "hj", "haji", "hajah", "ibu", "bu", "bapak", "pak", "dan", "contoh"}
)
_OLD_SPELLING: Final = (("oe", "u"), ("dj", "j"), ("tj", "c"))
_VOWELS: Final = frozenset("aeiou")


class Reason(TextChoices):
    """What speaks for one and the same."""

    NIB = "nib", _("same NIB")
    NIK = "nik", _("same NIK")
    PHONE = "telepon", _("same telephone")
    NAME = "nama", _("same name")
    NAME_ALIKE = "nama_mirip", _("similar name")
    OWNER = "pemilik", _("same owner")
    OWNER_ALIKE = "pemilik_mirip", _("similar owner")
    BIRTH_DATE = "lahir", _("born on the same day")
    ENTERPRISE = "usaha", _("of the same business")
    ADDRESS = "alamat", _("same address")
    VILLAGE = "desa", _("same village")
    SUBDISTRICT = "kecamatan", _("same sub-district")


class Against(TextChoices):
    """What speaks against it; only the points are kept (its words must differ from those of a reason)."""

    NUMBER = "beda_nomor"
    OWNER = "beda_pemilik"
    BIRTH_DATE = "beda_lahir"
    SEX = "beda_jenis"
    REGION = "beda_wilayah"


Points = Mapping[Reason | Against, int]
OF_ENTERPRISES: Points = {
    Reason.NIB: CERTAIN,
    Reason.NIK: 45,  # one owner may have two businesses
    Reason.PHONE: 50,
    Reason.NAME: 50,
    Reason.NAME_ALIKE: 35,
    Reason.OWNER: 30,
    Reason.OWNER_ALIKE: 20,
    Reason.ADDRESS: 20,
    Reason.VILLAGE: 20,
    Reason.SUBDISTRICT: 15,
    Against.NUMBER: -30,
    Against.OWNER: -25,
    Against.REGION: -25,
}
OF_PARTICIPANTS: Points = {
    Reason.NIK: CERTAIN,
    Reason.PHONE: 35,
    Reason.NAME: 40,
    Reason.NAME_ALIKE: 30,
    Reason.BIRTH_DATE: 30,
    Reason.ENTERPRISE: 15,
    Reason.ADDRESS: 15,
    Against.NUMBER: -45,
    Against.BIRTH_DATE: -30,
    Against.SEX: -40,
    Against.REGION: -20,
}


@dataclass(frozen=True)
class Traits:
    """What a record is compared by. `numbers` by column: they identify, and block candidates."""

    kind: Literal["enterprise", "participant"]
    name: str
    region: int | None
    numbers: Mapping[str, str] = field(default_factory=dict, repr=False)  # a NIK stays out of tracebacks
    owner: str = ""
    address: str = ""
    village: str = ""
    subdistrict: str = ""
    sex: str = ""
    birth_date: dt.date | None = None
    enterprise: int | None = None

    # A search compares a record with dozens of others: its words are brought into form once.

    @cached_property
    def name_words(self) -> tuple[str, ...]:
        return name_words(self.name)

    @cached_property
    def owner_words(self) -> tuple[str, ...]:
        return name_words(self.owner)

    @cached_property
    def places(self) -> tuple[str, str, str]:
        """Address, village and sub-district, as they are compared."""
        return normalised(self.address), normalised(self.village), normalised(self.subdistrict)


@dataclass(frozen=True)
class Likeness:
    """How much two records look like one, from 0 to 100, and why."""

    score: int
    reasons: tuple[Reason, ...]

    @property
    def is_likely(self) -> bool:
        return self.score >= LIKELY

    @property
    def is_worth_asking(self) -> bool:
        return self.is_likely or (self.score >= ASKED and not {Reason.NAME, Reason.NAME_ALIKE}.isdisjoint(self.reasons))


def compare(one: Traits, other: Traits) -> Likeness:
    """The same whichever of the two is named first."""
    points = OF_ENTERPRISES if one.kind == "enterprise" else OF_PARTICIPANTS
    found = [sign for sign in (*_numbers(one, other), *_names(one, other), *_facts(one, other), *_places(one, other)) if sign in points]
    score = min(max(sum(points[sign] for sign in found), 0), CERTAIN)
    return Likeness(score, tuple(sign for sign in found if isinstance(sign, Reason)))


def in_words(reasons: Iterator[str] | tuple[str, ...] | list[str]) -> list[str | Promise]:
    """Stored reasons as a person reads them."""
    return [Reason(code).label for code in reasons if code in Reason.values]


# --- names --------------------------------------------------------------------------------------------------------------


def name_words(text: str) -> tuple[str, ...]:
    """The telling words of a name in the spelling of today: "UD. Tjahaja Baroe" is ("cahaja", "baru")."""
    spelled = normalised(text)
    for old, new in _OLD_SPELLING:
        spelled = spelled.replace(old, new)
    words = spelled.split()
    return tuple([word for word in words if word not in NOISE] or words)


def words_agree(first: tuple[str, ...], second: tuple[str, ...]) -> Literal["same", "alike", ""]:
    """Of the `name_words` of two names: the same in any order or spacing; or alike: one typing error a word, or one word more."""
    if not first or not second:
        return ""
    if first == second or sorted(first) == sorted(second) or "".join(first) == "".join(second):
        return "same"
    if _figures(first) != _figures(second):  # "Penjahit 1" is not "Penjahit 2"
        return ""
    shorter, longer = sorted((first, second), key=len)
    has_room = len(longer) == len(shorter) or (len(longer) == len(shorter) + 1 and len(shorter) > 1)
    return "alike" if has_room and _all_find_a_partner(shorter, longer) else ""


def is_part_of(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Whether one name is the other with words left out: "Aminah" and "Siti Aminah" may be one owner, or two."""
    shorter, longer = sorted((first, second), key=len)
    return _all_find_a_partner(shorter, longer)


def is_one_typo_apart(one: str, other: str) -> bool:
    """One letter more, less, other, or two neighbours swapped; in short words nothing."""
    if one == other:
        return True
    if min(len(one), len(other)) < TYPO_LENGTH or abs(len(one) - len(other)) > 1:
        return False
    start = next((index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _figures(words: tuple[str, ...]) -> list[str]:
    return sorted(word for word in words if word.isdigit())


def _all_find_a_partner(shorter: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    free = list(longer)
    for word in shorter:
        partner = next((candidate for candidate in free if is_one_typo_apart(word, candidate)), None)
        if partner is None:
            return False
        free.remove(partner)
    return True


# --- what speaks for and against ----------------------------------------------------------------------------------------

_NUMBER_REASONS: Final = {"nib": Reason.NIB, "nik": Reason.NIK, "owner_nik": Reason.NIK, "phone": Reason.PHONE}


def _numbers(one: Traits, other: Traits) -> Iterator[Reason | Against]:
    for column, number in one.numbers.items():
        theirs = other.numbers.get(column, "")
        if number and number == theirs:
            yield _NUMBER_REASONS[column]
        elif number and theirs and column != "phone":  # people have two telephones, but one number
            yield Against.NUMBER


def _names(one: Traits, other: Traits) -> Iterator[Reason | Against]:
    match words_agree(one.name_words, other.name_words):
        case "same":
            yield Reason.NAME
        case "alike":
            yield Reason.NAME_ALIKE
    if one.owner and other.owner:
        match words_agree(one.owner_words, other.owner_words):
            case "same":
                yield Reason.OWNER
            case "alike":
                yield Reason.OWNER_ALIKE
            case _ if not is_part_of(one.owner_words, other.owner_words):
                yield Against.OWNER


def _facts(one: Traits, other: Traits) -> Iterator[Reason | Against]:
    if one.birth_date and other.birth_date:
        yield Reason.BIRTH_DATE if one.birth_date == other.birth_date else Against.BIRTH_DATE
    if one.sex and other.sex and one.sex != other.sex:
        yield Against.SEX
    if one.enterprise and one.enterprise == other.enterprise:
        yield Reason.ENTERPRISE


def _places(one: Traits, other: Traits) -> Iterator[Reason | Against]:
    if one.region != other.region:
        yield Against.REGION
        return
    here, there = one.places, other.places
    if one.address and here[0] == there[0]:
        yield Reason.ADDRESS
    if one.village and here[1] == there[1]:
        yield Reason.VILLAGE
    elif one.subdistrict and here[2] == there[2]:
        yield Reason.SUBDISTRICT


# --- where likely pairs meet ----------------------------------------------------------------------------------------------


@lru_cache(maxsize=16_384)
def skeleton(word: str) -> str:
    """First letter and consonants, doubled ones once: what most typing errors leave alone. Figures stay whole."""
    if word.isdigit():
        return word
    kept = word[:1]
    for letter in word[1:]:
        if letter not in _VOWELS and letter != kept[-1]:
            kept += letter
    return kept


def block_keys(traits: Traits) -> set[int]:
    """Two records are compared when they share a key: a number, the bones of the name (one word may be missing), of the owner."""
    keys = {f"{column}:{number}" for column, number in traits.numbers.items() if number}
    bones = sorted({skeleton(word) for word in traits.name_words[:MAX_NAME_WORDS]})
    names = [bones, *combinations(bones, len(bones) - 1)] if len(bones) > 1 else [bones]
    keys |= {f"nama:{traits.region}:{' '.join(words)}" for words in names}
    if traits.owner:
        keys.add(f"pemilik:{traits.region}:{' '.join(sorted(skeleton(word) for word in traits.owner_words))}")
    return {_hashed(key) for key in keys}


def _hashed(key: str) -> int:
    """A signed 64-bit number: small in the table, and no NIK or name stands there."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), signed=True)
