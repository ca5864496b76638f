using DasAudit.Core.Attribution;
using DasAudit.Core.Features;

namespace DasAudit.Core.Tests.Attribution.Methods;

/// <summary>Balanced PVA as its page in docs/methods.md has it, one number after the other.</summary>
internal static class PvaReference
{
    private static readonly FeatureKind Kind = new("loss", Unit: true, Apart: true);

    /// <summary>[query][row] of one replicate; see <see cref="Reference.Scores"/>.</summary>
    internal static double[][] Scores(MethodInputs inputs, int replicate, Queue<double> damping)
    {
        var tables = inputs.Features.Values.Single();
        var draws = tables[0].Scored[0].SquaredErrors.Length / inputs.Replicates;
        var levels = new Dictionary<(int Checkpoint, int Timestep), double[][]>();
        foreach (var (c, table) in tables.Index())
        {
            for (var draw = replicate * draws; draw < (replicate + 1) * draws; draw++)
            {
                for (var t = 0; t < Case.Timesteps; t++)
                {
                    if (!levels.TryGetValue((c, t), out var sums))
                        levels[(c, t)] = sums = [
                            .. Enumerable.Range(0, inputs.Queries).Select(_ => new double[inputs.Scored]),
                        ];
                    Add(sums, table, draw, t, damping.Dequeue());
                }
            }
        }

        return
        [
            .. Enumerable
                .Range(0, inputs.Queries)
                .Select(q =>
                    Enumerable
                        .Range(0, inputs.Scored)
                        .Select(i => levels.Values.Average(s => s[q][i] / s[q].Take(inputs.Members).Average()))
                        .ToArray()
                ),
        ];
    }

    private static void Add(double[][] sums, FeatureTable table, int draw, int timestep, double damping)
    {
        var row = draw * Case.Timesteps + timestep;
        var kernel = new Reference.Kernel(table, [Kind], row, damping);
        var mean = table.Scored.Take(table.Members).Average(picture => picture.SquaredErrors[draw][timestep]);
        for (var i = 0; i < table.Scored.Count; i++)
        {
            var picture = table.Scored[i];
            var feature = Reference.Feature(picture, Kind, row);
            var error = Math.Sqrt(picture.SquaredErrors[draw][timestep] / mean);
            // What is left of a decoy's error once it is learnt; the kernel holds it already.
            if (i >= table.Members)
                error *= 1 - kernel.Product(i, feature, feature);
            for (var q = 0; q < sums.Length; q++)
            {
                var a = kernel.Product(i, Reference.Feature(table.Queries[q], Kind, row), feature);
                sums[q][i] += a * a * error;
            }
        }
    }
}
