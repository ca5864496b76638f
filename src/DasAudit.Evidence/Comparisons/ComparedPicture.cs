namespace DasAudit.Evidence.Comparisons;

/// <summary>A training picture that at least one of two reports lists.</summary>
/// <param name="A">How the first lists it; null if it does not.</param>
/// <param name="B">How the second lists it; null if it does not.</param>
internal sealed record ComparedPicture(AttributedPicture? A, AttributedPicture? B)
{
    /// <summary>Its path within the dataset.</summary>
    internal string Item => (A ?? B)!.Item;

    /// <summary>Whether both list it with the same rank, score and word.</summary>
    internal bool IsSame => A is not null && B is not null && Figures(A).Equals(Figures(B));

    internal static IReadOnlyList<ComparedPicture> Of(
        IReadOnlyList<AttributedPicture> a,
        IReadOnlyList<AttributedPicture> b
    )
    {
        var first = Occurrences.Of(a, Key);
        var second = Occurrences.Of(b, Key);
        return
        [
            .. first
                .Keys.Union(second.Keys)
                .Select(key => new ComparedPicture(first.GetValueOrDefault(key), second.GetValueOrDefault(key))),
        ];
    }

    private static (string Item, string Sha256) Key(AttributedPicture picture) => (picture.Item, picture.Sha256);

    private static object Figures(AttributedPicture picture) =>
        (picture.Rank, picture.Score, picture.StandardError, picture.Strength);
}
