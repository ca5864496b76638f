using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Evaluation.Sanity;
using DasAudit.Core.Pictures;
using DasAudit.Core.Retraining;
using DasAudit.Core.Tests.Retraining;
using DasAudit.Core.Training;

namespace DasAudit.Core.Tests.Evaluation.Sanity;

/// <summary>p-values of pictures that models of random halves did not see.</summary>
public sealed class NonMembersTests : IDisposable
{
    private const int Models = 8;

    private readonly StudyWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_method_that_scores_training_pictures_higher_fails()
    {
        var result = Run(
            new ScriptedMethod("favours", (inputs, _) => Higher(inputs, 100)),
            new ScriptedMethod("fair", (inputs, _) => Higher(inputs, 0)),
            MethodCatalog.Find("random")
        );

        var favours = SanityWorld.Find(result, "favours", "non-members");
        Assert.Equal(SanityStatus.Failed, favours.Status);
        Assert.Equal(0.05, favours.Threshold);
        Assert.Contains("are not uniform", favours.Sentence);
        Assert.Equal(SanityStatus.Passed, SanityWorld.Find(result, "fair", "non-members").Status);
        Assert.Equal(SanityStatus.Passed, SanityWorld.Find(result, "random", "non-members").Status);
        Assert.Equal(Models, result.Subsets);

        static double[] Higher(MethodInputs inputs, double extra) =>
            [
                .. ScriptedMethod
                    .Likeness(inputs, 0)
                    .Select((score, i) => i < inputs.Members ? score + extra * 1000 : score),
            ];
    }

    /// <summary>Half of what a model did not see stands among what it saw, the other half are decoys.</summary>
    [Fact]
    public void Each_model_is_asked_about_pictures_that_it_did_not_see()
    {
        var asked = new List<(HashSet<int> Members, HashSet<int> Decoys)>();
        var set = _world.Set;
        var values = set.Items.Select(item => PictureTensor.ToValues(set.Read(item), new(3, 8, 8))).ToList();

        Run(new ScriptedMethod("watching", Watch, draws: 1));

        // After the audited model and the untrained one, and the planted pictures.
        var ofModels = asked.TakeLast(Models).ToList();
        foreach (var (number, (members, decoys)) in ofModels.Index())
        {
            var record = TrainingRecord.Read(_world.Folder[$"study/models/part-0.5-{number:000}-seed-11"]);
            var seen = set
                .Items.Where(item => record.Pictures!.Contains(item.PixelSha256))
                .Select(item => item.Index)
                .ToHashSet();
            Assert.Equal((4, 6, 2), (seen.Count, members.Count, decoys.Count));
            Assert.Subset(members, seen);
            Assert.Empty(decoys.Intersect(members));
        }

        double[] Watch(MethodInputs inputs, int draw)
        {
            var places = inputs.Pixels!.Scored.Select(picture => values.FindIndex(v => v.SequenceEqual(picture)));
            var scored = places.ToList();
            asked.Add(([.. scored.Take(inputs.Members)], [.. scored.Skip(inputs.Members)]));
            return ScriptedMethod.Likeness(inputs, draw);
        }
    }

    [Fact]
    public void A_share_trains_its_models_and_checks_nothing()
    {
        Assert.Null(SanityWorld.Run(Request(new(2, 4), MethodCatalog.Find("pixel"))));

        Assert.Equal(2, Directory.GetDirectories(_world.Folder["study/models"]).Length);
        Assert.False(Directory.Exists(_world.Folder["study/planted"]));
    }

    private SanityResult Run(params IReadOnlyList<IAttributionMethod> methods) =>
        SanityWorld.Run(Request(JobShare.All, methods))!;

    private SanityRequest Request(JobShare share, params IReadOnlyList<IAttributionMethod> methods) =>
        new()
        {
            Subsets = Models,
            Common = new()
            {
                Audit = (_world.Audit() with { Methods = methods }).Request(),
                HeldOut = "held",
                Study = _world.Folder["study"],
                BootstrapDraws = 100,
                Share = share,
            },
        };
}
