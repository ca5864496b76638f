#!/usr/bin/env python3
"""Makes the GIF, BMP and TIFF files of this folder and formats.json: what Pillow reads from each.

Needs Debian's python3-pil (written with Pillow 9.4.0), python3-numpy and libtiff-tools. Run it in this folder.
"""
import base64, hashlib, io, json, os, struct, subprocess, tempfile

import numpy as np
from PIL import Image, ImageOps

W, H = 21, 18
rng = np.random.default_rng(11)


def smooth(channels):
    """A picture that JPEG keeps nearly as it is."""
    y, x = np.mgrid[0:H, 0:W]
    return np.stack([(40 + 7 * x + 5 * y * (c + 1)) % 220 for c in range(channels)], -1).astype(np.uint8)


def save(image, format, **options):
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def tiff(data, bits, samples, photometric, order="<", width=W, height=H, **tags):
    """An uncompressed TIFF of one strip; tags by number as t339=[1, 1]."""
    entries = {256: [width], 257: [height], 258: [bits] * samples, 259: [1], 262: [photometric], 273: [0],
               277: [samples], 278: [height], 279: [len(data)]}
    entries.update({int(k[1:]): v for k, v in tags.items()})
    table, extra = b"", b""
    start = 8 + 2 + 12 * len(entries) + 4
    place = lambda: start + len(extra)
    packed = {}
    for tag, values in sorted(entries.items()):
        if tag != 273 and len(values) > 2:
            packed[tag] = place()
            extra += struct.pack(order + f"{len(values)}H", *values)
    entries[273] = [place()]
    for tag, values in sorted(entries.items()):
        kind = 4 if tag in (256, 257, 273, 278, 279) else 3
        table += struct.pack(order + "HHI", tag, kind, len(values))
        if tag in packed:
            table += struct.pack(order + "I", packed[tag])
        elif kind == 4:
            table += struct.pack(order + "I", values[0])
        else:
            table += struct.pack(order + f"{len(values)}H", *values).ljust(4, b"\0")
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    return head + struct.pack(order + "H", len(entries)) + table + struct.pack(order + "I", 0) + extra + data


def tiffcp(data, *options):
    with tempfile.TemporaryDirectory() as folder:
        a, b = os.path.join(folder, "a.tif"), os.path.join(folder, "b.tif")
        open(a, "wb").write(data)
        subprocess.run(["tiffcp", *options, a, b], check=True)
        return open(b, "rb").read()


