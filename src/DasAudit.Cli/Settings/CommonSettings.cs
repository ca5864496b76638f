using TorchSharp;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Settings;

/// <summary>The options that every command takes.</summary>
internal sealed class CommonSettings
{
    /// <summary>The evidence store.</summary>
    public Setting<string> Store { get; } = Text("--store", "FILE", "The store of reports", ".das-audit/audits.db");

    /// <summary>The configuration file; null for <see cref="ConfigFile.DefaultName"/> if it exists.</summary>
    public Setting<string?> Config { get; } =
        Text("--config", "FILE", $"A file with options; {ConfigFile.DefaultName} if it exists");

    /// <summary>Print one JSON document instead of tables.</summary>
    public Setting<bool> Json { get; } = Flag("--json", "Print one JSON document and nothing else on standard output");

    /// <summary>Where tensors live.</summary>
    public Setting<DeviceType> Device { get; } =
        Choice("--device", "Where to compute", ("cpu", DeviceType.CPU), ("cuda", DeviceType.CUDA));

    /// <summary>Threads; null for one a processor.</summary>
    public Setting<int?> Threads { get; } =
        OptionalNumber("--threads", "N", "Threads to compute with", 1, 1024, "one a processor");

    /// <summary>Seed of everything random.</summary>
    public Setting<long> Seed { get; } = Number("--seed", "N", "Seed of everything random", 0, long.MaxValue, 0);

    /// <summary>A further folder with adapter plugins.</summary>
    public Setting<string?> Plugins { get; } = Text("--plugins", "DIR", "A further folder with adapter plugins");

    /// <summary>No progress and no messages other than errors.</summary>
    public Setting<bool> Quiet { get; } = Flag("--quiet", "No progress and no messages other than errors");

    /// <summary>No colours.</summary>
    public Setting<bool> NoColor { get; } = Flag("--no-color", "No colours; the variable NO_COLOR does the same");

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<ISetting> All => [Store, Config, Json, Device, Threads, Seed, Plugins, Quiet, NoColor];
}
