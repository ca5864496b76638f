using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;

namespace DasAudit.Core.Tests.Attribution.Methods;

/// <summary>Methods on features that are read block by block because they are too many for memory.</summary>
public class StreamedMethodsTests
{
    public static TheoryData<string> All => [.. ReferenceTests.Ids];

    [Theory]
    [MemberData(nameof(All))]
    public void Scores_are_those_of_features_in_memory(string id)
    {
        var method = MethodCatalog.Find(id);
        // Fewer features than pictures, and more.
        (int Dimension, IDampingRule Other)[] cases = [(6, new Recall()), (40, new DampingBand(0.1, 0.4))];
        foreach (var (dimension, otherRule) in cases)
        {
            var inputs = new Case
            {
                Members = 14,
                Dimension = dimension,
                Decoys = 3,
                Background = 4,
                Queries = 2,
                Replicates = 2,
            }.For(method);
            foreach (var rule in new[] { null, otherRule })
            {
                // Few pictures keep it more degrees of freedom than das-loo allows.
                if (id == "das-loo" && rule is Recall)
                    continue;
                var expected = Score(inputs, new());
                var one = Score(inputs, new() { MostInMemory = 1 });
                var several = Score(inputs, new() { MostInMemory = 1, Workers = 3 });
                for (var q = 0; q < 2; q++)
                {
                    Assert.Equal(one.Queries[q].ByReplicate, several.Queries[q].ByReplicate);
                    for (var i = 0; i < inputs.Scored; i++)
                        Assert.Equal(
                            expected.Queries[q].Mean[i],
                            one.Queries[q].Mean[i],
                            2e-5 * expected.Queries[q].Mean.Max(Math.Abs)
                        );
                }

                Assert.Equal(
                    rule is not DampingBand
                        && (RefitsTests.Ids.Contains(id) || id.StartsWith("d-trak", StringComparison.Ordinal)),
                    expected.Refits is not null
                );
                if (expected.Refits is { } refits)
                {
                    Assert.Equal(one.Refits!.Kernels[0].Hat, several.Refits!.Kernels[0].Hat);
                    var scale = Enumerable.Range(1, inputs.Members - 1).Max(i => Math.Abs(refits.Of([0, i])));
                    for (var i = 1; i < inputs.Members; i++)
                        Assert.Equal(refits.Of([0, i]), one.Refits.Of([0, i]), 2e-5 * scale);
                }

                MethodScores Score(MethodInputs from, StreamingOptions streaming) =>
                    method.Score(
                        Streamed(from, streaming),
                        new()
                        {
                            Damping = rule,
                            WithCurve = true,
                            WithRefits = true,
                            Residual = ResidualKind.Rms,
                        },
                        TestContext.Current.CancellationToken
                    );
            }
        }
    }

    private static MethodInputs Streamed(MethodInputs inputs, StreamingOptions streaming) =>
        inputs with
        {
            Features = inputs.Features.ToDictionary(
                pair => pair.Key,
                pair =>
                    (IReadOnlyList<FeatureTable>)
                        [
                            .. pair.Value.Select(table => new FeatureTable(table.Queries, table.Scored, table.Members)
                            {
                                Background = table.Background,
                                BackgroundWeight = table.BackgroundWeight,
                                LearningRate = table.LearningRate,
                                Layers = table.Layers,
                                Streaming = streaming,
                            }),
                        ]
            ),
        };
}
