"""The program, as `omniai` and as `python -m app`: loads everything while the garbage collector rests."""

import gc

# Looking through modules for garbage, over and over while they load, takes a fifth of what loading takes.
gc.disable()

from app.cli import main  # noqa: E402 - after the collector has been told to rest

if __name__ == "__main__":
    main()
