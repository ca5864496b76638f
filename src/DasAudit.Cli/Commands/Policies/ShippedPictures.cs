using DasAudit.Cli.CommandLine;
using Microsoft.Extensions.FileSystemGlobbing;

namespace DasAudit.Cli.Commands.Policies;

/// <summary>The picture files that a policy names.</summary>
internal static class ShippedPictures
{
    /// <summary>Finds them, in order of their paths.</summary>
    /// <exception cref="UsageException">The policy names none.</exception>
    /// <exception cref="AuditException">It names some, and none is there.</exception>
    public static List<PolicyTarget> Of(PolicyFile file, Invocation invocation)
    {
        var patterns = file.Policy.Pictures;
        if (patterns.Count == 0)
            throw new UsageException(
                $"The policy '{file.Policy.File}' names no pictures; name what to check, or give the rule "
                    + "picture-report 'pictures'."
            );
        var matcher = new Matcher(StringComparison.Ordinal);
        matcher.AddIncludePatterns(patterns);
        var paths = matcher.GetResultsInFullPath(file.Folder).Order(StringComparer.Ordinal);
        List<PolicyTarget> targets =
        [
            .. paths.Select(path => new PolicyTarget(TargetKind.Picture, invocation.Surroundings.Show(path))),
        ];
        return targets.Count > 0
            ? targets
            : throw new AuditException(
                $"The policy '{file.Policy.File}' names pictures ({string.Join(", ", patterns)}), and none is there; "
                    + "correct the rule picture-report."
            );
    }
}
