"""Files on their way out."""

from mocban_client.files import uploads


def test_a_folder_leaves_in_the_order_in_which_people_count(tmp_path):
    names = ["2/1.png", "2/10.png", "10/1.png", "page 9.png", "Page 10.png", "page 11.png"]
    for name in sorted(names):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert [upload.name for upload in uploads(tmp_path)] == names
