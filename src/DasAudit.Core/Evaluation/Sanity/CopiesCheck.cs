using System.Globalization;
using DasAudit.Core.Attribution;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Evaluation.Sanity;

/// <summary>
/// Whether two near-copies of each query that are planted among the training pictures are its first two. Copies of
/// other queries stand in the kernel and not in the ranking; no more do training pictures that are as like the query,
/// pixel by pixel, as its copies are.
/// </summary>
internal sealed class CopiesCheck : ISanityCheck
{
    private const string Id = "copies";
    private const int CopiesOfQuery = 2;

    private readonly EvaluationCourt _court;
    private readonly PlantedGround _ground;
    private readonly QueryBootstrap _bootstrap;
    private readonly Planting _planting;
    private readonly Lazy<IReadOnlyList<bool[]>> _ranked;

    public CopiesCheck(EvaluationCourt court, PlantedGround ground)
    {
        (_court, _ground) = (court, ground);
        var queries = court.All.DistinctBy(query => court.Queries[query].Picture.Picture.PixelSha256).ToList();
        var copies = queries.SelectMany(
            (query, place) =>
                new[]
                {
                    PlantedPicture.Brightened($"{place:0000}-brightness", court.Queries[query]),
                    PlantedPicture.Shifted($"{place:0000}-shift", court.Queries[query]),
                }
        );
        _planting = ground.Plant(Id, [.. copies], queries);
        _bootstrap = new(queries.Count, court.Request.BootstrapDraws, court.Request.Truth.Seed);
        _ranked = new(Ranked);
    }

    public SanityCheck Description { get; } =
        new(
            Id,
            "Are near-copies of a query that are planted among the training pictures its first ones?",
            "Part of a query's two planted copies, one of changed brightness and one moved by a pixel, that are its "
                + "first two; passes where it is 1 for all queries."
        );

    public IReadOnlyList<SanityFinding> Check(IReadOnlyList<IAttributionMethod> methods) => [.. methods.Select(Check)];

    private SanityFinding Check(IAttributionMethod method)
    {
        if (PlantedGround.Exemption(method) is { } reason)
            return SanityFinding.NotApplicable(Id, reason);
        var scores = _ground.Scores(_planting, method);
        var recalls = scores.Select((ofQuery, query) => Recall(query, ofQuery)).ToList();
        var figure = _bootstrap.Mean(recalls);
        var worst = _planting.Queries[recalls.IndexOf(recalls.Min())];
        return SanityFinding.Of(
            Id,
            recalls.TrueForAll(recall => recall >= 1),
            figure,
            1,
            string.Create(
                CultureInfo.InvariantCulture,
                $"It finds {figure.Value:0%} of the planted near-copies, and {recalls.Min():0%} of those of "
                    + $"'{_court.Queries[worst].Picture.Path}'."
            )
        );
    }

    // Of equal scores, copies come last.
    private double Recall(int query, double[] scores)
    {
        var members = _court.Members.Items.Count;
        var first = members + query * CopiesOfQuery;
        double[] copies = [.. scores.AsSpan(first, CopiesOfQuery)];
        double[] others = [.. Enumerable.Range(0, members).Where(i => _ranked.Value[query][i]).Select(i => scores[i])];
        var found = copies.Count(copy =>
            others.Count(other => other >= copy) + copies.Count(other => other > copy) < CopiesOfQuery
        );
        return (double)found / CopiesOfQuery;
    }

    // Which training pictures are less like a query than its copies are, [query][picture].
    private List<bool[]> Ranked()
    {
        var queries = _planting.Queries.Select(query => Values(_court.Queries[query].Picture.Picture.Picture)).ToList();
        var reach = queries
            .Select((query, place) => CopiesOf(place).Max(copy => SquaredDistance(query, Values(copy))))
            .ToList();
        var ranked = queries.ConvertAll(_ => new bool[_court.Members.Items.Count]);
        foreach (var item in _court.Members.Items)
        {
            _court.Stages.Cancellation.ThrowIfCancellationRequested();
            var values = Values(_court.Members.Read(item));
            for (var query = 0; query < queries.Count; query++)
                ranked[query][item.Index] = SquaredDistance(queries[query], values) > reach[query];
        }
        return ranked;
    }

    private IEnumerable<Picture> CopiesOf(int place)
    {
        var query = _court.Queries[_planting.Queries[place]];
        return [PlantedPicture.Brightened("", query).Picture, PlantedPicture.Shifted("", query).Picture];
    }

    private float[] Values(Picture picture) => PictureTensor.ToValues(picture, _court.Model.PictureShape);

    private static double SquaredDistance(float[] a, float[] b)
    {
        var distance = System.Numerics.Tensors.TensorPrimitives.Distance(a.AsSpan(), b);
        return distance * distance;
    }
}
