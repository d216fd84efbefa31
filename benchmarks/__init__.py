"""How fast it is at a million prospects: the product's doors beside bare SQL, in the same run.

Run by hand, never by the tests: `python -m benchmarks seed|run|explain`.
"""