def packed(samples, bits):
    """Rows of samples of less than a byte."""
    rows = []
    for row in samples:
        text = "".join(format(v, f"0{bits}b") for v in row)
        text += "0" * (-len(text) % 8)
        rows.append(int(text, 2).to_bytes(len(text) // 8, "big"))
    return b"".join(rows)


rgb = rng.integers(0, 256, (H, W, 3), dtype=np.uint8)
rgba = rng.integers(0, 256, (H, W, 4), dtype=np.uint8)
rgba[0, :3, 3] = [0, 1, 255]
la = rng.integers(0, 256, (H, W, 2), dtype=np.uint8)
premultiplied = rgba.copy()
premultiplied[..., :3] = rgba[..., :3].astype(int) * rgba[..., 3:] // 255
rgb16 = rng.integers(0, 65536, (H, W, 3))
grey16 = rng.integers(0, 65536, (H, W))
index = rng.integers(0, 5, (H, W), dtype=np.uint8)
palette = Image.fromarray(index, "P")
palette.putpalette(rng.integers(0, 256, 15, dtype=np.uint8).tobytes())
four = rng.integers(0, 16, (H, W))
two = rng.integers(0, 4, (H, W))
line = Image.fromarray(index > 2)
cmyk = rng.integers(0, 256, (H, W, 4), dtype=np.uint8)
colours = Image.fromarray(smooth(3))
# Its colours are subsampled, and decoders fill in sharp edges of colour differently.
y, x = np.mgrid[0:H, 0:W]
gentle = np.stack([60 + 4 * x + 2 * y * (c + 1) for c in range(3)], -1).astype(np.uint8)
flat = save(Image.fromarray(rgb), "TIFF")
wide = rng.integers(0, 256, (40, 50, 3), dtype=np.uint8)
frames = [Image.fromarray(((index + i) % 5).astype(np.uint8), "P") for i in range(3)]
for frame in frames:
    frame.putpalette(palette.getpalette())

files = {
    "palette.gif": save(palette, "GIF"),
    "transparent.gif": save(palette, "GIF", transparency=2),
    "interlaced.gif": save(palette, "GIF", interlace=1),
    "animated.gif": save(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50),
    "rgb.bmp": save(Image.fromarray(rgb), "BMP"),
    "palette.bmp": save(palette, "BMP"),
    "grey.bmp": save(Image.fromarray(la[..., 0]), "BMP"),
    "line.bmp": save(line, "BMP"),
    "rgb.tif": flat,
    "rgb-lzw.tif": save(Image.fromarray(rgb), "TIFF", compression="tiff_lzw"),
    "rgb-deflate.tif": save(Image.fromarray(rgb), "TIFF", compression="tiff_adobe_deflate"),
    "rgb-packbits.tif": save(Image.fromarray(rgb), "TIFF", compression="packbits"),
    "rgb-predictor.tif": tiffcp(save(colours, "TIFF"), "-c", "lzw:2"),
    "rgb-big-endian.tif": tiffcp(flat, "-B"),
    "rgb-big.tif": tiffcp(flat, "-8"),
    "rgb-separate.tif": tiffcp(flat, "-p", "separate"),
    "rgb-strips.tif": tiffcp(flat, "-r", "5", "-c", "lzw"),
    "rgb-tiles.tif": tiffcp(save(Image.fromarray(wide), "TIFF"), "-t", "-w", "32", "-l", "16", "-c", "zip"),
    "rgb-tiles-separate.tif": tiffcp(save(Image.fromarray(wide), "TIFF"), "-t", "-w", "16", "-l", "16", "-p", "separate"),
    "jpeg.tif": save(colours, "TIFF", compression="jpeg", quality=95),
    "jpeg-ycbcr.tif": tiffcp(save(Image.fromarray(gentle), "TIFF"), "-c", "jpeg:95"),
    "jpeg-grey.tif": save(colours.convert("L"), "TIFF", compression="jpeg", quality=95),
    "line-g3.tif": save(line, "TIFF", compression="group3"),
    "line-g4.tif": save(line, "TIFF", compression="group4"),
    "line-raw.tif": save(line, "TIFF"),
    "line-white-is-zero.tif": tiff(packed((index > 2).astype(int), 1), 1, 1, 0),
    "grey.tif": save(Image.fromarray(la[..., 0]), "TIFF"),
    "grey-white-is-zero.tif": tiff(la[..., 0].tobytes(), 8, 1, 0),
    "grey-2.tif": tiff(packed(two, 2), 2, 1, 1),
    "grey-4.tif": tiff(packed(four, 4), 4, 1, 1),
    "grey-alpha.tif": save(Image.fromarray(la, "LA"), "TIFF"),
    "palette.tif": save(palette, "TIFF", compression="tiff_lzw"),
    "palette-4.tif": tiff(packed(four, 4), 4, 1, 3, t320=[int(v) for v in rng.integers(0, 65536, 48)]),
    "rgba.tif": save(Image.fromarray(rgba), "TIFF", compression="tiff_lzw"),
    "rgba-associated.tif": tiff(premultiplied.tobytes(), 8, 4, 2, t338=[1]),
    "rgba-unsaid.tif": tiff(rgba.tobytes(), 8, 4, 2),
    "rgb-extra.tif": tiff(rgba.tobytes(), 8, 4, 2, t338=[0]),
    "rgb16.tif": tiff(rgb16.astype("<u2").tobytes(), 16, 3, 2),
    "rgb16-big-endian.tif": tiff(rgb16.astype(">u2").tobytes(), 16, 3, 2, order=">"),
    "grey16.tif": tiff(grey16.astype("<u2").tobytes(), 16, 1, 1),
    "cmyk.tif": save(Image.fromarray(cmyk, "CMYK"), "TIFF", compression="tiff_lzw"),
    "pages.tif": save(Image.fromarray(rgb), "TIFF", save_all=True, append_images=[colours]),
}
for orientation in (2, 3, 6, 8):
    files[f"orientation-{orientation}.tif"] = tiff(rgb.tobytes(), 8, 3, 2, t274=[orientation])

written = list(files)
# Made by make.py; here for what lies under their transparent pixels.
for name in ("rgba.png", "rgba16.png", "grey-alpha.png", "grey-key.png", "rgb-key.png", "palette-alpha.png", "lossless.webp"):
    files[name] = open(name, "rb").read()

expected = {}
for name, data in files.items():
    if name in written:
        with open(name, "wb") as f:
            f.write(data)
    image = Image.open(io.BytesIO(data))
    if name == "grey16.tif":  # Pillow clips 16-bit grey; the high byte is what every viewer shows.
        image = Image.fromarray((grey16 >> 8).astype(np.uint8))
    image.load()  # turns a TIFF as it says
    turned = image if image.format == "TIFF" else ImageOps.exif_transpose(image)
    a = np.asarray(turned.convert("RGBA"))
    c, alpha = a[..., :3].astype(int), a[..., 3:].astype(int)
    on = lambda b: ((c * alpha + b * (255 - alpha) + 127) // 255).astype(np.uint8).tobytes()
    expected[name] = {
        "width": a.shape[1], "height": a.shape[0], "composited": bool((alpha < 255).any()),
        "rgb": base64.b64encode(on(255)).decode(),
        "black": hashlib.sha256(on(0)).hexdigest(),
        "drop": hashlib.sha256(turned.convert("RGB").tobytes()).hexdigest(),
    }
with open("formats.json", "w") as f:
    json.dump(expected, f, indent=1)
    f.write("\n")
