"""Slots: what stands in a message besides its purpose. One module per kind, each a plain function over the text."""
