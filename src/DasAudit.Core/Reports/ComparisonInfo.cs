using System.Text.Json.Serialization;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Reports;

/// <summary>Other methods on the same candidates, beside the one that made the report.</summary>
/// <param name="Methods">The methods, the report's own first.</param>
/// <param name="Agreements">How far the rankings of each two agree, over all candidates.</param>
public sealed record ComparisonInfo(IReadOnlyList<ComparedMethod> Methods, IReadOnlyList<RankAgreement> Agreements);

/// <summary>A compared method.</summary>
/// <param name="Id">Method id.</param>
/// <param name="LargerMeans">What a larger score means.</param>
/// <param name="Damping">Damping rule; null for methods without a kernel.</param>
/// <param name="DampingValues">λ of each kernel.</param>
/// <param name="Top">The method's own first candidates, by falling score.</param>
public sealed record ComparedMethod(
    string Id,
    string LargerMeans,
    string? Damping,
    IReadOnlyList<double> DampingValues,
    IReadOnlyList<ComparedItem> Top
)
{
    /// <summary>
    /// Which passes its gradients came from; null where they are those of the report's own method, and for methods
    /// without gradients.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PassesInfo? Passes { get; init; }

    /// <summary>
    /// The shares of groups by this method; null for the report's own, and for scores that say nothing.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GroupShare>? Groups { get; init; }

    /// <summary>Whether the model has a part in its scores; null where it was not recorded.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? LooksAtModel { get; init; }
}

/// <summary>One of a compared method's first candidates.</summary>
/// <param name="Item">Path within the dataset.</param>
/// <param name="Score">Its score.</param>
public sealed record ComparedItem(string Item, double Score);
