"""The kinds of work there are: the only words by which the web app asks for it."""

BATCH_UNPACK = "batch.unpack"  # {"archive": pk of BatchArchive}
QUERIES_MATCH = "queries.match"  # {"queries": [pk]}
QUERIES_AGAIN = "queries.again"  # {}
IMPORT_UNPACK = "import.unpack"  # {"archive": pk of ImportArchive}
ITEMS_PREPARE = "items.prepare"  # {"items": [pk]}
INDEX_BUILD = "index.build"  # {}
EXPORT_WRITE = "export.write"  # {"export": pk of Export}
DRAWING_MAKE = "drawing.make"  # {"drawing": pk of Drawing}
SNAPSHOT_FREEZE = "snapshot.freeze"  # {"snapshot": pk of Snapshot}
NEAREST_FIND = "nearest.find"  # {"nearest": pk of Nearest}
MODEL_READ = "model.read"  # {"file": pk of ModelFile}
MODEL_EVALUATE = "model.evaluate"  # {"evaluation": pk of Evaluation}
TRAIN_RUN = "train.run"  # {"run": pk of TrainingRun}
MODEL_PROMOTE = "model.promote"  # {"promotion": pk of Promotion}
HOOK_DELIVER = "hook.deliver"  # {"delivery": pk of Delivery, "attempt": how many were made before}
EXEMPLARS_SPREAD = "exemplars.spread"  # {}
EXEMPLARS_EMBED = "exemplars.embed"  # {}
LABELS_AUDIT = "labels.audit"  # {"audit": pk of Audit}
LABELS_IMPORT = "labels.import"  # {"import": pk of LabelImport}
