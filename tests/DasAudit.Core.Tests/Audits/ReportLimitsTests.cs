using DasAudit.Core.Audits;
using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Tests.Audits;

/// <summary>Which sentences a report has about what it does not show, and how they count.</summary>
public sealed class ReportLimitsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("das", "A score is an estimate made from the model; no model was trained without")]
    [InlineData("datamodel", "A score compares the losses of this picture under models that were trained again")]
    [InlineData("pixel", "This method does not look at the model at all: its scores say how much pictures resemble")]
    [InlineData("activation-ridge", "This method looks at pictures through the model and not at what the model learnt")]
    [InlineData("random", "The scores were drawn at random and say nothing about any picture.")]
    public void They_begin_with_what_the_scores_are_evidence_of(string id, string start)
    {
        var limits = Plain(id).Limits();
        Assert.StartsWith(start, limits[0]);
        Assert.Equal(
            "That the model was trained on this dataset is taken as given; nothing here checks it.",
            limits[1]
        );
        Assert.Equal(3, limits.Count);
    }

    [Theory]
    [InlineData("das", 4, 4, "Standard errors and intervals cover the noise draws of this audit only, not the")]
    [InlineData("das", 1, 4, "This method makes one score of 4 noise draws, so there are no standard errors")]
    [InlineData("das", 1, 1, "A single noise draw was used, so there are no standard errors and no intervals.")]
    [InlineData("datamodel", 1, 4, "The noise draws were averaged before models were compared, so there are no")]
    [InlineData("pixel", 1, 4, "The scores depend on no noise that could be drawn again, so there are no")]
    [InlineData("random", 4, 4, "Standard errors cover the draws of random numbers only.")]
    [InlineData("random", 1, 4, "Random numbers were drawn once, so there are no standard errors.")]
    public void Then_comes_what_the_errors_cover(string id, int estimates, int draws, string start)
    {
        var plain = Plain(id);
        var audit = plain.Audit with { Gradients = TestAudit.Passes(2, draws, 64) };
        Assert.StartsWith(start, (plain with { Audit = audit, Estimates = estimates }).Limits()[2]);
    }

    [Theory]
    [InlineData(1, "1 of 4 training pictures was scored;")]
    [InlineData(3, "3 of 4 training pictures were scored;")]
    public void Pictures_that_were_no_candidates_are_said_to_be_missing(int candidates, string start) =>
        AssertOne(start, Plain("das") with { Candidates = candidates });

    [Theory]
    [InlineData(3, "The kernel holds every training picture; those that were not candidates were not scored.")]
    [InlineData(
        2,
        "The kernel also holds 2 of the 3 training pictures that were not candidates, drawn at random; each stands "
            + "for 1.5"
    )]
    public void Pictures_of_the_kernel_that_were_not_scored_are_counted(int background, string start)
    {
        var circumstances = Plain("das") with { Candidates = 1, Background = background };
        AssertOne(start, circumstances, sentences: 5);
    }

    [Theory]
    [InlineData(1, "1 file of the dataset could not be read and was left out: 'broken0.png'.")]
    [InlineData(3, "3 files of the dataset could not be read and were left out, first 'broken0.png'.")]
    public void Files_that_could_not_be_read_are_counted(int skipped, string sentence) =>
        AssertOne(sentence, Plain("das") with { Skipped = skipped });

    [Theory]
    [InlineData(
        "das",
        "unseen",
        5,
        "Decoys were chosen from the 5 pictures of 'unseen'; that the model never saw them is"
    )]
    [InlineData(
        "das",
        "split:test",
        1,
        "Decoys were chosen from the 1 picture of the dataset's split 'test'; that the model never saw it is"
    )]
    [InlineData(
        "datamodel",
        "unseen",
        5,
        "Scores were not compared with those of the pictures of 'unseen': no retrained"
    )]
    public void Where_decoys_come_from_is_said(string id, string source, int count, string start) =>
        AssertOne(start, Plain(id) with { Decoys = new(source, "", count, 0) });

    [Fact]
    public void Decoys_that_could_not_be_read_are_named_apart_from_training_pictures()
    {
        var limits = (Plain("das") with { Skipped = 2, Decoys = new("unseen", "", 5, 1) }).Limits();
        Assert.Equal(
            [
                "2 files of the dataset could not be read and were left out, first 'broken0.png'.",
                "Decoys were chosen from the 5 pictures of 'unseen'; that the model never saw them is taken as given.",
                "1 file of the decoys could not be read and was left out: 'decoy0.png'.",
            ],
            limits.Skip(3)
        );
    }

    [Theory]
    [InlineData("rights-holder", 1, "1 of 4 candidates states no rights holder; it is counted as '(not stated)'.")]
    [InlineData("license", 4, "4 of 4 candidates state no licence; they are counted as '(not stated)'.")]
    [InlineData("author", 4, "4 of 4 candidates state no author; they are counted as '(not stated)'.")]
    public void Candidates_without_a_group_are_counted(string key, int unstated, string sentence)
    {
        var plain = Plain("das");
        var audit = plain.Audit with { GroupBy = GroupKey.Parse(key) };
        AssertOne(sentence, plain with { Audit = audit, Unstated = unstated });
    }

    [Theory]
    [InlineData(1, "1 of 4 training pictures has transparency and was composited on white.")]
    [InlineData(2, "2 of 4 training pictures have transparency and were composited on white.")]
    public void Training_pictures_with_transparency_are_counted(int composited, string sentence) =>
        AssertOne(sentence, Plain("das") with { Composited = composited });

    [Theory]
    [InlineData("black", "were composited on black.")]
    [InlineData("#ff8000", "were composited on #ff8000.")]
    [InlineData("drop", "were read without it, in the colours as stored.")]
    public void The_background_of_transparent_pictures_is_said(string background, string end)
    {
        var plain = Plain("das") with { Shown = PictureBackground.Parse(background) };
        AssertOne("2 of 4 training pictures have transparency and " + end, plain with { Composited = 2 });
        var transparent = TestPictures.Pattern(0, 8, 8) with { Composited = true };
        AssertOne(
            "The audited picture has transparency; it " + end.Replace("were", "was", StringComparison.Ordinal),
            plain with
            {
                Query = transparent,
            }
        );
    }

    [Fact]
    public void What_was_done_to_the_audited_picture_is_said()
    {
        var transparent = TestPictures.Pattern(0, 8, 8) with { Composited = true };
        AssertOne(
            "The audited picture has transparency; it was composited on white.",
            Plain("das") with
            {
                Query = transparent,
            }
        );
        AssertOne(
            "The audited picture is 8×9 and was resized and cropped to the model's 8×8.",
            Plain("das") with
            {
                Query = TestPictures.Pattern(0, 8, 9),
            }
        );
    }

    [Fact]
    public void Notes_of_the_run_come_last() =>
        Assert.Equal(
            ["Features were kept as float16.", "Nothing else."],
            (Plain("das") with { Candidates = 1, Notes = ["Features were kept as float16.", "Nothing else."] })
                .Limits()
                .TakeLast(2)
        );

    private static void AssertOne(string start, Circumstances circumstances, int sentences = 4)
    {
        var limits = circumstances.Limits();
        Assert.StartsWith(start, limits[^1]);
        Assert.Equal(sentences, limits.Count);
    }

    private Circumstances Plain(string id) => new(TestAudit.Of(_folder, id));

    /// <summary>An audit of four pictures, of which nothing has to be said unless a member is set.</summary>
    private sealed record Circumstances(TestAudit Audit)
    {
        private const int Pictures = 4;

        public int Candidates { get; init; } = Pictures;

        public int Background { get; init; }

        public int Skipped { get; init; }

        public int Unstated { get; init; }

        public int Composited { get; init; }

        public PictureBackground Shown { get; init; } = PictureBackground.White;

        public DecoyInfo? Decoys { get; init; }

        public Picture Query { get; init; } = TestPictures.Pattern(0, 8, 8);

        public int Estimates { get; init; } = 2;

        public IReadOnlyList<string> Notes { get; init; } = [];

        public IReadOnlyList<string> Limits()
        {
            var set = Set(Enumerable.Range(0, Pictures).Select(Item), "broken", Skipped);
            var pool = Decoys is null ? PicturePool.Of(set) : PicturePool.Of(set, Unseen(Decoys), "'unseen'");
            var request = Audit.Request();
            request = request with { Inputs = request.Inputs with { DatasetOptions = new() { Background = Shown } } };
            if (Decoys is not null)
                request = request with { Inputs = request.Inputs with { Decoys = Decoys.Source } };
            var unscored = set.Items.Skip(Candidates).Take(Background).ToList();
            var background = new BackgroundSample(unscored, (Pictures - Candidates) / (double)Math.Max(1, Background));
            IReadOnlyList<Candidate> candidates =
            [
                .. set.Items.Take(Candidates).Select(item => new Candidate(item, [], null)),
            ];
            var query = new QueryPicture(0, "query.png", Sets.Hashed(Query), null, null!);
            var limits = new ReportLimits(request, pool, new(3, 8, 8));
            var audited = new AuditQuery(query, null!, new(candidates, []), candidates.Count, background);
            return limits.Of(audited, Estimates, Notes);
        }

        private TrainingItem Item(int index) =>
            Sets.Of(Sets.Dot(index, 0, 0)).Items[0] with
            {
                Index = index,
                Metadata = new() { Rights = Rights(index) },
                Composited = index < Composited,
            };

        private Rights Rights(int index) =>
            new()
            {
                RightsHolder = index < Unstated ? null : "Ann",
                License = index < Unstated ? null : "MIT",
                Author = index < Unstated ? null : "Bob",
            };

        private static TrainingSet Unseen(DecoyInfo decoys)
        {
            var pictures = Enumerable.Range(0, decoys.Count).Select(i => Sets.Dot(0, 1, i)).ToArray();
            return Set(Sets.Of(pictures).Items, "decoy", decoys.Skipped);
        }

        private static TrainingSet Set(IEnumerable<TrainingItem> items, string skippedName, int skipped)
        {
            var files = Enumerable.Range(0, skipped).Select(i => new SkippedPicture($"{skippedName}{i}.png", "broken"));
            return new("set", [.. items], [.. files], _ => throw new NotSupportedException());
        }
    }
}
