"""Faults for real: a running product whose processes are killed while many people write.

`python -m tests.chaos --minutes 3 --seed 7`; docs/chaos.md says what it does and proves.
"""
