"""Trains the sample's picture encoder, a small CLIP: pictures of emoji against their names.

    python3 encoder.py --packages node_modules --out encoder

Image tower: a small residual CNN (exported). Text tower: a bag of words and letter trigrams (thrown away after
training). Loss: InfoNCE picture against name, and InfoNCE picture against the same emoji by another vendor. The run is
done twice: once without a quarter of the smileys, to measure retrieval on concepts never seen, then with all of them;
the second is exported. One thread, fixed seeds. Needs PyTorch, NumPy and what pictures.py needs.
"""
import argparse
import json
import math
import pathlib
import random
import time
import zlib

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import pictures

SIZE, DIM, BUCKETS = 32, 64, 8192
NAME = "das-audit-sample-encoder"
VENDORS = list(pictures.VENDORS)


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        return F.relu(x + self.body(x))


def step(width, out, kernel):
    return [nn.Conv2d(width, out, kernel, stride=2, padding=1, bias=False), nn.BatchNorm2d(out), nn.ReLU()]


class ImageTower(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(*step(3, 32, 4), Block(32), *step(32, 64, 3), Block(64), *step(64, 80, 3),
                                  nn.Conv2d(80, 80, 3, padding=1, bias=False), nn.BatchNorm2d(80), nn.ReLU(),
                                  nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.visual_projection = nn.Linear(80, DIM, bias=False)

    def forward(self, pixel_values):
        return self.visual_projection(self.body(pixel_values))


class TextTower(nn.Module):
    def __init__(self):
        super().__init__()
        self.bag = nn.EmbeddingBag(BUCKETS, DIM, mode="mean")

    def forward(self, texts):
        tokens = [tokenize(text) for text in texts]
        starts = np.cumsum([0] + [len(t) for t in tokens[:-1]])
        return self.bag(torch.tensor(sum(tokens, [])), torch.tensor(starts))


def tokenize(text):
    words = text.lower().replace(",", " ").split()
    grams = [f"#{word}#"[i:i + 3] for word in words for i in range(len(word))]
    return [zlib.crc32(part.encode()) % BUCKETS for part in words + grams]


def normalize(images):
    return (images - 0.5) / 0.5


def augment(images, rng):
    """Random shift, scale, rotation, stretch, colour and sharpness of a batch in [0, 1]."""
    n = len(images)

    def uniform(low, high, *shape):
        return torch.rand(n, *shape, generator=rng) * (high - low) + low

    angle, zoom = uniform(-0.2, 0.2), torch.exp(uniform(-0.18, 0.18))
    stretch = torch.exp(uniform(-0.08, 0.08))
    cos, sin = torch.cos(angle) * zoom, torch.sin(angle) * zoom
    shift = uniform(-0.12, 0.12, 2)
    theta = torch.stack([torch.stack([cos * stretch, -sin, shift[:, 0]], 1),
                         torch.stack([sin, cos / stretch, shift[:, 1]], 1)], 1)
    grid = F.affine_grid(theta, list(images.shape), align_corners=False)
    x = 1 - F.grid_sample(1 - images, grid, align_corners=False)              # the outside is white

    small = int(torch.randint(14, 33, (1,), generator=rng))
    blurred = F.interpolate(F.interpolate(x, size=small, mode="area"), size=SIZE, mode="bilinear", align_corners=False)
    x = torch.where(uniform(0, 1, 1, 1, 1) < 0.4, blurred, x)

    grey = (x * torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)
    x = grey + (x - grey) * uniform(0.0, 1.5, 1, 1, 1)
    x = 0.5 + (x - 0.5) * torch.exp(uniform(-0.4, 0.4, 1, 1, 1)) + uniform(-0.1, 0.1, 1, 1, 1)
    x = 1 - (1 - x) * torch.exp(uniform(-0.35, 0.35, 3, 1, 1))                # colour cast that leaves white white
    x = x + 0.03 * torch.randn(x.shape, generator=rng)
    return x.clamp(0, 1)


def info_nce(logits, same):
    """Cross entropy against the mean of the positives, `same` being a mask of them."""
    log_p = logits.log_softmax(1)
    return -((log_p.masked_fill(~same, 0)).sum(1) / same.sum(1)).mean()


def train(items, images, chosen, steps, seed):
    """`images` is [concept, vendor, 3, 32, 32]; `chosen` the concepts to train on."""
    random.seed(seed)
    torch.manual_seed(seed)
    rng = torch.Generator().manual_seed(seed)
    tower, text = ImageTower(), TextTower()
    scale = nn.Parameter(torch.tensor(math.log(10.0)))
    matrices = [p for p in tower.parameters() if p.ndim > 1]
    rest = [p for p in tower.parameters() if p.ndim <= 1] + list(text.parameters()) + [scale]
    peak = 3e-3
    optimizer = torch.optim.AdamW([dict(params=matrices, weight_decay=0.05), dict(params=rest, weight_decay=0.0)],
                                  lr=peak, betas=(0.9, 0.98))
    faces = [i for i in chosen if items[i]["group"].startswith("face-")]
    others = [i for i in chosen if not items[i]["group"].startswith("face-")]
    start = time.time()
    for number in range(steps):
        rate = min(1, (number + 1) / 50) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * number / steps)))
        for group in optimizer.param_groups:
            group["lr"] = peak * rate
        picked = random.sample(faces, 32) + random.sample(others, 32)
        batch = augment(images[picked].flatten(0, 1), rng)
        owner = torch.arange(len(picked)).repeat_interleave(len(VENDORS))
        names = []
        for i in picked:
            tags = items[i]["tags"].split(", ")
            names.append(", ".join([items[i]["name"]] + random.sample(tags, min(len(tags), random.randrange(3)))))
        z = F.normalize(tower(normalize(batch)), dim=1)
        t = F.normalize(text(names), dim=1)
        s = scale.exp().clamp(max=50)
        to_text = s * z @ t.T
        to_image = s * z @ z.T
        itself = torch.eye(len(z), dtype=torch.bool)
        same = (owner[:, None] == owner[None, :]) & ~itself
        pair = owner[:, None] == torch.arange(len(picked))[None, :]
        loss = (info_nce(to_image.masked_fill(itself, -1e9), same)
                + 0.25 * info_nce(to_text, pair) + 0.25 * info_nce(to_text.T, pair.T))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(tower.parameters(), 1.0)
        optimizer.step()
        if number % 100 == 0 or number == steps - 1:
            print(f"  step {number:5d}  loss {loss.item():.3f}  {time.time() - start:.0f} s", flush=True)
    return tower.eval()


