using System.Globalization;
using DasAudit.Core.Attribution;

namespace DasAudit.Core.Evaluation.Sanity;

/// <summary>Whether held-out pictures that are planted among the training pictures are first for themselves.</summary>
internal sealed class CanariesCheck : ISanityCheck
{
    private const string Id = "canaries";

    private readonly EvaluationCourt _court;
    private readonly PlantedGround _ground;
    private readonly Planting _planting;

    public CanariesCheck(EvaluationCourt court, PlantedGround ground)
    {
        (_court, _ground) = (court, ground);
        var queries = court.HeldOut.DistinctBy(query => court.Queries[query].Picture.Picture.PixelSha256).ToList();
        _planting = ground.Plant(
            Id,
            [.. queries.Select((query, place) => PlantedPicture.Same($"{place:0000}", court.Queries[query]))],
            queries
        );
    }

    public SanityCheck Description { get; } =
        new(
            Id,
            "Is a held-out picture that is planted among the training pictures first for itself?",
            "Part of the planted pictures that are first for themselves; passes where all are."
        );

    public IReadOnlyList<SanityFinding> Check(IReadOnlyList<IAttributionMethod> methods) => [.. methods.Select(Check)];

    private SanityFinding Check(IAttributionMethod method)
    {
        if (PlantedGround.Exemption(method) is { } reason)
            return SanityFinding.NotApplicable(Id, reason);
        if (_planting.Queries.Count == 0)
            return SanityFinding.NotApplicable(
                Id,
                $"There are no pictures to plant; give {Files.Settings.Name("held-out")}."
            );
        var isFirst = _ground.Scores(_planting, method).Select((ofQuery, query) => IsFirst(query, ofQuery)).ToList();
        var request = _court.Request;
        var bootstrap = new QueryBootstrap(isFirst.Count, request.BootstrapDraws, request.Truth.Seed);
        var found = isFirst.Count(first => first);
        return SanityFinding.Of(
            Id,
            found == isFirst.Count,
            bootstrap.Mean([.. isFirst.Select(first => first ? 1.0 : 0.0)]),
            1,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Of {isFirst.Count} planted pictures, {found} are first for themselves."
            )
        );
    }

    // Copies of it that were there before are it as well.
    private bool IsFirst(int query, double[] scores)
    {
        var members = _court.Members.Items;
        var pixels = _court.Queries[_planting.Queries[query]].Picture.Picture.PixelSha256;
        var own = scores[members.Count + query];
        return members
            .Concat(_planting.Planted)
            .Zip(scores)
            .All(picture => picture.First.PixelSha256 == pixels || picture.Second < own);
    }
}
