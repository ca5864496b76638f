using DasAudit.Cli.CommandLine;
using DasAudit.Evidence.Policies;
using DasAudit.Evidence.Policies.Reading;

namespace DasAudit.Cli.Commands.Policies;

/// <summary>A policy and the folder that its paths are relative to.</summary>
/// <param name="Folder">Absolute.</param>
internal sealed record PolicyFile(Policy Policy, string Folder)
{
    private const long LongestFile = 16 << 20;

    /// <summary>Reads a policy.</summary>
    /// <param name="name">As given.</param>
    /// <exception cref="AuditException">It is not there, or no policy.</exception>
    public static PolicyFile Read(Invocation invocation, string name)
    {
        var file = new FileInfo(invocation.Resolve(name));
        if (!file.Exists)
            throw new AuditException(
                $"There is no policy '{name}'; name another with --policy, or write one with 'policy new'."
            );
        if (file.Length > LongestFile)
            throw new AuditException($"'{name}' is too long to be a policy; name another with --policy.");
        return new(PolicyReader.Read(File.ReadAllBytes(file.FullName), name), file.DirectoryName!);
    }
}
