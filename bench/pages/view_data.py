"""A page of so many boxes, read and matched: ``python -m bench.pages.view_data BOXES`` prints its address.

Run with the environment of the installation that it is made in.
"""

import sys

import numpy as np

from bench.review.batch import make_curator

COLUMNS = 25
SIZE = 4000, 6000  # pixels


def main() -> None:
    """Make the tables, the curator, and a document of one page."""
    print(f"/pages/{_page(make_curator(), int(sys.argv[1])).pk}/")  # noqa: T201 - a command's answer


def _page(owner, count: int):
    """A page of squares in columns from the right, each with five suggestions."""
    # Only here: models load once Django is set up.
    from tests import factories
    from tests.desk import desk
    from webapp.pages.models import Box
    from workers.tasks.pages.page_pictures import write_tiles

    made = desk(owner, queries=count, items=24, name="A large page")
    page = factories.page(factories.document(owner, batch=made.batch), size=SIZE)
    rows = -(-count // COLUMNS)
    across, down = SIZE[0] / (COLUMNS + 1), SIZE[1] / (rows + 1)
    picture = np.full((SIZE[1], SIZE[0], 3), (230, 217, 188), np.uint8)
    boxes = []
    for number, query in enumerate(made.queries):
        column, row = divmod(number, rows)
        x, y = SIZE[0] - (column + 1.4) * across, (row + 0.6) * down
        w, h = 0.7 * across, 0.8 * down
        picture[round(y + 9) : round(y + h - 9), round(x + 9) : round(x + w - 9)] = number % 60
        place = {"x": x, "y": y, "w": w, "h": h, "column": column + 1, "order": number + 1}
        boxes.append(Box(page=page, query=query, source="model", score=0.9, stale=False, **place))
    Box.objects.bulk_create(boxes)
    write_tiles(page, picture)
    return page


if __name__ == "__main__":
    main()
