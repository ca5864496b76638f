using DasAudit.Abstractions;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods.Influence;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;

namespace DasAudit.Core.Tests.Attribution.Methods;

public class DataInfTests
{
    private static readonly FeatureKind Loss = new("loss", Unit: false);

    private static readonly LayerBlock[] Blocks = [new("a", 0, 4, 9), new("b", 4, 3, 3)];

    [Fact]
    public void Scores_are_the_formula_written_as_loops()
    {
        var rows = Pictures(1, 6);
        var queries = Pictures(2, 2);
        var scores = Score(new(queries, rows, 4) { Layers = Blocks });
        for (var q = 0; q < 2; q++)
        {
            for (var r = 0; r < 2; r++)
                Tables.Close(
                    [.. rows.Select((row, i) => Formula(rows[..4], queries[q], row, r, decoy: i >= 4))],
                    scores.Queries[q].ByReplicate[r]
                );
        }
    }

    [Fact]
    public void A_background_picture_of_weight_two_counts_as_two_members()
    {
        var rows = Pictures(1, 4);
        var queries = Pictures(2, 1);
        var background = Pictures(3, 2);
        var scores = Score(
            new(queries, rows, 4)
            {
                Layers = Blocks,
                Background = background,
                BackgroundWeight = 2,
            }
        );
        Tables.Close(
            [.. rows.Select(row => Formula([.. rows, .. background, .. background], queries[0], row, 1))],
            scores.Queries[0].ByReplicate[1]
        );
    }

    [Fact]
    public void Features_of_a_model_by_layer_give_the_formula_of_its_whole_gradients()
    {
        var options = new GradientOptions
        {
            Kinds = [Loss],
            Timesteps = 2,
            Replicates = 2,
            Projection = ProjectionOptions.Parse("layers:1000"),
        };
        ModelPicture[] pictures =
        [
            .. Enumerable.Range(0, 5).Select(i => new ModelPicture($"{i}", () => Tables.Normal(i, 192))),
        ];
        List<PictureFeatures> Compute(GradientOptions chosen) =>
            [
                .. new FeatureEngine(new(() => new TinyUnet()), chosen, 1).Compute(
                    pictures,
                    null,
                    TestContext.Current.CancellationToken
                ),
            ];
        using var model = new TinyUnet();
        var layers = options.LayerBlocks(model);
        Assert.Equal(["_first", "_time", "_last"], layers.Select(layer => layer.Layer));
        Assert.Equal([3 * 8 * 9 + 8, 2 * 8 + 8, 8 * 3 * 9 + 3], layers.Select(layer => layer.Parameters));

        var by = Compute(options);
        var whole = Compute(options with { Projection = new() { Kind = ProjectionKind.None } });
        var scores = Score(new([by[0]], by[1..], 4) { Layers = layers });

        Tables.Close(
            [.. whole[1..].Select(row => Formula(whole[1..], whole[0], row, 0, layers))],
            scores.Queries[0].ByReplicate[0],
            1e-6
        );
    }

    [Fact]
    public void A_layer_without_gradients_has_no_part()
    {
        List<PictureFeatures> Still(List<PictureFeatures> pictures) =>
            [
                .. pictures.Select(picture =>
                    Tables.Picture(Loss, [.. picture.Rows[Loss].Select(row => (float[])[.. row[..4], 0, 0, 0])])
                ),
            ];
        var rows = Still(Pictures(1, 4));
        var queries = Still(Pictures(2, 1));
        Tables.Close(
            Score(new(queries, rows, 4) { Layers = Blocks[..1] }).Queries[0].Mean,
            Score(new(queries, rows, 4) { Layers = Blocks }).Queries[0].Mean
        );
    }

    [Fact]
    public void Features_projected_as_a_whole_are_refused() =>
        Assert.Contains(
            "each layer",
            Assert.Throws<AuditException>(() => Score(new(Pictures(2, 1), Pictures(1, 4), 4))).Message
        );

    private static MethodScores Score(FeatureTable table) =>
        new DataInfMethod().Score(
            Tables.Inputs(table.Members, table.Scored.Count, table.Queries.Count, replicates: 2) with
            {
                Features = new Dictionary<string, IReadOnlyList<FeatureTable>> { ["datainf"] = [table] },
            }
        );

    private static List<PictureFeatures> Pictures(int key, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Tables.Picture(Loss, [.. Tables.Normals(100 * key + i, 2, 7)]))];

    // A decoy is one of the j too, but changes no λ.
    // Σ_l (1/(n·λ_l))·Σ_j [⟨g_i, v⟩ − ⟨g_i, g_j⟩·⟨g_j, v⟩/(λ_l + ‖g_j‖²)]
    private static double Formula(
        IReadOnlyList<PictureFeatures> training,
        PictureFeatures query,
        PictureFeatures row,
        int replicate,
        IReadOnlyList<LayerBlock>? layers = null,
        bool decoy = false
    )
    {
        var score = 0.0;
        foreach (var layer in layers ?? Blocks)
        {
            double Dot(PictureFeatures x, PictureFeatures y) =>
                Enumerable
                    .Range(layer.Offset, layer.Length)
                    .Sum(k => (double)x.Rows[Loss][replicate][k] * y.Rows[Loss][replicate][k]);
            var lambda = 0.1 * training.Sum(g => Dot(g, g)) / (training.Count * layer.Parameters);
            IReadOnlyList<PictureFeatures> all = decoy ? [.. training, row] : training;
            foreach (var g in all)
                score += (Dot(row, query) - Dot(row, g) * Dot(g, query) / (lambda + Dot(g, g))) / (all.Count * lambda);
        }

        return score;
    }
}
