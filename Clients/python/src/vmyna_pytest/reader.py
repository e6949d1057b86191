"""The reader, which is there with or without a card."""

from .card import MynaCard


class MynaReader:
    """The virtual reader of this test. `str(reader)` and `reader.name` are what PC/SC calls it."""

    def __init__(self, world):
        self.world = world
        self.name = world.reader
        self.card = None

    def __str__(self):
        return self.name

    def insert(self, card="fresh-adult"):
        """Puts a card in: one of the gallery, a resident file, a card image. What was there goes out."""
        self.eject()
        self.world.program("insert", "--slot", 0, "--", str(card))
        self.card = MynaCard(self, str(card))
        return self.card

    def eject(self):
        """Takes the card out; nothing happens when there is none."""
        if self.status() is not None:
            self.world.program("eject", "--slot", 0)
        self.card = None

    def status(self):
        """What `vmyna status --json` tells of this reader; None while it is empty."""
        import json

        told = json.loads(self.world.program("status", "--json", "--slot", 0))
        return told if told.get("card") else None