@torch.no_grad()
def embed(tower, images):
    flat = tower(normalize(images.flatten(0, 1)))
    return F.normalize(flat, dim=1).unflatten(0, images.shape[:2])


def retrieval(features, queries):
    """Top-1 and top-5 of finding the same smiley among those of one other vendor, averaged over the vendor pairs."""
    ranks = []
    for a in range(len(VENDORS)):
        for b in range(len(VENDORS)):
            if a != b:
                likeness = features[queries, a] @ features[:, b].T
                right = likeness[torch.arange(len(queries)), queries]
                ranks.append((likeness > right[:, None]).sum(1))
    ranks = torch.cat(ranks)
    return [round(float((ranks < k).float().mean()), 3) for k in (1, 5)]


def load(packages, cache):
    items = [item for item in packages.emoji if item["category"] != "Flags"
             and "-2640" not in item["code"] and "-2642" not in item["code"]]
    cache = pathlib.Path(cache) if cache else None
    if cache and cache.exists():
        pixels = np.load(cache)
    else:
        pixels = np.stack([np.stack([np.asarray(packages.picture(vendor, item)) for vendor in VENDORS])
                           for item in items])
        if cache:
            np.save(cache, pixels)
    return items, torch.from_numpy(pixels).permute(0, 1, 4, 2, 3).float() / 255


