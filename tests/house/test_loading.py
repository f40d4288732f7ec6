"""Loading looks for no garbage; afterwards everybody does again, also where loading failed."""

import gc

import pytest

from redprop_bot.cli.lasting import loading


def test_garbage_is_looked_for_again_after_loading() -> None:
    """Inside it rests, however deep; outside it works."""
    assert gc.isenabled()
    with loading():
        assert not gc.isenabled()
        with loading():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_fault_while_loading_leaves_it_on() -> None:
    """A roster with faults ends a command, not the looking for garbage."""
    with pytest.raises(ValueError, match="faulty"), loading():
        raise ValueError("faulty")
    assert gc.isenabled()
