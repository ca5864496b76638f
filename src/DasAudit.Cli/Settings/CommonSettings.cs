using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Settings;

/// <summary>The options that every command takes.</summary>
internal sealed class CommonSettings
{
    public Setting<string> Store { get; } = Text("--store", "FILE", "The store of reports", ".das-audit/audits.db");

    /// <summary>The configuration file; null for <see cref="ConfigFile.DefaultName"/> if it exists.</summary>
    public Setting<string?> Config { get; } =
        Text("--config", "FILE", $"A file with options; {ConfigFile.DefaultName} if it exists");

    public Setting<bool> Json { get; } = Flag("--json", "Print one JSON document and nothing else on standard output");

    public Setting<DeviceChoice> Device { get; } =
        Parsed(
            "--device",
            "cpu|cuda[:N]",
            "Where to compute: the processor, or an NVIDIA GPU by its number from 0; default cpu.",
            DeviceChoice.Parse,
            DeviceChoice.Processor
        );

    /// <summary>Threads; null for one a processor.</summary>
    public Setting<int?> Threads { get; } =
        OptionalNumber("--threads", "N", "Threads to compute with", 1, 1024, "one a processor");

    public Setting<long> Seed { get; } = Number("--seed", "N", "Seed of everything random", 0, long.MaxValue, 0);

    public Setting<string?> Plugins { get; } = Text("--plugins", "DIR", "A further folder with adapter plugins");

    public Setting<bool> Quiet { get; } = Flag("--quiet", "No progress and no messages other than errors");

    public Setting<bool> NoColor { get; } = Flag("--no-color", "No colours; the variable NO_COLOR does the same");

    public IReadOnlyList<ISetting> All => [Store, Config, Json, Device, Threads, Seed, Plugins, Quiet, NoColor];
}
