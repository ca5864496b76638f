#!/usr/bin/env python3
"""Makes the picture files of this folder and expected.json: what Pillow decodes from each, composited on white in integers.

Needs Debian's python3-pil (written with Pillow 9.4.0) and python3-numpy. Run it in this folder.
"""
import base64, hashlib, io, json, struct, zlib

import numpy as np
from PIL import Image, ImageOps

W, H = 13, 9
rng = np.random.default_rng(7)


def smooth(channels):
    """A picture that JPEG keeps nearly as it is."""
    y, x = np.mgrid[0:H, 0:W]
    return np.stack([(40 + 12 * x + 9 * y * (c + 1)) % 220 for c in range(channels)], -1).astype(np.uint8)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(samples, depth, colour, extra=b"", interlaced=False):
    """A PNG from an array [H, W, C] of whole samples, unfiltered."""
    def rows(a):
        a = a.astype(">u2") if depth == 16 else a.astype(np.uint8)
        return b"".join(b"\0" + r.tobytes() for r in a)
    h, w = samples.shape[:2]
    if interlaced:
        passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
        data = b"".join(rows(samples[y::dy, x::dx]) for y, x, dy, dx in passes if samples[y::dy, x::dx].size)
    else:
        data = rows(samples)
    header = struct.pack(">IIBBBBB", w, h, depth, colour, 0, 0, int(interlaced))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b"")


def save(image, format, **options):
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


rgba = rng.integers(0, 256, (H, W, 4), dtype=np.uint8)
rgba[0, :3, 3] = [0, 1, 255]
la = rng.integers(0, 256, (H, W, 2), dtype=np.uint8)
rgb16 = rng.integers(0, 65536, (H, W, 3))
rgba16 = rng.integers(0, 65536, (H, W, 4))
grey16 = rng.integers(0, 65536, (H, W, 1))
index = rng.integers(0, 5, (H, W), dtype=np.uint8)
palette = Image.fromarray(index, "P")
palette.putpalette(rng.integers(0, 256, 15, dtype=np.uint8).tobytes())
keyed = rng.integers(0, 3, (H, W, 3), dtype=np.uint8) * 100
keyed[2, 3] = keyed[4, 5] = [200, 0, 100]
colours = Image.fromarray(smooth(3))
exif = Image.Exif()

files = {
    "rgb.png": png(rgba[..., :3], 8, 2),
    "rgb-interlaced.png": png(rgba[..., :3], 8, 2, interlaced=True),
    "rgb-gamma.png": png(rgba[..., :3], 8, 2, extra=chunk(b"gAMA", struct.pack(">I", 100000))),
    "rgba.png": png(rgba, 8, 6),
    "rgba-opaque.png": png(np.concatenate([rgba[..., :3], np.full((H, W, 1), 255)], -1), 8, 6),
    "grey-alpha.png": png(la, 8, 4),
    "grey-key.png": png(la[..., :1] // 64 * 64, 8, 0, extra=chunk(b"tRNS", struct.pack(">H", 128))),
    "rgb-key.png": png(keyed, 8, 2, extra=chunk(b"tRNS", struct.pack(">HHH", 200, 0, 100))),
    "palette-alpha.png": save(palette, "PNG", transparency=bytes([0, 90, 255, 200])),
    "one-bit.png": save(Image.fromarray(index > 2), "PNG"),
    "rgb16.png": png(rgb16, 16, 2),
    "rgba16.png": png(rgba16, 16, 6),
    "grey16.png": png(grey16, 16, 0),
    "rgb.jpg": save(colours, "JPEG", quality=95, subsampling=0),
    "progressive.jpg": save(colours, "JPEG", quality=95, subsampling=0, progressive=True),
    "grey.jpg": save(colours.convert("L"), "JPEG", quality=95),
    "cmyk.jpg": save(Image.fromarray(smooth(4), "CMYK"), "JPEG", quality=95, subsampling=0),
    "lossless.webp": save(Image.fromarray(rgba), "WEBP", lossless=True, exact=True),
    "lossy.webp": save(colours, "WEBP", quality=95),
    "animated.webp": save(colours, "WEBP", lossless=True, save_all=True, append_images=[ImageOps.invert(colours)]),
}
for orientation in range(1, 9):
    exif[0x0112] = orientation
    files[f"exif-{orientation}.jpg"] = save(colours, "JPEG", quality=95, subsampling=0, exif=exif)
exif[0x0112] = 6
files["exif-6.png"] = save(Image.fromarray(rgba[..., :3]), "PNG", exif=exif)
files["exif-6.webp"] = save(Image.fromarray(rgba[..., :3]), "WEBP", lossless=True, exif=exif)

sixteen = {"rgb16.png": rgb16, "rgba16.png": rgba16, "grey16.png": np.repeat(grey16, 3, -1)}
expected = {}
for name, data in files.items():
    with open(name, "wb") as f:
        f.write(data)
    if name in sixteen:  # Pillow clips 16-bit grey; the high byte is what every browser shows.
        a = (sixteen[name] >> 8).astype(np.uint8)
        if a.shape[2] == 3:
            a = np.concatenate([a, np.full((H, W, 1), 255, np.uint8)], -1)
    else:
        a = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGBA"))
    c, alpha = a[..., :3].astype(int), a[..., 3:].astype(int)
    on_white = ((c * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)
    expected[name] = {
        "width": a.shape[1], "height": a.shape[0], "composited": bool((alpha < 255).any()),
        "rgb": base64.b64encode(on_white.tobytes()).decode(),
    }

source = rng.integers(0, 256, (17, 23, 3), dtype=np.uint8)
picture = Image.fromarray(source)
resized = [
    {"width": w, "height": h, "filter": f, "sha256": hashlib.sha256(picture.resize((w, h), f).tobytes()).hexdigest()}
    for f in (0, 2, 3) for w, h in ((23, 17), (23, 40), (50, 17), (64, 64), (7, 5), (1, 1), (5, 90), (100, 3), (224, 224), (22, 16))
]
with open("expected.json", "w") as f:
    json.dump({
        "files": expected,
        "source": {"width": 23, "height": 17, "rgb": base64.b64encode(source.tobytes()).decode()},
        "grey": base64.b64encode(picture.convert("L").tobytes()).decode(),
        "resized": resized,
    }, f, indent=1)
    f.write("\n")
