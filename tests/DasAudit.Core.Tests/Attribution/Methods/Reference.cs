using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods.Das;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Features;
using DasAudit.Core.Projections;
using MathNet.Numerics.LinearAlgebra;

namespace DasAudit.Core.Tests.Attribution.Methods;

/// <summary>
/// The formulas written out: kernels formed entry by entry and inverted, a decoy's with its own row added, one pair of
/// pictures at a time.
/// </summary>
internal static class Reference
{
    private static readonly FeatureKind Mean = new("mean");
    private static readonly FeatureKind UnitLoss = new("loss");
    private static readonly FeatureKind RawLoss = new("loss", Unit: false);
    private static readonly FeatureKind LossApart = new("loss", Unit: true, Apart: true);
    private static readonly FeatureKind RawLossApart = new("loss", Unit: false, Apart: true);

    /// <summary>[query][row] of one replicate.</summary>
    /// <param name="id">The method.</param>
    /// <param name="inputs">Its features; residual factors are <see cref="ResidualKind.Rms"/>.</param>
    /// <param name="replicate">Which replicate.</param>
    /// <param name="damping">λ of its kernels, one after the other.</param>
    internal static double[][] Scores(string id, MethodInputs inputs, int replicate, Queue<double> damping)
    {
        var tables = inputs.Features.Values.Single();
        var table = tables[^1];
        var replicates = inputs.Replicates;
        switch (id)
        {
            case "das" or "das-loo" or "das-signed":
                var das = new Kernel(table, [Mean], replicate, damping.Dequeue());
                return Each(
                    inputs,
                    (q, i) =>
                    {
                        var own = Feature(table.Scored[i], Mean, replicate);
                        var h = das.Product(i, own, own);
                        var rho =
                            Math.Sqrt(table.Scored[i].SquaredErrors[replicate].Average())
                            * (i < inputs.Members ? 1 : 1 - h);
                        var s = das.Product(i, Feature(table.Queries[q], Mean, replicate), own) * rho;
                        return id switch
                        {
                            "das" => s * s,
                            "das-loo" => Math.Pow(s / (1 - h), 2),
                            _ => s,
                        };
                    }
                );
            case "das-layered":
                return Average(
                    inputs,
                    LayerGroups
                        .Of(table.Layers)
                        .Select(group => Cut(inputs, table, group))
                        .Select(cut => Scores("das", cut, replicate, damping))
                );
            case "das-official" or "das-official-0":
                return Official(id, inputs, table, replicate, damping.Dequeue());
            case "das-v":
                return Vector(inputs, table, replicate, damping);
            case "pva" or "pva-mini":
                return PvaReference.Scores(inputs, replicate, damping);
            case "pva-12":
                var passes = table.Scored[0].Rows[LossApart].Length / replicates;
                return Average(
                    inputs,
                    Enumerable
                        .Range(replicate * passes, passes)
                        .Select(pass =>
                        {
                            var kernel = new Kernel(table, [LossApart], pass, damping.Dequeue());
                            return Each(
                                inputs,
                                (q, i) =>
                                    Math.Pow(
                                        kernel.Product(
                                            i,
                                            Feature(table.Queries[q], LossApart, pass),
                                            Feature(table.Scored[i], LossApart, pass)
                                        ),
                                        2
                                    )
                            );
                        })
                );
            case "trak":
                return Average(
                    inputs,
                    tables.Select(own => Influence(inputs, own, RawLoss, replicate, damping.Dequeue()))
                );
            case "journey-trak":
                var journey = new Kernel(table, [RawLoss], replicate, damping.Dequeue());
                return Average(
                    inputs,
                    Enumerable
                        .Range(replicate * Case.Steps, Case.Steps)
                        .Select(step =>
                            Each(
                                inputs,
                                (q, i) =>
                                    journey.Product(
                                        i,
                                        Feature(table.Queries[q], RawLossApart, step),
                                        Feature(table.Scored[i], RawLoss, replicate)
                                    )
                            )
                        )
                );
            case "relative-if" or "l-relative-if" or "renormalized-if":
                var loss = new Kernel(table, [RawLoss], replicate, damping.Dequeue());
                return Each(
                    inputs,
                    (q, i) =>
                    {
                        var own = Feature(table.Scored[i], RawLoss, replicate);
                        return loss.Product(i, Feature(table.Queries[q], RawLoss, replicate), own)
                            / id switch
                            {
                                "relative-if" => loss.Solve(i, own).L2Norm(),
                                "l-relative-if" => Math.Sqrt(loss.Product(i, own, own)),
                                _ => own.L2Norm(),
                            };
                    }
                );
            case "tracin":
                return Each(inputs, (q, i) => tables.Sum(own => own.LearningRate * Dot(own, RawLoss, replicate, q, i)));
            case "gradient-dot":
                return Each(inputs, (q, i) => Dot(table, RawLoss, replicate, q, i));
            case "gradient-cosine":
                return Each(
                    inputs,
                    (q, i) =>
                        tables.Average(own =>
                            Dot(own, RawLoss, replicate, q, i)
                            / Feature(own.Queries[q], RawLoss, replicate).L2Norm()
                            / Feature(own.Scored[i], RawLoss, replicate).L2Norm()
                        )
                );
            case "diffusion-retrac" or "dmin":
                var sums = Each(
                    inputs,
                    (q, i) =>
                        Enumerable
                            .Range(replicate * Case.Timesteps, Case.Timesteps)
                            .Sum(pass => Dot(table, LossApart, pass, q, i))
                );
                return id == "dmin" ? sums : [.. sums.Select(own => own.Select(sum => sum / Case.Timesteps).ToArray())];
            default:
                var function = id == "d-trak" ? "squared-norm" : id["d-trak:".Length..];
                return Influence(inputs, table, new(function, Unit: false), replicate, damping.Dequeue());
        }
    }

