"""Words of a unit that residents read: without what was only there to name the order."""

import pytest

from redprop_bot.dialogue import finding


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("D20261127-0007 修好了", "修好了"),
        ("D20261127-0007号单修好了，换了门机", "修好了，换了门机"),
        ("修好了（D20261127-0007）", "修好了"),
        ("单号D20261127-0007，修好了", "修好了"),
        ("换了 2 个 6 号阀", "换了 2 个 6 号阀"),
        ("D20261127-0007", ""),
    ],
)
def test_the_number_of_a_command_is_no_note_for_residents(said, kept):
    """They know their own number; other numbers in the words stay."""
    assert finding.unnumbered(said) == kept
