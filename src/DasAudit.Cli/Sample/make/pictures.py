"""Makes the sample's pictures: the same 110 smileys as drawn by three projects.

    python3 pictures.py --packages node_modules --out dataset

Reads the npm packages emoji-datasource-google, emoji-datasource-twitter, openmoji and twemoji (the last only for
its licence text), writes 32x32 RGB PNGs, metadata.jsonl, LICENSES/ and ATTRIBUTION.md. Same packages and same
library versions in, same bytes out. Needs Pillow, NumPy and rsvg-convert.
"""
import argparse
import io
import json
import pathlib
import shutil
import subprocess
from collections import Counter

import numpy as np
from PIL import Image

SIZE = 32
MARGIN = 1
GROUPS = ["face-" + name for name in (
    "smiling", "affection", "tongue", "hand", "neutral-skeptical", "sleepy", "unwell", "hat", "glasses",
    "concerned", "negative")]

# What the licence texts say; ATTRIBUTION below tells where each was read.
VENDORS = {
    "noto-emoji": dict(
        license="Apache-2.0", rights_holder="Google LLC", author="Noto Emoji authors",
        package="emoji-datasource-google", folder="img/google/64"),
    "openmoji": dict(
        license="CC-BY-SA-4.0", rights_holder="OpenMoji project", author=None,
        package="openmoji", folder="color/svg"),
    "twemoji": dict(
        license="CC-BY-4.0", rights_holder="Twitter, Inc and other contributors", author="Twemoji contributors",
        package="emoji-datasource-twitter", folder="img/twitter/64"),
}
NOTO_VERSION, TWEMOJI_VERSION = "v2.048", "v16.0.1"      # named in the README of emoji-datasource 16.0.0


class Packages:
    """The installed packages and the emoji that all three projects have drawn."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.versions = {name: json.loads((self.root / name / "package.json").read_text())["version"]
                         for name in ("emoji-datasource-google", "emoji-datasource-twitter", "openmoji", "twemoji")}
        drawn = {entry["hexcode"]: entry
                 for entry in json.loads((self.root / "openmoji/data/openmoji.json").read_text())}
        self.emoji = []
        entries = json.loads((self.root / "emoji-datasource-google/emoji.json").read_text())
        for entry in sorted(entries, key=lambda e: e["unified"]):
            code = entry["unified"]
            open_code = next((c for c in (code, code.replace("-FE0F", "")) if c in drawn), None)
            if open_code is None or not (entry["has_img_google"] and entry["has_img_twitter"]):
                continue
            about = drawn[open_code]
            item = dict(code=code.lower(), image=entry["image"], open_code=open_code, group=entry["subcategory"],
                        category=entry["category"], name=about["annotation"], tags=about["tags"],
                        author=about["openmoji_author"])
            if all(self.path(vendor, item).is_file() for vendor in VENDORS):
                self.emoji.append(item)

    def path(self, vendor, item):
        about = VENDORS[vendor]
        name = item["open_code"] + ".svg" if vendor == "openmoji" else item["image"]
        return self.root / about["package"] / about["folder"] / name

    def faces(self):
        return [item for item in self.emoji if item["group"] in GROUPS]

    def picture(self, vendor, item):
        """One emoji as a 32x32 RGB image; the same steps for every vendor."""
        path = self.path(vendor, item)
        if path.suffix == ".svg":
            data = subprocess.run(["rsvg-convert", "--width", "512", "--height", "512", str(path)],
                                  check=True, stdout=subprocess.PIPE).stdout
        else:
            data = path.read_bytes()
        image = Image.open(io.BytesIO(data)).convert("RGBA")
        solid = image.getchannel("A").point(lambda a: 255 if a > 8 else 0)
        image = image.crop(solid.getbbox())
        side = max(image.size)
        square = Image.new("RGBA", (side, side), (255, 255, 255, 255))
        square.alpha_composite(image, ((side - image.width) // 2, (side - image.height) // 2))
        inner = SIZE - 2 * MARGIN
        result = Image.new("RGB", (SIZE, SIZE), (255, 255, 255))
        result.paste(square.convert("RGB").resize((inner, inner), Image.Resampling.BOX), (MARGIN, MARGIN))
        return result


def source(vendor, item, versions):
    """The picture's own page in the upstream project, at the version the package took it from."""
    code = item["code"]
    if vendor == "noto-emoji":
        name = code.replace("-fe0f", "").replace("-", "_")
        return f"https://github.com/googlefonts/noto-emoji/blob/{NOTO_VERSION}/png/128/emoji_u{name}.png"
    if vendor == "twemoji":
        name = code if "-200d-" in code else code.replace("-fe0f", "")
        return f"https://github.com/jdecked/twemoji/blob/{TWEMOJI_VERSION}/assets/72x72/{name}.png"
    return f"https://github.com/hfg-gmuend/openmoji/blob/{versions['openmoji']}/color/svg/{item['open_code']}.svg"


