#!/usr/bin/env python3
"""Makes preprocess.json: what Pillow and numpy make of pictures under preprocessing files of many kinds.

Needs Debian's python3-pil and python3-numpy (written with Pillow 9.4.0 and numpy 1.24.2). Run it in this folder. Each
entry writes out by hand what the named library does (transformers 4 on Pillow images, open_clip, torchvision), so that
nothing of the program is used. `crop` is the SHA-256 of the bytes before rescaling, height × width × 3; `values` that of
the float32 values, 3 × height × width.
"""
import hashlib, json, math

import numpy as np
from PIL import Image

SIZES = [(301, 203), (203, 301), (64, 64), (20, 50), (33, 32), (1000, 40), (640, 427)]
CLIP = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
IMAGENET = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
HALF = [0.5, 0.5, 0.5], [0.5, 0.5, 0.5]


def picture(width, height):
    """A picture that the tests draw by the same formula."""
    y, x = np.mgrid[0:height, 0:width]
    channels = [(x * 7 + y * 13 + c * 29 ^ x * y) & 255 for c in range(3)]
    return Image.fromarray(np.stack(channels, -1).astype(np.uint8))


def shortest(image, edge, resample):
    w, h = image.size
    size = (edge, int(edge * h / w)) if w <= h else (int(edge * w / h), edge)
    return image.resize(size, resample)


def keep_ratio(image, height, width, resample, longest):
    w, h = image.size
    a, b = h / height, w / width
    ratio = max(a, b) if longest else min(a, b)
    return image.resize((round(w / ratio), round(h / ratio)), resample)


def crop_floor(image, height, width):
    """transformers' center_crop of arrays: margins are rounded up on the top left."""
    w, h = image.size
    a = np.asarray(image)
    top, left = (h - height) // 2, (w - width) // 2
    if top >= 0 and left >= 0 and top + height <= h and left + width <= w:
        return a[top:top + height, left:left + width]
    tall, wide = max(height, h), max(width, w)
    framed = np.zeros((tall, wide, 3), np.uint8)
    over_top, over_left = math.ceil((tall - h) / 2), math.ceil((wide - w) / 2)
    framed[over_top:over_top + h, over_left:over_left + w] = a
    top, left = top + over_top, left + over_left
    return framed[max(0, top):min(tall, top + height), max(0, left):min(wide, left + width)]


def crop_even(image, height, width, fill=0):
    """torchvision's center_crop, and open_clip's center_crop_or_pad."""
    w, h = image.size
    before = max(width - w, 0) // 2, max(height - h, 0) // 2
    after = (max(width - w, 0) + 1) // 2, (max(height - h, 0) + 1) // 2
    framed = Image.new("RGB", (w + before[0] + after[0], h + before[1] + after[1]), (fill, fill, fill))
    framed.paste(image, before)
    w, h = framed.size
    top, left = int(round((h - height) / 2.0)), int(round((w - width) / 2.0))
    return np.asarray(framed)[top:top + height, left:left + width]


def values(crop, factor=1 / 255, mean=None, std=None, offset=False, again=None, swap=False):
    a = (crop.astype(np.float64) * factor).astype(np.float32) if factor else crop.astype(np.float32)
    if offset:
        a = a - np.float32(1)
    if mean:
        a = (a - np.array(mean, np.float32)) / np.array(std, np.float32)
    if again:
        a = a / np.array(again, np.float32)
    return a[..., ::-1] if swap else a


def whole(image):
    return np.asarray(image)


def processor(kind, size, resample, norm, **more):
    mean, std = norm
    return {"image_processor_type": kind, "do_resize": True, "size": size, "resample": resample, "do_rescale": True,
            "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": mean, "image_std": std, **more}


def square(side):
    return {"height": side, "width": side}


cases = []
for resample, name in enumerate(["nearest", "lanczos", "bilinear", "bicubic", "box", "hamming"]):
    cases.append((f"CLIP, {name}", "preprocessor_config.json",
                  processor("CLIPImageProcessor", {"shortest_edge": 35}, resample, CLIP, do_center_crop=True, crop_size=square(32)),
                  lambda im, r=resample: crop_floor(shortest(im, 35, r), 32, 32), dict(mean=CLIP[0], std=CLIP[1])))
