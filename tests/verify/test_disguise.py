"""A claim is judged as it reads: nothing hidden, masked or turned round gets through."""

import random

import pytest

from advisor.verify.exact import check
from advisor.verify.text import clean

PASSAGE = (
    "Arena supports a cluster for three years. Arena does not pay salaries. In 2019 Arena had 22 members in Ålesund. "
    "Half of the costs are paid by Siva."
)
TRUE = "Arena does not pay salaries."


@pytest.mark.parametrize(
    "claim",
    [
        "Arena does n\u200bot pay salaries.",
        "Arena does <b>not</b> pay salaries.",
        "Arena does **not** pay salaries [s1].",
        "Arena does n&#111;t pay salaries.",
        "Аrеnа does not pay salaries.",
        "Ａｒｅｎａ does not pay salaries.",
        "Arena\u00ad does not pay sal\u00adaries.",
    ],
)
def test_masks_are_taken_off(claim: str) -> None:
    assert clean(claim) == TRUE
    assert check(claim, PASSAGE).copied


@pytest.mark.parametrize(
    "claim",
    [
        "Arena does <!-- not --> pay salaries.",
        "In 2019 Arena had ２３ members.",
        "In 2019 Arena had ٢٣ members.",
        "In 2019 Arena had 𝟐𝟑 members.",
        "In 2019 Arena had 2<i></i>3 members.",
        "In 2019 Arena had 2\u200b3 members.",
        "In 2019 Arena had 22² members.",
        "In 2019 Arena had 2O members.",
        "In 2019 Arena had l2 members.",
        "In 2019 Arena had \u202e22\u202c members.",
        "In 2019 Arenа had 23 мembers.",
        "¼ of the costs are paid by Siva.",
        "Аалесунд pays half of the costs.",
    ],
)
def test_masked_falsehoods_are_caught(claim: str) -> None:
    found = check(claim, PASSAGE)
    assert found.problem and not found.copied, found


def test_a_mask_never_changes_the_ruling() -> None:
    """Property: zero-width characters, tags and wide letters at random places leave every ruling as it was."""
    rng = random.Random(4)
    claims = [TRUE, "Arena pays salaries.", "In 2019 Arena had 23 members.", "Arena supports clusters for three years."]
    for claim in claims * 30:
        at = rng.randrange(len(claim))
        masked = rng.choice(
            [
                claim[:at] + rng.choice(["\u200b", "\u2060", "\ufeff", "\u00ad", "<b></b>"]) + claim[at:],
                claim[:at] + (chr(ord(claim[at]) + 0xFEE0) if claim[at].isalnum() else claim[at]) + claim[at + 1 :],
            ]
        )
        assert check(masked, PASSAGE) == check(claim, PASSAGE), masked
