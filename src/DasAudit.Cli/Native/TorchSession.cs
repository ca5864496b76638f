using DasAudit.Core.Reports;
using TorchSharp;

namespace DasAudit.Cli.Native;

/// <summary>libtorch, ready to compute on a device, and what the report says about it.</summary>
internal sealed record TorchSession(torch.Device Device, EnvironmentInfo Environment, LoadedLibTorch LibTorch);
