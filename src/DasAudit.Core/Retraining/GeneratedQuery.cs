using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using DasAudit.Core.Diffusion;

namespace DasAudit.Core.Retraining;

/// <summary>How a query was generated: all that its picture depends on beside the model.</summary>
/// <param name="Seed">Of the initial noise and of that of each stochastic step.</param>
/// <param name="Condition">Its class or text; both null for an unconditional model.</param>
/// <param name="Sampling">Steps, sampler, η and guidance.</param>
internal sealed record GeneratedQuery(long Seed, Condition Condition, GeneratorOptions Sampling)
{
    private const int Digits = 16;

    /// <summary>Names the file of a picture that was generated so; another setting gives another name.</summary>
    public string FileName
    {
        get
        {
            var settings = JsonSerializer.SerializeToUtf8Bytes(new { Condition, Sampling });
            var hash = Convert.ToHexStringLower(SHA256.HashData(settings))[..Digits];
            return string.Create(CultureInfo.InvariantCulture, $"seed-{Seed}-{hash}.png");
        }
    }
}
