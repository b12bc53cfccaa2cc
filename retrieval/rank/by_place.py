"""A candidate whose block is believed to have printed the page stands where its place says."""

from collections.abc import Sequence


def order_by_place(items: Sequence[int], placed: int | None) -> list[int]:
    """In which order candidates stand, as their places in ``items``, where one lies under the print.

    Of a page whose block is known, one candidate lies where the print is: it comes first. None is brought in
    that was not among the candidates, and the others keep their order, so that whoever is to judge by the
    print alone can be shown the same ones.

    Args:
        items: ids of the candidates, the best first.
        placed: the item at the print's place; None where no block is believed.

    Example:
        >>> from retrieval.rank.by_place import order_by_place
        >>> order_by_place([7, 8, 9], 9)
        [2, 0, 1]
    """
    order = list(range(len(items)))
    if placed is not None and placed in items:
        order.insert(0, order.pop(list(items).index(placed)))
    return order
