using DasAudit.Core.Features.Store;
using static TorchSharp.torch;

namespace DasAudit.Core.Audits;

/// <summary>Where an audit runs and what it keeps there. No figure depends on it.</summary>
public sealed record AuditMachine
{
    /// <summary>Where the model runs. Default CPU.</summary>
    // torch.CPU would load libtorch, even to show the help.
    public Device Device { get; init; } = new(TorchSharp.DeviceType.CPU);

    /// <summary>Worker threads, at least 1. Default 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Where relative paths start; absolute. Default: the process's current folder.</summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>Folder in which embeddings are kept between audits; null to keep none.</summary>
    public string? EmbeddingFolder { get; init; }

    /// <summary>Where features are kept: those there are not computed again, others are added. Null for none.</summary>
    public FeatureFolders? Features { get; init; }
}
