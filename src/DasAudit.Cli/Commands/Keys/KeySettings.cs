using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Settings;
using DasAudit.Evidence.Signatures;

namespace DasAudit.Cli.Commands.Keys;

/// <summary>Where keys are.</summary>
internal sealed class KeySettings
{
    public Setting<string?> Folder { get; } =
        Setting.Text("--keys", "DIR", "The folder of keys; default ~/.das-audit/keys");

    public KeyFolder Read(Invocation invocation) => new(Path(invocation));

    /// <summary>The folder, absolute.</summary>
    public string Path(Invocation invocation)
    {
        if (invocation.Get(Folder) is { } folder)
            return invocation.Resolve(folder);
        var home = invocation.Surroundings.HomeDirectory;
        return home.Length > 0
            ? System.IO.Path.Combine(home, ".das-audit", "keys")
            : throw new UsageException("There is no home folder to keep keys in; give --keys DIR.");
    }
}
