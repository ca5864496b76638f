using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;
using DasAudit.Core.Torch;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Audits;

/// <summary>
/// A method must look at the picture that it is asked about: on a small trained model the rankings for five pictures
/// must differ, whatever the method.
/// </summary>
public sealed class QueryAwarenessTests(QueryAwarenessTests.Audit audit) : IClassFixture<QueryAwarenessTests.Audit>
{
    private const int Queries = 5;

    public static TheoryData<string> Ids => [.. Audited.Select(method => method.Description.Id)];

    public static TheoryData<string> RetrainedIds =>
        [
            .. MethodCatalog
                .All.Where(method => method.Needs.RetrainedModels > 0)
                .Select(method => method.Description.Id),
        ];

    // Those that replay training need a model that kept its state; ReplayMethodTests have one.
    private static IEnumerable<IAttributionMethod> Audited =>
        MethodCatalog.All.Where(method => method.Needs is { RetrainedModels: 0, Replay: false });

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rankings_of_different_pictures_differ(string id)
    {
        var rankings = audit
            .Scores.SelectMany(scores => scores.Methods)
            .Where(method => method.Method == id)
            .Select(method => method.Mean)
            .ToList();
        Assert.Equal(Queries, rankings.Count);
        var agreement = Agreement(rankings);
        Assert.True(agreement < QueryAgreement.Alike, $"{id}: mean rank correlation {agreement:0.00}");
    }

    [Theory]
    [MemberData(nameof(RetrainedIds))]
    public void Rankings_by_retrained_models_follow_the_losses_of_each_picture(string id)
    {
        const int Models = 40;
        var inputs = Tables.Inputs(TrainedUnet.Pictures, TrainedUnet.Pictures, Queries) with
        {
            Retrained = new(
                [
                    .. Enumerable
                        .Range(0, Models)
                        .Select(m => RandomNumbers.Normal(m, TrainedUnet.Pictures).Select(x => x > 0).ToArray()),
                ],
                [
                    .. Enumerable
                        .Range(0, Models)
                        .Select(m => RandomNumbers.Normal(900 + m, Queries).Select(x => (double)x).ToArray()),
                ]
            ),
        };
        var scores = MethodCatalog.Find(id).Score(inputs);
        Assert.True(Agreement([.. scores.Queries.Select(query => query.Mean)]) < QueryAgreement.Alike);
    }

    private static double Agreement(IReadOnlyList<IReadOnlyList<double>> rankings) =>
        Enumerable
            .Range(0, rankings.Count)
            .SelectMany(a => Enumerable.Range(0, a).Select(b => Ranking.Spearman(rankings[a], rankings[b])))
            .Average();

    /// <summary>The scores of every method but those of retrained models, computed once.</summary>
    public sealed class Audit : IDisposable
    {
        private readonly TempFolder _folder = new();
        private readonly FakeEncoder _encoder = new();

        public Audit()
        {
            for (var i = 0; i < TrainedUnet.Pictures; i++)
                _folder.Write($"set/p{i:00}.png", PictureWriter.Png(TrainedUnet.Picture(i)));
            for (var q = 0; q < Queries; q++)
                _folder.Write($"unseen-{q}.png", PictureWriter.Png(TrainedUnet.Picture(100 + q)));
            GenerateFromSeeds();
            Scores =
            [
                .. Run("unseen", [.. Audited.Where(method => !method.Needs.Trajectory)]),
                .. Run("seed", [.. Audited.Where(method => method.Needs.Trajectory)]),
            ];
        }

        public IReadOnlyList<AuditScores> Scores { get; }

        public void Dispose()
        {
            _encoder.Dispose();
            _folder.Dispose();
        }

        private void GenerateFromSeeds()
        {
            using var pool = new ModelPool(TrainedUnet.Load);
            var generator = new PictureGenerator(pool, Request([]).Request().Inputs.Sampling, threads: 1);
            // Those that differ most in brightness: most pictures of so small a model look alike.
            var brightest = Enumerable
                .Range(0, 10 * Queries)
                .Select(seed => generator.Trace(seed, new(null, null), TestContext.Current.CancellationToken).Picture)
                .Index()
                .OrderBy(made => made.Item.Rgb.Sum(value => value))
                .Chunk(10)
                .Select(alike => alike[0]);
            foreach (var (seed, picture) in brightest)
                _folder.Write($"seed-{seed}.png", PictureWriter.Png(picture));
        }

        private IEnumerable<AuditScores> Run(string images, IReadOnlyList<IAttributionMethod> methods)
        {
            var request = Request(methods) with
            {
                Images =
                [
                    .. Directory.GetFiles(_folder.Path, $"{images}-*.png").Select(path => Path.GetFileName(path)),
                ],
            };
            return request.Run().Select(report => report.Scores!);
        }

        private TestAudit Request(IReadOnlyList<IAttributionMethod> methods) =>
            new(_folder, methods)
            {
                Adapter = new TinyAdapter(_ => TrainedUnet.Load()),
                Encoder = _encoder,
                Gradients = TestAudit.Passes(10, 2, 512),
            };
    }
}
