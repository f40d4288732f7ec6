"""`python -m redprop_bot` is the command `redprop-bot`."""

from redprop_bot.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
