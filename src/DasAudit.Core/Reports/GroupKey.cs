using System.Globalization;
using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;

namespace DasAudit.Core.Reports;

/// <summary>What shares are computed by.</summary>
public sealed record GroupKey
{
    /// <summary>The group of pictures whose metadata does not say.</summary>
    public const string NotStated = "(not stated)";

    private readonly Func<IReadOnlyList<TrainingItem>, IEnumerable<string?>> _of;

    private GroupKey(string name, Func<IReadOnlyList<TrainingItem>, IEnumerable<string?>> of) =>
        (Name, _of) = (name, of);

    /// <summary>By rights holder, the default.</summary>
    public static GroupKey RightsHolder { get; } =
        new("rights-holder", items => items.Select(item => item.Rights.RightsHolder));

    /// <summary>By SPDX licence.</summary>
    public static GroupKey License { get; } = new("license", items => items.Select(item => item.Rights.License));

    /// <summary>By author.</summary>
    public static GroupKey Author { get; } = new("author", items => items.Select(item => item.Rights.Author));

    /// <summary>By cluster of near-duplicates, named after its first: <see cref="DuplicateClusters"/>.</summary>
    public static GroupKey Cluster { get; } =
        new(
            "cluster",
            items =>
                DuplicateClusters
                    .Find(items, new CandidateOptions().NearDuplicateDistance)
                    .Select(first => items[first].Path)
        );

    /// <summary>By folder within the dataset; pictures that lie in none are not stated.</summary>
    public static GroupKey Folder { get; } = new("folder", items => items.Select(FolderOf));

    /// <summary>By class index as stated.</summary>
    public static GroupKey Class { get; } =
        new("class", items => items.Select(item => item.Label?.ToString(CultureInfo.InvariantCulture)));

    /// <summary>All keys.</summary>
    public static IReadOnlyList<GroupKey> All { get; } = [RightsHolder, License, Author, Cluster, Folder, Class];

    /// <summary>As <c>--group-by</c> names it.</summary>
    public string Name { get; }

    /// <summary>Finds a key by name.</summary>
    /// <exception cref="AuditException">There is no such key.</exception>
    public static GroupKey Parse(string name) =>
        All.FirstOrDefault(key => key.Name == name)
        ?? throw new AuditException(
            $"'{name}' is nothing to group by; choose one of {string.Join(", ", All.Select(key => key.Name))}."
        );

    /// <summary>The group of each picture.</summary>
    public IReadOnlyList<string> Of(IReadOnlyList<TrainingItem> items) =>
        [.. _of(items).Select(group => group ?? NotStated)];

    private static string? FolderOf(TrainingItem item) =>
        Path.GetDirectoryName(item.Path)?.Replace('\\', '/') is { Length: > 0 } folder ? folder : null;
}
