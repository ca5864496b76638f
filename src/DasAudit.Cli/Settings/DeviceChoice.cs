using System.Globalization;
using TorchSharp;

namespace DasAudit.Cli.Settings;

/// <summary>Where to compute, as <c>--device</c> names it.</summary>
/// <param name="Number">Which GPU, from 0; null for the first, and for the processor.</param>
internal sealed record DeviceChoice(DeviceType Type, int? Number = null)
{
    /// <summary>The processor.</summary>
    public static DeviceChoice Processor { get; } = new(DeviceType.CPU);

    /// <summary>Reads <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>; case does not matter.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static DeviceChoice Parse(string text)
    {
        return text.ToLowerInvariant().Split(':') switch
        {
            ["cpu"] => Processor,
            ["cuda"] => new(DeviceType.CUDA),
            ["cuda", var number] when IsNumber(number, out var value) => new(DeviceType.CUDA, value),
            _ => throw new FormatException(
                $"takes one of cpu, cuda, cuda:N (N the number of a GPU, from 0), not '{text}'."
            ),
        };

        static bool IsNumber(string number, out int value) =>
            int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>As it is read.</summary>
    public override string ToString()
    {
        if (Type == DeviceType.CPU)
            return "cpu";
        return Number is { } number ? string.Create(CultureInfo.InvariantCulture, $"cuda:{number}") : "cuda";
    }
}
