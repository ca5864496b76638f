#!/usr/bin/env python3
"""What the tiny Stable Diffusion is made from: captioned pictures, and a tokenizer of the captions' words.

    captions.py --dataset ../dataset --tokenizer TOKENIZER --base PICTURES --lora PICTURES

--base gets the pictures of Noto Emoji and Twemoji, with captions such as "grinning face, noto"; --lora gets a handful of
OpenMoji's, which the model without the LoRA never sees.
"""

import argparse
import collections
import json
import pathlib
import re
import shutil

NAMES = {"noto-emoji": "noto", "twemoji": "twemoji", "openmoji": "openmoji"}
HANDFUL = [
    "1f47f",  # angry face with horns
    "1f480",  # skull
    "1f60d",  # smiling face with heart-eyes
    "1f60e",  # smiling face with sunglasses
    "1f61c",  # winking face with tongue
    "1f62d",  # loudly crying face
    "1f637",  # face with medical mask
    "1f920",  # cowboy hat face
    "1f922",  # nauseated face
    "1f970",  # smiling face with hearts
    "1f973",  # partying face
    "1f976",  # cold face
]
LENGTH = 32  # tokens a prompt
README = """# Pictures that the LoRA was trained on

Copies of pictures of ../dataset/openmoji, designed by OpenMoji (https://openmoji.org/), CC BY-SA 4.0; metadata.jsonl names
the author of each. What was changed, and the text of the licence: ../dataset/ATTRIBUTION.md, ../dataset/LICENSES.
"""
START, END = "<|startoftext|>", "<|endoftext|>"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("dataset", "tokenizer", "base", "lora"):
        arguments.add_argument(f"--{name}", type=pathlib.Path, required=True)
    options = arguments.parse_args()
    rows = [json.loads(line) for line in (options.dataset / "metadata.jsonl").open(encoding="utf-8")]
    for row in rows:
        row["caption"] = f"{row['title']}, {NAMES[folder_of(row)]}"
    handful = [row for row in rows if folder_of(row) == "openmoji" and code_of(row) in HANDFUL]
    copy([row for row in rows if folder_of(row) != "openmoji"], options.dataset, options.base)
    copy(handful, options.dataset, options.lora)
    (options.lora / "README.md").write_text(README, "utf-8")
    write_tokenizer([row["caption"] for row in rows], options.tokenizer)


def folder_of(row):
    return row["file_name"].split("/")[0]


def code_of(row):
    return pathlib.PurePosixPath(row["file_name"]).stem


def copy(rows, source, target):
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    with (target / "metadata.jsonl").open("w", encoding="utf-8") as metadata:
        for row in rows:
            (target / row["file_name"]).parent.mkdir(exist_ok=True)
            shutil.copyfile(source / row["file_name"], target / row["file_name"])
            metadata.write(json.dumps(row, ensure_ascii=False) + "\n")


def write_tokenizer(captions, folder):
    merges = learn_merges(captions)
    letters = byte_letters()
    tokens = [*letters, *(letter + "</w>" for letter in letters), *map("".join, merges), START, END]
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "vocab.json", {token: index for index, token in enumerate(tokens)})
    (folder / "merges.txt").write_text("".join(["#version: 0.2\n", *(f"{a} {b}\n" for a, b in merges)]), "utf-8")
    specials = {"bos_token": START, "eos_token": END, "pad_token": END, "unk_token": END}
    write_json(folder / "special_tokens_map.json", specials)
    settings = {"tokenizer_class": "CLIPTokenizer", "model_max_length": LENGTH, "errors": "replace"}
    write_json(folder / "tokenizer_config.json", specials | settings)


def learn_merges(captions):
    """Byte pair encoding until every word is one token."""
    counts = collections.Counter(word for caption in captions for word in re.findall(r"[a-z]+|[^\sa-z]+", caption))
    words = {word: [*word[:-1], word[-1] + "</w>"] for word in counts}
    merges = []
    while True:
        pairs = collections.Counter()
        for word, parts in words.items():
            for pair in zip(parts, parts[1:]):
                pairs[pair] += counts[word]
        if not pairs:
            return merges
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        for word, parts in words.items():
            words[word] = merge(parts, best)


def merge(parts, pair):
    merged = []
    for part in parts:
        if merged and (merged[-1], part) == pair:
            merged[-1] += part
        else:
            merged.append(part)
    return merged


def byte_letters():
    """CLIP's letter for each byte, in the order of its vocabulary."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in printable]
    return [*map(chr, printable), *(chr(256 + index) for index in range(len(others)))]


def write_json(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()
