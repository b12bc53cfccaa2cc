"""One module for each mesh format that is read, under the ``module`` of its type in ``common.file_types``.

Each has ``read(data, *, name, max_faces) -> Soup``: the file's triangles, or a ``BadMesh`` that says what
is wrong and what to do. data: the whole file. name: what messages call it. max_faces: a reader that can
tell before unpacking refuses more than that; the others leave it to their caller.
"""