    private static MethodInputs Cut(MethodInputs inputs, FeatureTable table, LayerBlock part)
    {
        var cut = new FeatureTable(Cut(table.Queries), Cut(table.Scored), table.Members)
        {
            Background = Cut(table.Background),
            BackgroundWeight = table.BackgroundWeight,
        };
        return inputs with { Features = new Dictionary<string, IReadOnlyList<FeatureTable>> { ["das"] = [cut] } };

        PictureFeatures[] Cut(IEnumerable<PictureFeatures> pictures) =>
            [
                .. pictures.Select(picture =>
                    picture with
                    {
                        Rows = picture.Rows.ToDictionary(
                            rows => rows.Key,
                            rows => rows.Value.Select(row => row[part.Offset..(part.Offset + part.Length)]).ToArray()
                        ),
                    }
                ),
            ];
    }

    private static double[][] Influence(
        MethodInputs inputs,
        FeatureTable table,
        FeatureKind kind,
        int row,
        double damping
    )
    {
        var kernel = new Kernel(table, [kind], row, damping);
        return Each(
            inputs,
            (q, i) => kernel.Product(i, Feature(table.Queries[q], kind, row), Feature(table.Scored[i], kind, row))
        );
    }

    // One probe for the kernel, four for the query; two noise draws of each.
    private static double[][] Vector(MethodInputs inputs, FeatureTable table, int pair, Queue<double> damping)
    {
        var probe = new FeatureKind("picture-probe:0", Unit: false, Apart: true);
        int[] draws = inputs.Replicates == 1 ? [0] : [2 * pair, 2 * pair + 1];
        var kernels = draws
            .Select(draw => new Kernel(
                table,
                [.. Enumerable.Range(draw * Case.Timesteps, Case.Timesteps).Select(row => (probe, row))],
                damping.Dequeue()
            ))
            .ToArray();
        return Each(
            inputs,
            (q, i) =>
            {
                var sum = 0.0;
                var count = 0;
                foreach (var draw in draws)
                {
                    foreach (var row in Enumerable.Range(draw * Case.Timesteps, Case.Timesteps))
                    {
                        for (var n = 0; n < 4; n++, count++)
                        {
                            var query = Feature(
                                table.Queries[q],
                                new($"random-probe:{n}", Unit: false, Apart: true),
                                row
                            );
                            sum +=
                                kernels[0].Product(i, query, Feature(table.Scored[i], UnitLoss, draws[0]))
                                * kernels[^1].Product(i, query, Feature(table.Scored[i], UnitLoss, draws[^1]));
                        }
                    }
                }

                return sum / count;
            }
        );
    }

