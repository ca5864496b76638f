using static TorchSharp.torch;

namespace DasAudit.Abstractions;

/// <summary>
/// The forward process x_t = √ᾱ_t·x₀ + √(1−ᾱ_t)·ε for t = 0 … T−1 (Ho et al., 2020, equation 4). All tables are float32
/// and computed in float32, as diffusers does, so that they agree with it to the last places.
/// </summary>
public sealed class NoiseSchedule
{
    private readonly float[] _betas;
    private readonly float[] _alphasCumprod;

    /// <summary>A schedule with given variances.</summary>
    /// <param name="betas">β_t in (0, 1], one for each training timestep.</param>
    /// <exception cref="AuditException">There are none, or one is out of range.</exception>
    public NoiseSchedule(IReadOnlyList<float> betas)
    {
        ArgumentNullException.ThrowIfNull(betas);
        if (betas.Count == 0)
            throw new AuditException(
                "A noise schedule needs at least one beta; check num_train_timesteps in the scheduler's configuration."
            );
        _betas = [.. betas];
        _alphasCumprod = new float[_betas.Length];
        // torch.cumprod keeps the running product in double and rounds each element.
        var product = 1.0;
        for (var t = 0; t < _betas.Length; t++)
        {
            if (!(_betas[t] is > 0f and <= 1f))
                throw new AuditException(
                    $"The noise schedule's beta at timestep {t} is {_betas[t]}, outside (0, 1]; correct the "
                        + "scheduler's configuration."
                );
            product *= 1f - _betas[t];
            _alphasCumprod[t] = (float)product;
        }
    }

    /// <summary>T, the number of training timesteps.</summary>
    public int TrainTimesteps => _betas.Length;

    /// <summary>β_t.</summary>
    public ReadOnlySpan<float> Betas => _betas;

    /// <summary>ᾱ_t = Π_{s≤t} (1 − β_s).</summary>
    public ReadOnlySpan<float> AlphasCumprod => _alphasCumprod;

    /// <summary>β_t evenly from <paramref name="start"/> to <paramref name="end"/>.</summary>
    public static NoiseSchedule Linear(int timesteps, double start = 1e-4, double end = 0.02) =>
        new(Linspace((float)start, (float)end, timesteps));

    /// <summary>√β_t evenly from √<paramref name="start"/> to √<paramref name="end"/> (Stable Diffusion).</summary>
    public static NoiseSchedule ScaledLinear(int timesteps, double start = 0.00085, double end = 0.012) =>
        new([.. Linspace((float)Math.Sqrt(start), (float)Math.Sqrt(end), timesteps).Select(root => root * root)]);

    /// <summary>ᾱ(t) = cos²((t/T + 0.008)/1.008·π/2), β_t ≤ 0.999 (Nichol and Dhariwal, 2021, equation 17).</summary>
    public static NoiseSchedule SquaredCosine(int timesteps)
    {
        static double AlphaBar(double time) => Math.Pow(Math.Cos((time + 0.008) / 1.008 * Math.PI / 2), 2);
        return new([
            .. Enumerable
                .Range(0, timesteps)
                .Select(t =>
                    (float)Math.Min(1 - AlphaBar((t + 1.0) / timesteps) / AlphaBar((double)t / timesteps), 0.999)
                ),
        ]);
    }

    /// <summary>
    /// This schedule with √ᾱ shifted and scaled so that the last timestep is pure noise and the first is as before (Lin
    /// et al., 2023, algorithm 1).
    /// </summary>
    public NoiseSchedule WithZeroTerminalSnr()
    {
        var (first, last) = (MathF.Sqrt(_alphasCumprod[0]), MathF.Sqrt(_alphasCumprod[^1]));
        var alphasBar = Array.ConvertAll(
            _alphasCumprod,
            alphaBar =>
            {
                var root = (MathF.Sqrt(alphaBar) - last) * (first / (first - last));
                return root * root;
            }
        );
        return new([.. alphasBar.Select((alphaBar, t) => 1f - (t == 0 ? alphaBar : alphaBar / alphasBar[t - 1]))]);
    }

    /// <summary>x_t = √ᾱ_t·x₀ + √(1−ᾱ_t)·ε.</summary>
    /// <param name="clean">x₀, [N, C, H, W].</param>
    /// <param name="noise">ε, of the same shape or broadcastable to it.</param>
    /// <param name="timesteps">int64 [N].</param>
    /// <returns>[N, C, H, W]; the caller disposes it.</returns>
    public Tensor AddNoise(Tensor clean, Tensor noise, Tensor timesteps)
    {
        ArgumentNullException.ThrowIfNull(clean);
        using var scope = NewDisposeScope();
        var (signal, sigma) = Coefficients(clean, timesteps);
        return (signal * clean + sigma * noise).MoveToOuterDisposeScope();
    }

    /// <summary>What the network should have predicted: ε, x₀, or v = √ᾱ_t·ε − √(1−ᾱ_t)·x₀.</summary>
    /// <param name="type">What it predicts.</param>
    /// <param name="clean">x₀, [N, C, H, W].</param>
    /// <param name="noise">ε, of the same shape or broadcastable to it.</param>
    /// <param name="timesteps">int64 [N].</param>
    /// <returns>[N, C, H, W]; the caller disposes it.</returns>
    public Tensor Target(PredictionType type, Tensor clean, Tensor noise, Tensor timesteps)
    {
        ArgumentNullException.ThrowIfNull(clean);
        ArgumentNullException.ThrowIfNull(noise);
        if (type == PredictionType.Sample)
            return clean.alias();
        if (type == PredictionType.Epsilon)
            return noise.expand_as(clean);
        using var scope = NewDisposeScope();
        var (signal, sigma) = Coefficients(clean, timesteps);
        return (signal * noise - sigma * clean).MoveToOuterDisposeScope();
    }

    /// <summary>SNR(t) = ᾱ_t/(1−ᾱ_t).</summary>
    public double SignalToNoise(int timestep)
    {
        var alphaBar = (double)_alphasCumprod[timestep];
        return alphaBar / (1 - alphaBar);
    }

    private (Tensor Signal, Tensor Sigma) Coefficients(Tensor like, Tensor timesteps)
    {
        var alphaBar = tensor(_alphasCumprod, device: like.device)
            .index_select(0, timesteps)
            .to_type(like.dtype)
            .view(-1, 1, 1, 1);
        return (alphaBar.sqrt(), (1 - alphaBar).sqrt());
    }

    // torch.linspace's float32 arithmetic on x86: lanes of eight, the first half counted up from the start, the second
    // down from the end.
    private static float[] Linspace(float start, float end, int count)
    {
        const int Lanes = 8;
        if (count < 1)
            return [];
        if (count == 1)
            return [start];
        var step = (end - start) / (count - 1);
        var values = new float[count];
        for (var i = 0; i < count; )
        {
            var first =
                i < count / 2
                    ? MathF.FusedMultiplyAdd(step, i, start)
                    : MathF.FusedMultiplyAdd(-step, count - 1 - i, end);
            var lanes = i + Lanes <= count ? Lanes : 1;
            for (var lane = 0; lane < lanes; lane++)
                values[i++] = first + step * lane;
        }
        return values;
    }
}
