"""The exact split, written a second time from its rule, in fractions.

Reads one JSON object a line, `{"price": 1000, "shares": [3334, 6666], "slots": 10}`, and answers
each with what every slot costs each funder.
"""

import json
import sys
from fractions import Fraction
from itertools import pairwise
from math import floor


def paid(price: int, shares: list[int], slots: int) -> list[int]:
    """What each funder has paid once that many slots are used.

    The price is due by share. A part of a cent cannot be paid: the cents that are missing come
    from those who would pay the least too little, the earlier funder first.
    """
    due = [price * slots * Fraction(share, 10_000) for share in shares]
    cents = [floor(amount) for amount in due]
    order = sorted(range(len(shares)), key=lambda funder: (cents[funder] - due[funder], funder))
    for funder in order[: price * slots - sum(cents)]:
        cents[funder] += 1
    return cents


def by_slot(price: int, shares: list[int], slots: int) -> list[list[int]]:
    """What each slot costs each funder."""
    sums = [paid(price, shares, used) for used in range(slots + 1)]
    return [
        [now - before for now, before in zip(after, until, strict=True)]
        for until, after in pairwise(sums)
    ]


for line in sys.stdin.read().splitlines():
    print(json.dumps(by_slot(**json.loads(line))))
