using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Diffusion;

/// <summary>Single steps against diffusers 0.21.4: all schedules, prediction types, clippings, variances.</summary>
public class SamplerTests
{
    private static readonly int[] Timesteps = [0, 1, 480, 980];

    public static TheoryData<string> Ddim => Names("step/ddim/");

    public static TheoryData<string> Ddpm => Names("step/ddpm/");

    [Theory]
    [MemberData(nameof(Ddim))]
    public void Ddim_steps_as_diffusers(string name)
    {
        var parts = name.Split('/');
        var settings = new SamplingSettings { ClipSample = parts[4] == "clip1", SetAlphaToOne = parts[4] == "clip1" };
        var eta = parts[5] == "eta0.0" ? 0 : 0.7;
        Compare(name, steps => new DdimSampler(Schedule(parts[2]), Prediction(parts[3]), settings, steps, eta));
    }

    [Theory]
    [MemberData(nameof(Ddpm))]
    public void Ddpm_steps_as_diffusers(string name)
    {
        var parts = name.Split('/');
        var settings = new SamplingSettings
        {
            ClipSample = parts[4] == "clip1",
            VarianceType = parts[5] == "fixed_large" ? VarianceType.FixedLarge : VarianceType.FixedSmall,
        };
        Compare(name, steps => new DdpmSampler(Schedule(parts[2]), Prediction(parts[3]), settings, steps));
    }

    private static void Compare(string name, Func<int, ISampler> create)
    {
        using var scope = NewDisposeScope();
        using var golden = SafetensorsFile.Open(GoldenPath);
        var (output, sample, noise) = (
            golden.Read("step/model_output"),
            golden.Read("step/sample"),
            golden.Read("step/variance_noise")
        );
        var (previous, clean) = (
            golden.Read(name),
            golden.Read(name.Replace("prev_sample", "pred_original", StringComparison.Ordinal))
        );
        for (var i = 0; i < Timesteps.Length; i++)
        {
            var sampler = create(Timesteps[i] == 1 ? 1000 : 50);
            var step = sampler.Step(sampler.Times.ToList().IndexOf(Timesteps[i]), new(sample, output, null, noise));
            Close(previous[i], step.Previous);
            Close(clean[i], step.PredictedClean);
        }
    }

    private static void Close(Tensor expected, Tensor actual)
    {
        var difference = ((actual - expected).abs() / expected.abs().clamp_min(1)).max().item<float>();
        Assert.True(difference <= 1e-5, $"difference {difference}");
    }

    private static NoiseSchedule Schedule(string name) =>
        name switch
        {
            "linear" => NoiseSchedule.Linear(1000),
            "scaled_linear" => NoiseSchedule.ScaledLinear(1000),
            "squaredcos_cap_v2" => NoiseSchedule.SquaredCosine(1000),
            _ => throw new ArgumentException(name),
        };

    private static PredictionType Prediction(string name) =>
        name switch
        {
            "epsilon" => PredictionType.Epsilon,
            "v_prediction" => PredictionType.Velocity,
            "sample" => PredictionType.Sample,
            _ => throw new ArgumentException(name),
        };

    private static TheoryData<string> Names(string prefix)
    {
        using var golden = SafetensorsFile.Open(GoldenPath);
        return
        [
            .. golden.Names.Where(n =>
                n.StartsWith(prefix, StringComparison.Ordinal) && n.EndsWith("/prev_sample", StringComparison.Ordinal)
            ),
        ];
    }

    private static string GoldenPath => GoldenFiles.PathOf("sched/golden.safetensors");
}
