using DasAudit.Abstractions;
using DasAudit.Core.Datasets;

namespace DasAudit.Core.Audits;

/// <summary>
/// Where the training pictures and the decoys of an audit lie: decoys are the pictures of a folder, or, written <c>split:NAME</c>, those of the dataset
/// whose metadata states that split, and then the training pictures are the dataset's others. A folder of such a name is <c>./split:NAME</c>.
/// </summary>
public static class DecoySource
{
    private const string Prefix = "split:";

    /// <summary>Refuses what names neither a folder nor a split.</summary>
    /// <returns>The text.</returns>
    /// <exception cref="AuditException">It is empty, or names a split without a name.</exception>
    public static string Check(string text) =>
        text is null or "" or Prefix
            ? throw new AuditException(
                $"'{text}' names neither a folder nor a split; give a folder, or split:NAME for a split of the dataset."
            )
            : text;

    /// <summary>The split of the dataset that decoys are; null if they are a folder.</summary>
    internal static string? SplitOf(string decoys) =>
        Check(decoys).StartsWith(Prefix, StringComparison.Ordinal) ? decoys[Prefix.Length..] : null;

    /// <summary>How the training pictures are read: all that are no decoys.</summary>
    /// <exception cref="AuditException">The same split is to be both.</exception>
    internal static TrainingSetOptions MemberOptions(this AuditRequest request)
    {
        var options = request.DatasetOptions with { ShownAs = request.Dataset };
        if (request.Decoys is null || SplitOf(request.Decoys) is not { } split)
            return options;
        return options.Split == split
            ? throw new AuditException(
                $"The split '{split}' cannot be both the training pictures and the decoys; give --decoys another split than --split."
            )
            : options with
            {
                ExceptSplit = split,
            };
    }

    /// <summary>Where decoys lie, as written, and how they are read; null for none.</summary>
    internal static (string Path, TrainingSetOptions Options)? DecoyLocation(this AuditRequest request) =>
        request.Decoys switch
        {
            null => null,
            var decoys when SplitOf(decoys) is { } split => (
                request.Dataset,
                request.DatasetOptions with
                {
                    Split = split,
                    ShownAs = request.Dataset,
                }
            ),
            var folder => (folder, new() { ShownAs = folder }),
        };

    /// <summary>What a sentence calls the pictures that decoys are.</summary>
    internal static string Describe(string decoys) =>
        SplitOf(decoys) is { } split ? $"the dataset's split '{split}'" : $"'{decoys}'";
}
