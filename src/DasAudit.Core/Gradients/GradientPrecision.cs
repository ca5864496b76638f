namespace DasAudit.Core.Gradients;

/// <summary>The numbers of matrix products and convolutions; gradients and features are always float32.</summary>
public enum GradientPrecision
{
    /// <summary>float32.</summary>
    Full,

    /// <summary>Linear layers and convolutions take bfloat16 (8 significant bits); the rest is float32.</summary>
    /// <remarks>See <see cref="ReducedPrecision"/>. Faster with processor instructions for it, else slower.</remarks>
    BFloat16,
}

/// <summary>How precisions are written.</summary>
public static class GradientPrecisions
{
    /// <summary>What <see cref="Name"/> may be.</summary>
    public static IReadOnlyList<string> Names { get; } = ["f32", "bf16"];

    /// <summary><c>f32</c> or <c>bf16</c>.</summary>
    public static string Name(this GradientPrecision precision) => Names[(int)precision];

    /// <summary>Reads what <see cref="Name"/> writes.</summary>
    /// <exception cref="AuditException">It is something else.</exception>
    public static GradientPrecision Parse(string text) =>
        Names.IndexOf(text) is >= 0 and var at
            ? (GradientPrecision)at
            : throw new AuditException($"'{text}' is no precision; choose {string.Join(" or ", Names)}.");

    private static int IndexOf(this IReadOnlyList<string> names, string text) => Array.IndexOf([.. names], text);
}
