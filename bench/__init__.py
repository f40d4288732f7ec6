"""Benchmarks: ratios and growth measured in one run; absolute figures stand beside the machine's own limit.

Nothing here is a test and nothing here is timed by one. `make bench` prints everything.
"""
