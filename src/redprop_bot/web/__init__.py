"""HTTP: what platforms, other systems and browsers reach. No rule, wording or SQL lives here."""
