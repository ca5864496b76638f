using DasAudit.Core.Numerics;
using static TorchSharp.torch;

namespace DasAudit.Core.Diffusion;

/// <summary>
/// The one source of randomness: standard normal and integer streams addressed by (seed, purpose, timestep, replicate).
/// The same address always gives the same values, so every picture meets the same noise at a timestep (common random
/// numbers) whatever the batching.
/// </summary>
internal sealed class NoiseSource(long seed)
{
    public long Seed => seed;

    /// <summary>Fills a span with independent N(0, 1) values (Box–Muller over Philox).</summary>
    public void Normal(NoiseAddress address, Span<float> destination)
    {
        for (var i = 0; i < destination.Length; i += 4)
        {
            var (a, b, c, d) = Block(address, (uint)(i / 4));
            var (x, y) = BoxMuller(a, b);
            var (z, w) = BoxMuller(c, d);
            ReadOnlySpan<float> four = [x, y, z, w];
            four[..Math.Min(4, destination.Length - i)].CopyTo(destination[i..]);
        }
    }

    /// <summary>N(0, 1) noise of one sample, float32 [C, H, W] on the CPU; the caller disposes it.</summary>
    public Tensor Normal(NoiseAddress address, ImageShape shape)
    {
        var values = new float[shape.Length];
        Normal(address, values);
        return tensor(values, [shape.Channels, shape.Height, shape.Width]);
    }

    /// <summary>A uniform integer in [0, bound), the <paramref name="position"/>-th of its stream.</summary>
    public int Below(NoiseAddress address, int position, int bound)
    {
        var (a, b, _, _) = Block(address, (uint)position);
        return (int)(((UInt128)(((ulong)a << 32) | b) * (ulong)bound) >> 64);
    }

    /// <summary>A uniformly random order of 0 … count − 1 (Fisher–Yates).</summary>
    public int[] Permutation(NoiseAddress address, int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = Below(address, i, i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    private (uint A, uint B, uint C, uint D) Block(NoiseAddress address, uint block) =>
        Philox.Block((ulong)seed, block, (uint)address.Timestep, (uint)address.Replicate, (uint)address.Purpose);

    private static (float X, float Y) BoxMuller(uint first, uint second)
    {
        var radius = Math.Sqrt(-2 * Math.Log((first + 1.0) / 4294967296.0));
        var (sin, cos) = Math.SinCos(2 * Math.PI * (second / 4294967296.0));
        return ((float)(radius * cos), (float)(radius * sin));
    }
}

/// <summary>Where in the <see cref="NoiseSource"/> a stream lies.</summary>
/// <param name="Timestep">Diffusion timestep, or the training step, or 0.</param>
/// <param name="Replicate">Replicate, epoch or sample number.</param>
internal readonly record struct NoiseAddress(NoisePurpose Purpose, int Timestep, int Replicate);

/// <summary>What a stream of randomness is for; streams of different purposes are independent.</summary>
internal enum NoisePurpose
{
    /// <summary>Noise added for gradient features.</summary>
    Attribution = 1,

    /// <summary>Order of pictures in a training epoch.</summary>
    TrainingOrder = 2,

    /// <summary>Timesteps of a training batch.</summary>
    TrainingTimestep = 3,

    /// <summary>Noise of a training batch.</summary>
    TrainingNoise = 4,

    /// <summary>The initial noise of a generated picture.</summary>
    SamplingStart = 5,

    /// <summary>The noise of a stochastic reverse step.</summary>
    SamplingStep = 6,

    /// <summary>Random probes of the prediction.</summary>
    Probe = 7,

    /// <summary>Random sets and weights of statistical tests.</summary>
    Resampling = 10,

    /// <summary>Scores of the method that attributes at random.</summary>
    RandomScore = 20,

    /// <summary>Targets drawn from the model's own distribution, for its Gauss–Newton matrix.</summary>
    SampledTarget = 21,

    /// <summary>Which training pictures stand in a kernel for those that are not candidates.</summary>
    Background = 22,

    /// <summary>Which pictures of a training set a model is trained on.</summary>
    TrainingPart = 30,

    /// <summary>Timesteps of a model that is trained on a part: of an epoch, by picture.</summary>
    PartTimestep = 31,

    /// <summary>Noise of a model that is trained on a part: of an epoch, by picture.</summary>
    PartNoise = 32,

    /// <summary>What is added to each channel of the noise of a training batch.</summary>
    TrainingNoiseOffset = 33,

    /// <summary>Which conditions of a training batch are left out.</summary>
    TrainingCondition = 34,

    /// <summary>What is added to each channel of the noise of a model that is trained on a part.</summary>
    PartNoiseOffset = 35,

    /// <summary>Which conditions are left out for a model that is trained on a part: of an epoch, by picture.</summary>
    PartCondition = 36,

    /// <summary>Which retrained models a bootstrap draws.</summary>
    SubsetDraw = 40,

    /// <summary>Which queries a bootstrap draws.</summary>
    QueryDraw = 41,

    /// <summary>Which pictures a copier takes, and how near-duplicates differ from them.</summary>
    NearDuplicate = 45,

    /// <summary>Which pictures are left out at random, to compare with those that a method chooses.</summary>
    RandomRemoval = 50,

    /// <summary>Pictures that are drawn to be planted among training pictures.</summary>
    PlantedPicture = 60,

    /// <summary>Which pictures that a model did not see stand as training pictures, and which as decoys.</summary>
    NonMembers = 61,

    /// <summary>Which query a retrained model is asked about.</summary>
    NonMemberQuery = 62,

    /// <summary>Where in its step a p-value is taken.</summary>
    PValueStep = 63,

    /// <summary>Size, place and colour of a drawn picture.</summary>
    ShapePicture = 64,
}
