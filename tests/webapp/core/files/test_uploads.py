"""What comes in can be looked at before it is read."""

import io

from hypothesis import given
from hypothesis import strategies as st

from common.file_heads import HEAD
from webapp.core.files.uploads import Peeked


class OneByOne(io.BytesIO):
    """A stream that gives as little as it may."""

    def read(self, size=-1):
        return super().read(1 if size > 0 else size)


@given(st.integers(0, 3 * HEAD), st.lists(st.integers(1, 2 * HEAD), max_size=6), st.booleans())
def test_looking_at_the_head_takes_nothing_away(length, sizes, slow):
    content = (bytes(range(251)) * (length // 251 + 1))[:length]
    peeked = Peeked((OneByOne if slow else io.BytesIO)(content))
    assert peeked.head == content[:HEAD]
    parts = [peeked.read(size) for size in sizes]
    assert all(len(part) <= size for part, size in zip(parts, sizes, strict=True))
    assert b"".join([*parts, peeked.read()]) == content
    assert peeked.read(5) == b""
