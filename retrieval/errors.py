"""What can go wrong in the library, each with a code for machines and a remedy for people."""

from common.errors import BadInput, InstallationTrouble


class BadMesh(BadInput):
    """A mesh file cannot be read, or holds nothing that can be rendered."""

    code = "bad_mesh"


class BadImage(BadInput):
    """An image file cannot be read, or is too large to be read safely."""

    code = "bad_image"


class BadSet(BadInput):
    """A benchmark set is not in the layout it should be in."""

    code = "bad_set"


class BadModel(InstallationTrouble):
    """A weights file is damaged, was made by another recipe, or its network gives no usable vectors."""

    code = "bad_model"


class BadVectors(BadInput, InstallationTrouble):
    """Vectors that no model should have made: of another width, not finite, or not of unit length."""

    code = "bad_vectors"


class BadIndex(InstallationTrouble):
    """An index is damaged, of another width, or made with another model."""

    code = "bad_index"
