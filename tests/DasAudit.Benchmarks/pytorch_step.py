"""Processor time of a training step of the benchmark's U-Nets in PyTorch, on one thread, beside `train`.

The same architecture, batch of 16, loss, clipping, AdamW and moving average as DasAudit.Benchmarks' `train`, written
as PyTorch users write it: parameters of their own, torch.optim.AdamW (foreach), EMA by torch._foreach_* operations.

    OMP_NUM_THREADS=1 /usr/bin/python3 tests/DasAudit.Benchmarks/pytorch_step.py [MODEL ...]
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import math
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

BATCH = 16
PICTURES = 256
STEPS_A_ROUND = 5
ROUNDS = 41

# Name: side, channels of pictures, of levels, groups of normalisation, levels with attention, attention in the middle.
MODELS = {
    "unet-32-64@16": (16, 3, (32, 64), 8, (1,), True),
    "unet-16-32-32@16": (16, 1, (16, 32, 32), 8, (), False),
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

    def forward(self, x, time):
        hidden = self.conv1(F.silu(self.norm1(x)))
        hidden = hidden + self.time(time)[:, :, None, None]
        return self.shortcut(x) + self.conv2(F.silu(self.norm2(hidden)))


class Attention(nn.Module):
    HEAD = 8

    def __init__(self, channels, groups):
        super().__init__()
        self.norm = nn.GroupNorm(groups, channels)
        self.query = nn.Linear(channels, channels)
        self.key = nn.Linear(channels, channels)
        self.value = nn.Linear(channels, channels)
        self.out = nn.Linear(channels, channels)

    def forward(self, x):
        batch, channels, height, width = x.shape
        tokens = self.norm(x).flatten(2).transpose(1, 2)

        def heads(values):
            return values.unflatten(2, (channels // self.HEAD, self.HEAD)).transpose(1, 2)

        query, key, value = heads(self.query(tokens)), heads(self.key(tokens)), heads(self.value(tokens))
        weights = (query @ key.transpose(-2, -1) / math.sqrt(self.HEAD)).softmax(-1)
        attended = (weights @ value).transpose(1, 2).flatten(2)
        return x + self.out(attended).transpose(1, 2).reshape(x.shape)


class Unet(nn.Module):
    def __init__(self, side, colours, levels, groups, with_attention, middle_attention):
        super().__init__()
        first, last = levels[0], levels[-1]
        width = 4 * first
        half = first // 2
        self.frequencies = torch.exp(torch.arange(half) * (-math.log(10000) / half))
        self.time = nn.Sequential(nn.Linear(first, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU())
        self.conv_in = nn.Conv2d(colours, first, 3, padding=1)

        def attention(level):
            return Attention(levels[level], groups) if level in with_attention else nn.Identity()

        self.down, self.down_attention, self.shrink = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        for level, channels in enumerate(levels):
            self.down.append(Residual(levels[max(level - 1, 0)], channels, width, groups))
            self.down_attention.append(attention(level))
            if level < len(levels) - 1:
                self.shrink.append(nn.Conv2d(channels, channels, 3, stride=2, padding=1))
        self.middle1 = Residual(last, last, width, groups)
        self.middle_attention = Attention(last, groups) if middle_attention else nn.Identity()
        self.middle2 = Residual(last, last, width, groups)
        self.up, self.up_attention, self.grow = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        for level in reversed(range(len(levels))):
            channels = levels[level]
            before = levels[min(level + 1, len(levels) - 1)]
            skip = levels[max(level - 1, 0)]
            self.up.append(
                nn.ModuleList(
                    [
                        Residual(before + channels, channels, width, groups),
                        Residual(channels + skip, channels, width, groups),
                    ]
                )
            )
            self.up_attention.append(nn.ModuleList([attention(level), attention(level)]))
            if level > 0:
                self.grow.append(nn.Conv2d(channels, channels, 3, padding=1))
        self.norm_out = nn.GroupNorm(groups, first)
        self.conv_out = nn.Conv2d(first, colours, 3, padding=1)

    def forward(self, x, timesteps):
        angles = timesteps[:, None] * self.frequencies
        time = self.time(torch.cat([angles.cos(), angles.sin()], 1))
        hidden = self.conv_in(x)
        skips = [hidden]
        for level, block in enumerate(self.down):
            hidden = self.down_attention[level](block(hidden, time))
            skips.append(hidden)
            if level < len(self.shrink):
                hidden = self.shrink[level](hidden)
                skips.append(hidden)
        hidden = self.middle2(self.middle_attention(self.middle1(hidden, time)), time)
        for index, blocks in enumerate(self.up):
            for block, attention in zip(blocks, self.up_attention[index]):
                hidden = attention(block(torch.cat([hidden, skips.pop()], 1), time))
            if index < len(self.grow):
                hidden = self.grow[index](F.interpolate(hidden, scale_factor=2.0, mode="nearest"))
        return self.conv_out(F.silu(self.norm_out(hidden)))


def measure(name):
    torch.manual_seed(1)
    side, colours = MODELS[name][:2]
    model = Unet(*MODELS[name])
    parameters = list(model.parameters())
    pictures = torch.rand(PICTURES, colours, side, side) * 2 - 1
    alphas = torch.cumprod(1 - torch.linspace(1e-4, 0.02, 1000), 0)
    optimiser = torch.optim.AdamW(parameters, lr=2e-3, betas=(0.9, 0.99), weight_decay=1e-6, foreach=True)
    average = [parameter.detach().clone() for parameter in parameters]

    noisy, target = torch.randn(2, BATCH, colours, side, side)
    fixed = torch.randint(1000, (BATCH,))

    def plain():
        (model(noisy, fixed) - target).square().mean().backward()
        for parameter in parameters:
            parameter.grad = None

    def step():
        clean = pictures[torch.randint(PICTURES, (BATCH,))]
        timesteps = torch.randint(1000, (BATCH,))
        noise = torch.randn_like(clean)
        alpha = alphas[timesteps][:, None, None, None]
        loss = (model(alpha.sqrt() * clean + (1 - alpha).sqrt() * noise, timesteps) - noise).square().mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        with torch.no_grad():
            torch._foreach_mul_(average, 0.999)
            torch._foreach_add_(average, parameters, alpha=0.001)
        loss.item()

    ways = {"plain": plain, "step": step}
    for _ in range(PICTURES // BATCH):
        for way in ways.values():
            way()
    times = {mode: [] for mode in ways}
    for _ in range(ROUNDS):
        for mode, way in ways.items():
            start = time.process_time()
            for _ in range(STEPS_A_ROUND):
                way()
            times[mode].append((time.process_time() - start) * 1000 / STEPS_A_ROUND)
    count = sum(parameter.numel() for parameter in parameters)
    for mode in ways:
        ratio = statistics.median(a / b for a, b in zip(times[mode], times["plain"]))
        print(f"{name:17} {count:10} {mode:6} {statistics.median(times[mode]):8.2f} {ratio:6.3f}", flush=True)


torch.set_num_threads(1)
print(f"{'model':17} {'parameters':>10} {'mode':6} {'ms/step':>8} {'ratio':>6}   PyTorch {torch.__version__}")
for requested in sys.argv[1:] or MODELS:
    measure(requested)
