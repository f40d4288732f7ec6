"""Text to acts: what people say, in the labels of the contract. Knows no channel, no store, no session."""
