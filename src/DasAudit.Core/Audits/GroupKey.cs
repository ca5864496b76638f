using DasAudit.Abstractions;
using DasAudit.Core.Datasets;

namespace DasAudit.Core.Audits;

/// <summary>What shares are summed by.</summary>
public sealed record GroupKey
{
    /// <summary>The group of pictures whose metadata does not say.</summary>
    public const string NotStated = "(not stated)";

    private readonly Func<Rights, string?> _of;

    private GroupKey(string name, Func<Rights, string?> of) => (Name, _of) = (name, of);

    /// <summary>By rights holder, the default.</summary>
    public static GroupKey RightsHolder { get; } = new("rights-holder", rights => rights.RightsHolder);

    /// <summary>By SPDX licence.</summary>
    public static GroupKey License { get; } = new("license", rights => rights.License);

    /// <summary>By author.</summary>
    public static GroupKey Author { get; } = new("author", rights => rights.Author);

    /// <summary>All keys.</summary>
    public static IReadOnlyList<GroupKey> All { get; } = [RightsHolder, License, Author];

    /// <summary>As <c>--group-by</c> names it.</summary>
    public string Name { get; }

    /// <summary>Finds a key by name.</summary>
    /// <exception cref="AuditException">There is no such key.</exception>
    public static GroupKey Parse(string name) => All.FirstOrDefault(key => key.Name == name)
        ?? throw new AuditException($"'{name}' is nothing to group by; choose one of {string.Join(", ", All.Select(key => key.Name))}.");

    /// <summary>A picture's group.</summary>
    public string Of(Rights rights) => _of(rights) ?? NotStated;
}
