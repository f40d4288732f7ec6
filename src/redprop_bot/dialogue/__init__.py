"""One message in, one reply out: what was said becomes acts of the loop, their outcome becomes words.

Rules of the loop, platform words and SQL may not live here; wording is in `data/replies/`.
"""
