using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Evaluation.Sanity;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;
using TorchSharp;

namespace DasAudit.Core.Tests.Evaluation.Sanity;

/// <summary>Figures, held against what audits of the same pictures say, computed slowly.</summary>
public sealed class SanityFigureTests(SanityFigures figures) : IClassFixture<SanityFigures>
{
    // A quarter of the pictures.
    private const int Top = 6;

    private readonly SanityWorld _world = figures.World;

    [Theory]
    [InlineData("das")]
    [InlineData("gradient-cosine")]
    public void Weights_are_compared_by_draws_of_other_noise(string method)
    {
        var trained = Scores(method, "set");
        var untrained = Scores(method, "set", new UntrainedNet());

        var finding = SanityWorld.Find(figures.Result, method, "weights");

        var across = trained.Zip(untrained, (a, b) => (Rank(a[0], b[1]) + Rank(a[1], b[0])) / 2);
        Assert.Equal(across.Average(), finding.Value!.Value, 1e-9);
        var alike = trained.Zip(untrained, (a, b) => Math.Sqrt(Rank(a[0], a[1]) * Rank(b[0], b[1])));
        Assert.Equal(alike.Average(), finding.Threshold!.Value, 1e-9);
        Assert.InRange(finding.Value!.Value, finding.Low!.Value, finding.High!.Value);
    }

    [Theory]
    [InlineData("das")]
    [InlineData("gradient-cosine")]
    public void Queries_are_compared_with_each_other(string method)
    {
        var means = Scores(method, "set").Select(draws => Mean(draws)).ToList();

        var finding = SanityWorld.Find(figures.Result, method, "queries");

        var agreements = means.SelectMany((a, i) => means.Where((_, j) => j != i).Select(b => Rank(a, b)));
        Assert.Equal(agreements.Average(), finding.Value!.Value, 1e-9);
    }

    [Theory]
    [InlineData("das")]
    [InlineData("gradient-cosine")]
    public void Noise_changes_part_of_the_first_pictures(string method)
    {
        var overlaps = Scores(method, "set").Select(draws => First(draws[0]).Intersect(First(draws[1])).Count() / 6.0);

        Assert.Equal(overlaps.Average(), SanityWorld.Find(figures.Result, method, "noise").Value!.Value, 1e-9);

        static IEnumerable<string> First(Dictionary<string, double> scores) =>
            scores.OrderByDescending(pair => pair.Value).Take(Top).Select(pair => pair.Key);
    }

    [Theory]
    [InlineData("das")]
    [InlineData("gradient-cosine")]
    public void Pairs_of_training_pictures_and_foreign_ones_are_in_order_or_not(string method)
    {
        var value = SanityWorld.Find(figures.Result, method, "foreign").Value!.Value;
        var queries = Scores(method, Mixed("foreign")).Take(SanityWorld.Generated.Count).Select(draws => Mean(draws));

        var areas = queries.Select(scores =>
        {
            var foreign = scores.Where(pair => IsPlanted(pair.Key)).Select(pair => pair.Value).ToList();
            var native = scores.Where(pair => !IsPlanted(pair.Key)).Select(pair => pair.Value).ToList();
            Assert.Equal((SanityWorld.Pictures, SanityWorld.Pictures), (native.Count, foreign.Count));
            return native.Average(a => foreign.Average(b => (Math.Sign(a - b) + 1) / 2.0));
        });
        Assert.Equal(areas.Average(), value, 1e-9);
    }

    [Theory]
    [InlineData("das")]
    [InlineData("gradient-cosine")]
    public void Canaries_are_first_for_themselves_or_not(string method)
    {
        var value = SanityWorld.Find(figures.Result, method, "canaries").Value!.Value;
        var queries = Scores(method, Mixed("canaries")).Skip(SanityWorld.Generated.Count).Select(draws => Mean(draws));

        var first = queries.Select((scores, canary) => scores.MaxBy(pair => pair.Value).Key == $"z{canary:0000}.png");

        Assert.Equal(first.Average(isFirst => isFirst ? 1.0 : 0), value, 1e-9);
    }

