"""A small benchmark set on disk: carved blocks of made-up characters, and prints of them."""

from pathlib import Path

from tests import meshes, pictures


def write_set(folder: Path, *, items: int = 6, tables: bool = True) -> Path:
    """Blocks 0.stl ... and two prints of each, 0.png and 1.png of block 0, and so on."""
    (folder / "database").mkdir(parents=True)
    (folder / "queries").mkdir()
    labels, kinds = ["query,label"], ["query,kind"]
    for item in range(items):
        (folder / "database" / f"{item}.stl").write_bytes(meshes.stl(*meshes.relief(item, 48)))
        for style in (0, 1):
            name = f"{2 * item + style}.png"
            (folder / "queries" / name).write_bytes(pictures.png(item, 96, style=style))
            labels.append(f"{name},{item}.stl")
            kinds.append(f"{name},{('print', 'style')[style]}")
    if tables:
        (folder / "labels.csv").write_text("\r\n".join(labels) + "\r\n")
        (folder / "kinds.csv").write_text("\r\n".join(kinds) + "\r\n")
    return folder
