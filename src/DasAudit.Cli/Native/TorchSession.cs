using DasAudit.Core.Reports;
using TorchSharp;

namespace DasAudit.Cli.Native;

/// <summary>libtorch, ready to compute.</summary>
/// <param name="Device">Where to compute.</param>
/// <param name="Environment">What the report says about it.</param>
/// <param name="LibTorch">Which one it is.</param>
internal sealed record TorchSession(torch.Device Device, EnvironmentInfo Environment, LoadedLibTorch LibTorch);