    [Theory]
    [InlineData("das")]
    [InlineData("gradient-cosine")]
    public void Copies_are_first_or_not(string method)
    {
        var value = SanityWorld.Find(figures.Result, method, "copies").Value!.Value;
        var queries = Scores(method, Mixed("copies")).Select(draws => Mean(draws)).ToList();

        var recalls = queries.Select(
            (scores, query) =>
            {
                string[] own = [$"z{query:0000}-brightness.png", $"z{query:0000}-shift.png"];
                var reach = own.Max(copy => Distance(query, copy));
                return scores
                        .Where(pair =>
                            !IsPlanted(pair.Key) ? Distance(query, pair.Key) > reach : own.Contains(pair.Key)
                        )
                        .OrderByDescending(pair => pair.Value)
                        .Take(2)
                        .Count(pair => own.Contains(pair.Key)) / 2.0;
            }
        );
        Assert.Equal(recalls.Average(), value, 1e-9);
    }

    private static bool IsPlanted(string item) => item.StartsWith('z');

    // The set with planted pictures in one folder; theirs come last.
    private string Mixed(string kind)
    {
        if (Directory.Exists(_world.Folder[$"mixed-{kind}"]))
            return $"mixed-{kind}";
        foreach (var path in Directory.GetFiles(_world.Folder["set"]))
            File.Copy(path, _world.Folder.At($"mixed-{kind}/{Path.GetFileName(path)}"));
        foreach (var path in _world.Planted(kind))
            File.Copy(path, _world.Folder.At($"mixed-{kind}/z{Path.GetFileName(path)}"));
        return $"mixed-{kind}";
    }

    private double Distance(int query, string item)
    {
        string[] queries = [.. SanityWorld.Generated, .. SanityWorld.HeldOut];
        var (a, b) = (Read(queries[query]), Read($"mixed-copies/{item}"));
        return a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Sum();

        byte[] Read(string path) => PictureReader.Read(_world.Folder[path]).Picture.Rgb;
    }

    // Of an audit, [query][draw] by picture.
    private List<Dictionary<string, double>[]> Scores(string method, string dataset, IModelAdapter? adapter = null)
    {
        var audit = _world.Study.Audit(method) with
        {
            Images = [.. SanityWorld.Generated, .. SanityWorld.HeldOut],
            Dataset = dataset,
            Top = null,
        };
        if (adapter is not null)
            audit = audit with { Adapter = adapter };
        return [.. audit.Run().Select(report => ByPicture(report.Scores!))];
    }

    private static Dictionary<string, double>[] ByPicture(AuditScores scores) =>
        [
            .. scores
                .Methods[0]
                .ByReplicate.Select(draw =>
                    scores.Pictures.Zip(draw).ToDictionary(pair => pair.First.Item, pair => pair.Second)
                ),
        ];

    private static Dictionary<string, double> Mean(IReadOnlyList<Dictionary<string, double>> draws) =>
        draws[0].Keys.ToDictionary(item => item, item => draws.Average(draw => draw[item]));

    // Spearman's correlation without ties: 1 − 6·Σd²/(n·(n² − 1)).
    private static double Rank(Dictionary<string, double> a, Dictionary<string, double> b)
    {
        double n = a.Count;
        var squares = a.Keys.Sum(item => Math.Pow(Place(a, item) - Place(b, item), 2));
        return 1 - 6 * squares / (n * (n * n - 1));

        static int Place(Dictionary<string, double> scores, string item) =>
            scores.Values.Count(score => score < scores[item]);
    }

    private sealed class UntrainedNet : IModelAdapter
    {
        public string Name => "tiny";

        public bool CanLoad(string path) => true;

        public IDiffusionModel Load(string path, torch.Device device, ModelLoadOptions options) => new TinyUnet(0);
    }
}

/// <summary>All checks of two methods.</summary>
public sealed class SanityFigures : IDisposable
{
    private readonly Lazy<SanityResult> _result;

    public SanityFigures() =>
        _result = new(() => World.Run(MethodCatalog.Find("das"), MethodCatalog.Find("gradient-cosine")));

    internal SanityWorld World { get; } = new();

    internal SanityResult Result => _result.Value;

    public void Dispose() => World.Dispose();
}
