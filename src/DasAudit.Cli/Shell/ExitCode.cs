namespace DasAudit.Cli.Shell;

/// <summary>What the exit code tells a script.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>An error, said in one sentence (or a bug, with its stack trace).</summary>
    public const int Error = 1;

    /// <summary>A policy was hit.</summary>
    public const int Policy = 2;

    /// <summary>A verification, replay or conformance check found a difference.</summary>
    public const int Mismatch = 3;

    /// <summary>Wrong usage: the command line, an environment variable or the configuration file.</summary>
    public const int Usage = 64;

    /// <summary>Cancelled by Ctrl+C or SIGTERM.</summary>
    public const int Cancelled = 130;
}
