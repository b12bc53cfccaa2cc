"""Refusals of snapshots and models."""

from django.utils.translation import gettext_noop as _

MODEL_WORDS: dict[str, tuple[str, str]] = {
    "bad_set": (_("The test set cannot be read."), _("Check its folder and its list.")),
    "set_items_missing": (
        _("The test set names blocks that are not there."),
        _("Check the list of blocks and their files."),
    ),
    "bad_method": (_("This method does not exist, or does not fit its weights."), ""),
    "bad_ids": (_("The ids of the index are not valid."), _("Tell a curator.")),
    "bad_count": (_("The number of neighbours is not valid."), _("Tell a curator.")),
    "index_missing": (_("A file of the search index is missing."), _("It is built again by itself.")),
    "index_damaged": (_("The search index is damaged."), _("It is built again by itself.")),
    "index_not_written": (_("The search index could not be written."), _("Check the server's disk.")),
    "index_other_model": (_("The index was built with another model."), _("It is built again by itself.")),
    "no_graphics": (_("The server cannot render meshes."), _("Tell an operator: EGL is missing.")),
    "sample_not_prepared": (_("The sample data could not be prepared."), _("Look at the workers' log.")),
    "evaluation_failed": (_("The evaluation failed."), _("Try again, or tell a curator.")),
    "promotion_failed": (_("The promotion failed."), _("The live model stays live. Try again.")),
    "run_failed": (_("The training run failed."), _("Look at its log, then resume it.")),
    "snapshot_failed": (_("The snapshot could not be created."), _("Try again, or tell a curator.")),
    "bad_note": (_("The note is too long."), ""),
    "bad_split": (_("This split does not exist."), ""),
    "bad_snapshot": (
        _("A file of the snapshot was changed, damaged or lost."),
        _("Restore it from a backup, or create a new snapshot."),
    ),
    "bad_model": (
        _("This file is not a model that can be used here."),
        _("Copy it again or train it again."),
    ),
    "useless_model": (
        _("The model fails its own trial: its weights are of no use."),
        _("The live model stays live. Train it again, and look at its evaluation."),
    ),
    "bad_vectors": (_("The model is broken."), _("Tell a curator. It is tried again by itself.")),
    "bad_index": (_("The search index is broken."), _("Tell a curator. It is tried again by itself.")),
    "index_recall": (_("The new index does not find enough; the older one goes on."), ""),
    "damaged_model": (_("The weights file is damaged."), _("Copy it again.")),
    "other_recipe": (
        _("These weights are here already with another recipe."),
        _("Save them again with their recipe."),
    ),
    "other_model": (_("The index was built with another model."), ""),
    "model_missing": (_("The weights file is missing."), _("Import the model again.")),
    "no_release": (_("No model is live yet."), _("Tell a curator.")),
    "already_live": (_("This model is already live."), ""),
    "nothing_to_learn": (
        _("The snapshot's training set has no match whose block is in the gallery."),
        _("Label more pictures, create another snapshot and train on that."),
    ),
    "bad_recipe": (_("This recipe does not exist."), ""),
    "bad_objective": (_("This training objective does not exist."), ""),
    "run_over": (_("The training run is no longer in that state."), _("Reload the page.")),
    "folder_taken": (_("Another process is still working on it."), _("Try again in a minute.")),
    "nothing_to_ask": (
        _("The snapshot's test set has no query whose match is in the gallery."),
        _("Label more pictures, create another snapshot and evaluate on that."),
    ),
    "bad_evaluation": (_("That evaluation is of another model."), ""),
    "stale_evaluation": (
        _("Another model has gone live since this evaluation."),
        _("Evaluate it against the model that is live now."),
    ),
    "gate_closed": (
        _("A check failed, or the model has not been evaluated."),
        _("Give a reason for promoting it anyway."),
    ),
    "audit_failed": (_("The audit failed."), _("Try again, or tell a curator.")),
}
