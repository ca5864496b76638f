#!/usr/bin/env python3
"""Makes p0.png … p4.png in a folder, and the tar and zip files of this folder: python3 make_tars.py FOLDER.

Needs Debian's python3-pil and python3-numpy; tarfile and zipfile are Python's own (3.11).
"""
import io, json, os, sys, tarfile, zipfile

import numpy as np
from PIL import Image

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
rng = np.random.default_rng(3)
for i in range(5):
    Image.fromarray(rng.integers(0, 256, (4, 5, 3), dtype=np.uint8)).save(f"{folder}/p{i}.png")
png = [open(f"{folder}/p{i}.png", "rb").read() for i in range(5)]


def add(tar, name, data, **fields):
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for key, value in fields.items():
        setattr(info, key, value)
    tar.addfile(info, io.BytesIO(data))


# As webdataset's ShardWriter and img2dataset write them.
with tarfile.open("webdataset.tar", "w") as tar:
    for i in range(3):
        key = f"{i:05d}" if i < 2 else "a/very/long/" + "folder/" * 30 + "00002"
        add(tar, f"{key}.json", json.dumps(
            {"caption": f"json {i}", "license": "CC0-1.0", "author": f"Author {i}", "width": 5, "url": None}, indent=1).encode())
        add(tar, f"{key}.png", png[i])
        add(tar, f"{key}.seg.png", png[4])
        if i != 1:
            add(tar, f"{key}.txt", f"caption {i}\n".encode())
        add(tar, f"{key}.cls", str(i * 7).encode())

# A folder that was packed by GNU tar, with what must not be followed.
with tarfile.open("folder.tar", "w", format=tarfile.GNU_FORMAT) as tar:
    add(tar, "./pictures", b"", type=tarfile.DIRTYPE)
    add(tar, "./pictures/holiday.2020.png", png[0])
    add(tar, "./pictures/cat.png", png[1])
    add(tar, "./pictures/._cat.png", b"a Mac's resource fork")
    add(tar, "./notes.md", b"words")
    add(tar, "linked.png", b"", type=tarfile.SYMTYPE, linkname="/etc/passwd")
    add(tar, "hard.png", b"", type=tarfile.LNKTYPE, linkname="./pictures/cat.png")
    add(tar, "../outside.png", png[2])
    add(tar, "/absolute.png", png[3])
    add(tar, "pipe.png", b"", type=tarfile.FIFOTYPE)

with zipfile.ZipFile("folder.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("a/p0.png", png[0])
    archive.writestr("a/p1.png", png[1])
    archive.writestr("p2.png", png[2], zipfile.ZIP_STORED)
    archive.writestr("__MACOSX/a/._p0.png", b"a Mac's resource fork")
    archive.writestr("../outside.png", png[3])
    archive.writestr("notes.txt", "words")
