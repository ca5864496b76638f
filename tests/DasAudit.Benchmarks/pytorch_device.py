"""What PyTorch takes on a GPU, beside the benchmarks `device cuda` and `train cuda`: wall-clock time.

`plain` is a forward and backward pass of 256 rows, `step` a training step of 64 (clipping, AdamW, moving average), in
float32 without TF32. The second network has as many parameters as unet-cifar10, but its attention at the coarsest
level, not at 16x16.

    python3 tests/DasAudit.Benchmarks/pytorch_device.py [cuda | cpu]
"""

import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

HEAD = 8
SIDE = 32
ROWS = 256
BATCH = 64
REPETITIONS = 30

# Name: channels of levels, layers of a block, groups of normalisation.
MODELS = {
    "64-128@32": ((64, 128), 1, 8),
    "cifar10-like": ((128, 256, 256, 256), 2, 8),
}


class Residual(nn.Module):
    def __init__(self, inside, outside, time_width, groups):
        super().__init__()
        self.norm1 = nn.GroupNorm(groups, inside)
        self.conv1 = nn.Conv2d(inside, outside, 3, padding=1)
        self.time = nn.Linear(time_width, outside)
        self.norm2 = nn.GroupNorm(groups, outside)
        self.conv2 = nn.Conv2d(outside, outside, 3, padding=1)
        self.shortcut = nn.Conv2d(inside, outside, 1) if inside != outside else nn.Identity()

    def forward(self, x, embedding):
        hidden = self.conv1(F.silu(self.norm1(x)))
        hidden = hidden + self.time(F.silu(embedding))[:, :, None, None]
        return self.shortcut(x) + self.conv2(F.silu(self.norm2(hidden)))


class Attention(nn.Module):
    def __init__(self, channels, groups):
        super().__init__()
        self.norm = nn.GroupNorm(groups, channels)
        self.query = nn.Linear(channels, channels)
        self.key = nn.Linear(channels, channels)
        self.value = nn.Linear(channels, channels)
        self.out = nn.Linear(channels, channels)

    def forward(self, x):
        tokens = self.norm(x).flatten(2).transpose(1, 2)

        def heads(values):
            return values.unflatten(2, (-1, HEAD)).transpose(1, 2).flatten(0, 1)

        query, key, value = heads(self.query(tokens)), heads(self.key(tokens)), heads(self.value(tokens))
        weights = torch.softmax(torch.bmm(query, key.transpose(1, 2)) * HEAD**-0.5, -1)
        attended = torch.bmm(weights, value).unflatten(0, (x.shape[0], -1)).transpose(1, 2).flatten(2)
        return x + self.out(attended).transpose(1, 2).reshape(x.shape)


class Unet(nn.Module):
    def __init__(self, levels, layers, groups):
        super().__init__()
        self.layers, self.last = layers, len(levels) - 1
        width = 4 * levels[0]
        half = levels[0] // 2
        self.register_buffer("frequencies", torch.exp(torch.arange(half) * (-math.log(10000) / half)))
        self.conv_in = nn.Conv2d(3, levels[0], 3, padding=1)
        self.linear1, self.linear2 = nn.Linear(levels[0], width), nn.Linear(width, width)
        self.down, self.down_attention, self.shrink = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        skips, channels = [levels[0]], levels[0]
        for level, outside in enumerate(levels):
            for _ in range(layers):
                self.down.append(Residual(channels, outside, width, groups))
                channels = outside
                skips.append(channels)
                if level == self.last:
                    self.down_attention.append(Attention(channels, groups))
            if level < self.last:
                self.shrink.append(nn.Conv2d(channels, channels, 3, stride=2, padding=1))
                skips.append(channels)
        self.middle1 = Residual(channels, channels, width, groups)
        self.middle_attention = Attention(channels, groups)
        self.middle2 = Residual(channels, channels, width, groups)
        self.up, self.up_attention, self.grow = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        for level, outside in enumerate(reversed(levels)):
            for _ in range(layers + 1):
                self.up.append(Residual(channels + skips.pop(), outside, width, groups))
                channels = outside
                if level == 0:
                    self.up_attention.append(Attention(channels, groups))
            if level < self.last:
                self.grow.append(nn.Conv2d(channels, channels, 3, padding=1))
        self.norm_out = nn.GroupNorm(groups, channels)
        self.conv_out = nn.Conv2d(channels, 3, 3, padding=1)

    def forward(self, x, timesteps):
        angles = timesteps.float()[:, None] * self.frequencies
        embedding = self.linear2(F.silu(self.linear1(torch.cat([angles.cos(), angles.sin()], 1))))
        hidden = self.conv_in(x)
        skips = [hidden]
        for index, block in enumerate(self.down):
            level, layer = divmod(index, self.layers)
            hidden = block(hidden, embedding)
            if level == self.last:
                hidden = self.down_attention[layer](hidden)
            skips.append(hidden)
            if layer == self.layers - 1 and level < self.last:
                hidden = self.shrink[level](hidden)
                skips.append(hidden)
        hidden = self.middle2(self.middle_attention(self.middle1(hidden, embedding)), embedding)
        for index, block in enumerate(self.up):
            level, layer = divmod(index, self.layers + 1)
            hidden = block(torch.cat([hidden, skips.pop()], 1), embedding)
            if level == 0:
                hidden = self.up_attention[layer](hidden)
            if layer == self.layers and level < self.last:
                hidden = self.grow[level](F.interpolate(hidden, scale_factor=2.0, mode="nearest"))
        return self.conv_out(F.silu(self.norm_out(hidden)))


def seconds(run, device, repetitions):
    for _ in range(5):
        run()
    if device == "cuda":
        torch.cuda.synchronize()
    start = time.time()
    for _ in range(repetitions):
        run()
    if device == "cuda":
        torch.cuda.synchronize()
    return (time.time() - start) / repetitions


def measure(name, device):
    model = Unet(*MODELS[name]).to(device).train()
    parameters = list(model.parameters())
    average = [parameter.detach().clone() for parameter in parameters]
    optimiser = torch.optim.AdamW(parameters, lr=1e-4, foreach=True)
    rows, batch, repetitions = (ROWS, BATCH, REPETITIONS) if device == "cuda" else (2, 2, 1)
    x, noise = torch.randn(2, rows, 3, SIDE, SIDE, device=device)
    timesteps = torch.randint(0, 1000, (rows,), device=device)

    def plain():
        model.zero_grad(set_to_none=True)
        model(x, timesteps).mean().backward()

    def step():
        noisy = 0.6 * x[:batch] + 0.8 * noise[:batch]
        optimiser.zero_grad()
        (model(noisy, timesteps[:batch]) - noise[:batch]).square().mean().backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        with torch.no_grad():
            torch._foreach_mul_(average, 0.999)
            torch._foreach_add_(average, parameters, alpha=1e-3)

    count = sum(parameter.numel() for parameter in parameters)
    row = 1000 * seconds(plain, device, repetitions) / rows
    whole = 1000 * seconds(step, device, repetitions)
    print(f"{name}: {count} parameters, plain {row:.3f} ms a row, step of {batch} {whole:.2f} ms", flush=True)


if __name__ == "__main__":
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    for model_name in MODELS:
        measure(model_name, sys.argv[1] if len(sys.argv) > 1 else "cuda")
