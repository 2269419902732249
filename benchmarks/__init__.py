"""What BENCHMARKS.md reports: each module measures one side of the product in one interleaved run."""
