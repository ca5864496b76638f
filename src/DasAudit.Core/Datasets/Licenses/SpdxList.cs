using System.Collections.Frozen;

namespace DasAudit.Core.Datasets.Licenses;

/// <summary>The identifiers of SPDX's lists of licences and exceptions, as <c>spdx.txt</c> has them.</summary>
/// <remarks>Case does not matter, as SPDX has it. See https://spdx.org/licenses.</remarks>
internal static class SpdxList
{
    /// <summary>Which list it is, for messages.</summary>
    public const string Name = "SPDX's list 3.28";

    private const string Resource = "spdx.txt";

    private static readonly Lazy<(FrozenSet<string> Licenses, FrozenSet<string> Exceptions)> Lists = new(Read);

    /// <summary>All identifiers of licences.</summary>
    public static FrozenSet<string> Licenses => Lists.Value.Licenses;

    /// <summary>All identifiers of exceptions.</summary>
    public static FrozenSet<string> Exceptions => Lists.Value.Exceptions;

    private static (FrozenSet<string> Licenses, FrozenSet<string> Exceptions) Read()
    {
        using var stream = typeof(SpdxList).Assembly.GetManifestResourceStream(Resource)!;
        using var text = new StreamReader(stream);
        var licenses = new List<string>();
        var exceptions = new List<string>();
        var list = licenses;
        while (text.ReadLine() is { } line)
        {
            if (line.StartsWith('['))
                list = line == "[exceptions]" ? exceptions : licenses;
            else if (!line.StartsWith('#'))
                list.Add(line);
        }

        return (
            licenses.ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            exceptions.ToFrozenSet(StringComparer.OrdinalIgnoreCase)
        );
    }
}
