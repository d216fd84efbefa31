"""Two tiny sites that the benchmarks serve beside the product."""
