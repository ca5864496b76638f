using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Diffusion;

/// <summary>
/// Tables and a step of SDXL's scheduler against diffusers 0.21.4; tables of other settings against a
/// Python script in double precision, by the statements of diffusers' EulerDiscreteScheduler and
/// DPMSolverMultistepScheduler.
/// </summary>
public sealed class EulerSamplerTests
{
    private static readonly NoiseSchedule Schedule = NoiseSchedule.ScaledLinear(1000);

    private static readonly SamplingSettings Sdxl = new() { ClipSample = false, StepsOffset = 1 };

    [Fact]
    public void Times_and_sigmas_are_those_of_the_reference_library()
    {
        using var golden = SafetensorsFile.Open(GoldenFiles.PathOf("sdxl-tiny/golden.safetensors"));
        var sampler = new EulerSampler(Schedule, PredictionType.Epsilon, Sdxl, 10);

        Assert.Equal(Values(golden, "sched/alphas_cumprod"), Schedule.AlphasCumprod.ToArray());
        Assert.Equal(Values(golden, "sched/timesteps"), sampler.Times.Select(time => (float)time));
        Close(Values(golden, "sched/sigmas"), sampler.Sigmas, 1e-6f);
    }

    [Fact]
    public void A_step_is_that_of_the_reference_library()
    {
        using var scope = NewDisposeScope();
        using var golden = SafetensorsFile.Open(GoldenFiles.PathOf("sdxl-tiny/golden.safetensors"));
        var sampler = new EulerSampler(Schedule, PredictionType.Epsilon, Sdxl, 10);
        var sample = golden.Read("sched/step_sample");

        var (previous, _) = sampler.Step(0, new(sample, golden.Read("sched/step_model_output")));

        Assert.InRange(Difference(sampler.Input(0, sample), golden.Read("sched/step_scaled_input")), 0, 1e-6);
        Assert.InRange(Difference(previous, golden.Read("sched/step_prev_sample")), 0, 1e-5);
    }

    [Fact]
    public void Sampling_starts_from_the_noise_that_the_reference_library_starts_from()
    {
        // init_noise_sigma in sdxl-tiny/golden.json, of 4 steps.
        Assert.Equal(
            8.450066566467285f,
            new EulerSampler(Schedule, PredictionType.Epsilon, Sdxl, 10).InitialSigma,
            1e-5f
        );
        var even = Sdxl with { TimestepSpacing = TimestepSpacing.Linspace };
        Assert.Equal(14.614641f, new EulerSampler(Schedule, PredictionType.Epsilon, even, 10).InitialSigma, 1e-5f);
    }

    [Theory]
    [InlineData(PredictionType.Epsilon)]
    [InlineData(PredictionType.Velocity)]
    [InlineData(PredictionType.Sample)]
    public void A_right_prediction_of_any_type_gives_the_clean_sample(PredictionType type)
    {
        using var scope = NewDisposeScope();
        var (clean, noise) = (randn(1, 2, 4, 4), randn(1, 2, 4, 4));
        var sampler = new EulerSampler(Schedule, type, Sdxl, 10);
        var sample = clean + sampler.Sigmas[3] * noise;
        var prediction = Schedule.Target(type, clean, noise, tensor(new[] { (long)sampler.Times[3] }));

        var (previous, predicted) = sampler.Step(3, new(sample, prediction));

        Assert.InRange(Difference(predicted, clean), 0, 1e-5);
        Assert.InRange(Difference(previous, clean + sampler.Sigmas[4] * noise), 0, 1e-5);
    }

    [Fact]
    public void Evenly_spaced_times_lie_between_timesteps_and_so_do_their_sigmas()
    {
        var grid = SigmaGrid.Euler(Schedule, Sdxl with { TimestepSpacing = TimestepSpacing.Linspace }, 5);

        Close([999, 749.25f, 499.5f, 249.75f, 0], grid.Times.Select(time => (float)time), 0);
        Close(Linspace, grid.Sigmas, 1e-5f);
    }

