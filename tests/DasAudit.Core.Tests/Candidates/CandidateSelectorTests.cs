using DasAudit.Abstractions;
using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Pictures;
using DasAudit.Core.Tests.Pictures;

namespace DasAudit.Core.Tests.Candidates;

public sealed class CandidateSelectorTests
{
    private static EmbeddingIndex Index(TrainingSet set) =>
        EmbeddingIndex.Build(set, new FakeEncoder(), null, null, TestContext.Current.CancellationToken);

    private static Dictionary<int, string> Tiers(CandidateSelection selection) =>
        selection.Candidates.ToDictionary(c => c.Item.Index, c => string.Join('+', c.Tiers));

    private static CandidateSelection Select(
        TrainingSet set,
        Picture query,
        CandidateOptions options,
        bool encoder = true
    ) =>
        new CandidateSelector(set, options, encoder ? Index(set) : null).Select(
            Sets.Hashed(query),
            TestContext.Current.CancellationToken
        );

    /// <summary>Pictures that are nothing like each other to the eye.</summary>
    private static Picture[] Scenes(int count) =>
        [.. Enumerable.Range(0, count).Select(s => PerceptualHashTests.Scene(s, 24, 24))];

    [Fact]
    public void Candidates_are_the_union_of_the_tiers_in_the_datasets_order_and_say_why()
    {
        var pictures = Scenes(40);
        var query = pictures[20];
        pictures[35] = query with
        {
            Rgb = [.. query.Rgb.Select((v, i) => i / 3 == FakeEncoder.Middle(query) / 3 ? (byte)(255 - v) : v)],
        };
        var set = Sets.Of(pictures, i => i is 2 or 20 ? "Ann" : "Bob");

        var selection = Select(
            set,
            query,
            new()
            {
                Limit = 2,
                ControlSize = 3,
                IncludedOwners = ["ann"],
            }
        );

        var tiers = Tiers(selection);
        Assert.Equal(tiers.Keys.Order(), selection.Candidates.Select(c => c.Item.Index));
        Assert.Equal("exact+near-duplicate+semantic+included-owner", tiers[20]);
        Assert.Equal("near-duplicate", tiers[35]);
        Assert.Equal("included-owner", tiers[2]);
        Assert.Equal(3, tiers.Count(t => t.Value == "control"));
        Assert.Equal(1, selection.Candidates.Single(c => c.Item.Index == 20).Similarity!.Value, 1e-6);
        Assert.All(selection.Candidates, c => Assert.InRange(c.Similarity!.Value, -1, 1));
        Assert.Equal(
            ["exact 1", "near-duplicate 2", "semantic 2", "included-owner 2", "control 3"],
            selection.Tiers.Select(t => $"{t.Name} {t.Count}")
        );
    }

    [Fact]
    public void The_same_file_is_exact_even_if_its_pixels_were_read_otherwise()
    {
        var set = Sets.Of(Scenes(3));
        var query = new HashedPicture(PerceptualHashTests.Scene(99), set.Items[1].Sha256, new string('0', 64));
        var selection = new CandidateSelector(set, new()).Select(query, TestContext.Current.CancellationToken);
        Assert.Equal("exact+all", Tiers(selection)[1]);
    }

    [Fact]
    public void A_mirrored_copy_is_a_near_duplicate()
    {
        var set = Sets.Of(Scenes(10));
        var mirrored = Orientation.Apply(PerceptualHashTests.Scene(4, 24, 24), SkiaSharp.SKEncodedOrigin.TopRight);
        var tiers = Tiers(Select(set, mirrored, new() { Limit = null }));
        Assert.Equal([4], tiers.Where(t => t.Value == "near-duplicate+all").Select(t => t.Key));
    }

    [Fact]
    public void The_semantic_tier_takes_the_highest_cosines_and_of_equals_the_first()
    {
        var set = Sets.Of(
            Sets.Dot(128, 128, 0),
            Sets.Dot(255, 128, 128),
            Sets.Dot(128, 255, 128),
            Sets.Dot(130, 128, 128),
            Sets.Dot(200, 200, 128),
            Sets.Dot(128, 0, 128)
        );
        var options = new CandidateOptions { ControlSize = 0, NearDuplicateDistance = 0 };
        int[] Chosen(int limit) =>
            [
                .. Select(set, Sets.Dot(250, 128, 128), options with { Limit = limit })
                    .Candidates.Where(c => c.Tiers.Contains("semantic"))
                    .Select(c => c.Item.Index),
            ];
        Assert.Equal([1], Chosen(1));
        Assert.Equal([1, 3], Chosen(2));
        Assert.Equal([1, 3, 4], Chosen(3));
        Assert.Equal([0, 1, 3, 4], Chosen(4));
        Assert.Equal([0, 1, 2, 3, 4], Chosen(5));
    }

