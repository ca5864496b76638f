using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Abstractions.Tests;

/// <summary>Noise schedules against the reference library's tables.</summary>
public class NoiseScheduleTests
{
    public static TheoryData<string> Names => ["linear", "scaled_linear", "squaredcos_cap_v2"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Tables_are_the_reference_librarys_to_the_last_places(string name)
    {
        using var golden = SafetensorsFile.Open(Goldens.PathOf("sched/golden.safetensors"));
        var schedule = Create(name);

        Assert.Equal(1000, schedule.TrainTimesteps);
        Assert.Equal(Values(golden, $"{name}/betas"), schedule.Betas.ToArray());
        Assert.Equal(Values(golden, $"{name}/alphas_cumprod"), schedule.AlphasCumprod.ToArray());
    }

    [Fact]
    public void Rescaling_to_zero_terminal_SNR_gives_the_reference_librarys_table()
    {
        using var golden = SafetensorsFile.Open(Goldens.PathOf("sched/golden.safetensors"));
        var schedule = Create("scaled_linear").WithZeroTerminalSnr();

        AssertClose(Values(golden, "scaled_linear_zero_snr/alphas_cumprod"), schedule.AlphasCumprod, 1e-6f);
        Assert.Equal(0, schedule.AlphasCumprod[^1]);
        Assert.Equal(0, schedule.SignalToNoise(999));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Noising_and_velocity_are_the_reference_librarys(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = SafetensorsFile.Open(Goldens.PathOf("sched/golden.safetensors"));
        var (clean, noise, timesteps) = (
            golden.Read("add_noise/original"),
            golden.Read("add_noise/noise"),
            golden.Read("add_noise/timesteps")
        );
        var schedule = Create(name);

        AssertClose(golden.Read($"{name}/add_noise"), schedule.AddNoise(clean, noise, timesteps));
        AssertClose(golden.Read($"{name}/velocity"), schedule.Target(PredictionType.Velocity, clean, noise, timesteps));
        Assert.True(schedule.Target(PredictionType.Epsilon, clean, noise, timesteps).equal(noise).all().item<bool>());
        Assert.True(schedule.Target(PredictionType.Sample, clean, noise, timesteps).equal(clean).all().item<bool>());
    }

    [Fact]
    public void One_noise_for_all_samples_is_broadcast()
    {
        using var scope = NewDisposeScope();
        var schedule = NoiseSchedule.Linear(10);
        var (clean, noise, timesteps) = (rand(3, 2, 4, 4), randn(1, 2, 4, 4), tensor(new long[] { 0, 5, 9 }));

        var together = schedule.AddNoise(clean, noise, timesteps);

        for (var i = 0; i < 3; i++)
            AssertClose(schedule.AddNoise(clean[i..(i + 1)], noise, timesteps[i..(i + 1)]), together[i..(i + 1)]);
        Assert.Equal(clean.shape, schedule.Target(PredictionType.Epsilon, clean, noise, timesteps).shape);
    }

    [Fact]
    public void The_signal_to_noise_ratio_falls()
    {
        var schedule = NoiseSchedule.Linear(1000);

        Assert.Equal(0.9999 / 0.0001, schedule.SignalToNoise(0), 20.0);
        Assert.All(
            Enumerable.Range(1, 999),
            t => Assert.True(schedule.SignalToNoise(t) < schedule.SignalToNoise(t - 1))
        );
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-0.1f)]
    [InlineData(1.1f)]
    [InlineData(float.NaN)]
    public void A_beta_out_of_range_is_named(float beta) =>
        Assert.Contains(
            "timestep 1",
            Assert.Throws<AuditException>(() => new NoiseSchedule([0.1f, beta])).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void An_empty_schedule_is_refused() => Assert.Throws<AuditException>(() => NoiseSchedule.Linear(0));

    private static NoiseSchedule Create(string name) =>
        name switch
        {
            "linear" => NoiseSchedule.Linear(1000),
            "scaled_linear" => NoiseSchedule.ScaledLinear(1000),
            _ => NoiseSchedule.SquaredCosine(1000),
        };

    private static float[] Values(SafetensorsFile file, string name)
    {
        using var values = file.Read(name);
        return values.data<float>().ToArray();
    }

    private static void AssertClose(float[] expected, ReadOnlySpan<float> actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }

    private static void AssertClose(Tensor expected, Tensor actual) =>
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 1e-6);
}