    [Fact]
    public void Karras_sigmas_are_those_of_the_published_code()
    {
        var grid = SigmaGrid.Euler(Schedule, Sdxl with { KarrasSigmas = true }, 5);

        Close(EulerKarras, grid.Sigmas, 1e-5f);
        Close(EulerKarrasTimes, grid.Times.Select(time => (float)time), 2e-2f);
    }

    [Theory]
    [InlineData(TimestepSpacing.Leading, new[] { 834, 668, 502, 336, 170 }, 166)]
    [InlineData(TimestepSpacing.Linspace, new[] { 999, 799, 599, 400, 200 }, 0)]
    [InlineData(TimestepSpacing.Trailing, new[] { 999, 799, 599, 399, 199 }, 0)]
    public void Timesteps_of_the_solver_leave_the_end_out(TimestepSpacing spacing, int[] expected, int offsetRatio)
    {
        var offset = offsetRatio > 0 ? 4 : 0;
        var grid = SigmaGrid.DpmSolver(Schedule, Sdxl with { TimestepSpacing = spacing, StepsOffset = offset }, 5);

        Assert.Equal(expected, grid.Times.Select(time => (int)time));
        Assert.Equal(0, grid.Sigmas[5]);
        Assert.Equal(6, grid.Sigmas.Count);
    }

    [Fact]
    public void Karras_sigmas_of_the_solver_are_those_of_the_published_code_at_whole_timesteps()
    {
        var settings = Sdxl with { KarrasSigmas = true, EndsAtSmallestSigma = true };
        var grid = SigmaGrid.DpmSolver(Schedule, settings, 5);

        Close(SolverKarras, grid.Sigmas, 1e-5f);
        Assert.Equal(SolverKarrasTimes, grid.Times.Select(time => (int)time));
    }

    [Fact]
    public void A_schedule_that_ends_in_pure_noise_has_a_finite_first_sigma()
    {
        var grid = SigmaGrid.Euler(
            Schedule.WithZeroTerminalSnr(),
            Sdxl with
            {
                TimestepSpacing = TimestepSpacing.Trailing,
            },
            4
        );

        Assert.Equal(4096, grid.Sigmas[0], 0.01f);
    }

    [Fact]
    public void More_steps_than_fit_are_refused()
    {
        Assert.Contains(
            "choose 1 to 999",
            Assert.Throws<AuditException>(() => SigmaGrid.DpmSolver(Schedule, Sdxl, 1000)).Message
        );
        Assert.Contains(
            "choose 1 to 1000",
            Assert.Throws<AuditException>(() => SigmaGrid.Euler(Schedule, Sdxl, 1001)).Message
        );
    }

    private static float[] Values(SafetensorsFile file, string name)
    {
        using var values = file.Read(name);
        return values.data<float>().ToArray();
    }

    private static double Difference(Tensor a, Tensor b) => (a - b).abs().max().item<float>();

    private static void Close(IEnumerable<float> expected, IEnumerable<float> actual, float relative)
    {
        foreach (var (one, other) in expected.Zip(actual))
            Assert.True(
                Math.Abs(one - other) <= relative * Math.Max(1, Math.Abs(one)),
                $"{one} is expected, {other} is there"
            );
        Assert.Equal(expected.Count(), actual.Count());
    }

    private static readonly float[] Linspace = [14.614641f, 4.0860881f, 1.6155825f, 0.69515042f, 0.029167159f, 0f];

    private static readonly float[] EulerKarras = [5.1344309f, 2.0248055f, 0.69215003f, 0.19469305f, 0.041314412f, 0f];

    private static readonly float[] EulerKarrasTimes = [801f, 565.83015f, 248.59301f, 38.422351f, 1f];

    private static readonly float[] SolverKarras =
    [
        14.614641f,
        4.7965348f,
        1.2741002f,
        0.2479499f,
        0.029167159f,
        0.029167159f,
    ];

    private static readonly int[] SolverKarrasTimes = [999, 786, 427, 59, 0];
}
