"""The composition root: the only rooms in which everything meets, and in which doubles enter."""
