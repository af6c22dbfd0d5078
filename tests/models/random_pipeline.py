"""A diarization pipeline of random weights in pyannote's real format, of any shape; it loads and computes like one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml
from pyannote.audio.core.task import Problem, Resolution, Specifications
from pyannote.audio.models.embedding import WeSpeakerResNet34
from pyannote.audio.models.segmentation import PyanNet

PARTS = ("segmentation", "embedding", "plda")
EMBEDDING, REDUCED = 256, 128  # dimensions before and after the PLDA's first step


def write_pipeline(folder: Path, window: float, segmentation: PyanNet, embedding: WeSpeakerResNet34) -> Path:
    """A folder that `Pipeline.from_pretrained` loads; `window` are the seconds that the segmentation hears at once."""
    segmentation.specifications = Specifications(
        Problem.MONO_LABEL_CLASSIFICATION,
        Resolution.FRAME,
        duration=window,
        classes=["a", "b", "c"],
        powerset_max_classes=2,
        permutation_invariant=True,
    )
    segmentation.build()
    with torch.no_grad():  # so that the loudest class changes with the sound
        segmentation.classifier.weight *= 30
        segmentation.classifier.bias *= 0
    embedding.specifications = Specifications(
        Problem.REPRESENTATION, Resolution.CHUNK, duration=window, classes=["a", "b"]
    )
    for part in PARTS:
        (folder / part).mkdir(parents=True)
    write_checkpoint(segmentation, folder / "segmentation")
    write_checkpoint(embedding, folder / "embedding")
    write_plda(folder / "plda")
    write_configuration(folder, configuration())
    return folder


def configuration(**params: Any) -> dict[str, Any]:
    """What `config.yaml` holds, with further parameters of the pipeline."""
    own = {part: f"$model/{part}" for part in PARTS}
    return {
        "pipeline": {
            "name": "pyannote.audio.pipelines.SpeakerDiarization",
            "params": {**own, "clustering": "VBxClustering", **params},
        },
        "params": {
            "segmentation": {"min_duration_off": 0.0},
            "clustering": {"threshold": 0.6, "Fa": 0.07, "Fb": 0.8},
        },
    }


def write_configuration(folder: Path, content: dict[str, Any]) -> None:
    """Write `config.yaml`."""
    (folder / "config.yaml").write_text(yaml.safe_dump(content))


def write_checkpoint(model: Any, folder: Path) -> None:
    """A model in the form of Lightning's checkpoints."""
    checkpoint = {
        "state_dict": model.state_dict(),
        "hyper_parameters": dict(model.hparams),
        "pytorch-lightning_version": "2.0.0",
    }
    model.on_save_checkpoint(checkpoint)
    torch.save(checkpoint, folder / "pytorch_model.bin")


def write_plda(folder: Path) -> None:
    """PLDA that changes little but the number of dimensions."""
    lda = np.random.default_rng(0).normal(0, 0.1, (EMBEDDING, REDUCED))
    np.savez(folder / "xvec_transform.npz", mean1=np.zeros(EMBEDDING), mean2=np.zeros(REDUCED), lda=lda)
    np.savez(folder / "plda.npz", mu=np.zeros(REDUCED), tr=np.eye(REDUCED), psi=np.linspace(10, 1, REDUCED))