    private static double[][] Official(string id, MethodInputs inputs, FeatureTable table, int row, double damping)
    {
        var inverse = new Kernel(table, [Mean], row, damping).Members;
        inverse /= inverse.Enumerate().Average(Math.Abs);
        return Each(
            inputs,
            (q, i) =>
            {
                var query = Feature(table.Queries[q], Mean, row);
                var own = Feature(table.Scored[i], Mean, row);
                var rho = table.Scored[i].SquaredErrors[row].Select(Math.Sqrt).ToArray();
                var e = rho.Average(value => value / (Math.Sqrt(rho.Sum(other => other * other)) + 1e-8));
                if (id == "das-official")
                    return Math.Pow(query * inverse * own * e, 2);
                var hat = query * inverse * Feature(table.Scored[0], Mean, row);
                return Math.Pow(query * inverse * inverse * own * e / Math.Pow(1 - hat, 2), 2);
            }
        );
    }

    private static double Dot(FeatureTable table, FeatureKind kind, int row, int q, int i) =>
        Feature(table.Queries[q], kind, row) * Feature(table.Scored[i], kind, row);

    internal static Vector<double> Feature(PictureFeatures picture, FeatureKind kind, int row) =>
        Vector<double>.Build.DenseOfEnumerable(picture.Rows[kind][row].Select(value => (double)value));

    private static double[][] Each(MethodInputs inputs, Func<int, int, double> score) =>
        [
            .. Enumerable
                .Range(0, inputs.Queries)
                .Select(q => Enumerable.Range(0, inputs.Scored).Select(i => score(q, i)).ToArray()),
        ];

    private static double[][] Average(MethodInputs inputs, IEnumerable<double[][]> parts)
    {
        var all = parts.ToList();
        return Each(inputs, (q, i) => all.Average(part => part[q][i]));
    }

    internal sealed class Kernel
    {
        private readonly int _members;
        private readonly Matrix<double>[] _decoys;

        public Kernel(FeatureTable table, FeatureKind[] kinds, int row, double damping)
            : this(table, [.. kinds.Select(kind => (kind, row))], damping) { }

        public Kernel(FeatureTable table, (FeatureKind Kind, int Row)[] rows, double damping)
        {
            _members = table.Members;
            var (first, at) = rows[0];
            var kernel = Matrix<double>.Build.DenseIdentity(table.Scored[0].Rows[first][at].Length) * damping;
            foreach (var member in table.Scored.Take(table.Members))
                kernel += Own(member);
            foreach (var picture in table.Background)
                kernel += table.BackgroundWeight * Own(picture);
            Members = kernel.Inverse();
            _decoys = [.. table.Scored.Skip(table.Members).Select(decoy => (kernel + Own(decoy)).Inverse())];

            Matrix<double> Own(PictureFeatures picture) =>
                rows.Select(row => Feature(picture, row.Kind, row.Row))
                    .Select(feature => feature.OuterProduct(feature))
                    .Aggregate((a, b) => a + b) / rows.Length;
        }

        public Matrix<double> Members { get; }

        public Vector<double> Solve(int i, Vector<double> right) =>
            (i < _members ? Members : _decoys[i - _members]) * right;

        public double Product(int i, Vector<double> left, Vector<double> right) => left * Solve(i, right);
    }
}