def export(tower, out):
    out.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(tower, torch.zeros(2, 3, SIZE, SIZE), str(out / "vision_model.onnx"), opset_version=14,
                      do_constant_folding=True, input_names=["pixel_values"], output_names=["image_embeds"],
                      dynamic_axes={"pixel_values": {0: "batch_size"}, "image_embeds": {0: "batch_size"}})
    config = dict(name=NAME, architectures=["SampleVisionModelWithProjection"], model_type="clip_vision_model",
                  image_size=SIZE, num_channels=3, projection_dim=DIM, hidden_size=80)
    processor = dict(
        crop_size=dict(height=SIZE, width=SIZE), do_center_crop=True, do_convert_rgb=True, do_normalize=True,
        do_rescale=True, do_resize=True, image_mean=[0.5, 0.5, 0.5], image_processor_type="CLIPImageProcessor",
        image_std=[0.5, 0.5, 0.5], resample=3, rescale_factor=1 / 255, size=dict(shortest_edge=SIZE))
    for name, content in (("config.json", config), ("preprocessor_config.json", processor)):
        (out / name).write_text(json.dumps(content, indent=2) + "\n")


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--packages", required=True, help="the node_modules folder")
    options.add_argument("--out", required=True, help="the encoder folder")
    options.add_argument("--steps", type=int, default=2000)
    options.add_argument("--cache", help="keep the prepared pictures of all emoji in this .npy file")
    options.add_argument("--golden", help="write the embeddings of three pictures to this .json file")
    options.add_argument("--skip-held-out", action="store_true", help="only train the encoder that is exported")
    options = options.parse_args()

    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    start = time.time()
    items, images = load(pictures.Packages(options.packages), options.cache)
    faces = [i for i, item in enumerate(items) if item["group"] in pictures.GROUPS]
    print(f"{len(items)} emoji, {len(faces)} of them smileys, {time.time() - start:.0f} s")
    results = {}

    def report(name, features, queries):
        results[name] = retrieval(features, torch.tensor(queries))
        print(f"{name}: top-1 {results[name][0]:.3f}, top-5 {results[name][1]:.3f}", flush=True)

    everything = list(range(len(faces)))
    order = everything[:]
    random.Random(7).shuffle(order)
    unseen = sorted(order[:len(faces) // 4])
    pixels = F.normalize((images[faces] - images[faces].mean((0, 2, 3), keepdim=True)).flatten(2), dim=2)
    report(f"pixels, all {len(faces)}", pixels, everything)
    report(f"pixels, the {len(unseen)} held out", pixels, unseen)

    if not options.skip_held_out:
        hidden = {faces[i] for i in unseen}
        tower = train(items, images, [i for i in range(len(items)) if i not in hidden], options.steps, 1)
        report(f"trained without them, the {len(unseen)} held out", embed(tower, images[faces]), unseen)

    tower = train(items, images, list(range(len(items))), options.steps, 1)
    report(f"trained on all, all {len(faces)}", embed(tower, images[faces]), everything)
    out = pathlib.Path(options.out)
    export(tower, out)
    print(f"{sum(p.numel() for p in tower.parameters())} parameters, "
          f"{(out / 'vision_model.onnx').stat().st_size} bytes, {time.time() - start:.0f} s")

    if options.golden:
        golden = []
        for vendor, code in (("noto-emoji", "1f600"), ("openmoji", "1f480"), ("twemoji", "1f92f")):
            index = next(i for i, item in enumerate(items) if item["code"] == code)
            values = normalize(images[index, VENDORS.index(vendor)])[None]
            with torch.no_grad():
                embeds = tower(values)[0]
            golden.append(dict(file_name=f"{vendor}/{code}.png", pixel_values_mean=values[0].mean((1, 2)).tolist(),
                               image_embeds=embeds.tolist()))
        pathlib.Path(options.golden).write_text(json.dumps(golden, indent=1))


if __name__ == "__main__":
    main()
