"""The arguments that bin/test adds."""

import pytest

from core.embedded.suite import defaults

EVERYDAY = ["-m", "not slow and not browser and not fuzz"]


class TestDefaults:
    @pytest.mark.parametrize(
        ("words", "added"),
        [
            ([], [*EVERYDAY, "-n", "2"]),
            (["tests/prospects", "-k", "board"], [*EVERYDAY, "-n", "2"]),
            (["--maxfail=1"], [*EVERYDAY, "-n", "2"]),
            (["-m", "slow"], ["-n", "2"]),
            (["-mslow"], ["-n", "2"]),
            (["-n0"], EVERYDAY),
            (["-n", "4", "-m", "slow"], []),
            (["tests/test_x.py::TestY::test_z"], EVERYDAY),
            (["--pdb"], EVERYDAY),
        ],
    )
    def test_leave_alone_what_the_caller_says(self, words: list[str], added: list[str]) -> None:
        assert defaults(words) == added
