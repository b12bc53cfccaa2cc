"""What manifests name, in both versions, and what of them is refused."""

import json

import pytest

from tests.webapp.pages.manifests.drawn import version_2, version_3
from webapp.pages.manifests.manifest import BadManifest, is_manifest, manifest_read

PICTURES = [("1a", "https://library.example/1.jpg"), ("1b/2a", "https://library.example/2.jpg")]


@pytest.mark.parametrize("write", [version_2, version_3])
def test_both_versions_say_the_same(write):
    data = write(PICTURES)
    assert is_manifest(data[:4096])
    found = manifest_read(data, name="m.json")
    assert found.label == "Kim Vân Kiều tân truyện"
    assert found.address == "https://library.example/kieu/manifest.json"
    assert found.rights.endswith("/mark/1.0/")
    assert [picture.name for picture in found.pictures] == ["0001 1a", "0002 1b_2a"]
    assert [picture.addresses for picture in found.pictures] == [(address,) for _, address in PICTURES]


@pytest.mark.parametrize(
    ("service", "largest"),
    [
        ({"id": "https://i.example/1", "type": "ImageService3"}, "max"),
        ({"@id": "https://i.example/1/", "@type": "ImageService2"}, "full"),
        ([{"@id": "https://i.example/1", "profile": "http://iiif.io/api/image/2/level1.json"}], "full"),
        ({"@id": "https://i.example/1", "@context": "http://iiif.io/api/image/3/context.json"}, "max"),
    ],
)
def test_a_picture_is_asked_for_as_large_as_it_is_served(service, largest):
    data = json.loads(version_3(PICTURES[:1]))
    data["items"][0]["items"][0]["items"][0]["body"]["service"] = service
    [picture] = manifest_read(json.dumps(data).encode(), name="m").pictures
    assert picture.addresses == (f"https://i.example/1/full/{largest}/0/default.jpg", PICTURES[0][1])


def test_of_a_choice_the_first_is_taken_and_remarks_are_passed_over():
    data = json.loads(version_3(PICTURES[:1]))
    annotations = data["items"][0]["items"][0]["items"]
    body = annotations[0]["body"]
    annotations[0]["body"] = {
        "type": "Choice",
        "items": [body, {"type": "Image", "id": "https://x.example/"}],
    }
    annotations.append({"motivation": "commenting", "body": {"id": "https://remark.example"}})
    [picture] = manifest_read(json.dumps(data).encode(), name="m").pictures
    assert picture.addresses == (PICTURES[0][1],)


def test_a_canvas_without_a_picture_is_named_all_the_same():
    data = json.loads(version_3(PICTURES))
    data["items"][0]["items"] = []
    assert [picture.addresses for picture in manifest_read(json.dumps(data).encode(), name="m").pictures] == [
        (),
        (PICTURES[1][1],),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b"[]",
        b'{"type": "Manifest"}',
        b'{"type": "Collection", "items": [{"type": "Manifest"}]}',
        version_3([]),
        b'{"type": "Manifest", "items": "x", "label": [[[["a"]]]]}',
        b'{"type": ["Manifest"], "items": [{}]}',
    ],
    ids=range(9),
)
def test_what_is_none_is_refused(data):
    with pytest.raises(BadManifest):
        manifest_read(data, name="m.json")


def test_strange_values_are_passed_over():
    data = json.loads(version_3(PICTURES))
    data["items"][0] |= {"label": {"none": [7]}, "items": [{"items": [{"body": {"id": 5, "service": 3}}]}, 9]}
    data |= {"rights": ["x"], "id": 3}
    found = manifest_read(json.dumps(data).encode(), name="m")
    assert (found.rights, found.address) == ("", "")
    assert [(picture.name, len(picture.addresses)) for picture in found.pictures] == [
        ("0001", 0),
        ("0002 1b_2a", 1),
    ]


def test_other_json_is_no_manifest():
    assert not is_manifest(b'{"type": "Manifest"}')
    assert not is_manifest(b"[iiif.io/api/presentation/3]")
