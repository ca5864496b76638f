using System.Globalization;

namespace DasAudit.Core.Retraining;

/// <summary>Which jobs of a list one of several processes or machines takes: every Count-th.</summary>
/// <param name="Index">From 1.</param>
/// <param name="Count">At least 1.</param>
public sealed record JobShare(int Index, int Count)
{
    /// <summary>All of them.</summary>
    public static JobShare All { get; } = new(1, 1);

    /// <summary>Reads <c>I/N</c>.</summary>
    /// <exception cref="AuditException">It is something else.</exception>
    public static JobShare Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return
            text.Split('/') is [var index, var count]
            && Number(index) is { } share
            && Number(count) is { } shares
            && share >= 1
            && share <= shares
            ? new(share, shares)
            : throw new AuditException($"takes I/N with I from 1 to N, such as 1/4, not '{text}'.");
    }

    /// <summary>The jobs of this share, in their order.</summary>
    internal IEnumerable<T> Of<T>(IEnumerable<T> jobs) => jobs.Where((_, place) => place % Count == Index - 1);

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
