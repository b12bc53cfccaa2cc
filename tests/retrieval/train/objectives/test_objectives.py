"""The ML-Decoder head, and the objectives as the training loop calls them."""

import dataclasses

import numpy as np
import pytest
import torch

from common.errors import BadInput
from retrieval.train.objectives import OBJECTIVES, BatchOutput, make_objective
from retrieval.train.objectives.decoder import MLDecoder
from retrieval.train.objectives.margin import MarginSoftmax
from tests.retrieval.train.drawn import TINY


def output(pairs: int = 6, *, share: float = 0.5) -> BatchOutput:
    torch.manual_seed(2)
    return BatchOutput(
        features=torch.randn(2 * pairs, TINY.channels[-1], 2, 2),
        embeddings=torch.randn(2 * pairs, TINY.width, requires_grad=True),
        labels=torch.arange(pairs) // 2,
        real=torch.arange(pairs) % 2 == 0,
        share=share,
    )


def decoder(classes: int = 11, groups: int = 4) -> MLDecoder:
    torch.manual_seed(1)
    return MLDecoder(classes, 16, groups=groups, width=8, heads=2).eval()


def test_the_decoder_scores_every_class_once():
    logits = decoder()(torch.randn(3, 16, 3, 3))
    assert logits.shape == (3, 11)
    assert decoder(3, groups=10).tokens(torch.randn(2, 16, 3, 3)).shape == (2, 3, 8)


def test_the_decoder_does_not_mind_the_order_of_places():
    """Attention without positions: the places may be shuffled, and read in any shape."""
    head, features = decoder(), torch.randn(2, 16, 3, 3)
    shuffled = features.flatten(2)[:, :, torch.randperm(9)].unflatten(2, (3, 3))
    assert torch.allclose(head(features), head(shuffled), atol=1e-5)
    assert not torch.allclose(head(features), head(features.roll(1, dims=1)), atol=1e-2)


def test_a_class_is_read_from_its_own_group():
    """The slow twin of group decoding: one weight vector a class, one token a group."""
    head, features = decoder(), torch.randn(2, 16, 3, 3)
    head.bias.data.normal_()
    tokens, logits = head.tokens(features), head(features).detach()
    for row in range(2):
        for number in range(11):
            group, place = divmod(number, 3)
            wanted = tokens[row, group] @ head.weight[group, :, place] + head.bias[number]
            assert float(logits[row, number]) == pytest.approx(float(wanted.detach()), abs=1e-5)


def test_the_queries_are_fixed_and_travel_with_the_weights():
    head = decoder()
    assert "queries" in head.state_dict()
    assert "queries" not in dict(head.named_parameters())


@pytest.mark.parametrize("name", OBJECTIVES)
def test_every_objective_gives_a_loss_with_slopes(name):
    batch = output()
    if name == "ml-decoder":
        batch.features.requires_grad_()
    objective = make_objective(name, 5, TINY, {})
    loss = objective(batch)
    loss.backward()
    reached = batch.features.grad if name == "ml-decoder" else batch.embeddings.grad
    assert loss.ndim == 0
    assert torch.isfinite(loss)
    assert reached.abs().sum() > 0
    assert objective.searches


def test_the_classifier_is_cross_entropy_over_prints_and_height_maps():
    batch, objective = output(), make_objective("softmax", 5, TINY, {})
    logits = objective.scores(objective.searched(batch.features, batch.embeddings)).detach().numpy()
    labels = np.concatenate([batch.labels, batch.labels])
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    wanted = -np.log(shares[np.arange(len(labels)), labels]).mean()
    assert float(objective(batch).detach()) == pytest.approx(wanted, abs=1e-5)


def test_contrast_is_added_only_where_asked_for():
    batch = output(share=0.1)
    torch.manual_seed(5)
    plain = make_objective("margin", 5, TINY, {"contrast": 0.0})
    torch.manual_seed(5)
    both = make_objective("margin", 5, TINY, {"contrast": 0.5})
    assert torch.equal(plain.characters, both.characters)
    assert float(both(batch).detach()) > float(plain(batch).detach())
    assert isinstance(plain.head, MarginSoftmax)


def test_wrong_labels_among_real_crops_are_left_out_late_in_the_run():
    """One real crop looks like anything but its label; a drawn print's error is never left out."""
    objective = make_objective("margin", 5, TINY, {"trim": 0.34, "margin": 0.0, "contrast": 0.0})
    batch = output()
    right = objective.characters.detach()[batch.both_labels]
    for place, forgiven in ((2, True), (3, False)):
        wrong = right.clone()
        wrong[place] *= -1
        late, early = (
            float(objective(dataclasses.replace(batch, embeddings=wrong, share=share)).detach())
            for share in (0.9, 0.1)
        )
        assert early > 2
        assert (late < 1) == forgiven


def test_unknown_objectives_and_options_are_refused():
    with pytest.raises(BadInput, match="no objective 'magic'") as caught:
        make_objective("magic", 5, TINY, {})
    assert "triplet" in caught.value.hint
    for name in OBJECTIVES:
        with pytest.raises(BadInput, match=f"{name} cannot be made"):
            make_objective(name, 5, TINY, {"magic": 1})