def attribution(faces, versions):
    authors = Counter(item["author"] for item in faces)
    listed = ", ".join(f"{name} ({count})" for name, count in sorted(authors.items(), key=lambda p: (-p[1], p[0])))
    return f"""# Where these pictures come from

{len(faces)} smileys, each as drawn by three projects: {3 * len(faces)} pictures. `metadata.jsonl` names licence, rights
holder, author and source of every one of them; the full licence texts are in `LICENSES/`.

| folder | project | licence of the pictures | taken from |
|---|---|---|---|
| `noto-emoji/` | [Noto Emoji](https://github.com/googlefonts/noto-emoji) {NOTO_VERSION}, Copyright Google LLC | Apache-2.0 | npm `emoji-datasource-google` {versions["emoji-datasource-google"]} |
| `twemoji/` | [Twemoji](https://github.com/jdecked/twemoji) {TWEMOJI_VERSION}, Copyright Twitter, Inc and other contributors | CC-BY-4.0 | npm `emoji-datasource-twitter` {versions["emoji-datasource-twitter"]} |
| `openmoji/` | [OpenMoji](https://openmoji.org/) {versions["openmoji"]} | CC-BY-SA-4.0 | npm `openmoji` {versions["openmoji"]} |

All emojis in `openmoji/` designed by [OpenMoji](https://openmoji.org/), the open-source emoji and icon project.
License: [CC BY-SA 4.0](https://creativecommons.org/licenses/by-sa/4.0/). The authors named in its data file:
{listed}.

## What was changed
Every picture was changed, in the same way for the three projects: the OpenMoji SVG files rasterised at 512x512
(the other two come as 64x64 PNG files); cropped to the box of its non-transparent pixels; centred on a white square;
composited on white; reduced with a box filter to 30x30; a margin of one white pixel added; saved as 32x32 RGB PNG.
The changed OpenMoji pictures are under CC-BY-SA-4.0 like the originals. None of the projects endorses this use.

## How the licences were read
- The two `emoji-datasource-*` packages say `MIT` in their `license` field. That is the licence of the package's own
  data and code, by Cal Henderson, not of the pictures: its README says that the Google pictures are under the
  Apache License 2.0 and the Twitter pictures under Creative Commons Attribution 4.0.
- Noto Emoji's README at {NOTO_VERSION}: "Tools and most image resources are under the Apache license, version 2.0" (the
  exceptions are flags, none of which is here), and the notice beside the drawings, svg/LICENSE, says the same under
  "Copyright 2013 Google, Inc." The README's link goes to the top-level LICENSE, though, which has held the text of
  the SIL Open Font License ("Copyright 2013 Google LLC") since July 2024: the upstream texts do not quite agree. No
  font is used here. `author` stands for the project's AUTHORS file, which names Google Inc. and one contributor.
- Twemoji's README: "Graphics licensed under CC-BY 4.0"; the line "Copyright 2019 Twitter, Inc and other contributors"
  is in the README of the npm package `twemoji` {versions["twemoji"]}, and no later text names another holder of the graphics.
- OpenMoji's package says `CC-BY-SA-4.0`, and so do its README and LICENSE.txt. No text names one holder of all rights:
  there is no contributor licence agreement, each author licenses the picture to everybody, and the project asks for
  the credit to be given to OpenMoji. So `rights_holder` here means the project, and `author` the person.

The licence texts: Apache-2.0 from Debian's `/usr/share/common-licenses`, CC-BY-4.0 from `LICENSE-GRAPHICS` of the npm
package `twemoji` {versions["twemoji"]}, CC-BY-SA-4.0 from `LICENSE.txt` of the npm package `openmoji` {versions["openmoji"]}.
"""


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--packages", required=True, help="the node_modules folder")
    options.add_argument("--out", required=True, help="the dataset folder; made anew")
    options.add_argument("--apache", default="/usr/share/common-licenses/Apache-2.0", help="the Apache licence's text")
    options = options.parse_args()

    packages, out = Packages(options.packages), pathlib.Path(options.out)
    faces = packages.faces()
    for vendor in VENDORS:
        shutil.rmtree(out / vendor, ignore_errors=True)
        (out / vendor).mkdir(parents=True)
    lines = []
    for vendor, about in VENDORS.items():
        for item in faces:
            name = f"{vendor}/{item['code']}.png"
            image = packages.picture(vendor, item)
            if np.asarray(image).std() < 5:
                raise SystemExit(f"{name} is empty")
            image.save(out / name, optimize=True)
            lines.append(dict(
                file_name=name, license=about["license"], rights_holder=about["rights_holder"],
                author=about["author"] or item["author"], source=source(vendor, item, packages.versions),
                title=item["name"], caption=item["name"]))
    lines.sort(key=lambda line: line["file_name"])

    licenses = out / "LICENSES"
    licenses.mkdir(exist_ok=True)
    for name, text in (("Apache-2.0", pathlib.Path(options.apache)),
                       ("CC-BY-4.0", packages.root / "twemoji/LICENSE-GRAPHICS"),
                       ("CC-BY-SA-4.0", packages.root / "openmoji/LICENSE.txt")):
        (licenses / f"{name}.txt").write_bytes(text.read_bytes())
    (out / "ATTRIBUTION.md").write_text(attribution(faces, packages.versions), encoding="utf-8")
    (out / "metadata.jsonl").write_text(
        "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    print(f"{len(lines)} pictures of {len(faces)} smileys")


if __name__ == "__main__":
    main()
