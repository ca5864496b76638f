namespace DasAudit.Evidence.Document;

/// <summary>A group's share, or that of all groups that are not listed.</summary>
/// <param name="Candidates">Candidates of all groups.</param>
internal sealed record ShareLine(Content Key, GroupShare Group, int Candidates)
{
    /// <summary>Whether it is a single group.</summary>
    internal bool IsGroup => Key.Kind == ContentKind.Foreign;

    /// <summary>"62 %".</summary>
    internal string Percent { get; } = Figures.Percent(Group.Share);

    /// <summary>"55–69 %"; null without an interval.</summary>
    internal string? Interval { get; } =
        Group is { Low: { } low, High: { } high } ? Figures.PercentRange(low, high) : null;

    /// <summary>"40 pictures".</summary>
    internal string Pictures { get; } = Figures.Count(Group.Items, "picture");

    /// <summary>The share if every candidate counted the same; null where there is nothing to compare.</summary>
    internal double? EvenShare => IsGroup && Candidates > 0 ? (double)Group.Items / Candidates : null;

    /// <summary>"55–69 % · 40 of 120 pictures · p = 0.01, q = 0.04".</summary>
    internal string Details
    {
        get
        {
            var pictures = $"{Figures.Count(Group.Items)} of {Figures.Count(Candidates)} pictures";
            var chance = Words.Probabilities(Group.PValue, Group.QValue);
            string?[] parts = [Interval, pictures, chance.Length > 0 ? chance : null];
            return string.Join(" · ", parts.OfType<string>());
        }
    }

    internal static ShareLine Of(GroupShare group, int candidates) =>
        new(Content.Foreign(group.Key), group, candidates);

    internal static ShareLine Together(IReadOnlyList<GroupShare> groups, int candidates)
    {
        var name = groups.Count == 1 ? "1 other" : $"{Figures.Count(groups.Count)} others together";
        var share = groups.Sum(group => group.Share);
        var items = groups.Sum(group => group.Items);
        return new(Content.Words(name), new("", share, null, null, items), candidates);
    }
}
