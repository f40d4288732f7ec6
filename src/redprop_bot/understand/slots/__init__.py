# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Slots: what stands in a message besides its purpose. One module per kind, each a plain function over the text."""
