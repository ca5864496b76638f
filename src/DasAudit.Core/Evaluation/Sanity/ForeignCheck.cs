using System.Globalization;
using DasAudit.Core.Attribution;
using MathNet.Numerics.Statistics;

namespace DasAudit.Core.Evaluation.Sanity;

/// <summary>
/// Whether training pictures rank above as many planted pictures of a foreign kind (slopes and tiles of two colours)
/// for what the model generated.
/// </summary>
internal sealed class ForeignCheck : ISanityCheck
{
    private const string Id = "foreign";
    private const double Chance = 0.5;

    // More make the figure no surer, and each costs gradients.
    private const int MostForeigners = 500;

    private readonly EvaluationCourt _court;
    private readonly PlantedGround _ground;
    private readonly Planting _planting;

    public ForeignCheck(EvaluationCourt court, PlantedGround ground)
    {
        (_court, _ground) = (court, ground);
        var count = court.Generated.Count == 0 ? 0 : Math.Min(court.Members.Items.Count, MostForeigners);
        var shape = court.Model.PictureShape;
        var foreigners = court
            .Members.Items.Take(count)
            .Select((item, number) => PlantedPicture.Foreign(number, shape, item.Metadata, court.MethodOptions.Seed));
        _planting = ground.Plant(Id, [.. foreigners], court.Generated);
    }

    public SanityCheck Description { get; } =
        new(
            Id,
            "Do training pictures rank above planted pictures of a foreign kind?",
            "Probability that a training picture ranks above a foreign one for a generated picture (area under the "
                + "curve); passes where the interval is above the threshold, chance."
        );

    public IReadOnlyList<SanityFinding> Check(IReadOnlyList<IAttributionMethod> methods) => [.. methods.Select(Check)];

    private SanityFinding Check(IAttributionMethod method)
    {
        if (PlantedGround.Exemption(method) is { } reason)
            return SanityFinding.NotApplicable(Id, reason);
        if (_planting.Queries.Count == 0)
            return SanityFinding.NotApplicable(Id, "There are no generated pictures.");
        var areas = _ground.Scores(_planting, method).Select(Area).ToList();
        var request = _court.Request;
        var figure = new QueryBootstrap(areas.Count, request.BootstrapDraws, request.Truth.Seed).Mean(areas);
        return SanityFinding.Of(
            Id,
            figure.Low > Chance,
            figure,
            Chance,
            (
                figure.High < Chance
                    ? "It ranks pictures of a foreign kind above training pictures: "
                    : "It does not tell training pictures from pictures of a foreign kind: "
            ) + string.Create(CultureInfo.InvariantCulture, $"of pairs of both, {figure.Value:0%} are in order.")
        );
    }

    // The rank-sum statistic of Mann and Whitney, of equal scores a half.
    private double Area(double[] scores)
    {
        double natives = _court.Members.Items.Count;
        var ranks = scores.Ranks();
        var sum = ranks.Take((int)natives).Sum();
        return (sum - natives * (natives + 1) / 2) / (natives * (scores.Length - natives));
    }
}
