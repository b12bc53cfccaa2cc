"""Manifests of the same pictures in both versions."""

import json


def version_3(pictures: list[tuple[str, str]], **more) -> bytes:
    """pictures: label and address of each."""
    canvases = [
        {
            "id": f"{address}/canvas",
            "type": "Canvas",
            "label": {"none": [label]},
            "items": [{"type": "AnnotationPage", "items": [_painting(address)]}],
        }
        for label, address in pictures
    ]
    found = {
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "id": "https://library.example/kieu/manifest.json",
        "type": "Manifest",
        "label": {"vi": ["Kim Vân Kiều tân truyện"]},
        "rights": "http://creativecommons.org/publicdomain/mark/1.0/",
        "items": canvases,
    }
    return json.dumps(found | more).encode()


def version_2(pictures: list[tuple[str, str]], **more) -> bytes:
    """As ``version_3``."""
    canvases = [
        {"@type": "sc:Canvas", "label": label, "images": [{"resource": {"@id": address}}]}
        for label, address in pictures
    ]
    found = {
        "@context": "http://iiif.io/api/presentation/2/context.json",
        "@id": "https://library.example/kieu/manifest.json",
        "@type": "sc:Manifest",
        "label": "Kim Vân Kiều tân truyện",
        "license": "http://creativecommons.org/publicdomain/mark/1.0/",
        "sequences": [{"@type": "sc:Sequence", "canvases": canvases}],
    }
    return json.dumps(found | more).encode()


def _painting(address: str) -> dict:
    return {"type": "Annotation", "motivation": "painting", "body": {"type": "Image", "id": address}}