cases += [
    ("a crop that is larger than the picture", "preprocessor_config.json",
     processor("CLIPImageProcessorFast", {"shortest_edge": 24}, 3, CLIP, do_center_crop=True, crop_size={"height": 33, "width": 30}, default_to_square=False),
     lambda im: crop_floor(shortest(im, 24, 3), 33, 30), dict(mean=CLIP[0], std=CLIP[1])),
    ("ViT", "preprocessor_config.json", processor("ViTImageProcessor", square(29), 2, HALF),
     lambda im: whole(im.resize((29, 29), 2)), dict(mean=HALF[0], std=HALF[1])),
    ("SigLIP", "processor_config.json",
     {"image_processor": processor("SiglipImageProcessor", {"height": 24, "width": 40}, 3, HALF, data_format="channels_first"),
      "processor_class": "SiglipProcessor"},
     lambda im: whole(im.resize((40, 24), 3)), dict(mean=HALF[0], std=HALF[1])),
    ("DeiT", "preprocessor_config.json",
     {"feature_extractor_type": "DeiTFeatureExtractor", "size": 37, "do_center_crop": True, "crop_size": 32, "do_normalize": True,
      "image_mean": IMAGENET[0], "image_std": IMAGENET[1], "resample": 3, "do_resize": True},
     lambda im: crop_floor(im.resize((37, 37), 3), 32, 32), dict(mean=IMAGENET[0], std=IMAGENET[1])),
    ("ConvNeXT below 384", "preprocessor_config.json", processor("ConvNextImageProcessor", {"shortest_edge": 57}, 3, IMAGENET, crop_pct=0.875),
     lambda im: crop_floor(shortest(im, int(57 / 0.875), 3), 57, 57), dict(mean=IMAGENET[0], std=IMAGENET[1])),
    ("ConvNeXT without crop_pct", "preprocessor_config.json", processor("ConvNextFeatureExtractor", 28, 3, IMAGENET),
     lambda im: crop_floor(shortest(im, int(28 / (224 / 256)), 3), 28, 28), dict(mean=IMAGENET[0], std=IMAGENET[1])),
    ("ConvNeXT from 384 on", "preprocessor_config.json", processor("ConvNextImageProcessor", {"shortest_edge": 384}, 3, IMAGENET, crop_pct=0.875),
     lambda im: whole(im.resize((384, 384), 3)), dict(mean=IMAGENET[0], std=IMAGENET[1])),
    ("PoolFormer", "preprocessor_config.json",
     processor("PoolFormerImageProcessor", {"shortest_edge": 31}, 3, IMAGENET, crop_pct=0.9, do_center_crop=True, crop_size=square(31)),
     lambda im: crop_floor(shortest(im, int(31 / 0.9), 3), 31, 31), dict(mean=IMAGENET[0], std=IMAGENET[1])),
    ("LeViT", "preprocessor_config.json",
     processor("LevitImageProcessor", {"shortest_edge": 30}, 3, IMAGENET, do_center_crop=True, crop_size=square(30)),
     lambda im: crop_floor(shortest(im, int((256 / 224) * 30), 3), 30, 30), dict(mean=IMAGENET[0], std=IMAGENET[1])),
    ("MobileViT", "preprocessor_config.json",
     {"image_processor_type": "MobileViTImageProcessor", "do_resize": True, "size": {"shortest_edge": 36}, "resample": 2, "do_rescale": True,
      "rescale_factor": 1 / 255, "do_center_crop": True, "crop_size": square(32), "do_flip_channel_order": True},
     lambda im: crop_floor(shortest(im, 36, 2), 32, 32), dict(swap=True)),
    ("ALIGN", "preprocessor_config.json",
     {"crop_size": square(29), "do_center_crop": True, "do_normalize": False, "do_rescale": True, "do_resize": True,
      "image_mean": HALF[0], "image_std": HALF[1], "image_processor_type": "EfficientNetImageProcessor", "include_top": False,
      "resample": 2, "rescale_factor": 0.00784313725490196, "rescale_offset": True, "size": square(35), "processor_class": "AlignProcessor"},
     lambda im: crop_floor(im.resize((35, 35), 2), 29, 29), dict(factor=0.00784313725490196, offset=True)),
    ("EfficientNet with its top", "preprocessor_config.json",
     processor("EfficientNetImageProcessor", square(28), 0, (IMAGENET[0], [0.47853944, 0.4732864, 0.47434163]), include_top=True,
               rescale_offset=False, do_center_crop=False, crop_size=square(20)),
     lambda im: whole(im.resize((28, 28), 0)),
     dict(mean=IMAGENET[0], std=[0.47853944, 0.4732864, 0.47434163], again=[0.47853944, 0.4732864, 0.47434163])),
    ("open_clip, shortest", "open_clip_config.json",
     {"model_cfg": {"embed_dim": 8, "vision_cfg": {"image_size": 32}, "text_cfg": {}}, "preprocess_cfg": {"mean": HALF[0], "std": HALF[1]}},
     lambda im: crop_even(shortest(im, 32, 3), 32, 32), dict(mean=HALF[0], std=HALF[1])),
    ("open_clip, shortest, no square", "preprocess_cfg.json",
     {"size": [33, 26], "mode": "RGB", "mean": HALF[0], "std": HALF[1], "interpolation": "bilinear", "resize_mode": "shortest", "fill_color": 9},
     lambda im: crop_even(keep_ratio(im, 33, 26, 2, False), 33, 26), dict(mean=HALF[0], std=HALF[1])),
    ("open_clip, squash", "preprocess_cfg.json",
     {"size": [32, 32], "mode": "RGB", "mean": HALF[0], "std": HALF[1], "interpolation": "bicubic", "resize_mode": "squash", "fill_color": 0},
     lambda im: whole(im.resize((32, 32), 3)), dict(mean=HALF[0], std=HALF[1])),
    ("open_clip, longest", "preprocess_cfg.json",
     {"size": 32, "mean": IMAGENET[0], "std": IMAGENET[1], "interpolation": "bicubic", "resize_mode": "longest", "fill_color": 127},
     lambda im: crop_even(keep_ratio(im, 32, 32, 3, True), 32, 32, 127), dict(mean=IMAGENET[0], std=IMAGENET[1])),
]

out = []
for name, file, config, prepare, arithmetic in cases:
    results = []
    for width, height in SIZES:
        crop = prepare(picture(width, height))
        chw = np.ascontiguousarray(values(crop, **arithmetic).transpose(2, 0, 1))
        assert chw.dtype == np.float32
        results.append({"width": width, "height": height, "crop": hashlib.sha256(np.ascontiguousarray(crop).tobytes()).hexdigest(),
                        "values": hashlib.sha256(chw.tobytes()).hexdigest()})
    out.append({"name": name, "file": file, "config": config, "results": results})
with open("preprocess.json", "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(o) for o in out) + "\n]\n")
