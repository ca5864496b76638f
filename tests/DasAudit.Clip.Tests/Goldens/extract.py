#!/usr/bin/env python3
"""Makes golden.json of this folder from golden.safetensors, the tensors that transformers 4.27.1 and Pillow 9.4.0 computed.

Usage: extract.py golden.safetensors   (needs python3-numpy)
"""
import hashlib, json, struct, sys

import numpy as np

data = open(sys.argv[1], "rb").read()
length = struct.unpack("<Q", data[:8])[0]
header = json.loads(data[8:8 + length])
types = {"U8": np.uint8, "F32": np.float32, "I64": np.int64}


def tensor(name):
    e = header[name]
    a, b = e["data_offsets"]
    return np.frombuffer(data[8 + length + a:8 + length + b], types[e["dtype"]]).reshape(e["shape"])


def sha(a):
    return hashlib.sha256(np.ascontiguousarray(a).tobytes()).hexdigest()


names = ["0-rgb-raccoon-120x120.png", "1-rgba-emoji-64x64.png", "2-grey-ascent-340x340.png", "3-rgb-raccoon-wide-341x256.png"]
rows = {int(i): sha(r) for i, r in zip(tensor("pixel_values_index"), tensor("pixel_values"))}
with open("golden.json", "w") as f:
    json.dump([{
        "image": name,
        "cropSha256": sha(tensor("crop_u8")[i].transpose(1, 2, 0)),
        "pixelValuesSha256": rows.get(i),
        "pixelValuesMean": [float(v) for v in tensor("pixel_values_mean")[i]],
        "imageEmbeds": [float(v) for v in tensor("image_embeds")[i]],
        "classToken": [float(v) for v in tensor("last_hidden_state")[i, 0]],
    } for i, name in enumerate(names)], f, indent=1)
    f.write("\n")