    [Fact]
    public void All_means_the_whole_dataset_with_or_without_an_encoder()
    {
        var set = Sets.Of(Scenes(30));
        foreach (var limit in (int?[])[null, 30, 1000])
        {
            var selection = Select(set, Scenes(1)[0], new() { Limit = limit }, encoder: false);
            Assert.Equal(30, selection.Candidates.Count);
            Assert.All(selection.Candidates, c => Assert.Null(c.Similarity));
            Assert.Equal(
                ["exact 1", "near-duplicate 1", "all 30", "included-owner 0", "control 0"],
                selection.Tiers.Select(t => $"{t.Name} {t.Count}")
            );
        }

        Assert.All(Select(set, Scenes(1)[0], new() { Limit = null }).Candidates, c => Assert.NotNull(c.Similarity));
    }

    [Fact]
    public void Without_an_encoder_a_limit_below_the_dataset_is_refused_with_the_remedy()
    {
        var error = Assert.Throws<AuditException>(() => new CandidateSelector(Sets.Of(Scenes(3)), new() { Limit = 2 }));
        Assert.Contains("give {encoder} DIR or {candidates} all", error.Message, StringComparison.Ordinal);
        Assert.Throws<AuditException>(() => new CandidateSelector(Sets.Of(Scenes(3)), new() { Limit = 0 }));
    }

    [Fact]
    public void The_control_group_depends_on_seed_and_query_and_on_nothing_else()
    {
        var set = Sets.Of(Scenes(60));
        string Control(int query, long seed, int limit = 5) =>
            string.Join(
                ' ',
                Select(
                    set,
                    PerceptualHashTests.Scene(query),
                    new()
                    {
                        Limit = limit,
                        Seed = seed,
                        ControlSize = 10,
                    }
                )
                    .Candidates.Where(c => c.Tiers.SequenceEqual(["control"]))
                    .Select(c => c.Item.Index)
            );
        Assert.Equal(10, Control(100, 1).Split(' ').Length);
        Assert.Equal(Control(100, 1), Control(100, 1));
        Assert.NotEqual(Control(100, 1), Control(100, 2));
        Assert.NotEqual(Control(100, 1), Control(101, 1));
    }

    [Fact]
    public void The_control_group_is_drawn_evenly()
    {
        var set = Sets.Of([.. Enumerable.Range(0, 20).Select(i => Sets.Dot(i, 0, 0))]);
        var (counts, index, query) = (new int[20], Index(set), Sets.Hashed(PerceptualHashTests.Scene(1, 8, 8)));
        for (var seed = 0; seed < 1000; seed++)
        {
            var selector = new CandidateSelector(
                set,
                new()
                {
                    Limit = 1,
                    ControlSize = 4,
                    Seed = seed,
                    NearDuplicateDistance = 0,
                },
                index
            );
            foreach (var c in selector.Select(query, TestContext.Current.CancellationToken).Candidates)
                if (c.Tiers.Contains("control"))
                    counts[c.Item.Index]++;
        }

        // One is semantic; of the other 19 each expects 4000 / 19 = 210, standard deviation 13.
        Assert.All(counts.Where(c => c > 0), c => Assert.InRange(c, 145, 275));
        Assert.Equal(19, counts.Count(c => c > 0));
    }

    [Theory]
    [InlineData("Open Moji", "name one of the dataset's rights holders, such as 'OpenMoji'.")]
    [InlineData("google", "name one of the dataset's rights holders, such as 'Google LLC'.")]
    [InlineData("Zzzzzz", "name one of the dataset's rights holders: 'Google LLC', 'OpenMoji'.")]
    public void An_unknown_owner_is_refused_with_near_matches(string owner, string expected)
    {
        var set = Sets.Of(
            Scenes(4),
            i =>
                i == 0 ? null
                : i == 1 ? "Google LLC"
                : "OpenMoji"
        );
        var error = Assert.Throws<AuditException>(() => Select(set, Scenes(1)[0], new() { IncludedOwners = [owner] }));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_owner_cannot_be_included_where_none_is_stated()
    {
        var error = Assert.Throws<AuditException>(() =>
            Select(Sets.Of(Scenes(4)), Scenes(1)[0], new() { IncludedOwners = ["Ann"] })
        );
        Assert.Contains("names no rights holders", error.Message, StringComparison.Ordinal);
    }
}
