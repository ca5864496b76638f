using static TorchSharp.torch;

namespace DasAudit.Core.Gradients;

/// <summary>The numbers of matrix products and convolutions; gradients and features are always float32.</summary>
public enum GradientPrecision
{
    /// <summary>float32.</summary>
    Full,

    /// <summary>Linear layers and convolutions take bfloat16 (8 significant bits); the rest is float32.</summary>
    /// <remarks>See <see cref="ReducedPrecision"/>. Faster with processor instructions for it, else slower.</remarks>
    BFloat16,

    /// <summary>Products take float32 rounded to 11 significant bits, on NVIDIA GPUs alone.</summary>
    TensorFloat32,

    /// <summary>Linear layers and convolutions take float16 (11 significant bits, small range); as bfloat16.</summary>
    Half,
}

/// <summary>How precisions are written.</summary>
public static class GradientPrecisions
{
    /// <summary>What <see cref="Name"/> may be.</summary>
    public static IReadOnlyList<string> Names { get; } = ["f32", "bf16", "tf32", "f16"];

    /// <summary><c>f32</c>, <c>bf16</c>, <c>tf32</c> or <c>f16</c>.</summary>
    public static string Name(this GradientPrecision precision) => Names[(int)precision];

    /// <summary>Reads what <see cref="Name"/> writes.</summary>
    /// <exception cref="AuditException">It is something else.</exception>
    public static GradientPrecision Parse(string text) =>
        Names.IndexOf(text) is >= 0 and var at
            ? (GradientPrecision)at
            : throw new AuditException($"'{text}' is no precision; choose {string.Join(", ", Names)}.");

    /// <summary>The type that layers are changed to; null for none.</summary>
    internal static ScalarType? LayerType(this GradientPrecision precision) =>
        precision switch
        {
            GradientPrecision.BFloat16 => ScalarType.BFloat16,
            GradientPrecision.Half => ScalarType.Float16,
            _ => null,
        };

    /// <summary>
    /// What gradients are multiplied by on their way back through the network: float16 cannot tell them from zero
    /// below 6·10⁻⁸.
    /// </summary>
    internal static float Scale(this GradientPrecision precision) => precision == GradientPrecision.Half ? 256 : 1;

    private static int IndexOf(this IReadOnlyList<string> names, string text) => Array.IndexOf([.. names], text);
}
