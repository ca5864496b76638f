using DasAudit.Core.Diffusion;

namespace DasAudit.Testing;

/// <summary>Random numbers by key: the same on every machine, whatever else a test draws.</summary>
internal static class RandomNumbers
{
    /// <summary>Independent standard normal numbers.</summary>
    internal static float[] Normal(int key, int length, int stream = 0, int part = 0)
    {
        var values = new float[length];
        new NoiseSource(key).Normal(new(NoisePurpose.Attribution, stream, part), values);
        return values;
    }
}
