using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Outputs;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Gradients.Outputs;

public class OutputFunctionTests
{
    private static readonly DiscreteDiffusion Linear = new(NoiseSchedule.Linear(1000), PredictionType.Epsilon);
    private static readonly float[] Prediction = [1, -2, 3, -4];
    private static readonly float[] Target = [0, 1, 3, -1];

    public static TheoryData<string, double> Formulas =>
        new()
        {
            { "mean", -0.5 },
            { "loss", (1 + 9 + 0 + 9) / 4.0 },
            { "squared-norm", 30 / 4.0 },
            { "l1-norm", 10 },
            { "l2-norm", Math.Sqrt(30) },
            { "linf-norm", 4 },
            // β/(2α(1−ᾱ)) of a schedule of one β = ¼ repeated: t = 1 has ᾱ = 9/16.
            { "weighted-mse", 0.25 / (2 * 0.75 * (7 / 16.0)) * 19 / 4 },
        };

    [Theory]
    [MemberData(nameof(Formulas))]
    public void Values_are_the_formulas(string name, double expected)
    {
        using var scope = NewDisposeScope();
        var function = OutputFunctions.Create(
            name,
            new DiscreteDiffusion(new([0.25f, 0.25f, 0.25f]), PredictionType.Epsilon),
            0
        );
        Assert.Equal(name, function.Name);
        Assert.Equal(
            expected,
            function.Of(tensor(Prediction, [1, 1, 2, 2]), Batch(new Pass(1, 0))).item<float>(),
            1e-5
        );
    }

    [Fact]
    public void A_random_probe_is_the_inner_product_with_normal_numbers_of_its_pass()
    {
        using var scope = NewDisposeScope();
        var identity = eye(4).view(4, 1, 2, 2);
        var pass = new Pass(7, 3);
        var probe = OutputFunctions.Create("random-probe:2", Linear, 5);
        var v = probe.Of(identity, Batch(pass, pass, pass, pass)).data<float>().ToArray();
        var expected = new float[4];
        new NoiseSource(5).Normal(new(NoisePurpose.Probe, 7, 3 * 1024 + 2), expected);
        Assert.Equal(expected, v);

        // Rows of other passes do not change a row's probe, and other numbers, seeds and passes give others.
        Assert.Equal(v[1], probe.Of(identity[1..3], Batch(pass, new Pass(8, 3))).data<float>()[0]);
        Assert.NotEqual(v[2], probe.Of(identity[1..3], Batch(pass, new Pass(8, 3))).data<float>()[1]);
        Assert.NotEqual(
            v[1],
            OutputFunctions.Create("random-probe:3", Linear, 5).Of(identity[1..2], Batch(pass)).item<float>()
        );
        Assert.NotEqual(
            v[1],
            OutputFunctions.Create("random-probe:2", Linear, 6).Of(identity[1..2], Batch(pass)).item<float>()
        );
    }

    [Fact]
    public void A_picture_probe_is_normal_numbers_of_the_pass_and_of_what_the_network_sees()
    {
        using var scope = NewDisposeScope();
        const int Length = 400;
        NoisyBatch Seen(params float[] pictures) =>
            Batch([.. pictures.Select(_ => new Pass(7, 3))]) with
            {
                Noisy = tensor(pictures).view(-1, 1, 1, 1).expand(pictures.Length, 1, 20, 20),
            };
        float[][] Probes(string name, long seed, NoisyBatch batch)
        {
            var probe = OutputFunctions.Create(name, Linear, seed);
            Assert.Equal(name, probe.Name);
            var values = Enumerable
                .Range(0, Length)
                .Select(j =>
                    probe
                        .Of(
                            nn.functional.one_hot(tensor(new long[] { j }), Length)
                                .to_type(float32)
                                .view(1, 1, 20, 20)
                                .expand(batch.Rows, 1, 20, 20),
                            batch
                        )
                        .data<float>()
                        .ToArray()
                )
                .ToArray();
            return [.. Enumerable.Range(0, batch.Rows).Select(b => values.Select(rows => rows[b]).ToArray())];
        }

        var two = Probes("picture-probe:2", 5, Seen(0.1f, 0.2f));
        Assert.InRange(two[0].Average(v => v * v), 0.7, 1.3);
        Assert.InRange(two[0].Zip(two[1], (v, w) => v * w).Average(), -0.25, 0.25);
        Assert.Equal(two[1], Assert.Single(Probes("picture-probe:2", 5, Seen(0.2f))));
        Assert.NotEqual(two[1], Assert.Single(Probes("picture-probe:3", 5, Seen(0.2f))));
        Assert.NotEqual(two[1], Assert.Single(Probes("picture-probe:2", 6, Seen(0.2f))));
        Assert.NotEqual(two[1], Assert.Single(Probes("picture-probe:2", 5, Seen(0.2f) with { Passes = [new(7, 4)] })));
    }

    [Theory]
    [InlineData("picture-probe:1024")]
    [InlineData("l3-norm")]
    [InlineData("random-probe:")]
    [InlineData("random-probe:-1")]
    [InlineData("random-probe:1024")]
    public void Other_names_are_refused(string name) =>
        Assert.Contains(
            "choose one of loss, mean",
            Assert.Throws<AuditException>(() => OutputFunctions.Create(name, Linear, 0)).Message
        );

    private static NoisyBatch Batch(params Pass[] passes)
    {
        var target = tensor(Target, [1, 1, 2, 2]).expand(passes.Length, 1, 2, 2);
        return new(
            "picture",
            zeros_like(target),
            target,
            tensor(passes.Select(pass => (long)pass.Timestep).ToArray()),
            null,
            passes
        );
    }
}
