using System.Security.Cryptography;
using System.Text;
using DasAudit.Core.Attribution;
using DasAudit.Core.Datasets;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Evaluation.Sanity;

/// <summary>
/// Training pictures among which others are planted: in the study's folder as <c>planted/KIND-HASH</c>, so that one can
/// look at them. The model is not trained on them; methods are told that it was.
/// </summary>
internal sealed class PlantedGround(EvaluationCourt court) : IDisposable
{
    private readonly List<Planting> _plantings = [];
    private readonly List<TrainingItem> _items = [.. court.Members.Items];
    private readonly List<Func<Picture>> _readers = [];
    private PoolScoring? _scoring;

    /// <summary>Plants pictures beside the training pictures; those of other kinds are not among them.</summary>
    /// <param name="queries">Which of the court's queries will be held against them.</param>
    public Planting Plant(string kind, IReadOnlyList<PlantedPicture> pictures, IReadOnlyList<int> queries)
    {
        if (_scoring is not null)
            throw new InvalidOperationException("Pictures are planted before scores are asked for.");
        var set = pictures.Count == 0 ? null : Written(kind, pictures);
        var byPath = set?.Items.ToDictionary(item => item.Path, StringComparer.Ordinal);
        var planted = pictures
            .Select(
                (picture, place) =>
                    byPath![FileName(picture)] with
                    {
                        Index = _items.Count + place,
                        Path = $"planted/{kind}/{FileName(picture)}",
                        Metadata = picture.Metadata,
                    }
            )
            .ToList();
        _readers.AddRange(pictures.Select<PlantedPicture, Func<Picture>>(p => () => set!.Read(byPath![FileName(p)])));
        _items.AddRange(planted);
        var planting = new Planting(planted, queries, _plantings.Sum(earlier => earlier.Queries.Count));
        _plantings.Add(planting);
        return planting;
    }

    /// <summary>Mean scores of training pictures, then of planted ones, for each query of a planting.</summary>
    public IReadOnlyList<double[]> Scores(Planting planting, IAttributionMethod method)
    {
        _scoring ??= Open();
        return
        [
            .. _scoring
                .Queries.Skip(planting.FirstQuery)
                .Take(planting.Queries.Count)
                .Select(query => _scoring.Score(method, query, court.MethodOptions).Queries[0].Mean),
        ];
    }

    /// <summary>Why a method is not asked; null if it is.</summary>
    public static string? Exemption(IAttributionMethod method) =>
        method.Needs.Replay ? "It follows the training run, in which planted pictures had no part." : null;

    public void Dispose() => _scoring?.Dispose();

    private PoolScoring Open()
    {
        var members = court.Members;
        var set = new TrainingSet(members.Path, _items, members.Skipped, Read) { Resize = members.Resize };
        var queries = _plantings.SelectMany(planting => planting.Queries.Select(query => Against(planting, query)));
        var methods = court.Methods.Where(method => Exemption(method) is null).ToList();
        return PoolScoring.Open(court, methods, model: null, PicturePool.Of(set), queries);

        Picture Read(TrainingItem item)
        {
            var place = item.Index - members.Items.Count;
            return place < 0 ? members.Read(item) : _readers[place]();
        }
    }

    private Audits.AuditQuery Against(Planting planting, int query)
    {
        IReadOnlyList<TrainingItem> pictures = [.. court.Members.Items, .. planting.Planted];
        return PoolScoring.Against(court.Queries[query], pictures, pictures.Count);
    }

    // A folder is named by what is in it, and made whole or not at all.
    private TrainingSet Written(string kind, IReadOnlyList<PlantedPicture> pictures)
    {
        var shown = Path.Combine("planted", $"{kind}-{Hash(pictures)[..8]}");
        var folder = Path.Combine(court.Request.Study, shown);
        if (!Directory.Exists(folder))
        {
            var beside = $"{folder}.{Guid.NewGuid():n}.unfinished";
            Directory.CreateDirectory(beside);
            foreach (var picture in pictures)
                PictureWriter.WritePng(picture.Picture, Path.Combine(beside, FileName(picture)));
            Directory.Move(beside, folder);
        }
        var options = court.Request.Audit.Inputs.DatasetOptions.ForOther(shown) with { Indexes = null };
        return TrainingSetLoader.Load(folder, options, court.Stages.Progress, court.Stages.Cancellation);
    }

    private static string FileName(PlantedPicture picture) => picture.Name + ".png";

    private static string Hash(IReadOnlyList<PlantedPicture> pictures)
    {
        var lines = pictures.Select(picture => $"{picture.Name} {PixelHash.Compute(picture.Picture)}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
    }
}

/// <summary>Pictures of a kind that were planted, and the queries that are held against them.</summary>
/// <param name="Queries">Among the court's.</param>
/// <param name="FirstQuery">Its first query's place among those of all plantings.</param>
internal sealed record Planting(IReadOnlyList<TrainingItem> Planted, IReadOnlyList<int> Queries, int FirstQuery);
