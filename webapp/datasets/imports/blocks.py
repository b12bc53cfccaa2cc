"""The blocks of the gallery by the words that a file names them with."""

from pathlib import PurePosixPath

from common.names import NameIndex, name_key
from webapp.core.characters import codepoints
from webapp.datasets.imports.parsed import Block
from webapp.gallery.models import Item


class NoBlock(Exception):
    """The words name no block, or several. The message says which words."""


class Blocks:
    """The gallery's ready blocks by every word that names them: 40 MB for 100,000."""

    def __init__(self) -> None:
        self._by_sha256: dict[str, int] = {}
        self._by_name, self._by_part = NameIndex(), NameIndex()
        self._by_character: dict[str, set[int]] = {}
        self._items: dict[int, tuple[str, str]] = {}
        ready = Item.objects.filter(state=Item.State.READY)
        for pk, sha256, name, character in ready.values_list("pk", "sha256", "name", "character"):
            self._items[pk] = (name, character)
            self._by_sha256[sha256] = pk
            self._by_name.add(name, pk)
            path = PurePosixPath(name)
            for part in {path.name, path.stem}:
                self._by_part.add(part, pk)
            if character:
                self._by_character.setdefault(character, set()).add(pk)

    def find(self, block: Block) -> int:
        """The id of the one block that the words name. Raises NoBlock."""
        if block.sha256:
            if block.sha256 not in self._by_sha256:
                raise NoBlock(f"no block has the digest {block.sha256}")
            return self._by_sha256[block.sha256]
        if block.name or block.number:
            return self._by_number_or_name(block)
        word = block.word or block.character
        found = self._named(word) if block.word else set()
        return self._one(found | self._by_character.get(word, set()), word)

    def _by_number_or_name(self, block: Block) -> int:
        number = int(block.number) if block.number.isascii() and block.number.isdigit() else 0
        if number in self._items and self._is_called(number, block.name):
            found = {number}
        elif block.name:
            found = self._named(block.name)
        else:
            raise NoBlock(f"there is no block no. {block.number[:20]}")
        if len(found) > 1 and block.character:
            found = {pk for pk in found if self._items[pk][1] == block.character}
        pk = self._one(found, block.name or block.number)
        shown = self._items[pk][1]
        if block.character and shown and shown != block.character:
            here, there = codepoints(shown), codepoints(block.character)
            raise NoBlock(f"the block {block} is {here} here and {there} in the file")
        return pk

    def _is_called(self, pk: int, name: str) -> bool:
        return not name or name_key(name) == name_key(self._items[pk][0])

    def _named(self, name: str) -> set[int]:
        return self._by_name.find(name) or self._by_part.find(PurePosixPath(name).name)

    def _one(self, found: set[int], word: str) -> int:
        if len(found) > 1:
            raise NoBlock(f"{len(found)} blocks have the name {word}")
        if not found:
            raise NoBlock(f"no block has the name {word}")
        return next(iter(found))
